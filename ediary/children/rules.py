"""What is said of a child in codes. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ediary.core.dates import Month, covers


class Relation(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    #: globėjas and rūpintojas are two offices of the law
    GUARDIAN = "guardian"
    CARETAKER = "caretaker"
    OTHER = "other"


class SpecialNeeds(StrEnum):
    """Special educational needs by their degree, as the pedagogical-psychological service says it."""

    NONE = "none"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    VERY_LARGE = "very_large"


class ConsentKind(StrEnum):
    PHOTO = "photo"
    BIRTHDAY = "birthday"
    TRIPS = "trips"


class DepartureReason(StrEnum):
    """Why a child leaves for good (B2)."""

    OTHER_INSTITUTION = "other_institution"
    SCHOOL = "school"
    MOVED_AWAY = "moved_away"
    PARENTS_WISH = "parents_wish"
    OTHER = "other"


# --- names ----------------------------------------------------------------------------------------------------------


def tidy(text: str | None) -> str:
    """What was typed, without spaces around and with one between words."""
    return " ".join((text or "").split())


def fold(text: str) -> str:
    """Letters as one finds them on any keyboard: Žukauskaitė -> zukauskaite."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return tidy("".join(letter for letter in parts if not unicodedata.combining(letter)))


def is_found(sought: str, name: str) -> bool:
    """Does each word sought begin some word of the name? „zuk ado“ finds Adomas Žukauskas."""
    words = re.split(r"[\s-]+", fold(name))
    return all(any(word.startswith(part) for word in words) for part in re.split(r"[\s-]+", fold(sought)))


def dialled(phone: str) -> str:
    """A telephone number as a device dials it: digits, and the plus before them."""
    digits = re.sub(r"[^0-9]", "", phone)
    return f"+{digits}" if phone.strip().startswith("+") else digits


# --- age and birthdays ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Age:
    """Whole years, and whole months beyond them."""

    years: int
    months: int


def age_on(born: date, day: date) -> Age:
    """How old on a day; nothing before the birth. Of the 31st: a month is full on the last day of a shorter one."""
    months = (day.year - born.year) * 12 + day.month - born.month
    if day.day < born.day and (day + timedelta(days=1)).month == day.month:
        months -= 1
    return Age(*divmod(max(months, 0), 12))


def birthday_in(year: int, born: date) -> date:
    """The day of a year on which the child is wished well: of 29 February, in a common year, the 28th."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def birthday_between(born: date, first: date, last: date) -> date | None:
    """The birthday within first..last (less than a year), also over the year's end; none on the day of birth itself."""
    for year in range(first.year, last.year + 1):
        day = birthday_in(year, born)
        if first <= day <= last and day > born:
            return day
    return None


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


# --- consents -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What the parents said about one thing, from-to."""

    id: int
    kind: ConsentKind
    is_given: bool
    said_by: str
    said_on: date
    valid_from: date
    valid_to: date | None


def answer_on(answers: Iterable[Answer], kind: ConsentKind, day: date) -> Answer | None:
    """What holds on a day: of several the one that began last. None = not asked."""
    holding = [one for one in answers if one.kind is kind and covers(one.valid_from, one.valid_to, day)]
    return max(holding, key=lambda one: (one.valid_from, one.id), default=None)


def agreed(answers: Iterable[Answer], kind: ConsentKind, day: date) -> bool:
    """Is there a consent in force? Not asked is no consent."""
    found = answer_on(answers, kind, day)
    return found is not None and found.is_given


# --- family ---------------------------------------------------------------------------------------------------------


def siblings(parents: Iterable[tuple[int, int | None]], child_id: int) -> list[int]:
    """Children who share a parent's log-in with this one; `parents` are (child, the parent's log-in or none)."""
    known = list(parents)
    mine = {user_id for child, user_id in known if child == child_id and user_id is not None}
    return sorted({child for child, user_id in known if user_id in mine and child != child_id})


class Access(StrEnum):
    """How far a child's parents have come into the diary; the best of them counts (V 4.2.9)."""

    NONE = "none"
    #: a log-in is made, nobody has used it
    UNUSED = "unused"
    USED = "used"


def access_of(parents: Iterable[Access]) -> Access:
    """Of all a child's parents."""
    order = list(Access)
    return max(parents, key=order.index, default=Access.NONE)


# --- personal codes -------------------------------------------------------------------------------------------------


#: whose code it is: the child's own
OF_CHILD = "child"


def of_guardian(guardian_id: int) -> str:
    """Whose code it is: a parent's, by the row at this child."""
    return f"guardian:{guardian_id}"


class CodeFault(StrEnum):
    """What is wrong with a personal code as typed."""

    SHAPE = "shape"
    #: eleven digits that begin as no Lithuanian code does, or another shape a foreigner's may have: ask
    FOREIGN = "foreign"
    DAY = "day"
    CHECK = "check"
    BIRTH = "birth"


#: the first digit says sex and century
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def tidy_code(text: str | None) -> str:
    """One spelling: without spaces and dashes, in capitals."""
    return re.sub(r"[\s\-–]", "", text or "").upper()


def check_digit(first_ten: str) -> int:
    """The eleventh digit of a Lithuanian personal code (Population Register's rule: two rows of weights, modulo 11)."""
    digits = [int(one) for one in first_ten]
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)):
        left = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if left < 10:
            return left
    return 0


def code_fault(code: str, born: date | None, *, is_foreign: bool = False) -> CodeFault | None:
    """What is wrong with a tidied code; None = nothing. `born`: the day it must agree with, where it is known.

    Zeros stand for a month or day nobody knows. `is_foreign`: whoever typed it says it is a foreigner's, whose shape
    no rule of ours knows; one that looks Lithuanian is checked all the same.
    """
    if not re.fullmatch(r"[1-6][0-9]{10}", code):
        if not re.fullmatch(r"[0-9A-Z]{5,20}", code):
            return CodeFault.SHAPE
        return None if is_foreign else CodeFault.FOREIGN
    year, month, day = _CENTURIES[code[0]] + int(code[1:3]), int(code[3:5]), int(code[5:7])
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return CodeFault.DAY
    if int(code[10]) != check_digit(code[:10]):
        return CodeFault.CHECK
    if born is not None and (year, month or born.month, day or born.day) != (born.year, born.month, born.day):
        return CodeFault.BIRTH
    return None


# --- parents' way in ------------------------------------------------------------------------------------------------


def last_of_parents(last: date) -> date:
    """Until when parents come in whose child's last day this is: the end of the month after, in which the last month's
    sheet is locked and its bill comes."""
    return Month.of(last).next.last
