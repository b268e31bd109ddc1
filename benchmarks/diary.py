"""A diary of some years for the benchmarks, written through the program's own actions with the clock moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from ediary import create_app
from ediary.absences.actions import deliver_reasons
from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.passwords import hash_password
from ediary.attendance.models import ChildDay, Presence
from ediary.children import actions as children
from ediary.core import clock
from ediary.core.batch import write_batch
from ediary.core.dates import at_local, days_between, school_year_span
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Role
from ediary.core.secrets import Keys, fresh_key
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.groups.rules import AgeBand
from ediary.institutions import actions as institutions
from ediary.meals import actions as meals
from ediary.workdays import actions as workdays
from ediary.workdays import queries as calendars

#: the day the benchmarks stand on: a Monday, before the lock
DAY = date(2026, 11, 23)
MORNING = at_local(DAY, time(8, 10))
PASSWORD = "obuolys-kriause-slyva"  # noqa: S105 - of a database that lives for a minute
GROUPS, SIZE = 6, 25


@dataclass(frozen=True)
class Diary:
    """Ids of what was written; `groups` and `kids` of the school year of DAY. Each group has its own educator."""

    institution_id: int
    user_ids: list[int]
    groups: list[int]
    kids: dict[int, list[int]]


def make_app(url: str, folder: Path) -> Flask:
    """The application on this database, migrated."""
    app = create_app(
        {
            "SECRET_KEY": b"a key for benchmarks only, 32 bytes and more",
            "DATA_KEYS": Keys(fresh_key()),
            "INDEX_KEY": "a key for benchmarks only, 32 bytes and more",
            "SQLALCHEMY_DATABASE_URI": url,
            "INSTANCE_DIR": folder,
            "FILES_DIR": folder / "printed",
            "CHEAP_PASSWORDS": True,
        }
    )
    with app.app_context():
        upgrade()
    return app


def login_of(number: int) -> str:
    """Log-in of the educator of the group with this number."""
    return f"mokytoja{number}"


def write_diary(
    app: Flask, years: int, *, groups_a_year: int = GROUPS, size: int = SIZE, month: int | None = None
) -> Diary:
    """An institution with so many years of marks, the last of them the running one up to DAY.

    `month`: marks in this month (1-12) of each year only.
    """
    last = 2026
    first_day = school_year_span(last - years + 1)[0]
    with clock.frozen(at_local(first_day - timedelta(days=1), time(12))), app.app_context():
        with write_transaction():
            institution_id = institutions.create("Lopšelis-darželis „Matavimas“", "190000009").id
        with acting_for(institution_id):
            password_hash = hash_password(PASSWORD)
            with write_transaction():
                institutions.settle(first_day)
                deliver_reasons(first_day)
                kinds = [
                    meals.add_kind(name, n, first_day).id for n, name in enumerate(("Pusryčiai", "Pietūs", "Vakarienė"))
                ]
                user_ids = []
                for number in range(groups_a_year):
                    user = credentials.add_user(login_of(number), "Rasa", "Petraitienė", password_hash)
                    accounts.add_membership(user.id, institution_id, Role.EDUCATOR, first_day)
                    user_ids.append(user.id)
            with write_transaction():
                workdays.store_calendar(first_day, school_year_span(last + 1)[1])
    for year in range(last - years + 1, last + 1):
        diary = _year(app, Diary(institution_id, user_ids, [], {}), year, kinds, groups_a_year, size, month)
    return diary


def _year(
    app: Flask, diary: Diary, year: int, kinds: list[int], groups_a_year: int, size: int, month: int | None
) -> Diary:
    first, end = school_year_span(year)
    with app.app_context(), acting_for(diary.institution_id):
        with clock.frozen(at_local(first - timedelta(days=1), time(12))), write_transaction():
            for number in range(groups_a_year):
                group = groups.add_group(year, f"Grupė {number + 1}", AgeBand.KINDERGARTEN)
                order = institutions.order(f"V-{number}", first, "")
                groups.assign(group.id, diary.user_ids[number], first, order.id, valid_to=end)
                diary.groups.append(group.id)
                diary.kids[group.id] = []
                for place in range(size):
                    child = children.add_child(f"Vardas{place:02d}", f"Pavardė{number}", date(year - 4, 3, 1))
                    children.enrol(child.id, group.id, first, end)
                    meals.order_meals(child.id, kinds, first)
                    diary.kids[group.id].append(child.id)
        calendar = calendars.calendar(first, end)
        for day in days_between(first, min(end, DAY - timedelta(days=1))):
            if calendar.is_working(day) and month in (None, day.month):
                with clock.frozen(at_local(day, time(8, 10))):
                    _day(diary, day)
    return diary


def _day(diary: Diary, day: date) -> None:
    with write_transaction(lock=[GroupDay(group_id, day) for group_id in diary.groups]) as held:
        write_batch(
            [
                ChildDay(
                    group_id=group_id,
                    child_id=child_id,
                    day=day,
                    presence=Presence.ABSENT if (child_id + day.toordinal()) % 8 == 0 else Presence.PRESENT,
                    changed_at=held.now,
                )
                for group_id, kids in diary.kids.items()
                for child_id in kids
            ]
        )
