"""When a day missed is justified and what it waives: tables a social pedagogue could read (domain 1.4-1.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ediary.absences import excuses
from ediary.absences.excuses import Day, Facts, Notice, Paper, PaperKind, Run, Standing, Verdict, Why, excuse
from ediary.absences.rules import (
    Counted,
    NoticeBy,
    PaperBy,
    PaperDue,
    Reason,
    ReasonKind,
    Rule,
    Terms,
    beginnings,
)
from ediary.core.dates import at_local, days_between
from ediary.groups.rules import Programme

#: working days of autumn 2026: Monday to Friday, 2 November is a holiday
WORKING = tuple(
    day
    for day in days_between(date(2026, 9, 1), date(2026, 12, 31))
    if day.weekday() < 5 and day not in (date(2026, 11, 2), date(2026, 12, 24), date(2026, 12, 25))
)
LATER = at_local(date(2027, 1, 31), time(12))
#: how a table writes what came of each day: + justified and free, € justified and paid for, * awaited, n unjustified
JUSTIFIED, PAID, AWAITED, UNJUSTIFIED = "+", "€", "*", "n"


def nov(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return at_local(date(2026, 11, day), time(hour, minute))


def illness(rule: Rule) -> Terms:
    return Terms("l", "Liga", ReasonKind.ILLNESS, True, False, rule)


def missed(first: int, last: int, back: int | None = None) -> Run:
    """Working days of November first..last; `back`: the day the child came again."""
    days = tuple(day for day in WORKING if date(2026, 11, first) <= day <= date(2026, 11, last))
    return Run(days, date(2026, 11, back) if back else None, is_over=back is not None)


def note(first: int, last: int, received: datetime, kind: PaperKind = PaperKind.NOTE) -> Paper:
    return Paper(kind, date(2026, 11, first), date(2026, 11, last), received)


def told(at: datetime, first: int, last: int | None = None) -> Notice:
    return Notice(at, date(2026, 11, first), date(2026, 11, last) if last else None)


def signs(judged: Sequence[Verdict]) -> str:
    def sign(one: Verdict) -> str:
        if one.standing is Standing.UNJUSTIFIED:
            return UNJUSTIFIED
        if one.standing is Standing.AWAITED:
            return AWAITED
        return JUSTIFIED if one.waives_food else PAID

    return "".join(sign(one) for one in judged)


def after_all(rule: Rule, run: Run, papers: Sequence[Paper] = (), notices: Sequence[Notice] = ()) -> str:
    """What became of the run once every term is over."""
    return signs(excuse(run, illness(rule), Facts(WORKING, tuple(notices), tuple(papers)), LATER))


# --- Vilnius, three rules of illness one after the other ------------------------------------------------------------

#: (a) food is free from the third day missed; (b) it is free if the illness lasted three days on end; (c) any illness,
#: told on the first day and papered within three working days of the return
VILNIUS_A = Rule(PaperBy.PARENTS, PaperDue.MONTH_END, first_days_paid=2)
VILNIUS_B = Rule(PaperBy.PARENTS, PaperDue.MONTH_END, least_days=3)
VILNIUS_C = Rule(
    PaperBy.PARENTS, PaperDue.AFTER_RETURN, paper_days=3, notice=NoticeBy.FIRST_DAY, notice_hour=time(9, 0)
)


@pytest.mark.parametrize(
    ("last", "by_a", "by_b", "by_c"),
    [
        (9, "€", "n", "+"),
        (10, "€€", "nn", "++"),
        (11, "€€+", "+++", "+++"),
        (13, "€€+++", "+++++", "+++++"),
        (17, "€€+++++", "+++++++", "+++++++"),
    ],
    ids=["1 day", "2 days", "3 days", "a week", "over a weekend"],
)
def test_vilnius_judged_the_same_illness_in_three_ways(last: int, by_a: str, by_b: str, by_c: str) -> None:
    run, papers, notices = missed(9, last, back=18), [note(9, last, nov(18))], [told(nov(9, 8, 30), 9, last)]
    assert after_all(VILNIUS_A, run, papers, notices) == by_a
    assert after_all(VILNIUS_B, run, papers, notices) == by_b
    assert after_all(VILNIUS_C, run, papers, notices) == by_c


def test_an_illness_over_the_day_the_rule_changed_is_judged_day_by_day_by_its_own() -> None:
    """(a) until Tuesday, (b) from Wednesday on: five days on end are five days for both."""
    rows = {
        1: Reason(1, "l", "Liga", ReasonKind.ILLNESS, True, False, VILNIUS_A, date(2026, 9, 1), date(2026, 11, 10)),
        2: Reason(2, "l", "Liga", ReasonKind.ILLNESS, True, False, VILNIUS_B, date(2026, 11, 11), None, 1),
    }
    week = [date(2026, 11, day) for day in range(9, 14)]
    days = [Day(day, False, 1 if day.day < 11 else 2) for day in week] + [Day(date(2026, 11, 16), True)]
    facts = Facts(WORKING, papers=(note(9, 13, nov(16)),))
    judged = excuses.judge(days, rows, beginnings(rows), facts, LATER)
    assert signs([judged[day] for day in week]) == "€€+++"


# --- papers and their terms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "number", "hour", "received", "came_of"),
    [
        (PaperDue.AFTER_RETURN, 3, None, nov(19, 23, 59), "+"),
        (PaperDue.AFTER_RETURN, 3, None, nov(20), "n"),
        (PaperDue.MONTH_END, None, None, nov(30, 23, 59), "+"),
        (PaperDue.MONTH_END, None, None, at_local(date(2026, 12, 1), time(0)), "n"),
        (PaperDue.LAST_WORKING_DAY, None, time(8, 30), nov(30, 8, 30), "+"),
        (PaperDue.LAST_WORKING_DAY, None, time(8, 30), nov(30, 8, 31), "n"),
        (PaperDue.PENULTIMATE_WORKING_DAY, None, None, nov(27, 18), "+"),
        (PaperDue.PENULTIMATE_WORKING_DAY, None, None, nov(30, 6), "n"),
        (PaperDue.NEVER, None, None, at_local(date(2026, 12, 28), time(8)), "+"),
    ],
)
def test_a_paper_is_in_time_until_its_last_moment(
    due: PaperDue, number: int | None, hour: time | None, received: datetime, came_of: str
) -> None:
    """Ill on Friday the 13th, back on Monday the 16th."""
    rule = Rule(PaperBy.PARENTS, due, number, hour)
    assert after_all(rule, missed(13, 13, back=16), [note(13, 13, received)]) == came_of


def test_a_paper_may_be_due_after_the_day_it_was_given_out() -> None:
    rule, run = Rule(PaperBy.PARENTS, PaperDue.AFTER_RECEIPT, 3), missed(13, 13, back=16)
    paper = note(13, 13, nov(25), PaperKind.HEALTH)
    assert after_all(rule, run, [paper]) == "n"
    assert after_all(rule, run, [replace(paper, issued_on=date(2026, 11, 20))]) == "+"


@pytest.mark.parametrize(
    ("asked", "brought", "came_of"),
    [
        (PaperBy.PARENTS, PaperKind.NOTE, "+"),
        (PaperBy.PARENTS, PaperKind.APPLICATION, "+"),
        (PaperBy.PARENTS, PaperKind.HEALTH, "+"),
        (PaperBy.PARENTS, PaperKind.NOTICE, "n"),
        (PaperBy.OFFICIAL, PaperKind.NOTE, "n"),
        (PaperBy.OFFICIAL, PaperKind.APPLICATION, "n"),
        (PaperBy.OFFICIAL, PaperKind.EMPLOYER, "+"),
        (PaperBy.OFFICIAL, PaperKind.HEALTH, "+"),
        (PaperBy.OFFICIAL, PaperKind.OTHER, "+"),
    ],
)
def test_whose_paper_will_do(asked: PaperBy, brought: PaperKind, came_of: str) -> None:
    rule = Rule(asked, PaperDue.MONTH_END)
    assert after_all(rule, missed(12, 12, back=13), [note(12, 12, nov(13), brought)]) == came_of


def test_a_paper_justifies_the_days_it_names_and_no_others() -> None:
    rule = Rule(PaperBy.PARENTS, PaperDue.MONTH_END)
    assert after_all(rule, missed(9, 13, back=16), [note(10, 11, nov(16))]) == "n++nn"
    assert after_all(rule, missed(9, 13, back=16), [note(8, 10, nov(16)), note(11, 20, nov(16))]) == "+++++"


@pytest.mark.parametrize(
    ("now", "back", "came_of", "due"),
    [
        (nov(13), None, Why.AWAITS_PAPER, None),
        (nov(16), 16, Why.AWAITS_PAPER, date(2026, 11, 19)),
        (nov(19, 23), 16, Why.AWAITS_PAPER, date(2026, 11, 19)),
        (nov(20, 0), 16, Why.NO_PAPER, date(2026, 11, 19)),
    ],
    ids=["not back yet", "just back", "the last evening", "too late"],
)
def test_a_paper_not_in_yet_is_awaited_until_its_term(now: datetime, back: int | None, came_of: Why, due: date) -> None:
    (verdict,) = excuse(
        missed(13, 13, back), illness(Rule(PaperBy.PARENTS, PaperDue.AFTER_RETURN, 3)), Facts(WORKING), now
    )
    assert (verdict.why, verdict.due) == (came_of, due)
    assert verdict.counts is (came_of is Why.AWAITS_PAPER)
    assert verdict.waives_food is verdict.counts


# --- telling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notice", "came_of"),
    [
        (told(nov(9, 8, 59), 9, 11), "+++"),
        (told(nov(9, 9, 0), 9), "+++"),
        (told(nov(9, 9, 1), 9), "nnn"),
        (told(nov(6, 17), 9, 9), "+++"),
        (told(nov(9, 8, 50), 10, 11), "+++"),
        (told(nov(10, 8), 10, 11), "nnn"),
        (told(nov(6, 17), 10, 11), "nnn"),
        (None, "nnn"),
    ],
    ids=[
        "in time",
        "to the minute",
        "late",
        "on Friday",
        "written down after the lock",
        "next day",
        "of later",
        "never",
    ],
)
def test_the_parents_tell_on_the_first_day_by_nine(notice: Notice | None, came_of: str) -> None:
    rule = Rule(notice=NoticeBy.FIRST_DAY, notice_hour=time(9))
    assert after_all(rule, missed(9, 11, back=12), notices=[notice] if notice else []) == came_of


@pytest.mark.parametrize(
    ("at", "came_of"),
    [(nov(9, 23), "++"), (nov(10, 6), "nn"), (nov(6), "++")],
    ids=["Monday", "Tuesday", "the week before"],
)
def test_told_three_working_days_ahead_of_thursday(at: datetime, came_of: str) -> None:
    rule = Rule(notice=NoticeBy.AHEAD, notice_days=3)
    assert after_all(rule, missed(12, 13, back=16), notices=[told(at, 12, 13)]) == came_of


def test_a_call_written_down_later_tells_as_well_as_an_announcement() -> None:
    rule = Rule(notice=NoticeBy.FIRST_DAY, notice_hour=time(9))
    assert after_all(rule, missed(9, 10, back=11), [note(9, 10, nov(9, 8, 20), PaperKind.NOTICE)]) == "++"


def test_while_it_is_still_time_to_tell_the_day_waits() -> None:
    rule = Rule(notice=NoticeBy.FIRST_DAY, notice_hour=time(9))
    (verdict,) = excuse(missed(9, 9), illness(rule), Facts(WORKING), nov(9, 8, 40))
    assert (verdict.standing, verdict.why, verdict.due) == (Standing.AWAITED, Why.AWAITS_NOTICE, date(2026, 11, 9))


# --- how long, when, for whom ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "counted", "least", "came_of"),
    [
        (9, 13, Counted.WORKING, 5, "+++++"),
        (9, 12, Counted.WORKING, 5, "nnnn"),
        (13, 16, Counted.CALENDAR, 4, "++"),
        (13, 16, Counted.CALENDAR, 5, "nn"),
        (13, 16, Counted.WORKING, 3, "nn"),
    ],
)
def test_a_run_may_have_to_be_so_long(first: int, last: int, counted: Counted, least: int, came_of: str) -> None:
    rule = Rule(least_days=least, least_in=counted)
    assert after_all(rule, missed(first, last, back=18)) == came_of


def test_a_run_that_may_still_grow_is_not_too_short_yet() -> None:
    (verdict,) = excuse(missed(9, 9), illness(VILNIUS_B), Facts(WORKING), nov(9))
    assert (verdict.standing, verdict.why) == (Standing.AWAITED, Why.AWAITS_RUN)


@pytest.mark.parametrize(
    ("first", "last", "day", "holds"),
    [
        ("06-01", "08-31", date(2026, 6, 1), True),
        ("06-01", "08-31", date(2027, 8, 31), True),
        ("06-01", "08-31", date(2026, 9, 1), False),
        ("12-15", "01-15", date(2026, 12, 31), True),
        ("12-15", "01-15", date(2027, 1, 15), True),
        ("12-15", "01-15", date(2027, 1, 16), False),
        (None, None, date(2026, 11, 9), True),
    ],
)
def test_a_season_comes_every_year(first: str | None, last: str | None, day: date, holds: bool) -> None:
    assert excuses.in_season(Rule(season_first=first, season_last=last), day) is holds


def test_school_holidays_are_for_pre_primary_children() -> None:
    rule = Rule(programme=Programme.PREPRIMARY)
    for programme, why in ((Programme.PREPRIMARY, Why.PLAIN), (Programme.PRESCHOOL, Why.PROGRAMME)):
        (verdict,) = excuse(missed(9, 9, 10), illness(rule), Facts(WORKING, programme=programme), LATER)
        assert verdict.why is why


@pytest.mark.parametrize("food", [False, True])
def test_what_is_never_justified_waives_what_its_terms_say(food: bool) -> None:
    """Panevėžys asks no food money for any day missed."""
    terms = Terms("n", "Nepateisinta", ReasonKind.UNJUSTIFIED, food, False)
    (verdict,) = excuse(missed(9, 9, 10), terms, Facts(WORKING), LATER)
    assert (verdict.standing, verdict.waives_food, verdict.why) == (Standing.UNJUSTIFIED, food, Why.ITSELF)


@pytest.mark.parametrize(("food", "education"), [(True, False), (False, True), (True, True), (False, False)])
def test_food_and_education_are_waived_apart(food: bool, education: bool) -> None:
    terms = Terms("k", "Karantinas", ReasonKind.JUSTIFIED, food, education)
    (verdict,) = excuse(missed(9, 9, 10), terms, Facts(WORKING), LATER)
    assert (verdict.waives_food, verdict.waives_education) == (food, education)


# --- runs -----------------------------------------------------------------------------------------------------------


def run_of(written: str, first: int = 9) -> list[tuple[int, int, int | None, bool]]:
    """Marks of working days from the 9th on: + came, l and t two reasons, ? not known, . no mark."""
    ids = {"l": 1, "t": 2, "?": None}
    working = [day for day in WORKING if day >= date(2026, 11, first)]
    days = [Day(day, sign == "+", ids.get(sign)) for day, sign in zip(working, written, strict=False) if sign != "."]
    found = excuses.runs(days, WORKING, {1: 1, 2: 2})
    return [(r.days[0].day, r.days[-1].day, r.back_on.day if r.back_on else None, r.is_over) for r in found]


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("+lll+", [(10, 12, 13, True)]),
        ("lllllll+", [(9, 17, 18, True)]),
        ("ll", [(9, 10, None, False)]),
        ("lltt+", [(9, 10, 13, True), (11, 12, 13, True)]),
        ("ll?l+", [(9, 10, 13, True), (12, 12, 13, True)]),
        ("ll.l", [(9, 10, None, True), (12, 12, None, False)]),
        ("+++", []),
        ("", []),
    ],
)
def test_days_missed_on_end_for_one_reason_are_a_run(
    written: str, runs: list[tuple[int, int, int | None, bool]]
) -> None:
    assert run_of(written) == runs


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2026, 11, 13), 1, date(2026, 11, 16)),
        (date(2026, 11, 14), 1, date(2026, 11, 16)),
        (date(2026, 10, 30), 3, date(2026, 11, 5)),
        (date(2026, 12, 31), 2, date(2027, 1, 4)),
    ],
    ids=["Friday", "Saturday", "over a holiday", "beyond the stored calendar"],
)
def test_working_days_later(day: date, number: int, found: date) -> None:
    assert excuses.after(day, number, WORKING) == found


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        (date(2026, 11, 16), 1, date(2026, 11, 13)),
        (date(2026, 11, 5), 3, date(2026, 10, 30)),
        (date(2026, 9, 1), 1, date(2026, 8, 31)),
        (date(2026, 11, 5), 0, date(2026, 11, 5)),
    ],
)
def test_working_days_earlier(day: date, number: int, found: date) -> None:
    assert excuses.before(day, number, WORKING) == found


# --- properties -----------------------------------------------------------------------------------------------------

moments = st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
novembers = st.integers(1, 30).map(lambda day: date(2026, 11, day))
rules = st.builds(
    Rule,
    paper=st.sampled_from(PaperBy),
    paper_due=st.sampled_from(PaperDue),
    paper_days=st.integers(1, 5),
    paper_hour=st.sampled_from([None, time(8, 30)]),
    notice=st.sampled_from(NoticeBy),
    notice_hour=st.sampled_from([None, time(9)]),
    notice_days=st.integers(1, 5),
    least_days=st.sampled_from([None, 3, 5]),
    least_in=st.sampled_from(Counted),
    first_days_paid=st.sampled_from([None, 2]),
    season_first=st.sampled_from([None, "11-10"]),
    season_last=st.just("11-20"),
    programme=st.sampled_from([None, *Programme]),
)
papers_ = st.builds(
    lambda kind, first, more, at: Paper(kind, first, first + timedelta(days=more), at),
    st.sampled_from(PaperKind),
    novembers,
    st.integers(0, 20),
    moments,
)
notices_ = st.builds(
    lambda at, first, more: Notice(at, first, first + timedelta(days=more)), moments, novembers, st.integers(0, 9)
)
facts_ = st.builds(
    Facts,
    st.just(WORKING),
    st.lists(notices_, max_size=2).map(tuple),
    st.lists(papers_, max_size=3).map(tuple),
    st.sampled_from(Programme),
)


@st.composite
def runs_(draw: st.DrawFn) -> Run:
    at = draw(st.integers(40, 60))
    length = draw(st.integers(1, 8))
    back = draw(st.sampled_from([None, 0, 1, 3]))
    return Run(WORKING[at : at + length], None if back is None else WORKING[at + length + back], back is not None)


kinds = st.sampled_from([ReasonKind.ILLNESS, ReasonKind.JUSTIFIED])
terms_ = st.builds(
    lambda kind, food, edu, rule: Terms("x", "X", kind, food, edu, rule), kinds, st.booleans(), st.booleans(), rules
)


@settings(max_examples=200)
@given(runs_(), terms_, facts_, moments)
def test_every_day_has_one_verdict_and_an_unjustified_one_waives_nothing(
    run: Run, terms: Terms, facts: Facts, now: datetime
) -> None:
    judged = excuse(run, terms, facts, now)
    assert len(judged) == len(run.days)
    for one in judged:
        assert one.waives_food <= (terms.waives_food and one.counts)
        assert one.waives_education <= (terms.waives_education and one.counts)


@settings(max_examples=200)
@given(runs_(), terms_, facts_, moments, papers_)
def test_one_paper_more_never_makes_anything_worse(
    run: Run, terms: Terms, facts: Facts, now: datetime, paper: Paper
) -> None:
    before = excuse(run, terms, facts, now)
    then = excuse(run, terms, replace(facts, papers=(*facts.papers, paper)), now)
    for was, becomes in zip(before, then, strict=True):
        assert becomes.counts >= was.counts
        assert becomes.waives_food >= was.waives_food


@settings(max_examples=200)
@given(runs_(), terms_, facts_, moments, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_what_came_too_late_stays_so(run: Run, terms: Terms, facts: Facts, now: datetime, wait: timedelta) -> None:
    """With nothing new, time alone turns no unjustified day into another, and undoes no justified one."""
    facts = replace(
        facts,
        papers=tuple(one for one in facts.papers if one.received_at <= now),
        notices=tuple(one for one in facts.notices if one.at <= now),
    )
    for was, becomes in zip(excuse(run, terms, facts, now), excuse(run, terms, facts, now + wait), strict=True):
        if was.standing is not Standing.AWAITED:
            assert (was.standing, was.waives_food) == (becomes.standing, becomes.waives_food)


@settings(max_examples=100)
@given(runs_(), facts_, moments)
def test_a_reason_that_asks_for_nothing_is_always_justified(run: Run, facts: Facts, now: datetime) -> None:
    assert set(signs(excuse(run, illness(Rule()), facts, now))) == {JUSTIFIED}
