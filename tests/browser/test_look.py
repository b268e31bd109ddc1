"""What a machine can say of the look: axe finds nothing, and no page is wider than its screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.look import View, locked_views, views
from tests.browser.stage import LOCKED, MORNING, Stage, prepare, stage
from tests.services.browser import DEVICES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("look")]

OpenPage = Callable[..., Page]

#: 200 % zoom leaves half the width and half the height; the narrowest a page must bear is 320 (WCAG 1.4.10)
ZOOMED = {
    "tablet": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "portrait": {"viewport": {"width": 400, "height": 640}, "device_scale_factor": 2},
    "narrow": {"viewport": {"width": 320, "height": 568}, "device_scale_factor": 2},
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("look")
    return folder, prepare(folder)


@pytest.fixture(scope="module")
def morning(prepared: tuple[Path, dict[str, Any]]) -> Iterator[Stage]:
    """8:36: the day is open."""
    with stage(*prepared, MORNING) as scene:
        yield scene


@pytest.fixture(scope="module")
def after_nine(prepared: tuple[Path, dict[str, Any]], morning: Stage) -> Iterator[Stage]:
    """9:20: locked by the clock."""
    with stage(*prepared, LOCKED) as scene:
        yield scene


def visit(page: Page, scene: Stage, pages: list[View]) -> Iterator[View]:
    """Go through the pages, each by the person it is for."""
    here = ""  # nobody: their pages come first
    for view in sorted(pages, key=lambda view: view.login):
        if view.login != here:
            page.context.clear_cookies()
            scene.log_in(page, view.login)
            here = view.login
        scene.show(page, view.path)
        if view.act:
            view.act(page)
        yield view
        page.unroute_all()


def faults(page: Page) -> list[str]:
    """What axe finds, a line for each place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("device", list(DEVICES))
def test_axe_finds_nothing_in_the_open_morning(open_page: OpenPage, morning: Stage, device: str) -> None:
    page = open_page(device)
    found = {view.name: faults(page) for view in visit(page, morning, views(morning))}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("device", ["tablet", "phone"])
def test_axe_finds_nothing_after_the_lock(open_page: OpenPage, after_nine: Stage, device: str) -> None:
    page = open_page(device)
    found = {view.name: faults(page) for view in visit(page, after_nine, locked_views(after_nine))}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("zoom", list(ZOOMED))
def test_no_page_is_wider_than_its_screen_at_200_percent(open_page: OpenPage, morning: Stage, zoom: str) -> None:
    page = open_page("desktop", **ZOOMED[zoom])
    wide = {
        view.name: over
        for view in visit(page, morning, views(morning))
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0
    }
    assert wide == {}


def test_the_demonstration_shows_a_row_in_every_state(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    morning.log_in(page, "rasa")
    assert page.locator(".kid").count() == 20
    for state in ("unmarked", "present", "absent", "announced", "excused"):
        assert page.locator(f".kid-{state}").count() > 0, state


def test_twenty_children_stand_on_a_tablet_without_scrolling(open_page: OpenPage, morning: Stage) -> None:
    page = open_page("tablet")
    morning.log_in(page, "rasa")
    last = max(box["y"] + box["height"] for box in (kid.bounding_box() for kid in page.locator(".kid").all()) if box)
    bar = page.locator(".bar").bounding_box()
    assert bar
    assert last <= bar["y"]
