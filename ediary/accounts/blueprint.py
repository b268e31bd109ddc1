"""The area's blueprint, which its three files of views share."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


def pdf(content: bytes, name: str) -> Response:
    """A paper made here, to be looked at in the browser."""
    answer = make_response(content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
