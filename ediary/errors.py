"""What a refusal looks like: one answer for each, as a page or, for HTMX, as the piece redrawn and a word beside it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ediary.core.db import db
from ediary.core.errors import DomainError
from ediary.core.htmx import is_htmx, toast, with_toasts
from ediary.core.uploads import LARGEST_REQUEST, too_large


def sentence(status: int) -> str:
    """What people are told when nothing more exact was said."""
    return {
        400: _("The request could not be understood. Nothing was changed; open the page again."),
        403: _("Your role may not do this. Nothing was changed."),
        404: _("There is no such page or record here."),
        405: _("This address does not take such a request. Nothing was changed."),
        409: _("Somebody was faster. Nothing was changed; look at the page as it is now."),
        413: _("What was sent is too large. Nothing was changed."),
        422: _("What was sent makes no sense. Nothing was changed."),
        429: _("Too many tries. Wait a little and try again."),
    }.get(status, _("Something went wrong on our side. What you sent was not written; try again in a moment."))


def answer(status: int, message: Any = "") -> Response:
    """The refusal as a page, or for HTMX as the redrawn piece with a toast."""
    text = str(message) or sentence(status)
    if not is_htmx():
        return make_response(render_template("error.html", status=status, message=text), status)
    redraw = g.pop("redraw", None) if status in (409, 422) else None
    if redraw is not None:
        template, build = redraw
        try:
            piece = render_template(template, **build())
        except DomainError as error:  # what was to be drawn is not theirs
            return answer(error.status, error.message)
        toast(text, "warn")
        return make_response(with_toasts(piece), status)
    toast(text, "warn")
    refusal = make_response(with_toasts(""), status)
    refusal.headers["HX-Reswap"] = "none"
    return refusal


def init_app(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        db.session.rollback()
        return answer(error.status, error.message)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Response:
        return answer(400)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.response)
        if error.code == 413 and (request.content_length or 0) > LARGEST_REQUEST:
            return answer(413, too_large(request.content_length or 0))
        return answer(error.code or 500)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        current_app.logger.exception("unhandled error")
        if current_app.testing:
            raise error
        db.session.rollback()
        return answer(500)
