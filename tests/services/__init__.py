"""What tests, `make look` and `make bench` stand on: PostgreSQL, Chromium, the real server."""
