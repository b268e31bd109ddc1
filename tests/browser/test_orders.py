"""A known order's number brings its day, and never writes over a day somebody has chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look")]


@pytest.fixture
def form(open_page: Callable[..., Page], morning: Stage) -> Page:
    page = open_page("tablet")
    morning.log_in(page, "aldona")
    morning.show(page, "/people/new")
    return page


def test_a_known_number_fills_the_day_and_says_it(form: Page) -> None:
    form.fill("#order_number", "V-12")
    expect(form.locator("#order_day")).to_have_value("2026-09-01")
    expect(form.locator("#order_day-said")).to_have_text("2026 m. rugsėjo 1 d., antradienis")


def test_an_unknown_number_leaves_the_day_alone(form: Page) -> None:
    form.fill("#order_number", "V-9999")
    expect(form.locator("#order_day")).to_have_value("")


def test_a_chosen_day_is_not_written_over(form: Page) -> None:
    form.fill("#order_day", "2026-11-20")
    form.fill("#order_number", "V-12")
    expect(form.locator("#order_day")).to_have_value("2026-11-20")
