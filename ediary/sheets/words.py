"""What a sheet lacks, in words that lead to its place; what has changed since it was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ediary.core.dates import Month
from ediary.core.i18n import day_short
from ediary.core.permissions import Permission
from ediary.core.session import scope
from ediary.sheets.course import MonthState
from ediary.sheets.grid import anchor
from ediary.sheets.preflight import Difference, Fault, Kind
from ediary.sheets.queries import GroupSheet

#: of whom a day is not marked: so many are named, the others counted
NAMED = 4


@dataclass(frozen=True)
class Line:
    """One thing that is missing; `url` leads to where it is mended, None where this person cannot go."""

    text: str
    url: str | None
    is_hard: bool


def lines(faults: Iterable[Fault], month: Month, group_id: int) -> list[Line]:
    """Every fault of a group's sheet."""
    return [Line(told(fault), _place(fault, month, group_id), fault.is_hard) for fault in faults]


def told(fault: Fault) -> str:
    """A fault as a sentence without its stop."""
    names = named([name for _id, name in fault.children])
    if fault.kind is Kind.OPEN_DAY:
        return _("Today is still being marked for the kitchen: submit the month when the day is locked")
    if fault.kind is Kind.EMPTY:
        return _("%(day)s: not marked – %(names)s", day=day_short(fault.days[0]), names=names)
    if fault.kind is Kind.UNKNOWN:
        return _("%(name)s: the reason is not known, %(days)s", name=names, days=spoken(fault.days))
    if fault.kind is Kind.STRAY:
        return _(
            "%(name)s: marked without a place in the group, %(days)s; such a mark counts for nothing",
            name=names,
            days=spoken(fault.days),
        )
    return _papers_told(names, fault)


def _papers_told(name: str, fault: Fault) -> str:
    paper, reasons = fault.papers[0], dict.fromkeys(paper.reason for paper in fault.papers)
    known = {"name": name, "days": spoken(fault.days), "reason": ", ".join(reasons)}
    if not paper.is_paper:
        return _("%(name)s: the parents did not tell in time of %(days)s (%(reason)s)", **known)
    if paper.due is None:
        return _("%(name)s: no paper yet for %(days)s (%(reason)s)", **known)
    if paper.is_late:
        return _(
            "%(name)s: no paper for %(days)s (%(reason)s), it was due by %(due)s", due=day_short(paper.due), **known
        )
    return _(
        "%(name)s: no paper yet for %(days)s (%(reason)s), it is due by %(due)s", due=day_short(paper.due), **known
    )


def _place(fault: Fault, month: Month, group_id: int) -> str | None:
    may, day = scope().may, fault.days[0]
    if fault.kind in (Kind.EMPTY, Kind.OPEN_DAY):
        return url_for("attendance.day", day=day, group_id=group_id) if may(Permission.ATTENDANCE_READ) else None
    child_id = fault.children[0][0]
    if fault.kind is Kind.UNKNOWN:
        return url_for("sheets.sheet", month=month, group_id=group_id) + f"#{anchor(child_id, day)}"
    if fault.kind is Kind.PAPER:
        days = fault.papers[0].days
        to = url_for("papers.child", child_id=child_id, first=days[0], last=days[-1])
        return to if may(Permission.PAPER_READ) else None
    return url_for("cards.card", child_id=child_id) if may(Permission.CHILD_READ) else None


def named(names: Sequence[str]) -> str:
    """Some are named, many are counted: „Adomas, Ema, Jonas ir dar 3“."""
    if len(names) <= NAMED:
        return ", ".join(names)
    left = len(names) - NAMED + 1
    return ngettext(
        "%(names)s and %(num)s more", "%(names)s and %(num)s more", left, names=", ".join(names[: NAMED - 1])
    )


def spoken(days: Sequence[date]) -> str:
    """Days of one month as people say them: „3–5, 12 d.“."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1][1] = day
        else:
            runs.append([day, day])
    told = (str(a.day) if a == b else f"{a.day}–{b.day}" for a, b in runs)
    return _("days %(days)s", days=", ".join(told))


def shortly(lines: Sequence[Line]) -> str:
    """The first of them; the page has them all."""
    told = "; ".join(line.text for line in lines[:NAMED])
    left = len(lines) - NAMED
    return ngettext("%(told)s; and %(num)s more", "%(told)s; and %(num)s more", left, told=told) if left > 0 else told


def counted(faults: Iterable[Fault]) -> str:
    """What is known to be missing, as the step of the month keeps it."""
    of_kind = Counter(fault.kind for fault in faults)
    unknown, papers, strays = (of_kind[kind] for kind in (Kind.UNKNOWN, Kind.PAPER, Kind.STRAY))
    told = []
    if unknown:
        told.append(
            ngettext("%(num)s child's reason is not known", "%(num)s children's reasons are not known", unknown)
        )
    if papers:
        told.append(ngettext("%(num)s child lacks a paper", "%(num)s children lack papers", papers))
    if strays:
        told.append(
            ngettext("%(num)s child is marked without a place", "%(num)s children are marked without a place", strays)
        )
    return ", ".join(told)


# --- why a print waits ------------------------------------------------------------------------------------------------


def by_state(groups: Iterable[GroupSheet]) -> list[tuple[str, list[GroupSheet]]]:
    """The groups that a print or a lock waits for, those of one state together."""
    heads = {
        MonthState.FILLING: _("being filled in"),
        MonthState.SUBMITTED: _("submitted, not checked"),
        MonthState.OPENED: _("opened for a correction"),
    }
    found = {state: [group for group in groups if group.course.state is state] for state in heads}
    return [(head, found[state]) for state, head in heads.items() if found[state]]


def waiting(groups: Sequence[GroupSheet]) -> str:
    """The same in a sentence: „pildoma: Bitutės, Drugeliai; nepatikrinta: Ežiukai“."""
    return "; ".join(f"{head}: {', '.join(group.name for group in of)}" for head, of in by_state(groups))


# --- both versions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """A place of the sheet: what its page showed, and what is there now."""

    place: str
    before: str
    now: str


def changed(found: Iterable[Difference]) -> list[Changed]:
    """Both versions, place by place."""
    return [_changed(one) for one in found]


def _changed(one: Difference) -> Changed:
    if one.before is None and one.now is None:
        return Changed(_("The whole sheet"), _("a page that cannot be read"), _("the sheet as it is"))
    if one.now is None:
        return Changed(_("A child's row"), _("was in the sheet"), _("is not in the sheet"))
    if one.day is None:
        return Changed(one.name, _("was not in the sheet"), _("is in the sheet"))
    return Changed(f"{one.name}, {spoken([one.day])}", one.before or _("empty"), one.now or _("empty"))


def both(found: Iterable[Difference]) -> str:
    """Both versions as one sentence: „Adomas Ž., 12 d.: matėte „?“, dabar „l“; …“."""
    return "; ".join(
        _("%(place)s: you saw “%(before)s”, now “%(now)s”", place=one.place, before=one.before, now=one.now)
        for one in changed(found)
    )
