"""Answers to HTMX and to plain forms: the same piece both ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, g, get_flashed_messages, make_response, redirect, render_template, request


def is_htmx() -> bool:
    """Did HTMX ask, and wants a piece?"""
    return request.headers.get("HX-Request") == "true"


def toast(text: Any, kind: str = "info") -> None:
    """A word to the person: beside the piece for HTMX, on the next page otherwise. Kinds: info, warn."""
    flash(str(text), kind)


def with_toasts(body: str) -> str:
    """The piece, followed by the words that wait (out of band)."""
    messages = get_flashed_messages(with_categories=True)
    return body + render_template("_message.html", messages=messages) if messages else body


def reply(template: str, *, back: str, **context: Any) -> Response:
    """After a write: the piece for HTMX, otherwise 303 to the page it belongs to."""
    if is_htmx():
        return make_response(with_toasts(render_template(template, **context)))
    return make_response(redirect(back, 303))


def invalid(template: str, **context: Any) -> tuple[str, int]:
    """What was sent makes no sense: the piece or page again with its errors, 422."""
    return with_toasts(render_template(template, **context)) if is_htmx() else render_template(template, **context), 422


def redraw_on_refusal(template: str, build: Callable[[], dict[str, Any]]) -> None:
    """If this request is refused (403, 409, 422), answer with this piece drawn from the database as it then is."""
    g.redraw = (template, build)
