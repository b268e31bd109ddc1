"""How pages leave the house: URL converters, security headers, versioned static files, compression."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, g, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from ediary.core import cookies
from ediary.core.dates import Month
from ediary.core.forms import LARGEST_ID
from ediary.core.permissions import public

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
#: no other site's page holds a handle on ours or draws what is ours; none of ours asks for what the device can
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
COMPRESSED = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}
WORTH_COMPRESSING = 600


class DateConverter(BaseConverter):
    """`2026-11-22` in a URL, as a date between 2000 and 2199."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None
        if not 2000 <= day.year < 2200:
            raise ValidationError
        return day

    def to_url(self, value: date) -> str:
        return value.isoformat()


class MonthConverter(BaseConverter):
    """`2026-11` in a URL, as a Month between 2000 and 2199."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> Month:
        try:
            month = Month.parse(value)
        except ValueError:
            raise ValidationError from None
        if not 2000 <= month.year < 2200:
            raise ValidationError
        return month

    def to_url(self, value: Month) -> str:
        return str(value)


class IdConverter(IntegerConverter):
    """`<int:…>`: a number too large for a key is no address of ours, and neither database could look for it."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


@lru_cache(maxsize=64)
def _version(path: Path, changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


@lru_cache(maxsize=256)
def _address(name: str, version: str, script_root: str) -> str:
    """Kept: seven of them stand on every page."""
    return url_for("static", filename=name, v=version)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = IdConverter
    app.url_map.converters["date"] = DateConverter
    app.url_map.converters["month"] = MonthConverter
    static = Path(app.static_folder or "")

    @app.template_global()
    def asset(name: str) -> str:
        """Address of a static file with its content's version, so that it may be kept for a year."""
        path = static / name
        return _address(name, _version(path, path.stat().st_mtime), request.script_root)

    @app.template_global()
    def csrf_token() -> str:
        """The token of this request: asked for in every row, made once."""
        return g.get("csrf_token") or generate_csrf()

    @app.get("/healthz")
    @public
    def healthz() -> tuple[str, int]:
        return "ok", 200

    @app.after_request
    def leave(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if cookies.is_https():
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static":
            if "v" in request.args and response.status_code == 200:
                response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return _compress(response)


def _compress(response: Response) -> Response:
    if (
        response.status_code >= 500
        or response.mimetype not in COMPRESSED
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or "Content-Encoding" in response.headers
        or response.status_code in (204, 304)
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < WORTH_COMPRESSING:
        return response
    response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    response.headers.pop("ETag", None)  # it named the plain bytes; versions in the address do its work
    return response
