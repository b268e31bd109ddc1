"""What stands in a copy, in words: codes, days, yes and no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ediary.absences import words as absences
from ediary.absences.excuses import PaperKind
from ediary.absences.rules import Counted, NoticeBy, PaperDue, ReasonKind
from ediary.attendance.models import Presence
from ediary.children import words as children
from ediary.children.rules import ConsentKind, DepartureReason, Relation, SpecialNeeds
from ediary.copies.models import Format
from ediary.core.dates import Month
from ediary.core.i18n import stamp
from ediary.core.people import role_name
from ediary.core.permissions import Role
from ediary.groups.rules import AgeBand, Duty, Programme
from ediary.institutions.models import AgeBandBy, DocumentKind
from ediary.periods.models import FillingIn, Step
from ediary.portions.models import RequestState
from ediary.transfers import words as transfers
from ediary.transfers.rules import LeaveKind

Said = Callable[[Any], Any]

#: every code that a copy may hold -> what it says
CODES: dict[type[StrEnum], Said] = {
    Presence: {Presence.PRESENT: _l("came"), Presence.ABSENT: _l("absent")}.__getitem__,
    PaperKind: absences.KINDS_OF_PAPER.__getitem__,
    ReasonKind: absences.KINDS.__getitem__,
    PaperDue: absences.DUE.__getitem__,
    NoticeBy: absences.NOTICES.__getitem__,
    Counted: absences.COUNTED.__getitem__,
    FillingIn: {
        FillingIn.DAY: _l("the day"),
        FillingIn.MONTH: _l("the month"),
        FillingIn.DELETION: _l("removing"),
    }.__getitem__,
    Relation: children.RELATIONS.__getitem__,
    SpecialNeeds: children.NEEDS.__getitem__,
    ConsentKind: children.CONSENTS.__getitem__,
    DepartureReason: transfers.REASONS.__getitem__,
    LeaveKind: transfers.KINDS.__getitem__,
    AgeBand: {AgeBand.NURSERY: _l("Nursery"), AgeBand.KINDERGARTEN: _l("Kindergarten")}.__getitem__,
    Duty: {Duty.EDUCATOR: _l("educator (of the group)"), Duty.SPECIALIST: _l("specialist")}.__getitem__,
    RequestState: {
        RequestState.ASKED: _l("waits"),
        RequestState.ACCEPTED: _l("accepted"),
        RequestState.DECLINED: _l("declined"),
    }.__getitem__,
    Role: lambda role: role_name(role, ""),
    Format: {Format.PDF: "PDF", Format.ZIP: "ZIP"}.__getitem__,
    Programme: {Programme.PRESCHOOL: _l("pre-school"), Programme.PREPRIMARY: _l("pre-primary")}.__getitem__,
    DocumentKind: {DocumentKind.ORDER: _l("order"), DocumentKind.OTHER: _l("another document")}.__getitem__,
    AgeBandBy: {AgeBandBy.GROUP: _l("by the group"), AgeBandBy.BIRTHDAY: _l("by the birthday")}.__getitem__,
    Step: {
        Step.SUBMIT: _l("submitted"),
        Step.RETURN: _l("returned"),
        Step.CHECK: _l("checked"),
        Step.LOCK: _l("locked"),
        Step.UNLOCK: _l("opened"),
        Step.CLOSE: _l("closed again"),
    }.__getitem__,
}

#: what the history says was done
ACTIONS: dict[str, Any] = {
    "create": _l("entered"),
    "change": _l("altered"),
    "remove": _l("removed"),
    "batch": _l("entered from a list"),
    "print": _l("printed"),
    "shown": _l("shown"),
    "opened": _l("opened"),
    "copied": _l("copied"),
    "export": _l("exported"),
    "reseal": _l("encrypted anew"),
    "second factor on": _l("second step set up"),
    "second factor off": _l("second step taken off"),
    "recovery codes": _l("recovery codes made"),
    "recovery code": _l("recovery code used"),
    "join": _l("log-ins joined"),
}


def said(value: Any) -> str:
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool | StrEnum):
        kind: Any = type(value)
        return _in_words(kind, value)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | Month):
        return str(value)
    return str(value)


@lru_cache(maxsize=256)
def _in_words(kind: Any, value: Any) -> str:
    """Kept: there are thousands of marks in a copy, and only so many words. `kind` keeps True apart from 1."""
    if kind is bool:
        return _("yes") if value else _("no")
    return str(CODES[kind](value))


@lru_cache(maxsize=64)
def done(action: str) -> str:
    """What was done, by its word in the history."""
    return str(ACTIONS.get(action, action))
