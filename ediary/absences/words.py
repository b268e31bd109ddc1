"""What a reason of absence counts as and does to the fee, in words (C3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ediary.absences.excuses import PaperKind, Verdict, Why
from ediary.absences.rules import Counted, NoticeBy, PaperBy, PaperDue, Reason, ReasonKind, Rule, Terms
from ediary.core.dates import Month
from ediary.groups.rules import Programme

#: what the sheet counts an absence as
KINDS = {
    ReasonKind.ILLNESS: _l("Illness"),
    ReasonKind.JUSTIFIED: _l("Otherwise justified"),
    ReasonKind.UNJUSTIFIED: _l("Unjustified"),
}

PAPERS = {
    PaperBy.NONE: _l("not needed"),
    PaperBy.PARENTS: _l("a note or an application of the parents"),
    PaperBy.OFFICIAL: _l("a document of an employer or another institution"),
}
DUE = {
    PaperDue.NEVER: _l("there is no term"),
    PaperDue.AFTER_RETURN: _l("so many working days after the child is back"),
    PaperDue.AFTER_RECEIPT: _l("so many working days after the child is back or the paper is given out"),
    PaperDue.MONTH_END: _l("by the month's last day"),
    PaperDue.LAST_WORKING_DAY: _l("by the month's last working day"),
    PaperDue.PENULTIMATE_WORKING_DAY: _l("by the month's last working day but one"),
}
NOTICES = {
    NoticeBy.NONE: _l("they need not"),
    NoticeBy.FIRST_DAY: _l("on the first day missed"),
    NoticeBy.AHEAD: _l("ahead of it"),
}
COUNTED = {Counted.WORKING: _l("working days"), Counted.CALENDAR: _l("calendar days")}
PROGRAMMES = {
    Programme.PREPRIMARY: _l("for pre-primary children only"),
    Programme.PRESCHOOL: _l("for pre-school children only"),
}
#: what a paper is
KINDS_OF_PAPER = {
    PaperKind.NOTE: _l("Parents' note"),
    PaperKind.APPLICATION: _l("Parents' application"),
    PaperKind.HEALTH: _l("Paper of a health institution"),
    PaperKind.EMPLOYER: _l("Employer's document"),
    PaperKind.OTHER: _l("Other document"),
    PaperKind.NOTICE: _l("Call or message of the parents"),
}


def effect(reason: Reason) -> str:
    """What a reason does to the parents' bill: food, education part."""
    if reason.waives_food and reason.waives_education:
        told = _("neither food nor education is paid for")
    elif reason.waives_food:
        told = _("food is free, the education part is paid")
    elif reason.waives_education:
        told = _("food is paid, the education part is free")
    else:
        told = _("food and education are paid")
    return told


def brief_effect(reason: Reason) -> str:
    """The same in as few words as a button has room for, and whether a paper is asked for."""
    if reason.waives_food and reason.waives_education:
        told = _("all 0 €")
    elif reason.waives_food:
        told = _("food 0 €")
    elif reason.waives_education:
        told = _("education 0 €")
    else:
        told = _("all is paid")
    return told + ", " + _("doc.") if reason.terms.needs_paper else told


def rule_words(rule: Rule) -> list[str]:
    """What must be so, a sentence for each condition; none = nothing."""
    return [sentence for sentence in (_told_by(rule), _paper_by(rule), *_conditions(rule)) if sentence]


def terse_rule(rule: Rule) -> str:
    """The same but the paper, in one line for a legend that has little room."""
    said = [sentence for sentence in (_told_by(rule), *_conditions(rule)) if sentence]
    return "; ".join(f"{sentence[0].lower()}{sentence[1:].rstrip('.')}" for sentence in said)


def _conditions(rule: Rule) -> list[str]:
    """How long, when, for whom."""
    found = []
    if rule.least_days and rule.least_in is Counted.WORKING:
        found.append(
            ngettext("At least %(num)s working day on end.", "At least %(num)s working days on end.", rule.least_days)
        )
    elif rule.least_days:
        found.append(
            ngettext("At least %(num)s calendar day on end.", "At least %(num)s calendar days on end.", rule.least_days)
        )
    if rule.first_days_paid:
        found.append(
            ngettext(
                "The first working day of a run is justified but paid for.",
                "The first %(num)s working days of a run are justified but paid for.",
                rule.first_days_paid,
            )
        )
    if rule.season_first:
        found.append(
            _("Each year from %(first)s to %(last)s only.", first=rule.season_first, last=rule.season_last or "")
        )
    if rule.programme is not None:
        only = {
            Programme.PREPRIMARY: _("For pre-primary children only."),
            Programme.PRESCHOOL: _("For pre-school children only."),
        }
        found.append(only[rule.programme])
    return found


def _told_by(rule: Rule) -> str:
    if rule.notice is NoticeBy.AHEAD:
        return ngettext(
            "The parents tell at least %(num)s working day ahead.",
            "The parents tell at least %(num)s working days ahead.",
            rule.notice_days or 0,
        )
    if rule.notice is NoticeBy.FIRST_DAY and rule.notice_hour is not None:
        return _("The parents tell on the first day by %(hour)s.", hour=_clock(rule.notice_hour))
    return _("The parents tell on the first day.") if rule.notice is NoticeBy.FIRST_DAY else ""


def _paper_by(rule: Rule) -> str:
    if rule.paper is PaperBy.NONE:
        return ""
    if rule.paper is PaperBy.PARENTS:
        asked = _("A note or an application of the parents is needed")
    else:
        asked = _("A document of an employer or another institution is needed")
    return f"{asked}{_due_words(rule)}."


def _due_words(rule: Rule) -> str:
    number = rule.paper_days or 0
    if rule.paper_due is PaperDue.NEVER:
        return ""
    if rule.paper_due is PaperDue.AFTER_RETURN:
        told = ngettext(
            "within %(num)s working day after the child is back",
            "within %(num)s working days after the child is back",
            number,
        )
    elif rule.paper_due is PaperDue.AFTER_RECEIPT:
        told = ngettext(
            "within %(num)s working day after the child is back or the paper is given out",
            "within %(num)s working days after the child is back or the paper is given out",
            number,
        )
    else:
        told = str(DUE[rule.paper_due])
    if rule.paper_hour is not None:
        told += ", " + _("until %(hour)s", hour=_clock(rule.paper_hour))
    return " " + told


def why(verdict: Verdict, terms: Terms) -> str:
    """Why a day missed counts as it does, in a sentence."""
    due = verdict.due.isoformat() if verdict.due else ""
    if due and terms.rule.paper_hour is not None and verdict.why not in _OF_NOTICE:
        due += " " + _clock(terms.rule.paper_hour)
    if due and terms.rule.notice_hour is not None and verdict.why in _OF_NOTICE:
        due += " " + _clock(terms.rule.notice_hour)
    if verdict.why is Why.AWAITS_PAPER and not due:
        return _("The paper is awaited. It counts as justified for now.")
    if verdict.why is Why.SEASON:
        first, last = terms.rule.season_first or "", terms.rule.season_last or ""
        return _("Not justified: it holds from %(first)s to %(last)s only.", first=first, last=last)
    return str(_SAID[verdict.why]) % {"due": due}


def _clock(hour: time) -> str:
    return hour.strftime("%-H:%M")


_SAID = {
    Why.PLAIN: _l("Justified."),
    Why.PAPER: _l("Justified: the paper is in."),
    Why.FIRST_DAYS: _l("Justified, but the first days of a run are paid for."),
    Why.AWAITS_NOTICE: _l("The parents must tell by %(due)s."),
    Why.AWAITS_RUN: _l("Too few days on end so far. It counts as justified for now."),
    Why.AWAITS_PAPER: _l("The paper is awaited until %(due)s. It counts as justified for now."),
    Why.ITSELF: _l("Not justified."),
    Why.PROGRAMME: _l("Not justified: this reason is for children of another programme."),
    Why.NO_NOTICE: _l("Not justified: nobody told by %(due)s."),
    Why.LATE_NOTICE: _l("Not justified: it was told later than %(due)s."),
    Why.SHORT: _l("Not justified: too few days on end."),
    Why.NO_PAPER: _l("Not justified: there is no paper, and it was due by %(due)s."),
    Why.LATE_PAPER: _l("Not justified: the paper came later than %(due)s."),
}
_OF_NOTICE = frozenset({Why.AWAITS_NOTICE, Why.NO_NOTICE, Why.LATE_NOTICE})


def term(reason: Reason, month: Month) -> str:
    """From when, or until when, a reason was given, if that is not the whole month: one letter may say two things."""
    if reason.valid_from > month.first:
        return _("from %(day)s", day=reason.valid_from.isoformat())
    if reason.valid_to is not None and reason.valid_to < month.last:
        return _("until %(day)s", day=reason.valid_to.isoformat())
    return ""


@dataclass(frozen=True)
class Choice:
    """A reason with its effect in words, for a page."""

    id: int
    letter: str
    name: str
    excuses: bool
    effect: str
    brief: str
    #: what must be so for it to count
    rule: str
    #: "", or since when or until when in this month
    term: str


def choices(reasons: Iterable[Reason], month: Month) -> list[Choice]:
    """These reasons as a month's page prints them. Most have the same few effects: each is worded once."""
    words: dict[tuple[bool, bool, bool], tuple[str, str]] = {}
    found = []
    for reason in reasons:
        key = (reason.waives_food, reason.waives_education, reason.terms.needs_paper)
        if key not in words:
            words[key] = (effect(reason), brief_effect(reason))
        rule = " ".join(rule_words(reason.rule))
        found.append(
            Choice(reason.id, reason.letter, reason.name, reason.excuses, *words[key], rule, term(reason, month))
        )
    return found
