"""The pages of a list once its rows are read: its differences, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from ediary.core.errors import BadInput, Stale
from ediary.core.paging import Paged, page_asked, page_in
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.groups.rules import AgeBand
from ediary.registers import queries, words
from ediary.registers.answers import NO_GROUP
from ediary.registers.comparing import Compared
from ediary.registers.known import group_names, label
from ediary.registers.layout import Column
from ediary.registers.models import Import
from ediary.registers.queries import Comparing
from ediary.registers.ready import Choices, Ready, make_ready
from ediary.registers.rules import GUARDIANS, Fault, Field, Known, Outcome, Verdict

#: rows on a page
SIZE = 50


#: what tells one from another of the same name
TELLING = (Field.BIRTH_DATE, Field.GROUP, Field.EMAIL, Field.POSITION, Field.AGE_BAND)


class Show(StrEnum):
    """Parts of the differences, the most urgent first."""

    FAULTY = "faulty"
    DOUBTFUL = "doubtful"
    NEW = "new"
    CHANGED = "changed"
    MISSING = "missing"
    APART = "apart"
    SAME = "same"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Candidate:
    """Somebody a doubtful row may be."""

    id: int
    name: str
    details: str


@dataclass(frozen=True)
class Line:
    """A row of the differences as it is shown."""

    number: int
    name: str
    details: str
    verdict: Verdict
    #: what else is said of a new one
    told: str
    #: what would change, in words
    changes: list[str]
    #: (where, what is wrong)
    faults: list[tuple[str, str]]
    doubt: str
    candidates: list[Candidate]
    is_left_out: bool


@dataclass(frozen=True)
class Missing:
    """Somebody the diary has and the file has not."""

    id: int
    name: str
    details: str


@dataclass(frozen=True)
class DifferencesPage:
    """A list's differences: how many of what, and the part that is shown."""

    at: Comparing
    counts: Mapping[Show, int]
    show: Show
    lines: Paged[Line]
    missing: Paged[Missing]

    @property
    def made(self) -> Import:
        return self.at.made

    @property
    def found(self) -> Compared:
        return self.at.found

    @property
    def is_equal(self) -> bool:
        return not self.found.comparison.differences

    @property
    def new(self) -> int:
        return self.counts[Show.NEW]

    @property
    def changed(self) -> int:
        return self.counts[Show.CHANGED]

    @property
    def can_apply(self) -> bool:
        return bool(
            self.at.can_write
            and self.at.is_open
            and self.found.to_write
            and not self.found.waiting
            and not self.found.unanswered_groups
        )


def differences_page(made: Import, asked: str) -> DifferencesPage:
    """0.4 s for 2,000 rows, most of it comparing."""
    at = queries.comparing(made)
    counts = counts_of(at.found)
    most_urgent = next((one for one in Show if counts[one]), Show.SAME)
    show = Show(asked) if asked in list(Show) and counts[Show(asked)] else most_urgent
    chosen = [one for one in at.found.outcomes if _part(one) is show]
    columns = queries.columns_page(made.id).layout.columns if show is Show.FAULTY and at.has_file else ()
    shown = page_in(chosen, page_asked(), SIZE)
    ids = {Show.MISSING: at.found.comparison.missing, Show.APART: at.found.apart}.get(show, ())
    away = page_in(ids, page_asked(), SIZE)
    return DifferencesPage(
        at,
        counts,
        show,
        Paged([line_of(one, at.found, columns) for one in shown.rows], shown.number, shown.has_more),
        Paged([missing_of(at.found.known[one]) for one in away.rows], away.number, away.has_more),
    )


def counts_of(found: Compared) -> dict[Show, int]:
    counts = dict.fromkeys(Show, 0)
    for one in found.outcomes:
        counts[_part(one)] += 1
    counts[Show.MISSING], counts[Show.APART] = len(found.comparison.missing), len(found.apart)
    return counts


def _part(one: Outcome) -> Show:
    return Show.LEFT_OUT if one.is_left_out else Show(one.verdict.value)


def line_of(one: Outcome, found: Compared, columns: Sequence[Column] = ()) -> Line:
    entry = found.entries[one.number]
    candidates = [found.known[known_id] for known_id in one.candidates]
    return Line(
        one.number,
        label(entry.values) or _("without a name"),
        details_of(entry.values),
        one.verdict,
        told_of(entry.values) if one.verdict is Verdict.NEW else "",
        [words.change(change) for change in one.changes],
        [(where(fault, columns), words.fault(fault)) for fault in one.faults],
        words.doubt(one.doubt) if one.doubt else "",
        [Candidate(known.id, label(known.values), details_of(known.values)) for known in candidates],
        one.is_left_out,
    )


def missing_of(known: Known) -> Missing:
    return Missing(known.id, label(known.values), details_of(known.values))


def details_of(values: Mapping[Field, str]) -> str:
    """What tells one from another of the same name: „2021-03-05, Boružiukai“."""
    return ", ".join(words.said(field, values[field]) for field in TELLING if values.get(field))


_OF_GUARDIANS = frozenset(field for place in GUARDIANS for field in place.values())
_TOLD = frozenset({Field.FIRST_NAME, Field.LAST_NAME, Field.TITLE, Field.PERSONAL_CODE, *TELLING, *_OF_GUARDIANS})


def told_of(values: Mapping[Field, str]) -> str:
    """The rest of what a row says: „mama Rasa Onienė, +370 612 34567 · Adresas: …“. No personal code."""
    people = [_guardian_of(values, place) for place in GUARDIANS if place["last_name"] in values]
    rest = [f"{words.HEADINGS[field]}: {words.said(field, values[field])}" for field in Field if _rest(field, values)]
    return " · ".join([*people, *rest])


def _rest(field: Field, values: Mapping[Field, str]) -> bool:
    return field in values and field not in _TOLD


def _guardian_of(values: Mapping[Field, str], place: Mapping[str, Field]) -> str:
    said = {what: words.said(field, values.get(field, "")) for what, field in place.items()}
    name = f"{said['relation']} {said['first_name']} {said['last_name']}".strip()
    return ", ".join(part for part in (name, said["phone"], said["email"]) if part)


def where(fault: Fault, columns: Sequence[Column]) -> str:
    """„D, „Gimimo data“: 31.02.2021“."""
    column = next((one for one in columns if one.index == fault.column), None)
    heading = words.HEADINGS[fault.field] if fault.field else ""
    place = f"{column.letter}, „{column.heading}“" if column is not None else str(heading)
    return f"{place}: {fault.value}" if fault.value and place else place


# --- deciding -------------------------------------------------------------------------------------------------------


def group_answers(found: Compared, school_year: int, sent: Mapping[str, str]) -> dict[str, str]:
    """What a form says of new groups: `group-<place in the list>`. Raises BadInput for what was not offered."""
    offered = {"", NO_GROUP, *AgeBand, *(str(group_id) for group_id in group_names(school_year))}
    said = {group.key: sent.get(f"group-{place}", "") for place, group in enumerate(found.new_groups)}
    if not set(said.values()) <= offered:
        raise BadInput(_("Choose one of those offered."))
    return said


def ready_to_write(at: Comparing, seen: str, choices: Choices) -> Ready:
    """The list as it will be written. Raises BadInput while something is undecided, Stale for other differences."""
    if at.found.digest != seen:
        raise Stale(_("Somebody has changed the diary meanwhile. Nothing was written; look at the differences anew."))
    if at.found.waiting or at.found.unanswered_groups:
        raise BadInput(_("Some rows or groups still wait for your word. Nothing was written."))
    if not at.found.to_write:
        raise BadInput(_("There is nothing to write: the diary says all that the file says."))
    return make_ready(at.made, at.found, choices)


# --- what became of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResultPage:
    made: Import
    can_write: bool
    has_file: bool


def result_page(made: Import) -> ResultPage:
    return ResultPage(made, scope().may(Permission.REGISTER_WRITE), queries.has_file(made))


def report_lines(found: Compared) -> dict[Show, list[Line]]:
    """Every row that is not the same, by what it is, for the report."""
    lines: dict[Show, list[Line]] = {show: [] for show in Show}
    for one in found.outcomes:
        if one.verdict is not Verdict.SAME:
            lines[_part(one)].append(line_of(one, found))
    return lines
