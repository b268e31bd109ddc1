"""The Cast: two kindergartens whose people never see each other's rows.

Saulutė: teachers Rasa (Boružiukai) and Tomas (Drugeliai), head Jonas, deputy Rūta, dietitian Ieva, social pedagogue
Lina, accountant Vilma, administrator Aldona, arts teacher Dalia and speech therapist Agnė (both Boružiukai), health
specialist Sigita, secretary Milda, guardian Greta (mother of the first of the Boružiukai).
Ežerėlis: head Ona, teacher Asta, dietitian Nida.
Made on 2026-08-31 so that everything is true from 2026-09-01 on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ediary.absences.actions import deliver_reasons
from ediary.absences.models import AbsenceReason
from ediary.children import actions as children
from ediary.children.rules import Relation
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.permissions import Role
from ediary.core.session import acting_for
from ediary.groups import actions as groups
from ediary.groups.rules import AgeBand, Duty
from ediary.health import actions as health
from ediary.institutions import actions as institutions
from ediary.meals import actions as meals
from tests import make

FIRST = date(2026, 9, 1)
PASSWORD = "obuolys-kriaušė-slyva"

SAULUTE = [
    ("rasa", "Rasa", "Petraitienė", Role.EDUCATOR),
    ("tomas", "Tomas", "Gudaitis", Role.EDUCATOR),
    ("jonas", "Jonas", "Rimkus", Role.DIRECTOR),
    ("ruta", "Rūta", "Balčytienė", Role.DEPUTY),
    ("ieva", "Ieva", "Norkienė", Role.DIETITIAN),
    ("lina", "Lina", "Stankutė", Role.SOCIAL_PEDAGOGUE),
    ("vilma", "Vilma", "Jonaitienė", Role.ACCOUNTANT),
    ("aldona", "Aldona", "Kairienė", Role.ADMINISTRATOR),
    ("dalia", "Dalia", "Gaidienė", Role.ARTS_TEACHER),
    ("agne", "Agnė", "Garsienė", Role.SPEECH_THERAPIST),
    ("sigita", "Sigita", "Vaistienė", Role.HEALTH_SPECIALIST),
    ("milda", "Milda", "Raštienė", Role.SECRETARY),
    ("greta", "Greta", "Žukauskienė", Role.GUARDIAN),
]
EZERELIS = [
    ("ona", "Ona", "Ežerskienė", Role.DIRECTOR),
    ("asta", "Asta", "Vandenytė", Role.EDUCATOR),
    ("nida", "Nida", "Lydekienė", Role.DIETITIAN),
]
BORUZIUKAI = [
    ("Adomas", "Žukauskas"), ("Austėja", "Kazlauskaitė"), ("Benas", "Stonkus"), ("Dominykas", "Šimkus"),
    ("Eglė", "Petrauskaitė"), ("Elena", "Vaitkutė"), ("Emilija", "Urbonaitė"), ("Gabrielė", "Jankauskaitė"),
    ("Herkus", "Ąžuolas"), ("Ieva", "Balčiūnaitė"), ("Jokūbas", "Navickas"), ("Kajus", "Mockus"),
    ("Liepa", "Rimkutė"), ("Lukas", "Čepulis"), ("Luknė", "Žilinskaitė"), ("Matas", "Paulauskas"),
    ("Nojus", "Butkus"), ("Saulė", "Ūsaitė"), ("Urtė", "Grigaitė"), ("Vakarė", "Šulcaitė"),
]  # fmt: skip


@dataclass
class Cast:
    """Ids by name. `children["Boružiukai"]` lists ids in the order of the page."""

    saulute: int = 0
    ezerelis: int = 0
    users: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    children: dict[str, list[int]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    meals: dict[str, int] = field(default_factory=dict)
    diets: dict[str, int] = field(default_factory=dict)
    #: Ežerėlis's reasons and meals, to be refused elsewhere
    foreign_reasons: dict[str, int] = field(default_factory=dict)
    password: str = PASSWORD

    @property
    def boruziukai(self) -> int:
        return self.groups["Boružiukai"]

    @property
    def drugeliai(self) -> int:
        return self.groups["Drugeliai"]

    @property
    def zuvytes(self) -> int:
        """Ežerėlis's group."""
        return self.groups["Žuvytės"]


def make_cast() -> Cast:
    """Write the Cast through the program's own actions. Needs an app context and a clock before 2026-09-01."""
    cast = Cast()
    cast.saulute = make.institution("Lopšelis-darželis „Saulutė“", "190000001", FIRST)
    cast.ezerelis = make.institution("Lopšelis-darželis „Ežerėlis“", "190000002", FIRST)
    for institution_id, people in ((cast.saulute, SAULUTE), (cast.ezerelis, EZERELIS)):
        for login, first_name, last_name, role in people:
            cast.users[login] = make.person(institution_id, login, first_name, last_name, role, FIRST, PASSWORD)
    with acting_for(cast.saulute):
        with write_transaction():
            deliver_reasons(FIRST)
            cast.reasons = {r.letter: r.id for r in db.session.scalars(select(AbsenceReason))}
            for position, name in enumerate(("Pusryčiai", "Pietūs", "Vakarienė"), start=1):
                cast.meals[name] = meals.add_kind(name, position, FIRST).id
            for name in ("Be pieno", "Be glitimo"):
                cast.diets[name] = meals.add_diet(name, FIRST).id
        make.group(cast, "Boružiukai", AgeBand.KINDERGARTEN, BORUZIUKAI, teacher="rasa", first=FIRST)
        make.group(
            cast,
            "Drugeliai",
            AgeBand.NURSERY,
            [(a, b) for b, a in BORUZIUKAI[:6]],
            teacher="tomas",
            first=FIRST,
        )
        with write_transaction():
            order = institutions.order("V-5", FIRST, "").id
            for specialist in ("dalia", "agne"):
                groups.assign(cast.boruziukai, cast.users[specialist], FIRST, order, duty=Duty.SPECIALIST)
            mother = ("Greta", "Žukauskienė")
            children.add_guardian(
                cast.children["Boružiukai"][0], Relation.MOTHER, *mother, FIRST, user_id=cast.users["greta"]
            )
            herkus, lukas = cast.children["Boružiukai"][8], cast.children["Boružiukai"][13]
            meals.set_diet(herkus, cast.diets["Be pieno"], FIRST)
            health.set_must_not_eat(lukas, "riešutų", FIRST)
    with acting_for(cast.ezerelis):
        with write_transaction():
            deliver_reasons(FIRST)
            cast.foreign_reasons = {r.letter: r.id for r in db.session.scalars(select(AbsenceReason))}
            lunch = meals.add_kind("Pietūs", 1, FIRST).id
        make.group(
            cast, "Žuvytės", AgeBand.KINDERGARTEN, [("Marius", "Upelis"), ("Undinė", "Marių")],
            teacher="asta", first=FIRST, meal_kinds=[lunch],
        )  # fmt: skip
    return cast
