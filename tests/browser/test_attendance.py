"""The educator's morning with real touches on the real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.house import House, server_over
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DAY = date(2026, 11, 23)
HALF_PAST_SEVEN = "2026-11-23T05:30:00+00:00"
MORNING = "2026-11-23T06:10:00+00:00"
LAST_MINUTE = "2026-11-23T06:59:00+00:00"
LOCKED = "2026-11-23T07:00:01+00:00"


class Kindergarten(House):
    """One group's morning."""

    @property
    def kids(self) -> list[int]:
        return self.cast.children["Boružiukai"]

    @property
    def day(self) -> str:
        return f"{self.server.url}/attendance/{DAY}/{self.cast.boruziukai}"

    def marks(self) -> dict[int, str]:
        """Child's number on the page -> stored presence."""
        rows = self.sql("SELECT child_id, presence FROM attendance_child_day WHERE day = ?", str(DAY))
        return {self.kids.index(int(str(child_id))): str(presence) for child_id, presence in rows}

    def open_day(self, page: Page) -> None:
        self.log_in(page)
        page.goto(self.day)
        expect(page.locator("form.kid")).to_have_count(20)

    def name(self, page: Page, number: int) -> None:
        """Tap a child's name."""
        page.tap(f"#name-{self.kids[number]}")

    def ring(self, page: Page, number: int) -> None:
        """Tap the ring at a child's right."""
        page.tap(f"#check-{self.kids[number]}")

    def expect_row(self, page: Page, number: int, state: str) -> None:
        expect(page.locator(f"#child-{self.kids[number]}.kid-{state}:not(.htmx-request):not(.fail)")).to_be_visible()


@pytest.fixture
def kindergarten(cast_database: tuple[Path, Cast], tmp_path: Path) -> Iterator[Kindergarten]:
    path, cast = cast_database
    running = server_over(path, tmp_path, MORNING)
    running.start()
    try:
        yield Kindergarten(running, cast)
    finally:
        running.kill()


OpenPage = Callable[..., Page]


@pytest.mark.parametrize("device", ["tablet", "portrait"])
def test_twenty_children_three_absent_are_five_touches(
    kindergarten: Kindergarten, open_page: OpenPage, device: str
) -> None:
    page = open_page(device)
    kindergarten.open_day(page)
    page.evaluate("window.touches = 0; addEventListener('touchend', () => { window.touches += 1; }, true)")
    for number in (1, 10, 16):
        kindergarten.name(page, number)  # nobody waits for an answer between them
    page.tap("#rest-go")
    page.tap("#submit-go.btn-go")  # „Pateikti“ is the thing to do next now
    expect(page.locator("#actions .handed")).to_contain_text("Pateikta 8:1")
    assert page.evaluate("window.touches") == 5
    marks = kindergarten.marks()
    assert len(marks) == 20
    assert {number for number, presence in marks.items() if presence == "absent"} == {1, 10, 16}
    assert kindergarten.sql("SELECT count(*) FROM attendance_submission") == [(1,)]


def test_a_button_pressed_while_a_tap_is_under_way_shows_what_it_did(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    page = open_page("tablet")
    kindergarten.open_day(page)
    held: list[Route] = []
    page.route("**/rest", lambda route: held.append(route))
    page.route("**/submit", lambda route: held.append(route))
    page.tap("#rest-go")
    kindergarten.name(page, 1)  # answered before the button is
    expect(page.locator(".kid-absent")).to_have_count(1)
    with page.expect_request("**/submit"):
        page.tap("#submit-go")
    page.evaluate("0")  # by now both were handed over
    rest, submit = held
    rest.continue_()
    expect(page.locator(".kid-present")).to_have_count(19)
    submit.continue_()
    expect(page.locator("#actions .handed")).to_contain_text("Pateikta 8:1")


def test_an_older_answer_that_comes_last_does_not_keep_its_counters(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    page = open_page("tablet")
    kindergarten.open_day(page)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))
        page.evaluate("document.body.dataset.held = 'yes'")

    page.route("**/children/*", hold)
    kindergarten.name(page, 1)
    expect(page.locator("body[data-held]")).to_be_visible()
    with page.expect_response("**/rest"):
        page.tap("#rest-go")
    expect(page.locator(".kid-present")).to_have_count(19)
    [(route, answer)] = held  # written and counted before all the rest, on its way until now
    route.fulfill(response=answer)
    expect(page.locator("#counters .left b")).to_have_text("0")
    expect(page.locator("#submit-go.btn-go")).to_be_visible()


@pytest.mark.parametrize("device", ["tablet", "portrait"])
def test_twenty_names_stand_on_a_tablet_without_scrolling(
    kindergarten: Kindergarten, open_page: OpenPage, device: str
) -> None:
    page = open_page(device)
    kindergarten.open_day(page)
    bar = page.locator(".day-bar").bounding_box()
    assert bar
    boxes = [row.bounding_box() for row in page.locator("form.kid").all()]
    assert all(box and box["y"] >= 0 and box["y"] + box["height"] <= bar["y"] for box in boxes)
    assert len({round(box["x"]) for box in boxes if box}) == 2
    assert all(box["height"] >= 48 for box in boxes if box)


def test_a_phone_shows_one_column_no_wider_than_its_screen(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page("phone")
    kindergarten.open_day(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [row.bounding_box() for row in page.locator("form.kid").all()]
    assert len({round(box["x"]) for box in boxes if box}) == 1


def test_a_phones_buttons_fill_the_width_and_stand_still(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page("phone")
    kindergarten.open_day(page)
    rest, submit = page.locator("#rest-go").bounding_box(), page.locator("#submit-go").bounding_box()
    assert rest
    assert submit
    assert (rest["x"], submit["x"] + submit["width"]) == (16, 390 - 16)
    page.tap("#rest-go")
    expect(page.locator(".none-left")).to_be_visible()
    assert page.locator("#submit-go").bounding_box() == submit  # who taps twice does not submit


@pytest.mark.parametrize("device", ["tablet", "portrait"])
def test_when_nobody_is_left_the_first_button_goes_and_the_second_stands_still(
    kindergarten: Kindergarten, open_page: OpenPage, device: str
) -> None:
    page = open_page(device)
    kindergarten.open_day(page)
    submit = page.locator("#submit-go").bounding_box()
    page.focus("#rest-go")
    page.keyboard.press("Enter")
    expect(page.locator("#actions")).to_contain_text("Nepažymėtų neliko")
    expect(page.locator("#rest-go")).to_have_count(0)
    expect(page.locator("#submit-go")).to_be_focused()
    assert page.locator("#submit-go").bounding_box() == submit


@pytest.mark.parametrize("device", ["tablet", "portrait", "phone"])
def test_the_notice_of_a_lost_network_covers_no_child(
    kindergarten: Kindergarten, open_page: OpenPage, device: str
) -> None:
    page = open_page(device)
    kindergarten.open_day(page)
    page.route("**/children/*", lambda route: route.abort())
    kindergarten.name(page, 3)
    expect(page.locator("#offline")).to_be_visible()
    if device == "phone":
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    foot = page.locator(".foot").bounding_box()
    boxes = [row.bounding_box() for row in page.locator("form.kid").all()]
    assert foot
    assert max(box["y"] + box["height"] for box in boxes if box) <= foot["y"]


def test_a_chosen_day_is_said_in_lithuanian_beside_its_field(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page()
    kindergarten.log_in(page)
    page.goto(f"{kindergarten.day}/announcements")
    expect(page.locator("#first-said")).to_have_text("2026 m. lapkričio 23 d., pirmadienis")
    expect(page.locator("#called_at-said")).to_have_text(re.compile(r"2026 m\. lapkričio 23 d\., pirmadienis, 8:1\d"))
    page.fill("#last", "2027-01-03")
    expect(page.locator("#last-said")).to_have_text("2027 m. sausio 3 d., sekmadienis")
    page.fill("#called_at", "2026-11-22T07:05")
    expect(page.locator("#called_at-said")).to_have_text("2026 m. lapkričio 22 d., sekmadienis, 7:05")
    page.fill("#last", "")
    expect(page.locator("#last-said")).to_have_text("")


def test_a_reason_is_one_more_touch_and_an_undo_is_the_same_touch_again(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    page = open_page()
    kindergarten.open_day(page)
    kindergarten.name(page, 0)
    kindergarten.expect_row(page, 0, "absent")
    page.select_option(f"#reason-{kindergarten.kids[0]}", label="l · Liga")
    kindergarten.expect_row(page, 0, "excused")
    kindergarten.name(page, 0)
    kindergarten.expect_row(page, 0, "unmarked")
    kindergarten.ring(page, 0)
    kindergarten.expect_row(page, 0, "present")
    kindergarten.ring(page, 0)
    kindergarten.expect_row(page, 0, "unmarked")
    assert kindergarten.marks() == {}


def test_all_the_rest_can_be_taken_back(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page()
    kindergarten.open_day(page)
    page.tap("#rest-go")
    expect(page.locator(".kid-present")).to_have_count(20)
    page.tap("#undo-rest button")
    expect(page.locator(".kid-unmarked")).to_have_count(20)
    assert kindergarten.marks() == {}


def test_the_keyboard_keeps_its_place_through_a_tap(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page("desktop")
    kindergarten.open_day(page)
    page.focus(f"#name-{kindergarten.kids[4]}")
    page.keyboard.press("Enter")
    kindergarten.expect_row(page, 4, "absent")
    expect(page.locator(f"#name-{kindergarten.kids[4]}")).to_be_focused()
    page.keyboard.press("Enter")
    kindergarten.expect_row(page, 4, "unmarked")


def test_two_tablets_with_interleaved_taps_end_with_the_same_rows(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    one, other = open_page("tablet"), open_page("portrait")
    kindergarten.open_day(one)
    kindergarten.open_day(other)
    other.route("**/changes?*", lambda route: route.fulfill(status=204))  # hears nothing of the first one yet
    for number in range(0, 6, 2):
        kindergarten.name(one, number)
        kindergarten.name(other, number + 1)
    kindergarten.expect_row(one, 4, "absent")
    kindergarten.expect_row(other, 5, "absent")
    kindergarten.ring(other, 0)  # its page still shows the child unmarked
    expect(other.locator("#toasts")).to_contain_text("Kitoje planšetėje")
    kindergarten.expect_row(other, 0, "absent")
    other.unroute("**/changes?*")
    one.tap("#rest-go")
    expect(one.locator(".kid-present")).to_have_count(14)
    expect(one.locator(".kid-absent")).to_have_count(6)  # the other tablet's three: not written over, and shown
    for page in (one, other):
        page.evaluate("document.body.dispatchEvent(new Event('clock-over'))")  # what the 20 s poll does
    for page in (one, other):
        expect(page.locator(".kid-absent")).to_have_count(6)
        expect(page.locator(".kid-present")).to_have_count(14)
    shown = "[...document.querySelectorAll('form.kid')].map((row) => row.id + ' ' + row.dataset.version)"
    assert one.evaluate(shown) == other.evaluate(shown)
    assert sorted(kindergarten.marks().values()).count("absent") == 6


def test_a_page_left_open_from_half_past_seven_works_until_the_lock_and_then_says_why(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    kindergarten.move_clock(HALF_PAST_SEVEN)
    page = open_page()
    kindergarten.open_day(page)
    expect(page.locator("#clock")).to_contain_text("1 val.")
    kindergarten.move_clock(LAST_MINUTE)
    kindergarten.name(page, 0)
    kindergarten.expect_row(page, 0, "absent")
    page.evaluate("document.body.dispatchEvent(new Event('clock-over'))")
    expect(page.locator("#clock")).to_contain_text("liko")
    expect(page.locator("#clock .soon")).to_be_visible()
    kindergarten.move_clock(LOCKED)
    kindergarten.name(page, 1)
    expect(page.locator("#toasts")).to_contain_text("9:00")
    kindergarten.expect_row(page, 1, "still")
    page.evaluate("document.body.dispatchEvent(new Event('clock-over'))")
    expect(page.locator("#notice")).to_contain_text("Diena užsirakino 9:00")
    expect(page.locator(".kid-still")).to_have_count(20)
    page.select_option(f"#reason-{kindergarten.kids[0]}", label="l · Liga")
    kindergarten.expect_row(page, 0, "excused")
    assert kindergarten.marks() == {0: "absent"}


def test_a_correction_is_asked_for_from_the_lock_beside_the_child(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    kindergarten.move_clock(LOCKED)
    page = open_page()
    kindergarten.open_day(page)
    row = page.locator(f"#child-{kindergarten.kids[2]}")
    row.locator("summary").tap()
    row.locator("input[name=note]").fill("atvyko 9:40")
    row.get_by_role("button", name="Vaikas yra").tap()
    expect(row).to_contain_text("Pataisos paprašyta")
    assert kindergarten.sql("SELECT present, note FROM portions_correction_request") == [(1, "atvyko 9:40")]


def test_a_tap_that_could_not_be_sent_is_marked_and_sent_again(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page()
    kindergarten.open_day(page)
    page.route("**/children/*", lambda route: route.abort())
    kindergarten.name(page, 3)
    failed = page.locator(f"#child-{kindergarten.kids[3]}.fail")
    expect(failed).to_contain_text("Neįrašyta")
    assert kindergarten.marks() == {}
    page.unroute("**/children/*")
    failed.get_by_role("button", name="Bandyti dar kartą").tap()
    kindergarten.expect_row(page, 3, "absent")
    assert kindergarten.marks() == {3: "absent"}


def test_all_the_rest_leaves_out_a_child_whose_own_tap_was_not_saved(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    page = open_page()
    kindergarten.open_day(page)
    page.route("**/children/*", lambda route: route.abort())
    kindergarten.name(page, 3)
    expect(page.locator(f"#child-{kindergarten.kids[3]}.fail")).to_be_visible()
    page.tap("#rest-go")
    expect(page.locator(".kid-present")).to_have_count(19)
    assert 3 not in kindergarten.marks()


def test_a_session_that_ended_leads_to_the_log_in_and_back_with_the_tap_still_there(
    kindergarten: Kindergarten, open_page: OpenPage
) -> None:
    page = open_page()
    kindergarten.open_day(page)
    kindergarten.sql("UPDATE accounts_session SET ended_at = '2026-11-23 06:11:00'")
    kindergarten.name(page, 7)
    page.wait_for_url(lambda url: "/accounts/login" in url)
    kindergarten.fill_log_in(page)
    page.wait_for_url(kindergarten.day)
    failed = page.locator(f"#child-{kindergarten.kids[7]}.fail")
    expect(failed).to_contain_text("Neįrašyta")
    assert kindergarten.marks() == {}
    failed.get_by_role("button", name="Bandyti dar kartą").tap()
    kindergarten.expect_row(page, 7, "absent")
    assert kindergarten.marks() == {7: "absent"}


def test_without_scripts_everything_is_a_plain_form(kindergarten: Kindergarten, open_page: OpenPage) -> None:
    page = open_page("tablet", java_script_enabled=False)
    kindergarten.log_in(page)
    page.goto(kindergarten.day)
    kindergarten.name(page, 0)
    page.wait_for_load_state()
    kindergarten.expect_row(page, 0, "absent")
    page.select_option(f"#reason-{kindergarten.kids[0]}", label="l · Liga")
    page.locator(f"#child-{kindergarten.kids[0]}").get_by_role("button", name="Įrašyti").tap()
    page.wait_for_load_state()
    kindergarten.expect_row(page, 0, "excused")
    page.tap("#rest-go")
    page.wait_for_load_state()
    expect(page.locator(".kid-present")).to_have_count(19)
    page.tap("#submit-go")
    page.wait_for_load_state()
    expect(page.locator("#actions .handed")).to_be_visible()
    assert len(kindergarten.marks()) == 20
