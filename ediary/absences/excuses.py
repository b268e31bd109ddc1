"""Is a day missed justified, which part of the fee does it waive, and why (C3)? Pure.

Days missed on end for one reason are a run. `excuse` judges every day of it by what the reason says on that day, by
what the parents told and brought, and by the moment asked about: as long as something may still come, the day awaits it
and counts as its reason does; once it is too late, the day is unjustified. The month sheet and the fee ask the same.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from ediary.absences.rules import Counted, NoticeBy, PaperBy, PaperDue, Reason, ReasonKind, Rule, Terms
from ediary.core.dates import ONE_DAY, VILNIUS, Month, at_local, covers, overlaps
from ediary.groups.rules import Programme


class PaperKind(StrEnum):
    """What was brought. None of them says what a child was ill with."""

    NOTE = "note"
    APPLICATION = "application"
    HEALTH = "health"
    EMPLOYER = "employer"
    OTHER = "other"
    #: a call or a message written down afterwards: it tells of the absence and justifies nothing
    NOTICE = "notice"


#: the papers that do, by whose is asked for
_WILL_DO: Mapping[PaperBy, frozenset[PaperKind]] = {
    PaperBy.NONE: frozenset(PaperKind),
    PaperBy.PARENTS: frozenset(PaperKind) - {PaperKind.NOTICE},
    PaperBy.OFFICIAL: frozenset({PaperKind.HEALTH, PaperKind.EMPLOYER, PaperKind.OTHER}),
}


@dataclass(frozen=True)
class Paper:
    """A justifying document: for which days, when it came in, which day it bears itself (None = not said)."""

    kind: PaperKind
    first: date
    last: date
    received_at: datetime
    issued_on: date | None = None


@dataclass(frozen=True)
class Notice:
    """The parents told: when, of an absence from which day to which (None = open)."""

    at: datetime
    first: date
    last: date | None


@dataclass(frozen=True)
class Run:
    """Working days missed on end for one reason, in order."""

    days: tuple[date, ...]
    #: the first day on which the child came again; None = it has not yet
    back_on: date | None = None
    #: something else followed, so it grows no longer
    is_over: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known beside the run: what parents told and brought, how the child is taught, the working days around."""

    working: tuple[date, ...]
    notices: tuple[Notice, ...] = ()
    papers: tuple[Paper, ...] = ()
    programme: Programme = Programme.PRESCHOOL


class Standing(StrEnum):
    """What a day missed counts as."""

    JUSTIFIED = "justified"
    #: something may still come: until then it counts as its reason does
    AWAITED = "awaited"
    UNJUSTIFIED = "unjustified"


class Why(StrEnum):
    """The sentence that tells it."""

    PLAIN = "plain"
    PAPER = "paper"
    FIRST_DAYS = "first_days"
    AWAITS_NOTICE = "awaits_notice"
    AWAITS_RUN = "awaits_run"
    AWAITS_PAPER = "awaits_paper"
    ITSELF = "itself"
    PROGRAMME = "programme"
    SEASON = "season"
    NO_NOTICE = "no_notice"
    LATE_NOTICE = "late_notice"
    SHORT = "short"
    NO_PAPER = "no_paper"
    LATE_PAPER = "late_paper"


@dataclass(frozen=True)
class Verdict:
    """A day missed, judged. `due`: until when what is awaited may come, or should have; None = not known or nothing."""

    standing: Standing
    waives_food: bool
    waives_education: bool
    why: Why
    due: date | None = None

    @property
    def counts(self) -> bool:
        """Does it count as its reason does?"""
        return self.standing is not Standing.UNJUSTIFIED


def excuse(run: Run, terms: Terms, facts: Facts, now: datetime) -> tuple[Verdict, ...]:
    """Every day of a run, in its order, as these terms judge it at this moment (aware).

    The moment says only what may still come: a paper or a call among the facts is in hand, whenever it came.
    """
    return tuple(_judged(at, day, run, terms, facts, now) for at, day in enumerate(run.days))


def _judged(at: int, day: date, run: Run, terms: Terms, facts: Facts, now: datetime) -> Verdict:
    rule = terms.rule
    if terms.kind is ReasonKind.UNJUSTIFIED:
        return Verdict(Standing.UNJUSTIFIED, terms.waives_food, terms.waives_education, Why.ITSELF)
    standing, why, due = _standing(day, run, rule, facts, now)
    is_paid = standing is Standing.UNJUSTIFIED or at < (rule.first_days_paid or 0)
    if standing is Standing.JUSTIFIED and is_paid:
        why = Why.FIRST_DAYS
    return Verdict(standing, terms.waives_food and not is_paid, terms.waives_education and not is_paid, why, due)


Said = tuple[Standing, Why, date | None]


def _standing(day: date, run: Run, rule: Rule, facts: Facts, now: datetime) -> Said:
    """What is certainly wrong goes before what may still come."""
    if rule.programme not in (None, facts.programme):
        return Standing.UNJUSTIFIED, Why.PROGRAMME, None
    if not in_season(rule, day):
        return Standing.UNJUSTIFIED, Why.SEASON, None
    said = [_told(run, rule, facts, now), _long_enough(run, rule), _papered(day, run, rule, facts, now)]
    for standing in (Standing.UNJUSTIFIED, Standing.AWAITED):
        for one in said:
            if one is not None and one[0] is standing:
                return one
    return said[-1] or (Standing.JUSTIFIED, Why.PLAIN, None)


def _long_enough(run: Run, rule: Rule) -> Said | None:
    """None = it is."""
    if length(run, rule.least_in) >= (rule.least_days or 0):
        return None
    if run.is_over or run.back_on is not None:
        return Standing.UNJUSTIFIED, Why.SHORT, None
    return Standing.AWAITED, Why.AWAITS_RUN, None


def in_season(rule: Rule, day: date) -> bool:
    """Does the reason hold on this day of the year? A season may reach over New Year."""
    if rule.season_first is None or rule.season_last is None:
        return True
    here = f"{day:%m-%d}"
    if rule.season_first <= rule.season_last:
        return rule.season_first <= here <= rule.season_last
    return here >= rule.season_first or here <= rule.season_last


def length(run: Run, counted: Counted) -> int:
    """How many days long a run is; calendar days count what lies between its first and its last."""
    if counted is Counted.WORKING:
        return len(run.days)
    return (run.days[-1] - run.days[0]).days + 1 if run.days else 0


# --- telling --------------------------------------------------------------------------------------------------------


def notice_due(run: Run, rule: Rule, working: Sequence[date]) -> date | None:
    """The day by which the parents tell of this run; None = they need not."""
    if rule.notice is NoticeBy.NONE:
        return None
    return run.days[0] if rule.notice is NoticeBy.FIRST_DAY else before(run.days[0], rule.notice_days or 0, working)


def _told(run: Run, rule: Rule, facts: Facts, now: datetime) -> Said | None:
    """None = in time, or it need not be told."""
    due = notice_due(run, rule, facts.working)
    if due is None:
        return None
    first, last = run.days[0], run.days[-1]
    told = [notice.at for notice in facts.notices if _tells(notice, first, last)]
    told += [paper.received_at for paper in facts.papers if overlaps(paper.first, paper.last, first, last)]
    hour = rule.notice_hour if rule.notice is NoticeBy.FIRST_DAY else None
    if any(in_time(at, due, hour) for at in told):
        return None
    if in_time(now, due, hour):
        return Standing.AWAITED, Why.AWAITS_NOTICE, due
    return Standing.UNJUSTIFIED, Why.LATE_NOTICE if told else Why.NO_NOTICE, due


def _tells(notice: Notice, first: date, last: date) -> bool:
    """Is it about this run? Told on the first day itself, it may have been written down from the next one on."""
    if covers(notice.first, notice.last, first):
        return True
    return notice.at.astimezone(VILNIUS).date() == first and overlaps(notice.first, notice.last, first, last)


# --- papers ---------------------------------------------------------------------------------------------------------


def paper_due(
    rule: Rule, day: date, back_on: date | None, working: Sequence[date], issued_on: date | None = None
) -> date | None:
    """The last day on which this day's paper may come in; None = there is none, or it is not known yet."""
    month = Month.of(day)
    if rule.paper_due is PaperDue.NEVER:
        return None
    if rule.paper_due is PaperDue.MONTH_END:
        return month.last
    if rule.paper_due in (PaperDue.LAST_WORKING_DAY, PaperDue.PENULTIMATE_WORKING_DAY):
        found = working[bisect_left(working, month.first) : bisect_right(working, month.last)]
        back = 1 if rule.paper_due is PaperDue.LAST_WORKING_DAY else 2
        return found[-back] if len(found) >= back else month.last
    if back_on is None:
        return None
    since = back_on
    if rule.paper_due is PaperDue.AFTER_RECEIPT and issued_on is not None:
        since = max(back_on, issued_on)
    return after(since, rule.paper_days or 0, working)


def _papered(day: date, run: Run, rule: Rule, facts: Facts, now: datetime) -> Said | None:
    """None = no paper is asked for."""
    if rule.paper is PaperBy.NONE:
        return None
    late = None
    for paper in facts.papers:
        if paper.kind in _WILL_DO[rule.paper] and paper.first <= day <= paper.last:
            due = paper_due(rule, day, run.back_on, facts.working, paper.issued_on)
            if due is None or in_time(paper.received_at, due, rule.paper_hour):
                return Standing.JUSTIFIED, Why.PAPER, due
            late = due
    due = paper_due(rule, day, run.back_on, facts.working)
    if due is None or in_time(now, due, rule.paper_hour):
        return Standing.AWAITED, Why.AWAITS_PAPER, due
    if late is not None:
        return Standing.UNJUSTIFIED, Why.LATE_PAPER, late
    return Standing.UNJUSTIFIED, Why.NO_PAPER, due


# --- days and hours -------------------------------------------------------------------------------------------------


def in_time(at: datetime, due: date, hour: time | None) -> bool:
    """Was it still time? Until the hour, the minute included; without one until the day's end."""
    if hour is None:
        return at < at_local(due + ONE_DAY, time(0))
    return at.replace(second=0, microsecond=0) <= at_local(due, hour)


def after(day: date, number: int, working: Sequence[date]) -> date:
    """So many working days later, the day itself not counted. Beyond what is known of the calendar, weekdays."""
    at = bisect_right(working, day) + number - 1
    if number <= 0:
        return day
    if at < len(working):
        return working[at]
    left = at - len(working) + 1
    day = max(day, working[-1]) if working else day
    while left:
        day += ONE_DAY
        left -= day.weekday() < 5
    return day


def before(day: date, number: int, working: Sequence[date]) -> date:
    """So many working days earlier, the day itself not counted. Before what is known of the calendar, weekdays."""
    at = bisect_left(working, day) - number
    if number <= 0:
        return day
    if at >= 0:
        return working[at]
    day = min(day, working[0]) if working else day
    while at < 0:
        day -= ONE_DAY
        at += day.weekday() < 5
    return day


# --- a child's days -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """What is written of a child's working day: came, or missed for this row of a reason (None = not known)."""

    day: date
    came: bool
    reason_id: int | None = None


def runs(days: Iterable[Day], working: Sequence[date], beginning: Mapping[int, int]) -> list[Run]:
    """The runs among a child's days. `beginning`: a reason's row -> its first row, so that what a reason says may
    change within a run. A working day without a mark ends one; only what is marked after it says that it is over.
    """
    written = {one.day: one for one in days}
    found: list[Run] = []
    missed: list[date] = []
    reason: int | None = None
    came = sorted(one.day for one in written.values() if one.came)
    known = working[bisect_left(working, min(written)) : bisect_right(working, max(written))] if written else ()
    for day in [*known, None]:
        mark = written.get(day) if day is not None else None
        here = beginning.get(mark.reason_id or 0) if mark is not None and not mark.came else None
        if missed and here != reason:
            at = bisect_right(came, missed[-1])
            back_on = came[at] if at < len(came) else None
            found.append(Run(tuple(missed), back_on, is_over=day is not None))
            missed = []
        if day is not None and here is not None:
            missed.append(day)
        reason = here
    return found


def judge(
    days: Iterable[Day], reasons: Mapping[int, Reason], beginning: Mapping[int, int], facts: Facts, now: datetime
) -> dict[date, Verdict]:
    """Each missed working day with a reason, judged by what its reason said on that day. Of one child."""
    written = {one.day: one for one in days}
    found: dict[date, Verdict] = {}
    for run in runs(written.values(), facts.working, beginning):
        said: dict[int, tuple[Verdict, ...]] = {}
        for at, day in enumerate(run.days):
            reason = reasons[written[day].reason_id or 0]
            if reason.id not in said:
                said[reason.id] = excuse(run, reason.terms, facts, now)
            found[day] = said[reason.id][at]
    return found
