"""The institution and its settings as pages. They stand high in the house: a tile says what a higher area has set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from ediary.absences.queries import reasons
from ediary.accounts.models import EntryRule, PledgeText
from ediary.accounts.queries import holders
from ediary.children.queries import enrolled
from ediary.core import clock, settled
from ediary.core.dates import ONE_DAY, covers
from ediary.core.db import db
from ediary.core.lockstate import DEFAULT_LOCK_TIME
from ediary.core.models import Settled
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.points import LockRule
from ediary.core.session import scope
from ediary.groups.queries import groups_on
from ediary.groups.rules import AgeBand
from ediary.institutions import queries as institutions
from ediary.institutions.models import AgeBandBy, Institution, InstitutionSettings, SheetWording
from ediary.institutions.rules import Wording
from ediary.meals.queries import kinds
from ediary.portions.rules import age_band
from ediary.workdays.models import DeadlineRule
from ediary.workdays.queries import stored
from ediary.workdays.rules import Deadlines

#: with less of the calendar stored, its tile asks for more
CALENDAR_IS_SHORT = timedelta(days=120)


# --- the institution ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InstitutionPage:
    """What anybody who comes in may know of the kindergarten."""

    institution: Institution
    #: office -> who holds it today
    leaders: list[tuple[str, list[str]]]
    can_edit: bool


def institution_page() -> InstitutionPage:
    """The institution and who leads it today. Four statements."""
    today = clock.today()
    offices = (
        (_("Director"), Role.DIRECTOR),
        (_("Deputies"), Role.DEPUTY),
        (_("Administrators of the diary"), Role.ADMINISTRATOR),
    )
    return InstitutionPage(
        institution=institutions.current(),
        leaders=[(title, holders(role, today)) for title, role in offices],
        can_edit=scope().may(Permission.SETTINGS_WRITE),
    )


# --- all settings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """One setting: what holds today, since when, and what is to come."""

    title: str
    value: str
    endpoint: str
    icon: str
    #: since when it is so; None = as delivered with the program
    since: date | None = None
    #: the day from which another value is planned
    planned: date | None = None
    #: something is to be done here
    is_due: bool = False


@dataclass(frozen=True)
class SettingsPage:
    """Every setting of the institution as a tile, the dated ones and the others."""

    institution: Institution
    dated: list[Tile]
    others: list[Tile]


@dataclass(frozen=True)
class _Held:
    """Of a chain of a dated setting: the row of today, if one holds, and the first day of the next."""

    row: Any
    since: date | None
    planned: date | None


def _held(model: type[Settled], today: date) -> _Held:
    return _of_chain(settled.chain(model), today)


def _of_chain(rows: Sequence[Any], today: date) -> _Held:
    now = next((row for row in rows if covers(row.valid_from, row.valid_to, today)), None)
    planned = next((row.valid_from for row in rows if row.valid_from > today), None)
    return _Held(now, now.valid_from if now else None, planned)


def settings_page() -> SettingsPage:
    """All settings. Eleven statements."""
    today = clock.today()
    return SettingsPage(
        institution=institutions.current(),
        dated=[
            _deadlines(today),
            _reasons(today),
            _age_bands(today),
            _entry_rules(today),
            _pledge(today),
            _wording(today),
        ],
        others=[_calendar(today), _meals(today), _log_ins()],
    )


def _deadlines(today: date) -> Tile:
    hours, deadlines = _held(LockRule, today), _held(DeadlineRule, today)
    locks_at = hours.row.day_locks_at if hours.row else DEFAULT_LOCK_TIME
    mark_by = deadlines.row.mark_by if deadlines.row else Deadlines().mark_by
    return Tile(
        _("Deadlines"),
        _("marked by %(mark)s, locked at %(lock)s", mark=f"{mark_by:%-H:%M}", lock=f"{locks_at:%-H:%M}"),
        "workdays.deadlines",
        "clock",
        since=max((day for day in (hours.since, deadlines.since) if day), default=None),
        planned=min((day for day in (hours.planned, deadlines.planned) if day), default=None),
    )


def _reasons(today: date) -> Tile:
    held = reasons(today)
    letters = ", ".join(reason.letter for reason in held)
    said = ngettext("%(num)s reason", "%(num)s reasons", len(held))
    return Tile(
        _("Reasons of absence"),
        f"{said}: {letters}" if held else said,
        "absences.reasons",
        "absent",
        since=max((reason.valid_from for reason in held), default=None),
        is_due=not held,
    )


def band_words(by: AgeBandBy) -> str:
    """How age bands are told, in few words."""
    return _("by the birthday") if by is AgeBandBy.BIRTHDAY else _("by the group")


def _age_bands(today: date) -> Tile:
    held = _held(InstitutionSettings, today)
    by = held.row.age_band_by if held.row else AgeBandBy.GROUP
    return Tile(_("Age bands"), band_words(by), "settings.age_bands", "kitchen", held.since, held.planned)


def _entry_rules(today: date) -> Tile:
    rows = list(db.session.scalars(select(EntryRule).order_by(EntryRule.valid_from)))
    roles = [row for row in rows if covers(row.valid_from, row.valid_to, today)]
    asked = [role_name(row.role, "") for row in roles if row.needs_second_factor]
    return Tile(
        _("Coming in"),
        _("second step asked of: %(roles)s", roles=", ".join(asked)) if asked else _("second step asked of nobody"),
        "accounts.entry_rules",
        "key",
        since=max((row.valid_from for row in roles), default=None),
        planned=next((row.valid_from for row in rows if row.valid_from > today), None),
    )


def _pledge(today: date) -> Tile:
    held = _held(PledgeText, today)
    return Tile(
        _("Confidentiality pledge"),
        _("its text is set") if held.row else _("no text yet: nobody is asked to accept one"),
        "accounts.pledge_text",
        "paper",
        held.since,
        held.planned,
        is_due=held.row is None,
    )


def _wording(today: date) -> Tile:
    held = _held(SheetWording, today)
    return Tile(
        _("Head of the month sheet"),
        held.row.title if held.row else _("as delivered"),
        "settings.sheet_wording",
        "print",
        held.since,
        held.planned,
    )


def _calendar(today: date) -> Tile:
    _known_from, until = stored()
    return Tile(
        _("Working days"),
        _("the calendar is stored until %(day)s", day=until.isoformat()) if until else _("no calendar yet"),
        "workdays.index",
        "month",
        is_due=until is None or until - today < CALENDAR_IS_SHORT,
    )


def _meals(today: date) -> Tile:
    names = [kind.name for kind in kinds(today)]
    value = ", ".join(names) or _("no meal is served yet")
    return Tile(_("Meals and diets"), value, "meals.index", "kitchen", is_due=not names)


def _log_ins() -> Tile:
    return Tile(_("Log-ins"), _("who comes in and how often"), "statistics.index", "people")


# --- a dated setting ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """A setting from-to (None = open): what it says, in one value."""

    valid_from: date
    valid_to: date | None
    said: Any
    set_by: str
    is_now: bool
    is_planned: bool


@dataclass(frozen=True)
class DatedPage:
    """What holds today, what will hold in the end, and the whole chain, the latest first."""

    today: date
    now: Any
    last: Any
    chain: list[Stretch]

    @property
    def planned(self) -> list[Stretch]:
        return [one for one in self.chain if one.is_planned]

    @property
    def begins(self) -> date:
        """The earliest day a further change may begin on."""
        return max([self.today, *(one.valid_from for one in self.planned)]) + ONE_DAY


def _stretches(rows: Sequence[Any], said: list[Any], today: date) -> list[Stretch]:
    return [
        Stretch(
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            said=value,
            set_by=row.set_by or "",
            is_now=covers(row.valid_from, row.valid_to, today),
            is_planned=row.valid_from > today,
        )
        for row, value in reversed(list(zip(rows, said, strict=True)))
    ]


def _now(chain: Sequence[Stretch], delivered: Any) -> Any:
    return next((one.said for one in chain if one.is_now), delivered)


@dataclass(frozen=True)
class AgeBandsPage(DatedPage):
    """How age bands are told, and what the other way would do today."""

    #: children whom the birthday puts elsewhere than their group does: into nursery, into kindergarten portions
    into_nursery: int
    into_kindergarten: int

    @property
    def would_move(self) -> int:
        return self.into_nursery + self.into_kindergarten


def age_bands_page() -> AgeBandsPage:
    """Three statements."""
    today = clock.today()
    rows = settled.chain(InstitutionSettings)
    chain = _stretches(rows, [row.age_band_by for row in rows], today)
    into = _moved(today)
    return AgeBandsPage(
        today=today,
        now=_now(chain, AgeBandBy.GROUP),
        last=chain[0].said if chain else AgeBandBy.GROUP,
        chain=chain,
        into_nursery=into.count(AgeBand.NURSERY),
        into_kindergarten=into.count(AgeBand.KINDERGARTEN),
    )


def _moved(today: date) -> list[AgeBand]:
    """The band by birthday of each child of today in whose group the other one is cooked."""
    bands = {group.id: group.age_band for group in groups_on(today)}
    found = []
    for place in enrolled(bands, today, today):
        by_group = bands.get(place.own_id, bands[place.group_id])
        by_birthday = age_band(by_group, place.birth_date, today, by_birthday=True)
        if by_birthday is not by_group:
            found.append(by_birthday)
    return found


@dataclass(frozen=True)
class WordingPage(DatedPage):
    """What the month sheet's head says, and the name that stands beside it."""

    institution: Institution


def wording_page() -> WordingPage:
    """Two statements."""
    today = clock.today()
    rows = settled.chain(SheetWording)
    delivered = Wording(_("Record sheet of children's attendance"), ())
    chain = _stretches(rows, [Wording(row.title, tuple(row.approval.splitlines())) for row in rows], today)
    return WordingPage(
        today=today,
        now=_now(chain, delivered),
        last=chain[0].said if chain else delivered,
        chain=chain,
        institution=institutions.current(),
    )
