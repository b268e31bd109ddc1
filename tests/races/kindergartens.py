"""Small kindergartens for races: each round has its own, because a day is locked once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.accounts.passwords import hash_password
from ediary.children.models import Child, Enrolment
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.groups.rules import AgeBand
from ediary.institutions import actions as institutions
from ediary.meals import actions as meals
from ediary.meals.models import MealOrder
from ediary.workdays.models import CalendarDay, DayKind
from tests import make
from tests.conftest import DAY

PASSWORD = "obuolys-kriaušė-slyva"
FIRST = date(2026, 9, 1)


@dataclass(frozen=True)
class Small:
    """One group of some children, an educator's and a dietitian's place in it."""

    institution_id: int
    group_id: int
    children: tuple[int, ...]
    educator_seat: int
    dietitian_seat: int


def make_people() -> tuple[int, int]:
    """The educator and the dietitian of all the kindergartens; their log-ins stand in the history of a first one."""
    password = hash_password(PASSWORD)
    with write_transaction():
        first = institutions.create("Pirmasis darželis", "299999999").id
    with acting_for(first), write_transaction():
        return (
            credentials.add_user("mokytoja", "Rasa", "Petraitienė", password).id,
            credentials.add_user("dietiste", "Ieva", "Norkienė", password).id,
        )


def make_small(number: int, people: tuple[int, int], children: int) -> Small:
    """One more kindergarten. Needs an app context and a clock before `FIRST`."""
    educator, dietitian = people
    with write_transaction():
        institution_id = institutions.create(f"Darželis {number}", f"{300000000 + number}").id
        educator_seat = accounts.add_membership(educator, institution_id, Role.EDUCATOR, FIRST).id
        dietitian_seat = accounts.add_membership(dietitian, institution_id, Role.DIETITIAN, FIRST).id
    with acting_for(institution_id), write_transaction():
        institutions.settle(FIRST)
        for days in range(-3, 4):
            day = DAY + timedelta(days=days)
            kind = DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WEEKDAY
            db.session.add(CalendarDay(day=day, kind=kind))
        kinds = [meals.add_kind(name, place, FIRST).id for place, name in enumerate(("Pusryčiai", "Pietūs"))]
        group = groups.add_group(2026, "Boružiukai", AgeBand.KINDERGARTEN)
        groups.assign(group.id, educator, FIRST, make.order("V-1", FIRST))
        made = [
            Child(first_name=f"Vaikas {place}", last_name="Vaikaitis", birth_date=date(2022, 3, 14))
            for place in range(children)
        ]
        db.session.add_all(made)
        db.session.flush()
        for child in made:
            db.session.add(Enrolment(child_id=child.id, group_id=group.id, valid_from=FIRST))
            db.session.add_all([MealOrder(child_id=child.id, meal_kind_id=kind, valid_from=FIRST) for kind in kinds])
        return Small(institution_id, group.id, tuple(child.id for child in made), educator_seat, dietitian_seat)
