"""What is said of a child in codes, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ediary.children.rules import Age, CodeFault, ConsentKind, Relation, SpecialNeeds

RELATIONS: dict[Relation, Any] = {
    Relation.MOTHER: _l("mother"),
    Relation.FATHER: _l("father"),
    Relation.GUARDIAN: _l("guardian (globėjas)"),
    Relation.CARETAKER: _l("caretaker (rūpintojas)"),
    Relation.OTHER: _l("other close person"),
}
NEEDS: dict[SpecialNeeds, Any] = {
    SpecialNeeds.NONE: _l("no special needs"),
    SpecialNeeds.SMALL: _l("small special needs"),
    SpecialNeeds.MEDIUM: _l("medium special needs"),
    SpecialNeeds.LARGE: _l("large special needs"),
    SpecialNeeds.VERY_LARGE: _l("very large special needs"),
}
CONSENTS: dict[ConsentKind, Any] = {
    ConsentKind.PHOTO: _l("Taking and showing photographs"),
    ConsentKind.BIRTHDAY: _l("Showing the birthday (month and day)"),
    ConsentKind.TRIPS: _l("Trips and outings"),
}
CODE_FAULTS: dict[CodeFault, Any] = {
    CodeFault.SHAPE: _l("A personal code is 11 digits. Look at it once more."),
    CodeFault.FOREIGN: _l("This is no Lithuanian personal code. If it is a foreigner's code, tick so below."),
    CodeFault.DAY: _l("There is no such day as in this code. Look at it once more."),
    CodeFault.CHECK: _l("The last digit does not agree with the others. Look at the code once more."),
    CodeFault.BIRTH: _l("The code does not agree with the child's birth date. One of the two is wrong."),
}


def age_said(age: Age) -> str:
    """„4 metai 2 mėn.“; months alone before the first birthday, years alone on a birthday."""
    years = ngettext("%(num)s year", "%(num)s years", age.years)
    months = ngettext("%(num)s month", "%(num)s months", age.months)
    if not age.years:
        return months
    return f"{years} {months}" if age.months else years
