"""The page frame's context."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Placeholder until the frame lands."""
