"""The dietitian's nine o'clock in a browser: lock, correction, unlock; the board that refreshes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import MONDAY, Stage, prepare, stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("kitchen")]

OpenPage = Callable[..., Page]
BOARD = f"/kitchen/{MONDAY}"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("kitchen")
    with stage(folder, prepare(folder)) as running:
        yield running


def come_in(scene: Stage, open_page: OpenPage, login: str, path: str) -> Page:
    page = open_page("tablet")
    scene.log_in(page, login)
    scene.show(page, path)
    return page


def wait_a_poll(page: Page) -> None:
    """Let the page's own 15 seconds pass at once."""
    with page.expect_response(lambda answer: "/live" in answer.url):
        page.clock.run_for(16_000)


def test_the_board_needs_no_scrolling_with_twelve_groups(scene: Stage, open_page: OpenPage) -> None:
    page = come_in(scene, open_page, "ieva", BOARD)
    assert page.locator(".board-tiles .tile").count() == 12
    assert page.evaluate("document.documentElement.scrollHeight") <= 800
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    table = page.locator(".portions")
    assert table.evaluate("box => box.scrollHeight <= box.clientHeight + 1")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth + 1")


def test_a_staff_count_is_kept_when_the_number_changes(scene: Stage, open_page: OpenPage) -> None:
    page = come_in(scene, open_page, "ieva", BOARD)
    lunch = page.get_by_label("Pietūs")
    with page.expect_response(lambda answer: "/staff/" in answer.url):
        lunch.fill("14")
        lunch.press("Tab")
    page.reload()
    expect(page.get_by_label("Pietūs")).to_have_value("14")


def test_lock_correction_unlock(scene: Stage, open_page: OpenPage) -> None:
    """One morning from the lock to the director's unlock, on three people's screens."""
    group_page = f"/attendance/{MONDAY}/{scene.group}"
    rasa = come_in(scene, open_page, "rasa", group_page)
    ieva = open_page("tablet")
    ieva.clock.install()
    scene.log_in(ieva, "ieva")
    scene.show(ieva, BOARD)

    # the lock: groups are missing, so it asks why
    ieva.get_by_role("link", name="Užrakinti be 3 grupių…").click()
    ieva.get_by_label("Kodėl užrakinama be jų").fill("Neveikia planšetės")
    ieva.get_by_role("button", name="Užrakinti be 3 grupių").click()
    expect(ieva.locator(".clock-locked")).to_contain_text("dietistė Ieva")
    expect(ieva.locator("#lock")).to_have_count(0)

    # a tap on the page that stood open is refused and says by whom
    child = rasa.locator(".kid-unmarked").first
    child_id = child.get_attribute("id")
    child.locator(".kid-check").click()
    expect(rasa.locator("#toasts")).to_contain_text("dietistė Ieva")

    # the child is away after all: asked, seen by the kitchen without reloading, accepted
    scene.show(rasa, group_page)
    row = rasa.locator(f"#{child_id}")
    row.locator("summary").click()
    row.get_by_role("button", name="Vaiko nėra").click()
    expect(row).to_contain_text("Pataisos paprašyta")
    wait_a_poll(ieva)
    expect(ieva.locator(".request")).to_contain_text("vis dėlto neatvyko")
    ieva.get_by_role("button", name="Priimti").click()
    expect(ieva.locator(".correction").first).to_contain_text("Pataisa Nr. 1: Boružiukai −1 pusryčiai")
    expect(ieva.locator(".request")).to_have_count(0)

    # the director opens the group; the educator marks; the kitchen confirms
    jonas = come_in(scene, open_page, "jonas", BOARD)
    jonas.get_by_role("link", name="Atrakinti grupei…").click()
    jonas.get_by_label("Boružiukai").check()
    jonas.get_by_label("Kodėl atrakinama").fill("Vaikas atvyko 9:40")
    jonas.get_by_label("30 minučių").check()
    jonas.get_by_role("button", name="Atrakinti", exact=True).click()
    expect(jonas.locator(".board-tiles")).to_contain_text("Atrakinta iki")
    scene.show(rasa, group_page)
    rasa.locator(f"#{child_id} .kid-check").click()
    expect(rasa.locator(f"#{child_id}")).to_have_class("kid kid-present")
    wait_a_poll(ieva)
    expect(ieva.locator(".correction").first).to_contain_text("Pataisa Nr. 2: Boružiukai +1 pusryčiai")
    ieva.get_by_role("button", name="Patvirtinti").click()
    expect(ieva.get_by_role("button", name="Patvirtinti")).to_have_count(0)


def test_the_papers_open_from_the_board(scene: Stage, open_page: OpenPage, tmp_path: Path) -> None:
    page = come_in(scene, open_page, "ieva", BOARD)
    for link in ("#kitchen-sheet", "#daily-report"):
        address = page.locator(link).get_attribute("href")
        answer = page.request.get(f"{scene.url}{address}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF")
