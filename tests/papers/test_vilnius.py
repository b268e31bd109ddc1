"""Vilnius changed its rule of illness twice: the administrator enters each from its day on, and sheets of each time
come out right (domain 1.4).

(a) food is free from the third day missed; (b) from 13 October only an illness of three days on end is justified;
(c) from 16 November any illness is, told on the first day by 9:00 and papered within three working days of the return.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from ediary.absences.models import AbsenceReason
from ediary.core.db import db
from tests.cast import FIRST, Cast
from tests.sheets.conftest import inside, write_day

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
B, C = date(2026, 10, 13), date(2026, 11, 16)
ILLNESS = {"letter": "l", "name": "Liga", "kind": "illness", "waives_food": "y", "paper": "parents"}


class City:
    """Boružiukai in Vilnius, its days written on their mornings."""

    def __init__(self, app: Flask, cast: Cast, as_person: LogIn, at: At) -> None:
        self.app, self.cast, self.as_person, self.at = app, cast, as_person, at

    def rule(self, today: date, first: date, **said: str) -> None:
        self.at(8, 0, day=today)
        with inside(self.app, self.cast.saulute):
            rows = db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == "l"))
            last = max(rows, key=lambda row: row.valid_from).id
        data = {"first": first.isoformat(), **ILLNESS, **said}
        answer = self.as_person("aldona").post(f"/absences/reasons/{last}", data=data)
        assert answer.status_code == 303

    def days(self, month: int, written: dict[int, str]) -> None:
        """Day of the month -> one sign for each of the first children."""
        for number, signs in written.items():
            day = date(2026, month, number)
            with inside(self.app, self.cast.saulute):
                rows = db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == "l"))
                here = next(r.id for r in rows if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to))
            cast = replace(self.cast, reasons=self.cast.reasons | {"l": here})
            write_day(self.app, cast, "Boružiukai", day, signs)

    def paper(self, child: int, first: str, last: str, received_at: str) -> None:
        data = {"kind": "note", "first": first, "last": last, "received_at": received_at}
        path = f"/papers/children/{self.cast.children['Boružiukai'][child]}"
        assert self.as_person("rasa").post(path, data=data).status_code == 303

    def call(self, child: int, day: date, hour: int, minute: int) -> None:
        self.at(hour, minute, day=day)
        data = {
            "child_id": self.cast.children["Boružiukai"][child],
            "first": day.isoformat(),
            "last": day.isoformat(),
            "caller": "mama",
            "called_at": f"{day}T{hour:02}:{minute:02}",
        }
        path = f"/attendance/{day}/{self.cast.boruziukai}/announcements"
        assert self.as_person("rasa").post(path, data=data).status_code == 303

    def sheet(self, month: str) -> list[tuple[str, dict[str, int]]]:
        """Each child's signs where it was absent, and what was counted."""
        page = self.as_person("lina").get(f"/sheets/{month}/{self.cast.boruziukai}").get_data(as_text=True)
        found = []
        for child in self.cast.children["Boružiukai"][:4]:
            row = re.search(rf'<tr data-child="{child}">.*?</tr>', page, re.DOTALL)
            assert row
            cells = re.findall(r'<td class="(?:a )?(?:exc|out)(?: signed)?"(?: title="([^"]*)")?>([^<]*)', row[0])
            totals = [int(one) for one in re.findall(r'<td class="total">(\d+)</td>', row[0])]
            paid = sum("mokama" in told for told, _sign in cells)
            signs = " ".join(sign for _told, sign in cells)
            found.append((signs, {"ill": totals[2], "unjustified": totals[4], "paid": paid}))
        return found


@pytest.fixture
def city(app: Flask, cast: Cast, as_person: LogIn, at: At) -> City:
    made = City(app, cast, as_person, at)
    made.rule(FIRST, FIRST, paper_due="month_end", first_days_paid="2")
    made.rule(date(2026, 10, 1), B, paper_due="month_end", least_days="3", least_in="working")
    return made


def counted(ill: int = 0, unjustified: int = 0, paid: int = 0) -> dict[str, Any]:
    return {"ill": ill, "unjustified": unjustified, "paid": paid}


def test_a_and_b_on_the_sheet_of_the_month_in_which_one_followed_the_other(city: City) -> None:
    city.days(10, {5: "l+++", 6: "l+++", 7: "l+++", 8: "+++l", 9: "+++l", 12: "+++l", 13: "+++l", 14: "+++l"})
    city.days(10, {15: "++++", 19: "+ll+", 20: "+ll+", 21: "++l+", 22: "++++"})
    city.at(10, 0, day=date(2026, 10, 22))
    for child, first, last in ((0, "05", "07"), (1, "19", "20"), (2, "19", "21"), (3, "08", "14")):
        city.paper(child, f"2026-10-{first}", f"2026-10-{last}", "2026-10-22T09:00")
    assert city.sheet("2026-10") == [
        ("l l l", counted(ill=3, paid=2)),
        ("(l) (l)", counted(unjustified=2)),
        ("l l l", counted(ill=3)),
        ("l l l l l", counted(ill=5, paid=2)),  # the first two days are (a)'s, the last two are judged by (b)
    ]


def test_c_on_the_sheet_of_november(city: City) -> None:
    city.rule(date(2026, 11, 2), C, paper_due="after_return", paper_days="3", notice="first_day", notice_hour="9:00")
    seventeenth = date(2026, 11, 17)
    for child, hour, minute in ((0, 8, 30), (2, 8, 59), (3, 8, 40)):
        city.call(child, seventeenth, hour, minute)
    city.days(11, {17: "llll", 18: "++++"})
    city.at(10, 0, day=date(2026, 11, 20))
    assert city.sheet("2026-11")[0] == ("l*", counted(ill=1))
    for child in (0, 1):
        city.paper(child, "2026-11-17", "2026-11-17", "2026-11-20T09:00")
    city.at(10, 0, day=date(2026, 11, 24))
    city.paper(2, "2026-11-17", "2026-11-17", "2026-11-24T08:00")
    assert city.sheet("2026-11") == [
        ("l", counted(ill=1)),  # told and papered
        ("(l)", counted(unjustified=1)),  # papered, and nobody had told
        ("(l)", counted(unjustified=1)),  # told, papered on the fourth working day
        ("(l)", counted(unjustified=1)),  # told, never papered
    ]


def test_the_settings_say_each_rule_in_words(city: City) -> None:
    city.rule(date(2026, 11, 2), C, paper_due="after_return", paper_days="3", notice="first_day", notice_hour="9:00")
    page = city.as_person("aldona").get("/absences/reasons").get_data(as_text=True)
    assert "Ne mažiau kaip 3 darbo dienos iš eilės." in page
    assert "Tėvai praneša pirmąją dieną iki 9:00." in page
    with inside(city.app, city.cast.saulute):
        found = db.session.scalars(select(AbsenceReason).where(AbsenceReason.letter == "l"))
        last = next(row.id for row in found if row.valid_from == C)
    page = city.as_person("aldona").get(f"/absences/reasons/{last}").get_data(as_text=True)
    assert "Pirmosios 2 nelankymo darbo dienos pateisinamos, bet apmokamos." in page
    assert "per 3 darbo dienas nuo vaiko grįžimo" in page
