"""The demonstration kindergartens: the Cast of the tests, with names, some weeks of diary and random passwords.

Loaded only into the default SQLite file and only when it is empty. Written through the program's own actions with
the clock moved, so that what it shows could have been written by people.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from ediary.absences.actions import deliver_reasons
from ediary.absences.excuses import PaperKind
from ediary.absences.queries import reasons
from ediary.accounts import actions as accounts
from ediary.accounts import credentials, pledges
from ediary.accounts.models import User
from ediary.accounts.passwords import hash_password, random_password
from ediary.accounts.queries import pledge_due
from ediary.attendance import actions as attendance
from ediary.attendance.models import ChildDay, Presence
from ediary.children import actions as children
from ediary.children.models import Guardian
from ediary.children.rules import Relation
from ediary.config import DEFAULT_DATABASE
from ediary.core import clock
from ediary.core.batch import write_batch
from ediary.core.dates import VILNIUS, at_local, days_between, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.people import role_name, signature
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.demo_families import Kid, write_families
from ediary.groups import actions as groups
from ediary.groups.rules import AgeBand, Duty
from ediary.health import actions as health
from ediary.institutions import actions as institutions
from ediary.institutions.models import Institution
from ediary.kitchen import actions as kitchen
from ediary.meals import actions as meals
from ediary.papers.models import Paper, PaperDay
from ediary.staff import actions as staff
from ediary.staff.rules import Person
from ediary.workdays import actions as workdays
from ediary.workdays import queries as calendars

PASSWORDS = "demo-passwords.txt"

PEOPLE = [
    ("rasa", "Rasa", "Petraitienė", Role.EDUCATOR),
    ("tomas", "Tomas", "Gudaitis", Role.EDUCATOR),
    ("ieva", "Ieva", "Norkienė", Role.DIETITIAN),
    ("lina", "Lina", "Stankutė", Role.SOCIAL_PEDAGOGUE),
    ("vilma", "Vilma", "Jonaitienė", Role.ACCOUNTANT),
    ("jonas", "Jonas", "Rimkus", Role.DIRECTOR),
    ("ruta", "Rūta", "Balčytienė", Role.DEPUTY),
    ("aldona", "Aldona", "Kairienė", Role.ADMINISTRATOR),
    ("milda", "Milda", "Raštienė", Role.SECRETARY),
    ("dalia", "Dalia", "Gaidienė", Role.ARTS_TEACHER),
    ("agne", "Agnė", "Garsienė", Role.SPEECH_THERAPIST),
    ("sigita", "Sigita", "Vaistienė", Role.HEALTH_SPECIALIST),
]
ELSEWHERE = [
    ("ona", "Ona", "Ežerskienė", Role.DIRECTOR),
    ("asta", "Asta", "Vandenytė", Role.EDUCATOR),
]
GROUPS = [
    ("Boružiukai", AgeBand.KINDERGARTEN, 20),
    ("Drugeliai", AgeBand.KINDERGARTEN, 22),
    ("Ežiukai", AgeBand.NURSERY, 15),
    ("Bitutės", AgeBand.NURSERY, 16),
    ("Voveriukai", AgeBand.KINDERGARTEN, 21),
    ("Pelėdžiukai", AgeBand.KINDERGARTEN, 20),
    ("Saulutės", AgeBand.KINDERGARTEN, 20),
    ("Žiniukai", AgeBand.KINDERGARTEN, 18),
    ("Lašeliai", AgeBand.NURSERY, 14),
    ("Nykštukai", AgeBand.KINDERGARTEN, 20),
    ("Pumpurėliai", AgeBand.KINDERGARTEN, 15),
    ("Gandriukai", AgeBand.KINDERGARTEN, 19),
]
GIRLS = [
    "Austėja",
    "Eglė",
    "Elena",
    "Emilija",
    "Gabrielė",
    "Ieva",
    "Liepa",
    "Luknė",
    "Saulė",
    "Urtė",
    "Vakarė",
    "Ugnė",
    "Sofija",
    "Amelija",
    "Lėja",
    "Kamilė",
    "Goda",
    "Miglė",
    "Smiltė",
    "Rusnė",
]
BOYS = [
    "Adomas",
    "Benas",
    "Dominykas",
    "Herkus",
    "Jokūbas",
    "Kajus",
    "Lukas",
    "Matas",
    "Nojus",
    "Jonas",
    "Domas",
    "Dovydas",
    "Gustas",
    "Ąžuolas",
    "Markas",
    "Motiejus",
    "Pijus",
    "Simas",
    "Vilius",
    "Žygimantas",
]
#: a boy's and a girl's form
SURNAMES = [
    ("Žukauskas", "Žukauskaitė"),
    ("Kazlauskas", "Kazlauskaitė"),
    ("Stonkus", "Stonkutė"),
    ("Šimkus", "Šimkutė"),
    ("Petrauskas", "Petrauskaitė"),
    ("Vaitkus", "Vaitkutė"),
    ("Urbonas", "Urbonaitė"),
    ("Jankauskas", "Jankauskaitė"),
    ("Navickas", "Navickaitė"),
    ("Mockus", "Mockutė"),
    ("Rimkus", "Rimkutė"),
    ("Čepulis", "Čepulytė"),
    ("Žilinskas", "Žilinskaitė"),
    ("Paulauskas", "Paulauskaitė"),
    ("Butkus", "Butkutė"),
    ("Grigas", "Grigaitė"),
    ("Balčiūnas", "Balčiūnaitė"),
    ("Šulcas", "Šulcaitė"),
    ("Ramanauskas", "Ramanauskaitė"),
    ("Ąžuolas", "Ąžuolaitė"),
    ("Ūsas", "Ūsaitė"),
    ("Juršėnas", "Juršėnaitė"),
    ("Mikalauskas", "Mikalauskaitė"),
]
BOYS_FORM = {form: boy for boy, girl in SURNAMES for form in (boy, girl)}
#: whose birthday is near, in how many days
BORN_THIS_WEEK = {4: 0, 15: 2, 27: 1, 50: 3}
#: where the common table is not for all
DIETS = {"Be pieno": 23, "Be glitimo": 41, "Vegetariška": 67}
MUST_NOT_EAT = {5: "riešutų", 30: "kiaušinių", 52: "žuvies", 88: "medaus"}


def load(instance: Path, url: URL) -> str:
    """Load the demonstration, unless there is anything already; returns what to tell the person at the keyboard."""
    passwords = instance / PASSWORDS
    if os.environ.get("DATABASE_URL") or url.database != str(instance / DEFAULT_DATABASE):
        return "Demonstration data is loaded only into the default SQLite file."
    if db.session.execute(select(func.count()).select_from(Institution.__table__)).scalar_one():
        return passwords.read_text() if passwords.exists() else "The database is not empty: nothing was loaded."
    lines = build()
    handle = os.open(passwords, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    text = "\n".join(["Demonstration log-ins (never use this data for real children):", *lines, ""])
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return text


def build() -> list[str]:
    """Write both kindergartens; returns a line for each log-in."""
    today = clock.today()
    first = school_year_span(school_year_of(today))[0]
    with clock.frozen(at_local(first - timedelta(days=1), time(12))):
        saulute = _institution("Lopšelis-darželis „Saulutė“", "190000001", first, today)
        ezerelis = _institution("Lopšelis-darželis „Ežerėlis“", "190000002", first, today)
        lines, users = _people(saulute, PEOPLE, first)
        more, others = _people(ezerelis, ELSEWHERE, first)
        with acting_for(saulute):
            rooms = _groups(first, today, users, saulute)
            lines.append(_mother(rooms))
        with acting_for(ezerelis):
            _small_group(first, others["asta"])
    with acting_for(saulute):
        _diary(rooms, max(first, (today.replace(day=1) - timedelta(days=1)).replace(day=1)), today)
    return lines + more


def _institution(name: str, code: str, first: date, today: date) -> int:
    """Settings so that the demonstration can be tried at any hour and on any day: it locks late, and works today."""
    with write_transaction():
        institution_id = institutions.create(name, code).id
    with acting_for(institution_id), write_transaction():
        institutions.settle(first, lock_time=time(23, 30))
        workdays.store_calendar(first, school_year_span(first.year + 1)[1])
        deliver_reasons(first)
        pledges.deliver_pledge(first)
        if not calendars.calendar(today, today).is_working(today):
            workdays.work_extra(today, "Demonstracinė darbo diena")
    return institution_id


def _people(
    institution_id: int, people: list[tuple[str, str, str, Role]], first: date
) -> tuple[list[str], dict[str, int]]:
    lines, users = [], {}
    with acting_for(institution_id):
        for login, first_name, last_name, role in people:
            password = random_password()
            password_hash = hash_password(password)
            with write_transaction():
                user = credentials.add_user(login, first_name, last_name, password_hash)
                accounts.add_membership(user.id, institution_id, role, first)
                work = Person(first_name, last_name, f"{login}@darzelis.example", position=role_name(role, first_name))
                staff.add_employee(work, first, user.id)
                users[login] = user.id
            _accept_pledge(user.id, signature(role, first_name, last_name), first)
            lines.append(f"  {login:<8} {password}   {role.value.replace('_', ' ')}")
    return lines, users


def _accept_pledge(user_id: int, who: str, day: date) -> None:
    """The pledge is in force and read, so that who tries the demonstration comes to the diary at once."""
    with clock.frozen(at_local(day, time(7, 30))), write_transaction():
        text = pledge_due(user_id, day)
        if text is not None:
            pledges.accept(user_id, text.id, who)


def _groups(first: date, today: date, users: dict[str, int], institution_id: int) -> dict[int, list[int]]:
    """Groups with their children, orders and diets; the children of each by group."""
    chance = Random(20260901)  # noqa: S311 - made-up data, the same every time
    rooms: dict[int, list[int]] = {}
    kids: list[Kid] = []
    number = 0
    with write_transaction():
        kinds = [
            meals.add_kind(name, position, first).id
            for position, name in enumerate(("Pusryčiai", "Pietūs", "Vakarienė"), start=1)
        ]
        diets = {name: meals.add_diet(name, first).id for name in DIETS}
        for place, (name, band, size) in enumerate(GROUPS):
            group = groups.add_group(first.year, name, band)
            if place < 2:
                order = institutions.order(f"V-{place + 12}", first, "").id
                groups.assign(group.id, users[("rasa", "tomas")[place]], first, order)
                for specialist in ("dalia", "agne"):
                    groups.assign(group.id, users[specialist], first, order, duty=Duty.SPECIALIST)
            rooms[group.id] = []
            for given, family in _names(chance, size):
                number += 1
                age = 2 if band is AgeBand.NURSERY else 4
                born = date(first.year - age, 1, 1) + timedelta(days=chance.randrange(300))
                if number in BORN_THIS_WEEK:
                    soon = today + timedelta(days=BORN_THIS_WEEK[number])
                    born = soon.replace(year=first.year - age, day=min(soon.day, 28))
                child = children.add_child(given, family, born)
                children.enrol(child.id, group.id, first)
                meals.order_meals(child.id, kinds[: 2 if number % 9 == 0 else 3], first)
                for diet, every in DIETS.items():
                    if number % every == 9:
                        meals.set_diet(child.id, diets[diet], first)
                if number in MUST_NOT_EAT:
                    health.set_must_not_eat(child.id, MUST_NOT_EAT[number], first)
                rooms[group.id].append(child.id)
                kids.append(Kid(child.id, place, BOYS_FORM[family]))
        write_families(kids, institution_id, first)
    return rooms


def _mother(rooms: dict[int, list[int]]) -> str:
    """Greta, mother of the first child, has used her slip; the line with her log-in."""
    password = random_password()
    password_hash = hash_password(password)
    child_id = next(iter(rooms.values()))[0]
    with write_transaction():
        parents = select(Guardian).where(Guardian.child_id == child_id, Guardian.relation == Relation.MOTHER)
        mother = db.session.scalars(parents).one()
        user = db.session.get_one(User, mother.user_id)
        mother.first_name, mother.email = "Greta", "greta@pastas.example"
        user.login, user.first_name, user.password_hash = "greta", "Greta", password_hash
    return f"  greta    {password}   {Role.GUARDIAN.value}"


def _small_group(first: date, educator: int) -> None:
    """The other kindergarten's one group: somewhere to move a child to."""
    with write_transaction():
        lunch = meals.add_kind("Pietūs", 1, first).id
        group = groups.add_group(first.year, "Žuvytės", AgeBand.KINDERGARTEN)
        groups.assign(group.id, educator, first, institutions.order("A-1", first, "").id)
        for given, family in (("Marius", "Upelis"), ("Undinė", "Marių"), ("Nida", "Kopaitė"), ("Jūris", "Bangis")):
            child = children.add_child(given, family, date(first.year - 4, 3, 14))
            children.enrol(child.id, group.id, first)
            meals.order_meals(child.id, [lunch], first)


def _names(chance: Random, size: int) -> list[tuple[str, str]]:
    """First and last names of a group's children, no two first names alike."""
    girls = chance.sample(GIRLS, size // 2)
    boys = chance.sample(BOYS, size - len(girls))
    families = chance.sample(SURNAMES, size)
    return [
        (given, pair[1] if place < len(girls) else pair[0])
        for place, (given, pair) in enumerate(zip([*girls, *boys], families, strict=True))
    ]


def _diary(rooms: dict[int, list[int]], first: date, today: date) -> None:
    """Mornings from `first` on: marks and submissions at 8:15, the kitchen's lock at the hour. Today is left to try."""
    chance, brought = Random(20261123), Random(20261124)  # noqa: S311
    calendar = calendars.calendar(first, today)
    for day in days_between(first, today - timedelta(days=1)):
        if not calendar.is_working(day):
            continue
        with clock.frozen(at_local(day, time(8, 15))):
            with write_transaction(lock=[GroupDay(group_id, day) for group_id in rooms]):
                letters = {reason.letter: reason.id for reason in reasons(day)}
                marks = _marks(rooms, day, letters, chance)
                write_batch(marks)
                _papers(marks, letters, day, brought)
            for group_id in rooms:
                with write_transaction(lock=GroupDay(group_id, day), exclusive=True):
                    attendance.submit(group_id, day, "")
        with clock.frozen(at_local(day, time(23, 45))):
            kitchen.ensure_snapshot(day)


def _marks(rooms: dict[int, list[int]], day: date, letters: dict[str, int], chance: Random) -> list[ChildDay]:
    """One day's marks; about one child in eight is absent, for a reason or for none known yet."""
    rows = []
    for group_id, kids in rooms.items():
        for child_id in kids:
            absent = chance.random() < 0.13
            letter = chance.choice(("l", "l", "l", "t", "p", "n", ""))
            rows.append(
                ChildDay(
                    group_id=group_id,
                    child_id=child_id,
                    day=day,
                    presence=Presence.ABSENT if absent else Presence.PRESENT,
                    reason_id=letters.get(letter) if absent else None,
                    changed_at=datetime.combine(day, time(8, 15), VILNIUS),
                )
            )
    return rows


def _papers(marks: list[ChildDay], letters: dict[str, int], day: date, chance: Random) -> None:
    """Papers of most days missed for a reason that asks for one."""
    kinds = {letters["l"]: PaperKind.NOTE, letters["p"]: PaperKind.APPLICATION, letters["t"]: PaperKind.EMPLOYER}
    papered = [mark for mark in marks if mark.reason_id in kinds and chance.random() < 0.85]
    at = datetime.combine(day, time(8, 15), VILNIUS)
    said = [
        {"child_id": mark.child_id, "group_id": mark.group_id, "kind": kinds[mark.reason_id or 0], "received_at": at}
        for mark in papered
    ]
    more = {"number": "", "first": day, "last": day, "entered_at": at, "entered_by": "socialinė pedagogė Lina Stankutė"}
    ids = write_batch([Paper(**one, **more) for one in said])
    write_batch([PaperDay(**one, paper_id=id, day=day, holds=True) for id, one in zip(ids, said, strict=True)])
