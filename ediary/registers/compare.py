"""A file's rows against what the diary has: new, changed, the same, doubtful, missing (A4). Pure.

Who is who: a child by the personal code, else by name and day of birth; an employee by the e-mail address; a group by
its name. What is alike but not the same is doubtful, and a person decides. Blank cells change nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ediary.registers.rules import (
    COLUMNS,
    GUARDIANS,
    Change,
    Comparison,
    Decision,
    Doubt,
    Entry,
    Fault,
    FaultCode,
    Field,
    Kind,
    Known,
    KnownGuardian,
    Outcome,
    Verdict,
)
from ediary.registers.values import group_key
from ediary.registers.vocabulary import plain

F = Field
Key = tuple[str, ...]
KeyOf = Callable[[Mapping[Field, str]], Key | None]

#: said of a place or a post when it begins; what is there already keeps its own
NOT_COMPARED = frozenset({F.SINCE, F.PERSONAL_CODE})


@dataclass(frozen=True)
class Decided:
    """What the person said of a row; `known_id` of the one it is."""

    decision: Decision
    known_id: int | None = None


@dataclass(frozen=True)
class _Way:
    """A way to find the same one: the key of a row and of a known one; `doubt` = alike, but not surely the same."""

    key: KeyOf
    doubt: Doubt | None = None


def _key(*fields: Field, spell: Callable[[str], str] = str.casefold) -> KeyOf:
    def of(values: Mapping[Field, str]) -> Key | None:
        if any(not values.get(field) for field in fields):
            return None
        return tuple(spell(values[field]) for field in fields)

    return of


_NAME = (F.FIRST_NAME, F.LAST_NAME)
_WAYS: Mapping[Kind, tuple[_Way, ...]] = {
    Kind.CHILDREN: (
        _Way(_key(*_NAME, F.BIRTH_DATE)),
        _Way(_key(*_NAME, F.BIRTH_DATE, spell=plain), Doubt.SPELLING),
        _Way(_key(*_NAME, spell=plain), Doubt.BIRTH_DATE),
        _Way(_key(F.FIRST_NAME, F.BIRTH_DATE, spell=plain), Doubt.LAST_NAME),
    ),
    Kind.EMPLOYEES: (
        _Way(_key(F.EMAIL)),
        _Way(_key(*_NAME, spell=plain), Doubt.NAME),
    ),
    Kind.GROUPS: (_Way(_key(F.TITLE, spell=group_key)),),
}


def compare(
    kind: Kind,
    entries: Sequence[Entry],
    known: Sequence[Known],
    *,
    codes: Mapping[int, str] | None = None,
    decided: Mapping[int, Decided] | None = None,
) -> Comparison:
    """Every row's outcome and what the file does not have.

    `codes`: row number -> blind index of its personal code. `decided`: row number -> what the person said.
    Linear: 2,000 rows against 2,000 take some 50 ms.
    """
    codes, decided = codes or {}, decided or {}
    rows = _with_doubles_as_faults(kind, entries, codes)
    by_id = {one.id: one for one in known}
    matched, doubts = _matched(kind, rows, known, codes, decided)
    owners = _owners(kind, known)
    outcomes = []
    for entry in rows:
        said = decided.get(entry.number)
        left_out = said is not None and said.decision is Decision.LEFT_OUT
        if entry.faults:
            outcome = Outcome(entry.number, Verdict.FAULTY, faults=entry.faults)
        elif taken := _taken(kind, entry, codes.get(entry.number, ""), owners, matched.get(entry.number)):
            outcome = Outcome(entry.number, Verdict.FAULTY, faults=(taken,))
        elif entry.number in matched and by_id[matched[entry.number]].has_left and F.GROUP not in entry.values:
            outcome = Outcome(entry.number, Verdict.FAULTY, faults=(Fault(FaultCode.HAS_LEFT, F.GROUP),))
        elif entry.number in matched:
            outcome = changes_of(kind, entry, by_id[matched[entry.number]], codes.get(entry.number, ""))
        elif entry.number in doubts:
            doubt, candidates = doubts[entry.number]
            outcome = Outcome(entry.number, Verdict.DOUBTFUL, doubt=doubt, candidates=candidates)
        elif kind is Kind.GROUPS and F.AGE_BAND not in entry.values:
            missing_band = Fault(FaultCode.MISSING, F.AGE_BAND)
            outcome = Outcome(entry.number, Verdict.FAULTY, faults=(missing_band,))
        else:
            outcome = Outcome(entry.number, Verdict.NEW)
        outcomes.append(replace(outcome, is_left_out=left_out) if left_out else outcome)
    found = set(matched.values()) | {one for _, candidates in doubts.values() for one in candidates}
    missing = tuple(one.id for one in known if one.is_current and one.id not in found)
    return Comparison(tuple(outcomes), missing)


def _owners(kind: Kind, known: Sequence[Known]) -> dict[str, int]:
    """Whose is what only one can have: a personal code, an employee's e-mail address."""
    if kind is Kind.EMPLOYEES:
        return {one.values[F.EMAIL]: one.id for one in known if F.EMAIL in one.values}
    return {one.code: one.id for one in known if one.code}


def _taken(kind: Kind, entry: Entry, code: str, owners: Mapping[str, int], matched_id: int | None) -> Fault | None:
    field = F.EMAIL if kind is Kind.EMPLOYEES else F.PERSONAL_CODE
    own = entry.values.get(F.EMAIL, "") if kind is Kind.EMPLOYEES else code
    owner = owners.get(own) if own else None
    return Fault(FaultCode.TAKEN, field) if owner is not None and owner != matched_id else None


def _with_doubles_as_faults(kind: Kind, entries: Sequence[Entry], codes: Mapping[int, str]) -> list[Entry]:
    """Two rows about the same one: the later is a fault that names the earlier."""
    seen: dict[Key, int] = {}
    checked = []
    own = _WAYS[kind][0].key
    for entry in entries:
        keys = [key for key in (own(entry.values), (codes.get(entry.number, ""),)) if key and key != ("",)]
        earlier = next((seen[key] for key in keys if key in seen), None)
        if earlier is not None and not entry.faults:
            entry = replace(entry, faults=(Fault(FaultCode.TWICE, number=earlier),))
        for key in keys:
            seen.setdefault(key, entry.number)
        checked.append(entry)
    return checked


def _matched(
    kind: Kind,
    rows: Iterable[Entry],
    known: Sequence[Known],
    codes: Mapping[int, str],
    decided: Mapping[int, Decided],
) -> tuple[dict[int, int], dict[int, tuple[Doubt, tuple[int, ...]]]]:
    """Row -> the one it is; row -> those it may be. What is surely somebody's is nobody else's doubt."""
    matched: dict[int, int] = {}
    doubts: dict[int, tuple[Doubt, tuple[int, ...]]] = {}
    taken: set[int] = set()
    by_id = {one.id: one for one in known}
    by_code = {one.code: one for one in known if one.code}

    def take(entry: Entry, one: Known) -> bool:
        if one.id in taken:
            return False
        matched[entry.number] = one.id
        taken.add(one.id)
        return True

    waiting = []
    for entry in rows:
        if entry.faults:
            continue
        said = decided.get(entry.number)
        if said is not None and said.decision is Decision.SAME_ONE and said.known_id in by_id:
            if take(entry, by_id[said.known_id]):
                continue
        elif said is not None and said.decision is Decision.ANOTHER:
            continue
        waiting.append(entry)
    rest = []
    for entry in waiting:
        one = by_code.get(codes.get(entry.number, ""))
        if one is None or not take(entry, one):
            rest.append(entry)
    for way in _WAYS[kind]:
        places: dict[Key, list[Known]] = defaultdict(list)
        for one in known:
            key = way.key(one.values)
            if key is not None and one.id not in taken:
                places[key].append(one)
        waiting, rest = rest, []
        for entry in waiting:
            key = way.key(entry.values)
            code = codes.get(entry.number, "")
            alike = [one for one in places.get(key, ()) if one.id not in taken] if key is not None else []
            apart = [one for one in alike if code and one.code and one.code != code]
            if way.doubt is not None:  # two codes say two people
                alike = [one for one in alike if one not in apart]
            if not alike:
                rest.append(entry)
            elif way.doubt is None and len(alike) == 1 and not apart:
                take(entry, alike[0])
            else:
                doubt = way.doubt or (Doubt.CODE if apart else Doubt.SEVERAL)
                doubts[entry.number] = (doubt, tuple(one.id for one in alike))
    return matched, doubts


def changes_of(kind: Kind, entry: Entry, one: Known, code: str = "") -> Outcome:
    """What the row would change of the one it is."""
    changes = [
        Change(field, one.values.get(field, ""), new)
        for field in COLUMNS[kind]
        if field not in NOT_COMPARED
        and not field.value.startswith(("g1_", "g2_"))
        and (new := entry.values.get(field, ""))
        and not _alike(field, one.values.get(field, ""), new)
    ]
    if code and code != one.code:
        changes.append(Change(F.PERSONAL_CODE, "*" if one.code else "", "*"))
    if kind is Kind.EMPLOYEES and not one.is_current:
        changes.append(Change(F.SINCE, "", entry.values.get(F.SINCE, "*")))
    guardians = _guardians(entry, one.guardians)
    for place, found in zip(GUARDIANS, guardians, strict=True):
        changes += _changes_of_guardian(entry, place, next((g for g in one.guardians if g.id == found), None))
    verdict = Verdict.CHANGED if changes else Verdict.SAME
    return Outcome(entry.number, verdict, one.id, tuple(changes), guardians=guardians)


_NAMES = frozenset({F.FIRST_NAME, F.LAST_NAME, F.G1_FIRST_NAME, F.G1_LAST_NAME, F.G2_FIRST_NAME, F.G2_LAST_NAME})


def _alike(field: Field, old: str, new: str) -> bool:
    """A name differs not by its capitals alone: registers write them all."""
    return old.casefold() == new.casefold() if field in _NAMES else old == new


def _guardians(entry: Entry, known: Sequence[KnownGuardian]) -> tuple[int | None, int | None]:
    """Which of the child's guardians the row's two are: by e-mail, by name, by telephone, each once."""
    found: list[int | None] = [None, None]
    taken: set[int] = set()
    for same in (_same_email, _same_name, _same_phone):
        for number, place in enumerate(GUARDIANS):
            values = {what: entry.values.get(field, "") for what, field in place.items()}
            if found[number] is None and values["last_name"]:
                one = next((one for one in known if one.id not in taken and same(values, one.values)), None)
                if one is not None:
                    found[number] = one.id
                    taken.add(one.id)
    return found[0], found[1]


def _same_email(values: Mapping[str, str], known: Mapping[str, str]) -> bool:
    return bool(values["email"]) and values["email"] == known.get("email", "") and _first_alike(values, known)


def _same_name(values: Mapping[str, str], known: Mapping[str, str]) -> bool:
    return _first_alike(values, known) and plain(values["last_name"]) == plain(known["last_name"])


def _same_phone(values: Mapping[str, str], known: Mapping[str, str]) -> bool:
    return bool(values["phone"]) and values["phone"] == known.get("phone", "") and _first_alike(values, known)


def _first_alike(values: Mapping[str, str], known: Mapping[str, str]) -> bool:
    return plain(values["first_name"]) == plain(known["first_name"])


def _changes_of_guardian(entry: Entry, place: Mapping[str, Field], one: KnownGuardian | None) -> list[Change]:
    values = {what: entry.values.get(field, "") for what, field in place.items()}
    if not values["last_name"]:
        return []
    if one is None:
        return [Change(place["name"], "", f"{values['first_name']} {values['last_name']}")]
    return [
        Change(field, one.values.get(what, ""), values[what])
        for what, field in place.items()
        if values[what] and not _alike(field, one.values.get(what, ""), values[what])
    ]
