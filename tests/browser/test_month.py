"""One month over three roles: submitted, checked, printed, locked; an error found in the next month is mended with the
director's leave, and ends in an act, a second version and a history that verifies clean."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ediary.attendance import actions as attendance
from ediary.attendance.rules import Mark
from ediary.core import clock
from ediary.core.dates import Month, at_local
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.session import acting_for
from ediary.workdays import queries as workdays
from tests.browser.house import Hand, House, server_over
from tests.cast import Cast
from tests.conftest import build_app, dispose
from tests.services.server import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("month")]

OpenPage = Callable[..., Page]
ComeIn = Callable[[str], Hand]
NOVEMBER, ERROR = Month(2026, 11), date(2026, 11, 10)
#: Monday, the last working day, 16:00 in Vilnius; a Thursday of the next month
END, LATER = "2026-11-30T14:00:00+00:00", "2026-12-10T08:00:00+00:00"


@pytest.fixture
def house(cast_database: tuple[Path, Cast], tmp_path: Path) -> Iterator[House]:
    path, cast = cast_database
    running = server_over(path, tmp_path / "instance", END, workers=1)
    mark_november(running.instance, cast)
    running.start()
    try:
        yield House(running, cast)
    finally:
        running.kill()


def mark_november(folder: Path, cast: Cast) -> None:
    """Tomas marked all his children as come, every morning, as taps write it."""
    app = build_app(f"sqlite:///{folder}/ediary.sqlite3", folder)
    with app.app_context(), acting_for(cast.saulute):
        days = workdays.calendar(NOVEMBER.first, NOVEMBER.last).working_days(NOVEMBER.first, NOVEMBER.last)
    for day in days:
        with (
            clock.frozen(at_local(day, time(8))),
            app.app_context(),
            acting_for(cast.saulute, cast.users["tomas"]),
            write_transaction(lock=GroupDay(cast.drugeliai, day)),
        ):
            for child_id in cast.children["Drugeliai"]:
                attendance.mark(cast.drugeliai, child_id, day, Mark.PRESENT, Mark.UNMARKED, "")
    dispose(app)


@pytest.fixture
def come_in(house: House, open_page: OpenPage) -> ComeIn:
    def come(login: str) -> Hand:
        page = open_page("desktop")
        house.log_in(page, login)
        return Hand(page)

    return come


def test_a_month_ends_and_is_mended_in_the_next(house: House, come_in: ComeIn, tmp_path: Path) -> None:
    at = house.server.url
    sheet = f"{at}/sheets/2026-11/{house.cast.drugeliai}"
    child = house.cast.children["Drugeliai"][0]

    # the end of November: the educator submits, the social pedagogue checks and prints, the director locks
    tomas = come_in("tomas")
    tomas.page.goto(sheet)
    tomas.press("Pateikti mėnesį")
    expect(tomas.page.locator("#sheet")).to_contain_text("Pateikta 2026-11-30")
    lina = come_in("lina")
    lina.page.goto(sheet)
    lina.press("Patikrinta, viskas gerai")
    expect(lina.page.locator("#sheet")).to_contain_text("Patikrinta 2026-11-30")
    first = lina.paper("PDF: Drugeliai", tmp_path)
    assert "Priedas" not in first
    jonas = come_in("jonas")
    jonas.page.goto(f"{at}/sheets/2026-11")
    jonas.page.get_by_label("Boružiukai", exact=True).uncheck()
    jonas.press("Užrakinti pažymėtų grupių mėnesį")
    expect(jonas.page.get_by_role("row", name="Drugeliai").first).to_contain_text("Užrakinta")

    # in December an error is found: the day says it is locked, and by whom
    house.move_clock(LATER)
    tomas = come_in("tomas")
    day = f"{at}/attendance/{ERROR}/{house.cast.drugeliai}"
    tomas.page.goto(day)
    expect(tomas.page.locator(".page")).to_contain_text("direktorius Jonas Rimkus")

    # the director opens the month, with the presence of that day
    jonas = come_in("jonas")
    jonas.page.goto(sheet)
    jonas.press("Atrakinti taisyti…")
    expect(jonas.page.get_by_label("Drugeliai")).to_be_checked()
    jonas.press("Atrakinti")
    expect(jonas.page.locator(".field-error")).to_contain_text("Parašykite, kodėl atrakinama")
    jonas.write("Kodėl atrakinama", "Tėvai pranešė, kad vaikas tą dieną nebuvo atėjęs")
    jonas.page.locator("summary", has_text="šių dienų lankomumą").click()
    jonas.page.get_by_label("lapkričio 10 d.").check()
    jonas.press("Atrakinti")
    expect(jonas.page.locator(".opened")).to_contain_text("Drugeliai")

    # the educator mends it and says why the child was away
    tomas.page.goto(day)
    row = tomas.page.locator(f"#child-{child}")
    row.locator(".kid-name").click()
    expect(row).to_have_class("kid kid-absent")

    # closed again: an act, written by who erred, registered by the secretary
    jonas.page.locator(".opened").get_by_role("button", name="Uždaryti").click()
    expect(jonas.page.get_by_role("heading", name="Duomenų keitimo aktas Nr. 2026-1")).to_be_visible()
    expect(jonas.page.get_by_role("row", name="Tomas Gudaitis")).to_contain_text("neatvyko, priežastis nežinoma")
    tomas.page.goto(f"{at}/acts/1")
    tomas.page.fill("#explanation", "Pažymėjau „Visi likę atvyko“ nepasižiūrėjęs.")
    tomas.press("Surašyti aktą")
    milda = come_in("milda")
    milda.page.goto(f"{at}/acts/1")
    milda.write("Registracijos Nr.", "DK-1")
    milda.press("Registruoti")
    expect(milda.page.locator(".content")).to_contain_text("Registruotas Nr. DK-1")
    act = milda.paper("Spausdinti aktą", tmp_path)
    for said in ("DK-1", "Tomas Gudaitis", "direktorius Jonas Rimkus", "nepasižiūrėjęs"):
        assert said in act

    # the sheet says what differs from the print, and its second version has it behind
    lina = come_in("lina")
    lina.page.goto(sheet)
    expect(lina.page.locator("#kept")).to_contain_text("2026-1")
    lina.press("Skirtumai nuo paskutinio spaudinio")
    expect(lina.page.locator(".content")).to_contain_text("2026-11-10")
    lina.page.goto(sheet)
    second = lina.paper("PDF: Drugeliai", tmp_path)
    assert "Priedas: skirtumai nuo paskutinio spaudinio" in second
    lina.page.goto(f"{at}/sheets/2026-11")
    versions = lina.page.locator("#versions").get_by_role("row", name="Drugeliai")
    expect(versions).to_have_count(2)
    assert house.sql("SELECT number, final FROM sheets_printed ORDER BY id") == [(1, 1), (2, 1)]

    # and nothing that is sealed was touched
    house.server.stop()
    verified = flask(house, "history", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def flask(house: House, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT,
        env=house.server.full_environment(),
        capture_output=True,
        text=True,
    )
