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

from ediary.accounts import actions as accounts
from ediary.accounts.passwords import hash_password, random_password
from ediary.attendance import actions as attendance
from ediary.attendance.models import ChildDay, Presence
from ediary.attendance.queries import reasons
from ediary.children import actions as children
from ediary.config import DEFAULT_DATABASE
from ediary.core import clock
from ediary.core.dates import at_local, days_between, school_year_of, school_year_span
from ediary.core.db import db
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for, write_batch
from ediary.groups import actions as groups
from ediary.groups.models import AgeBand
from ediary.health import actions as health
from ediary.institutions import actions as institutions
from ediary.institutions.models import Institution
from ediary.kitchen import actions as kitchen
from ediary.meals import actions as meals
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
GIRLS = (
    "Austėja Eglė Elena Emilija Gabrielė Ieva Liepa Luknė Saulė Urtė Vakarė Ugnė Sofija Amelija Lėja Kamilė Goda "
    "Miglė Smiltė Rusnė"
).split()
BOYS = (
    "Adomas Benas Dominykas Herkus Jokūbas Kajus Lukas Matas Nojus Jonas Domas Dovydas Gustas Ąžuolas Markas Motiejus "
    "Pijus Simas Vilius Žygimantas"
).split()
SURNAMES = (
    "Žukausk Kazlausk Stonk Šimk Petrausk Vaitk Urbon Jankausk Navick Mock Rimk Čepul Žilinsk Paulausk Butk Grig "
    "Balčiūn Šulc Ramanausk Kavaliausk Sakalausk Juršėn Mikalausk Mažeik"
).split()
BOY_ENDINGS = {"k": "us", "l": "is", "n": "as", "g": "as", "c": "as"}


def load(instance: Path, url: URL) -> str:
    """Load the demonstration, unless there is anything already; returns what to tell the person at the keyboard."""
    passwords = instance / PASSWORDS
    if os.environ.get("DATABASE_URL") or url.database != str(instance / DEFAULT_DATABASE):
        return "Demonstration data is loaded only into the default SQLite file."
    if db.session.execute(select(func.count()).select_from(Institution.__table__)).scalar_one():
        return (
            passwords.read_text() if passwords.exists() else "The database is not empty: nothing was loaded."
        )
    lines = build()
    handle = os.open(passwords, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    text = "\n".join(["Demonstration log-ins (never use this data for real children):", *lines, ""])
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return text
