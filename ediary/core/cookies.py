"""Cookies that the browser keeps to this very address, and sends over HTTPS only where there is HTTPS.

Whether there is says the request: the proxy's word behind TRUSTED_PROXIES, or SECURE_COOKIES=1. Then the name begins
with `__Host-`, which browsers take only with Secure, the whole site's path and no domain: no other site of the same
domain, and no plain HTTP answer, can put one in its place.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface


def is_https() -> bool:
    """Does the browser talk to us over HTTPS?"""
    return bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def _named(name: str) -> str:
    return f"__Host-{name}" if is_https() else name


class Sessions(SecureCookieSessionInterface):
    """Flask's signed session cookie, as secure as the request."""

    def get_cookie_name(self, app: Flask) -> str:
        return _named(super().get_cookie_name(app))

    def get_cookie_secure(self, app: Flask) -> bool:
        return is_https()


def cookie(name: str) -> str | None:
    """The value of a cookie set by `set_cookie`."""
    return request.cookies.get(_named(name))


def set_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    """A cookie no script reads and no other site's form sends along."""
    response.set_cookie(_named(name), value, max_age=lasts, secure=is_https(), httponly=True, samesite="Lax", path="/")


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(_named(name), secure=is_https(), httponly=True, samesite="Lax", path="/")


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
