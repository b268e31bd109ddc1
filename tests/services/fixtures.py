"""The services as fixtures: `pytest_plugins = ["tests.services.fixtures"]` in tests/conftest.py.

Session-wide means once per test process: with two of them there are two clusters and two browsers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.services import browser as browsers
from tests.services.postgres import PostgresServer, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A throw-away PostgreSQL cluster."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with browsers.browser() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each with its own cookies: `open_page("phone", base_url=server.url)`.

    The test fails at its end when a page's scripts failed.
    """
    with ExitStack() as stack:

        def open_one(device: str = "tablet", **options: Any) -> Page:
            return stack.enter_context(browsers.page_on(browser, device, **options))

        yield open_one
