"""The demonstration's families: parents, who else may collect, consents, what the cards say. All made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ediary.accounts import actions as accounts
from ediary.accounts import credentials
from ediary.children.models import Collector, Consent, Guardian, Particulars, PayerCode
from ediary.children.rules import ConsentKind, Relation, SpecialNeeds, fold
from ediary.core.batch import write_batch
from ediary.core.permissions import Role

MOTHERS = ["Rūta", "Jolanta", "Kristina", "Lina", "Inga", "Vaida", "Giedrė", "Aistė", "Jurgita", "Laura", "Simona"]
FATHERS = ["Andrius", "Darius", "Mindaugas", "Tomas", "Vytautas", "Marius", "Karolis", "Paulius", "Saulius", "Rimas"]
OTHERS = [
    ("močiutė", "Ona", "ienė"),
    ("senelis", "Juozas", ""),
    ("teta", "Daiva", "ienė"),
    ("kaimynė", "Nijolė", "ienė"),
    ("auklė", "Vilija", "ienė"),
]
STREETS = ["Beržų g.", "Liepų g.", "Ąžuolų g.", "Sodų g.", "Upės g.", "Mokyklos g.", "Žemaičių g.", "Ežero g."]
NOTES = {
    7: "Tėvai gyvena skyrium: savaitės dienomis vaikas pas mamą.",
    11: "Auga su vyresniu broliu, namuose yra šuo.",
    26: "Pirmadieniais parsiveda močiutė.",
}


@dataclass(frozen=True)
class Kid:
    """A child as its family is made for it; `family` is the boy's form of the last name."""

    id: int
    group: int
    family: str


def write_families(kids: Sequence[Kid], institution_id: int, first: date) -> None:
    """Cards of these children, in few batches. Run inside a write transaction."""
    chance = Random(20260902)  # noqa: S311 - made-up data, the same every time
    guardians: list[Guardian] = []
    collectors, consents, particulars, payers = [], [], [], []
    known: dict[str, list[Guardian]] = {}
    for number, kid in enumerate(kids, start=1):
        family = _sibling_of(kid, known, number) or _parents(kid, chance, first)
        known.setdefault(kid.family, family)
        if kid.group < 2 and family[0].user_id is None:
            family[0].user_id = _log_in(family[0], institution_id, first, number)
        guardians += [_of(kid.id, one) for one in family]
        if number % 3:
            collectors.append(_collector(kid, chance, first))
        consents += _consents(kid.id, f"{family[0].first_name} {family[0].last_name}, mama", number, first)
        particulars.append(_particulars(kid.id, chance, number))
        if number % 12:
            payers.append(PayerCode(child_id=kid.id, code=f"{20000 + number * 7}", valid_from=first, valid_to=None))
    for rows in (guardians, collectors, consents, particulars, payers):
        write_batch(rows)


def _sibling_of(kid: Kid, known: dict[str, list[Guardian]], number: int) -> list[Guardian] | None:
    """Every fifteenth child of the later groups has a brother or sister in an earlier one."""
    return known.get(kid.family) if kid.group > 1 and number % 15 == 0 else None


def _mother_of(family: str) -> str:
    return f"{family[:-2]}ienė"


def _phone(chance: Random) -> str:
    return f"+370 600 {chance.randrange(100):02d} {chance.randrange(1000):03d}"


def _parents(kid: Kid, chance: Random, first: date) -> list[Guardian]:
    people = [
        (Relation.MOTHER, chance.choice(MOTHERS), _mother_of(kid.family)),
        (Relation.FATHER, chance.choice(FATHERS), kid.family),
    ]
    return [
        Guardian(
            child_id=kid.id,
            relation=relation,
            first_name=given,
            last_name=family,
            phone=_phone(chance),
            email=f"{fold(given)}.{fold(family)}@pastas.example",
            address="",
            may_collect=not (relation is Relation.FATHER and kid.id % 40 == 9),
            user_id=None,
            valid_from=first,
            valid_to=None,
        )
        for relation, given, family in (people if kid.id % 9 else people[:1])
    ]


def _of(child_id: int, one: Guardian) -> Guardian:
    """The same parent at a brother or sister."""
    if one.child_id == child_id:
        return one
    said = ("relation", "first_name", "last_name", "phone", "email", "address", "may_collect", "user_id", "valid_from")
    return Guardian(child_id=child_id, valid_to=None, **{name: getattr(one, name) for name in said})


def _log_in(parent: Guardian, institution_id: int, first: date, number: int) -> int:
    """A log-in made for a parent, which nobody has used yet."""
    login = f"{fold(parent.first_name)}.{fold(parent.last_name)}{number}"
    user = credentials.add_user(login, parent.first_name, parent.last_name, "")
    accounts.add_membership(user.id, institution_id, Role.GUARDIAN, first)
    return user.id


def _collector(kid: Kid, chance: Random, first: date) -> Collector:
    relation, given, ending = chance.choice(OTHERS)
    return Collector(
        child_id=kid.id,
        first_name=given,
        last_name=_mother_of(kid.family) if ending else kid.family,
        relation=relation,
        phone=_phone(chance),
        valid_from=first,
        valid_to=None if kid.id % 7 else first + timedelta(days=60),
    )


def _consents(child_id: int, said_by: str, number: int, first: date) -> list[Consent]:
    """Most agree; every eighth does not want photographs, every tenth has not been asked about the birthday."""
    kinds = [kind for kind in ConsentKind if not (kind is ConsentKind.BIRTHDAY and number % 10 == 0)]
    return [
        Consent(
            child_id=child_id,
            kind=kind,
            is_given=not (kind is ConsentKind.PHOTO and number % 8 == 3),
            said_by=said_by,
            said_on=first,
            valid_from=first,
            valid_to=None,
        )
        for kind in kinds
    ]


def _particulars(child_id: int, chance: Random, number: int) -> Particulars:
    street = f"{chance.choice(STREETS)} {chance.randrange(1, 60)}-{chance.randrange(1, 30)}, Raseiniai"
    large = number % 29 == 5
    return Particulars(
        child_id=child_id,
        address=street,
        languages="lietuvių, ukrainiečių" if number % 23 == 4 else "lietuvių",
        special_needs=SpecialNeeds.LARGE if large else SpecialNeeds.NONE,
        needs_note="Reikia pagalbos valgant ir rengiantis; užduotys trumpomis dalimis." if large else "",
        family_note=NOTES.get(number, ""),
    )
