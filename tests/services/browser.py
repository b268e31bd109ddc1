"""The system's Chromium, driven by plain Playwright (its pytest plugin warns, and warnings are errors here).

Starting takes about 2 s, a page 0.1 s. Nothing but this machine can be reached from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.services.packages import chromium

FLAGS = (
    "--no-sandbox",  # does not start as root otherwise; it shows our own pages only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def touch(width: int, height: int) -> dict[str, Any]:
    """A device held in the hand."""
    return {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}


DEVICES: dict[str, dict[str, Any]] = {
    "tablet": touch(1280, 800),
    "portrait": touch(800, 1280),
    "phone": touch(390, 844),
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium, for a whole run."""
    program = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS), headless=True)
        try:
            yield running
        finally:
            running.close()


@contextmanager
def page_on(browser: Browser, device: str = "tablet", **options: Any) -> Iterator[Page]:
    """A page of its own (own cookies) on one of DEVICES; `options` are Playwright's for a context.

    Raises at the end when the page's scripts failed or broke the content security policy. Answers such as 409
    are no errors here: pages are made to take them.
    """
    faults: list[str] = []
    context = browser.new_context(**{"locale": "lt-LT", "timezone_id": "Europe/Vilnius", **DEVICES[device], **options})
    try:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
        page.on("console", lambda message: note(message.type, message.text, faults))
        yield page
    finally:
        context.close()
    if faults:
        raise AssertionError("the page's own errors:\n" + "\n".join(faults))


#: what the console says of answers and lost networks, which the tests bring about on purpose
EXPECTED = ("Failed to load resource", "Response Status Error Code", "htmx:sendError", "htmx:afterRequest")


def note(kind: str, text: str, faults: list[str]) -> None:
    """Keep the console's errors, but not those that only repeat an answer's status or a lost network."""
    if kind == "error" and not any(words in text for words in EXPECTED):
        faults.append(text)
