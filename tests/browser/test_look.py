"""What a machine can say of the look: axe finds nothing, and no page is wider than its screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.stage import LOCKED, Stage, stage
from tests.browser.stage_month import MONTH_OVER, end_month
from tests.browser.views import View, locked_views, month_over_views, views
from tests.services.browser import page_on

# One group: one process, so that the kindergarten is made and walked through once.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look")]

OpenPage = Callable[..., Page]
Survey = dict[str, dict[str, Any]]

TABLET, PHONE = (1280, 800), (390, 844)
#: 200 % leaves half of each side of a tablet; 320 is the narrowest a page must bear (WCAG 1.4.10)
ZOOMED = {"tablet": (640, 400), "upright tablet": (400, 640), "narrowest": (320, 568)}
#: pages whose pieces stand otherwise on a phone
ON_PHONE = (
    *("login", "error-403", "start", "day", "day-failed", "board", "months", "sheet", "locked-day"),
    *("month-over", "sheet-returned", "sheet-both-versions", "sheet-to-check", "sheet-faults"),
)


@pytest.fixture(scope="module")
def open_survey(browser: Browser, morning: Stage) -> Survey:
    """Every page of the open morning, seen once."""
    return survey(browser, morning, views(morning))


@pytest.fixture(scope="module")
def locked_survey(browser: Browser, prepared: tuple[Path, dict[str, Any]], open_survey: Survey) -> Survey:
    """Every page that changes at nine. After the open ones: the two servers share one database."""
    with stage(*prepared, LOCKED) as scene:
        return survey(browser, scene, locked_views(scene))


@pytest.fixture(scope="module")
def over_survey(
    browser: Browser, prepared: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Survey:
    """The month's pages on the first of December."""
    folder, known = prepared
    with stage(end_month(folder, tmp_path_factory.mktemp("over")), known, MONTH_OVER) as scene:
        return survey(browser, scene, month_over_views(scene))


def survey(browser: Browser, scene: Stage, pages: list[View]) -> Survey:
    """name -> what axe finds on a tablet and on a phone, and by how much it is too wide at each zoom."""
    found: Survey = {}
    with page_on(browser, "desktop") as page:
        here = ""  # nobody: their pages come first
        for view in sorted(pages, key=lambda view: view.login):
            page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
            if view.login != here:
                page.context.clear_cookies()
                scene.log_in(page, view.login)
                here = view.login
            scene.show(page, view.path)
            if view.act:
                view.act(page)
            found[view.name] = look_at(page, on_phone=view.name in ON_PHONE)
            page.unroute_all()
    return found


def look_at(page: Page, *, on_phone: bool) -> dict[str, Any]:
    seen: dict[str, Any] = {"tablet": faults(page), "phone": [], "wide": {}}
    for name, (width, height) in ZOOMED.items():
        page.set_viewport_size({"width": width, "height": height})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            seen["wide"][name] = over
    if on_phone:
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        seen["phone"] = faults(page)
    return seen


def faults(page: Page) -> list[str]:
    """What axe finds, a line for each place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def those(seen: Survey, what: str) -> dict[str, Any]:
    return {name: page[what] for name, page in seen.items() if page[what]}


@pytest.mark.parametrize("device", ["tablet", "phone"])
def test_axe_finds_nothing_while_the_day_is_open(open_survey: Survey, device: str) -> None:
    assert those(open_survey, device) == {}


@pytest.mark.parametrize("device", ["tablet", "phone"])
def test_axe_finds_nothing_after_the_lock(locked_survey: Survey, device: str) -> None:
    assert those(locked_survey, device) == {}


@pytest.mark.parametrize("device", ["tablet", "phone"])
def test_axe_finds_nothing_when_the_month_is_over(over_survey: Survey, device: str) -> None:
    assert those(over_survey, device) == {}


def test_no_page_is_wider_than_its_screen_at_200_percent(
    open_survey: Survey, locked_survey: Survey, over_survey: Survey
) -> None:
    assert those(open_survey | locked_survey | over_survey, "wide") == {}


def test_the_demonstration_shows_a_row_in_every_state(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    morning.log_in(page, "rasa")
    assert page.locator(".kid").count() == 20
    for state in ("unmarked", "present", "absent", "announced", "excused"):
        assert page.locator(f".kid-{state}").count() > 0, state


def test_twenty_children_stand_on_a_tablet_without_scrolling(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    morning.log_in(page, "rasa")
    boxes = [kid.bounding_box() for kid in page.locator(".kid").all()]
    bar = page.locator(".bar").bounding_box()
    assert bar
    assert max(box["y"] + box["height"] for box in boxes if box) <= bar["y"]
