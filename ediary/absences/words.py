"""What a reason of absence counts as and does to the fee, in words (C3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ediary.absences.rules import Reason, ReasonKind
from ediary.core.dates import Month

#: what the sheet counts an absence as
KINDS = {
    ReasonKind.ILLNESS: _l("Illness"),
    ReasonKind.JUSTIFIED: _l("Otherwise justified"),
    ReasonKind.UNJUSTIFIED: _l("Unjustified"),
}


def effect(reason: Reason) -> str:
    """What a reason does to the parents' bill: food, education part, paper."""
    if reason.waives_food and reason.waives_education:
        told = _("neither food nor education is paid for")
    elif reason.waives_food:
        told = _("food is free, the education part is paid")
    elif reason.waives_education:
        told = _("food is paid, the education part is free")
    else:
        told = _("food and education are paid")
    return told + ", " + _("a paper is needed") if reason.needs_paper else told


def brief_effect(reason: Reason) -> str:
    """The same in as few words as a button has room for."""
    if reason.waives_food and reason.waives_education:
        told = _("all 0 €")
    elif reason.waives_food:
        told = _("food 0 €")
    elif reason.waives_education:
        told = _("education 0 €")
    else:
        told = _("all is paid")
    return told + ", " + _("doc.") if reason.needs_paper else told


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
    #: "", or since when or until when in this month
    term: str


def choices(reasons: Iterable[Reason], month: Month) -> list[Choice]:
    """These reasons as a month's page prints them. Most have the same few effects: each is worded once."""
    words: dict[tuple[bool, bool, bool], tuple[str, str]] = {}
    found = []
    for reason in reasons:
        key = (reason.waives_food, reason.waives_education, reason.needs_paper)
        if key not in words:
            words[key] = (effect(reason), brief_effect(reason))
        found.append(Choice(reason.id, reason.letter, reason.name, reason.excuses, *words[key], term(reason, month)))
    return found
