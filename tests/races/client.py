"""A tablet without a browser: one connection kept open, cookies, the CSRF token, taps as HTMX sends them."""

from __future__ import annotations

import http.client
import re
from datetime import date
from urllib.parse import urlencode


class Tablet:
    """Logged in once; one request at a time."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.connection = self.connect()
        page = self.send("GET", "/accounts/login")[1]
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert token, page
        status, body = self.send(
            "POST", "/accounts/login", {"login": login, "password": password, "csrf_token": token[1]}
        )
        assert status == 303, body
        status, page = self.send("GET", "/no-such-page")
        found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
        assert found, page
        self.token = found[1]

    @classmethod
    def nobody(cls, port: int) -> Tablet:
        """A browser that has not logged in."""
        made = cls.__new__(cls)
        made.port, made.cookies, made.token = port, {}, ""
        made.connection = made.connect()
        return made

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def send(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body. Raises OSError or HTTPException when the server is gone: nothing was answered."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.token:
            headers |= {"X-CSRFToken": self.token, "HX-Request": "true"}
        if data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, urlencode(data or {}), headers)
            answer = self.connection.getresponse()
            body = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = self.connect()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, body

    def switch(self, membership_id: int) -> None:
        status, body = self.send("POST", "/accounts/switch", {"membership_id": str(membership_id)})
        assert status == 303, body

    def tap(self, day: date, group_id: int, child_id: int, wanted: str, seen: str) -> int:
        """Status of one tap on a child."""
        path = f"/attendance/{day}/{group_id}/children/{child_id}"
        return self.send("POST", path, {"wanted": wanted, "seen": seen})[0]

    def lock(self, day: date) -> int:
        """Status of the dietitian's button."""
        return self.send("POST", f"/kitchen/{day}/lock", {"reason": "Laikas"})[0]
