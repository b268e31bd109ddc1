"""Clients that tap as fast as the server answers, over plain loopback sockets kept open."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

#: a log-in, the address of its day page, the children it taps there
Page = tuple[str, str, list[int]]


@dataclass(frozen=True)
class Load:
    """What came back: taps answered with 2xx, other answers by status, seconds."""

    marks: int
    errors: dict[int, int]
    seconds: float

    @property
    def per_second(self) -> float:
        return self.marks / self.seconds


class Connection:
    """One keep-alive HTTP/1.1 connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""
        self.token = ""

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def request(self, method: str, path: str, body: bytes = b"", headers: str = "") -> tuple[int, bytes]:
        self.writer.write(
            (
                f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
            ).encode()
            + body
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        for name, value in re.findall(r"(?mi)^set-cookie: *([^=]+)=([^;\r]*)", head):
            self.cookie = f"{name}={value}"
        length = re.search(r"(?mi)^content-length: *(\d+)", head)
        answer = await self.reader.readexactly(int(length[1])) if length else b""
        return int(head.split()[1]), answer

    async def log_in(self, login: str, password: str, page: str) -> None:
        """Log in as a person would, and take the CSRF token from a page."""
        _, form = await self.request("GET", "/accounts/login")
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', form)
        if token is None:
            raise RuntimeError("no log-in form")
        data = urlencode({"login": login, "password": password, "csrf_token": token[1].decode()}).encode()
        status, _ = await self.request("POST", "/accounts/login", data)
        if status != 303:
            raise RuntimeError(f"log-in answered {status}")
        _, body = await self.request("GET", page)
        found = re.search(rb"X-CSRFToken&#34;: ?&#34;([^&]+)&#34;|X-CSRFToken\": ?\"([^\"]+)\"", body)
        if found is None:
            raise RuntimeError("no token on the page")
        self.token = (found[1] or found[2]).decode()


async def _tap(
    port: int,
    login: tuple[str, str],
    page: str,
    children: list[int],
    until: list[float],
    load: list[int],
    errors: dict[int, int],
) -> None:
    connection = Connection(port)
    await connection.open()
    await connection.log_in(*login, page)
    headers = f"HX-Request: true\r\nX-CSRFToken: {connection.token}\r\n"
    load.append(0)  # one more client is ready
    while not until:
        await asyncio.sleep(0.01)
    state = dict.fromkeys(children, "unmarked")
    turn = 0
    while time.perf_counter() < until[0]:
        child = children[turn % len(children)]
        wanted = "present" if state[child] != "present" else "absent"
        body = urlencode({"wanted": wanted, "seen": state[child]}).encode()
        status, _ = await connection.request("POST", f"{page}/children/{child}", body, headers)
        if status == 200:
            load.append(1)
            state[child] = wanted
        else:
            errors[status] = errors.get(status, 0) + 1
        turn += 1
    connection.writer.close()


async def _run(port: int, password: str, pages: list[Page], seconds: float) -> Load:
    until: list[float] = []
    load: list[int] = []
    errors: dict[int, int] = {}
    clients = [
        asyncio.create_task(_tap(port, (login, password), page, kids, until, load, errors))
        for login, page, kids in pages
    ]
    while len(load) < len(pages):
        await asyncio.sleep(0.02)
        for client in clients:
            if client.done():
                client.result()
    begun = time.perf_counter()
    until.append(begun + seconds)
    await asyncio.gather(*clients)
    return Load(sum(load), errors, time.perf_counter() - begun)


def tap_for(port: int, password: str, pages: list[Page], seconds: float) -> Load:
    """One client for each page, all at once, for so many seconds."""
    return asyncio.run(_run(port, password, pages, seconds))
