"""What the server and the `flask` command run."""

from ediary import create_app

app = create_app()
