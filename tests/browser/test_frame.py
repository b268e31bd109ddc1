"""What app.js promises on every page, shown on the day page of a group: nothing tapped is lost unseen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import MONDAY, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look")]

OpenPage = Callable[..., Page]


@pytest.fixture
def day(open_page: OpenPage, morning: Stage) -> Page:
    """Tomas at his group's day. Each test ends with the child it tapped unmarked or taps another."""
    page = open_page("tablet")
    morning.log_in(page, "tomas")
    return page


def a_child(page: Page, place: int) -> Locator:
    """A child's row, wherever its state goes."""
    row = page.locator(".kid").nth(place)
    return page.locator(f"#{row.get_attribute('id')}")


def tap(row: Locator) -> None:
    row.locator(".kid-name").click()


def test_a_tap_without_network_stays_marked_until_it_is_sent_again(day: Page) -> None:
    row = a_child(day, 6)
    day.route("**/children/*", lambda route: route.abort())
    tap(row)
    expect(row.get_by_text("Neįrašyta")).to_be_visible()
    expect(day.locator("#offline")).to_be_visible()
    day.unroute_all()
    row.get_by_role("button", name="Bandyti dar kartą").click()
    expect(day.locator("#offline")).to_be_hidden()
    expect(row.get_by_text("Neįrašyta")).to_have_count(0)
    state = row.get_attribute("data-version")
    day.reload()
    expect(row).to_have_attribute("data-version", state or "")
    expect(row).not_to_have_class("fail")


def test_a_tap_not_saved_is_still_marked_after_the_page_is_opened_again(day: Page) -> None:
    row = a_child(day, 7)
    day.route("**/children/*", lambda route: route.abort())
    tap(row)
    expect(row.get_by_text("Neįrašyta")).to_be_visible()
    day.reload()
    expect(row.get_by_text("Neįrašyta")).to_be_visible()


def test_an_ended_session_comes_back_to_the_unsent_tap(day: Page, morning: Stage) -> None:
    row = a_child(day, 8)
    before = row.get_attribute("data-version")
    day.context.clear_cookies()
    tap(row)
    day.wait_for_url(re.compile("/accounts/login"))
    day.fill("#login", "tomas")
    day.fill("#password", morning.passwords["tomas"])
    day.click("form.card button")
    expect(row.get_by_text("Neįrašyta")).to_be_visible()
    expect(row).to_have_attribute("data-version", before or "")
    row.get_by_role("button", name="Bandyti dar kartą").click()
    expect(row.get_by_text("Neįrašyta")).to_have_count(0)
    expect(row).not_to_have_attribute("data-version", before or "")


def test_an_unsent_tap_is_not_shown_to_another_person(day: Page, morning: Stage) -> None:
    path = f"/attendance/{MONDAY}/{morning.groups['Drugeliai']}"
    row = a_child(day, 9)
    day.context.clear_cookies()
    tap(row)
    day.wait_for_url(re.compile("/accounts/login"))
    morning.log_in(day, "jonas")
    day.goto(f"{morning.url}{path}")
    expect(day.locator(".kid")).not_to_have_count(0)
    expect(day.locator(".fail")).to_have_count(0)


def test_the_clock_runs_on_the_servers_time(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    page.clock.install(time="2031-05-05T23:59:00")
    morning.log_in(page, "tomas")
    pill = page.locator("[data-clock]")
    expect(pill).to_contain_text(re.compile(r"Užrakins 9:00, liko [12]?\d min"))
    page.route("**/changes*", lambda route: route.fulfill(status=204))
    page.clock.run_for("30:00")
    expect(page.locator(".clock-locked")).to_contain_text("Užrakinta 9:00")
    expect(page.locator("#yesterday")).to_be_hidden()


def test_a_page_left_open_past_midnight_says_so(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    page.clock.install()
    morning.log_in(page, "tomas")
    page.route("**/changes*", lambda route: route.fulfill(status=204))
    page.clock.fast_forward("15:30:00")
    expect(page.locator("#yesterday")).to_contain_text("Čia vakarykštė diena")
    expect(page.locator("#yesterday a")).to_have_attribute("href", "/")


def test_yesterdays_page_opened_on_purpose_says_nothing(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    page.clock.install()
    morning.log_in(page, "tomas")
    page.route("**/changes*", lambda route: route.fulfill(status=204))
    page.goto(f"{morning.url}/attendance/2026-11-20/{morning.groups['Drugeliai']}")
    page.clock.fast_forward("15:30:00")
    expect(page.locator("#yesterday")).to_be_hidden()


def test_a_refusal_stays_until_it_is_closed(day: Page) -> None:
    row = a_child(day, 10)
    day.route("**/children/*", lambda route: route.continue_(post_data="wanted=absent&seen=nonsense"))
    tap(row)
    word = day.locator("#toasts .toast-bad")
    expect(word).to_be_visible()
    word.get_by_role("button", name="Užverti pranešimą").click()
    expect(word).to_have_count(0)


def test_the_menu_closes_with_escape_and_gives_the_focus_back(day: Page) -> None:
    day.locator(".me > summary").focus()
    day.keyboard.press("Enter")
    expect(day.get_by_role("button", name="Atsijungti")).to_be_visible()
    day.keyboard.press("Escape")
    expect(day.get_by_role("button", name="Atsijungti")).to_be_hidden()
    expect(day.locator(".me > summary")).to_be_focused()
