"""What a copy's tables are made of, and the headings that several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class About(StrEnum):
    """Whose data a copy holds."""

    CHILD = "child"
    PERSON = "person"


@dataclass(frozen=True)
class Sheet:
    """A table as a copy shows it."""

    title: Any
    #: attribute -> its heading, in the order of the columns
    columns: Mapping[str, Any]
    #: attributes that stay out, each with its reason
    without: Mapping[str, str] = field(default_factory=dict)
    #: attribute -> what its codes say, where they are plain text
    codes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: on paper its rows are counted by month and by these
    by_month: tuple[str, ...] = ()


FROM, UNTIL, DAY, GROUP, NAME, SURNAME = (
    _l("From"),
    _l("Until"),
    _l("Day"),
    _l("Group"),
    _l("First name"),
    _l("Last name"),
)
PHONE, EMAIL, ADDRESS, ORDER, REASON, NOTE, MEAL, DIET, WHEN, WHO, KIND, WHAT_FOR = (
    _l("Telephone"),
    _l("E-mail"),
    _l("Address"),
    _l("Order"),
    _l("Reason"),
    _l("Note"),
    _l("Meal"),
    _l("Diet"),
    _l("When"),
    _l("Who"),
    _l("Kind"),
    _l("What for"),
)
MENDED = {
    "what": _l("What"),
    "was": _l("It said"),
    "now": _l("It says now"),
    "erred": _l("Who erred"),
    "mended": _l("Who mended it"),
}
