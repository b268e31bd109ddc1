"""The month sheet in a browser: choosing cells with finger, mouse and keys, giving a reason, taking the PDF home."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks import reader
from tests.browser.stage import Stage, prepare, stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("sheets")]

OpenPage = Callable[..., Page]
MONTH = "/sheets/2026-11"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("sheets")
    with stage(folder, prepare(folder)) as running:
        yield running


def sheet(
    scene: Stage, open_page: OpenPage, group: str, device: str = "tablet", login: str = "lina", **more: Any
) -> Page:
    page = open_page(device, **more)
    scene.log_in(page, login)
    scene.show(page, f"{MONTH}/{scene.groups[group]}")
    return page


def row_with_absences(page: Page, at_least: int = 2) -> Locator:
    """The first child absent on so many days."""
    for row in page.locator("table.sheet tbody tr").all():
        if row.locator("td.a").count() >= at_least:
            return row
    raise AssertionError(f"nobody was absent on {at_least} days")


def stands(letter: str) -> re.Pattern[str]:
    """A letter, with a star while its paper is awaited."""
    return re.compile(rf"^{letter}\*?$")


def give(page: Page, letter: str) -> None:
    """A tap on a reason. What it did is seen on the sheet once the answer is drawn: look with `expect`."""
    with page.expect_response(lambda answer: answer.url.endswith("/reasons")):
        page.locator(f'#reasons button[data-letter="{letter}"]').tap()


def swipe(page: Page, start: Locator, end: Locator) -> None:
    """A finger put down on one cell and drawn to another."""
    (ax, ay), (bx, by) = middle(start), middle(end)
    session = page.context.new_cdp_session(page)
    for step in range(11):
        kind = "touchStart" if step == 0 else "touchMove"
        at = {"x": ax + (bx - ax) * step / 10, "y": ay + (by - ay) * step / 10}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def middle(cell: Locator) -> tuple[float, float]:
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_tap_on_a_name_takes_the_childs_absences(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Drugeliai")
    expect(page.locator("#reasons .give")).to_be_hidden()
    row = row_with_absences(page, 2)
    child, count = row.get_attribute("data-child"), row.locator("td.a").count()
    row.locator("th").tap()
    expect(page.locator(".chosen-cell")).to_have_count(count)
    expect(page.locator("#chosen")).to_contain_text(row.locator("th").inner_text())
    give(page, "t")
    expect(page.locator(f'tr[data-child="{child}"] td.a')).to_have_text([stands("t")] * count)
    expect(page.locator(".toast")).to_contain_text("Pakeist")
    expect(page.locator("#reasons .give")).to_be_hidden()  # nothing is chosen any more


def test_a_finger_draws_a_run_and_only_absences_change(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Ežiukai")
    first = page.locator("table.sheet tbody td.a").first
    row = first.locator("xpath=..")
    child, column = row.get_attribute("data-child"), first.evaluate("cell => cell.cellIndex")
    last = row.locator(f":scope > :nth-child({column + 4})")
    swipe(page, first, last)
    chosen = page.locator(".chosen-cell")
    count = chosen.count()
    assert 2 <= count <= 4
    absent = page.locator(".chosen-cell.a").count()
    give(page, "l")
    row = page.locator(f'tr[data-child="{child}"]')
    expect(row.locator(f":scope > :nth-child({column + 1})")).to_have_text(stands("l"))
    assert row.locator("td.a", has_text=stands("l")).count() >= absent
    if count > absent:
        expect(page.locator(".toast")).to_contain_text(re.compile("vaikas buvo|nepažym"))


def test_a_tap_on_a_day_takes_the_days_absences(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Bitutės")
    cell = page.locator("table.sheet tbody td.a").first
    column = cell.evaluate("cell => cell.cellIndex")
    page.locator(f"table.sheet thead th:nth-child({column + 1})").tap()
    in_column = page.locator(f"table.sheet tbody td.a:nth-child({column + 1})")
    expect(page.locator(".chosen-cell")).to_have_count(in_column.count())


def test_keys_move_draw_a_run_and_type_the_reason(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Voveriukai", device="desktop")
    first = page.locator("table.sheet tbody td.a").first
    child, column = first.locator("xpath=..").get_attribute("data-child"), first.evaluate("cell => cell.cellIndex")
    page.locator(".sheet-wrap").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.cellIndex") == column
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert page.locator(".chosen-cell").count() >= 2
    page.keyboard.press("Escape")
    expect(page.locator(".chosen-cell")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.cellIndex") == column
    with page.expect_response(lambda answer: answer.url.endswith("/reasons")):
        page.keyboard.press("p")
    cell = page.locator(f'tr[data-child="{child}"] > :nth-child({column + 1})')
    expect(cell).to_have_text(stands("p"))
    expect(cell).to_be_focused()  # the next letter goes on from here
    with page.expect_response(lambda answer: answer.url.endswith("/reasons")):
        page.keyboard.press("Delete")
    expect(cell).to_have_text("?")


def cells(page: Page) -> str:
    """Where the keyboard is: row and column."""
    return str(page.evaluate("[document.activeElement.parentElement.rowIndex, document.activeElement.cellIndex] + ''"))


def test_arrows_step_over_days_off_and_a_run_never_leaves_the_marks(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Nykštukai", device="desktop")
    row = page.locator("table.sheet tbody tr").first
    friday = 6  # 2026-11-06 stands in the seventh cell, after the name
    row.locator(f":scope > :nth-child({friday + 1})").click()
    page.keyboard.press("Shift+ArrowRight")
    assert cells(page) == "1,9"  # Monday
    expect(page.locator(".chosen-cell")).to_have_count(2)
    expect(page.locator(".chosen-cell.off")).to_have_count(0)
    page.keyboard.press("Shift+ArrowUp")
    assert cells(page) == "1,9"
    page.keyboard.press("ArrowLeft")
    assert cells(page) == "1,6"
    page.keyboard.press("End")
    assert cells(page) == "1,30"
    page.keyboard.press("ArrowRight")
    assert cells(page) == "1,30"
    page.keyboard.press("ArrowUp")
    assert cells(page) == "0,30"


def test_a_finger_adds_to_what_a_finger_chose_and_begins_anew_after_the_keys(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Gandriukai")
    marks = page.locator("table.sheet tbody td.a")
    marks.nth(0).tap()
    marks.nth(1).tap()
    expect(page.locator(".chosen-cell")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press(" ")
    expect(page.locator(".chosen-cell")).to_have_count(1)
    marks.nth(3).tap()
    expect(page.locator(".chosen-cell")).to_have_count(1)
    expect(marks.nth(3)).to_have_class(re.compile("chosen-cell"))
    marks.nth(2).click(force=True)  # Playwright's mouse
    expect(page.locator(".chosen-cell")).to_have_count(1)
    marks.nth(0).tap()
    expect(page.locator(".chosen-cell")).to_have_count(1)


def test_twenty_children_stand_on_a_tablet_lying_without_scrolling(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Boružiukai")
    rows = page.locator("table.sheet tbody tr")
    expect(rows).to_have_count(20)
    totals = page.locator("table.sheet tfoot").bounding_box()
    last = rows.last.bounding_box()
    bar = page.locator(".bar").bounding_box()
    assert totals
    assert last
    assert bar
    assert last["y"] + last["height"] <= totals["y"] + 1
    assert totals["y"] + totals["height"] <= bar["y"]
    assert last["height"] >= 28
    # acts of the month stand below the sheet; the sheet itself scrolls nowhere
    assert page.evaluate("(box => box.scrollHeight <= box.clientHeight)(document.querySelector('.sheet-wrap'))")
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("device", ["portrait", "phone"])
def test_a_narrow_sheet_opens_at_today_and_at_the_end_of_a_month_that_is_over(
    scene: Stage, open_page: OpenPage, device: str
) -> None:
    page = sheet(scene, open_page, "Boružiukai", device=device)
    for path, latest in ((MONTH, "2026-11-23"), ("/sheets/2026-10", "2026-10-30")):
        scene.show(page, f"{path}/{scene.group}")
        page.wait_for_load_state("networkidle")
        seen = page.evaluate(
            """(day) => {
              const wrap = document.querySelector(".sheet-wrap").getBoundingClientRect();
              const [names, ...heads] = document.querySelector("table.sheet").tHead.rows[0].cells;
              const edge = names.getBoundingClientRect().right;
              const at = heads.find((head) => head.dataset.day === day).getBoundingClientRect();
              const boxes = heads.map((head) => head.getBoundingClientRect());
              const cut = boxes.some((box) => box.left < edge - 1 && box.right > edge + 1);
              return [edge <= at.left + 1, at.right <= wrap.right, cut];
            }""",
            latest,
        )
        assert seen == [True, True, False], latest


@pytest.mark.parametrize("device", ["tablet", "portrait", "phone"])
def test_reasons_are_named_whole(scene: Stage, open_page: OpenPage, device: str) -> None:
    page = sheet(scene, open_page, "Boružiukai", device=device)
    page.locator("table.sheet tbody td.a").first.tap()
    names = page.locator("#reasons .reason b, #reasons .reason small")
    assert names.count() == 24
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    assert names.evaluate_all(cut) == []
    assert all(box["height"] >= 48 for box in (one.bounding_box() for one in page.locator(".reason").all()) if box)


def test_without_scripts_boxes_do_the_same(scene: Stage, open_page: OpenPage) -> None:
    page = sheet(scene, open_page, "Saulutės", java_script_enabled=False)
    box = page.locator('table.sheet input[type="checkbox"]').first
    value = box.get_attribute("value")
    box.check()
    page.locator('#reasons button[data-letter="d"]').click()
    page.wait_for_load_state()
    assert page.url.endswith(f"{MONTH}/{scene.groups['Saulutės']}")
    again = page.locator(f'input[value="{value}"]').locator("xpath=ancestor::td")
    expect(again).to_have_text(stands("d"))


def test_the_pdf_is_downloaded_and_read_and_its_font_comes_from_its_package(
    scene: Stage, open_page: OpenPage, tmp_path: Path
) -> None:
    page = sheet(scene, open_page, "Boružiukai")
    names = page.locator("table.sheet tbody th").all_inner_texts()
    totals = [
        [int(text or 0) for text in row.locator("td.total").all_inner_texts()]
        for row in page.locator("table.sheet tbody tr").all()
    ]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PDF: Boružiukai").tap()
    assert waiting.value.suggested_filename == "tabelis-2026-11-boruziukai-v1.pdf"
    path = tmp_path / "sheet.pdf"
    waiting.value.save_as(path)
    [read] = reader.read_pdf(path)
    assert [child.name for child in read.children] == names
    assert [list(child.totals) for child in read.children] == totals
    fonts = [font.get_object() for font in pypdf.PdfReader(path).pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert any("PTSans" in str(font["/BaseFont"]) and "/FontFile2" in font["/FontDescriptor"] for font in fonts)
    scene.show(page, MONTH)
    expect(page.locator("#groups")).to_contain_text("socialinė pedagogė Lina Stankutė")
