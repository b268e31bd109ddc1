"""A free loopback port."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port nobody listens on now; should another take it before we do, the start fails and says so."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
