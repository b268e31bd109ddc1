"""The lists that come in (A4): which there are, what their columns say, what may be wrong with them. Pure.

Values are kept as text in one spelling each: days `2021-03-05`, codes of lists, whole numbers. A blank cell says
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    CHILDREN = "children"
    EMPLOYEES = "employees"
    GROUPS = "groups"


class Field(StrEnum):
    """What a column can hold."""

    NAME = "name"  # first and last name in one
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTH_DATE = "birth_date"
    PERSONAL_CODE = "personal_code"
    GROUP = "group"
    SINCE = "since"
    ADDRESS = "address"
    LANGUAGES = "languages"
    G1_NAME = "g1_name"
    G1_FIRST_NAME = "g1_first_name"
    G1_LAST_NAME = "g1_last_name"
    G1_RELATION = "g1_relation"
    G1_PHONE = "g1_phone"
    G1_EMAIL = "g1_email"
    G2_NAME = "g2_name"
    G2_FIRST_NAME = "g2_first_name"
    G2_LAST_NAME = "g2_last_name"
    G2_RELATION = "g2_relation"
    G2_PHONE = "g2_phone"
    G2_EMAIL = "g2_email"
    EMAIL = "email"
    PHONE = "phone"
    POSITION = "position"
    TITLE = "title"  # a group's name
    AGE_BAND = "age_band"
    PROGRAMME = "programme"
    HOURS = "hours"
    LANGUAGE = "language"
    ROOM = "room"
    KITCHEN = "kitchen"
    PLACES = "places"


F = Field

#: a guardian's columns, by place: the first and the second
GUARDIANS: tuple[Mapping[str, Field], ...] = tuple(
    {what: Field(f"g{number}_{what}") for what in ("name", "first_name", "last_name", "relation", "phone", "email")}
    for number in (1, 2)
)
_OF_GUARDIANS = tuple(one for columns in GUARDIANS for one in columns.values())

#: the columns of each list, in the order in which its template and its export have them
COLUMNS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.CHILDREN: (
        F.NAME,
        F.FIRST_NAME,
        F.LAST_NAME,
        F.BIRTH_DATE,
        F.PERSONAL_CODE,
        F.GROUP,
        F.SINCE,
        F.ADDRESS,
        F.LANGUAGES,
        *_OF_GUARDIANS,
    ),
    Kind.EMPLOYEES: (F.NAME, F.FIRST_NAME, F.LAST_NAME, F.EMAIL, F.PHONE, F.POSITION, F.SINCE),
    Kind.GROUPS: (F.TITLE, F.AGE_BAND, F.PROGRAMME, F.HOURS, F.LANGUAGE, F.ROOM, F.KITCHEN, F.PLACES),
}

#: a name in one column, and the two it stands for
WHOLE_NAMES: Mapping[Field, tuple[Field, Field]] = {
    F.NAME: (F.FIRST_NAME, F.LAST_NAME),
    F.G1_NAME: (F.G1_FIRST_NAME, F.G1_LAST_NAME),
    F.G2_NAME: (F.G2_FIRST_NAME, F.G2_LAST_NAME),
}

#: what every row must say
REQUIRED: Mapping[Kind, tuple[Field, ...]] = {
    Kind.CHILDREN: (F.FIRST_NAME, F.LAST_NAME, F.BIRTH_DATE),
    Kind.EMPLOYEES: (F.FIRST_NAME, F.LAST_NAME, F.EMAIL),
    Kind.GROUPS: (F.TITLE,),
}

#: columns of days
DAYS = frozenset({F.BIRTH_DATE, F.SINCE})


class NameOrder(StrEnum):
    """How a name in one column is written."""

    FIRST_LAST = "first_last"
    LAST_FIRST = "last_first"


class DayOrder(StrEnum):
    """How 05/03/2021 is meant: asked, never guessed."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class FaultCode(StrEnum):
    """What may be wrong in a cell or with a row. `registers/words.py` says each as a sentence."""

    MISSING = "missing"
    ONE_WORD = "one_word"
    NAME_STRANGE = "name_strange"
    NAME_GARBLED = "name_garbled"
    TOO_LONG = "too_long"
    DAY_UNREADABLE = "day_unreadable"
    DAY_SHORT_YEAR = "day_short_year"
    DAY_NOT_ASKED = "day_not_asked"
    DAY_IMPOSSIBLE = "day_impossible"
    BORN_LATER = "born_later"
    BORN_LONG_AGO = "born_long_ago"
    CODE_SHAPE = "code_shape"
    CODE_CHECK = "code_check"
    CODE_BIRTH = "code_birth"
    CODE_CUT = "code_cut"
    EMAIL_SHAPE = "email_shape"
    PHONE_SHAPE = "phone_shape"
    NUMBER_SHAPE = "number_shape"
    CHOICE = "choice"
    GROUP_UNKNOWN = "group_unknown"
    SINCE_OUTSIDE = "since_outside"
    FORMULA = "formula"
    TWICE = "twice"
    GUARDIAN_NAMELESS = "guardian_nameless"
    TAKEN = "taken"
    HAS_LEFT = "has_left"


@dataclass(frozen=True)
class Fault:
    """What is wrong where: the column by its place in the file (None = the whole row), what was there, what is named.

    A personal code is never repeated in `value`.
    """

    code: FaultCode
    field: Field | None = None
    column: int | None = None
    value: str = ""
    #: another row's number, a length, a count
    number: int = 0


class Wrong(ValueError):
    """A cell that makes no sense."""

    def __init__(self, code: FaultCode, number: int = 0) -> None:
        super().__init__(code)
        self.code, self.number = code, number


@dataclass(frozen=True)
class Entry:
    """A row read: its values in one spelling, and what is wrong with it."""

    number: int
    values: Mapping[Field, str]
    faults: tuple[Fault, ...] = ()


class Verdict(StrEnum):
    """What a row would do."""

    FAULTY = "faulty"
    DOUBTFUL = "doubtful"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


class Decision(StrEnum):
    """What the person said of a doubtful or faulty row."""

    SAME_ONE = "same_one"
    ANOTHER = "another"
    LEFT_OUT = "left_out"


class Doubt(StrEnum):
    """Why a row may be somebody the diary has."""

    SPELLING = "spelling"  # the same but for letters
    BIRTH_DATE = "birth_date"  # the same name, another day of birth
    LAST_NAME = "last_name"  # the same first name and day of birth, another last name
    CODE = "code"  # the same name and day of birth, another personal code
    SEVERAL = "several"  # the diary has several such
    NAME = "name"  # the same name, another e-mail address


@dataclass(frozen=True)
class Known:
    """Somebody or something the diary has: the values it would be exported with, and how it is matched."""

    id: int
    values: Mapping[Field, str]
    #: blind index of the personal code
    code: str = ""
    #: may it be missing in the file? Not one who has left
    is_current: bool = True
    #: a child's, each with the values of a guardian's place: `first_name`, `phone`, …
    guardians: tuple[KnownGuardian, ...] = ()
    #: a child whose last day is over, with no place since: its card is no longer written
    has_left: bool = False


@dataclass(frozen=True)
class KnownGuardian:
    id: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """A value that would become another; an empty `old` is a value that would be added."""

    field: Field
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    """What comparing says of a row."""

    number: int
    verdict: Verdict
    matched_id: int | None = None
    changes: tuple[Change, ...] = ()
    doubt: Doubt | None = None
    #: ids of the diary's that a doubtful row may be
    candidates: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    #: the child's guardians that the row's first and second are; None = would be added, or not said
    guardians: tuple[int | None, int | None] = (None, None)
    is_left_out: bool = False


@dataclass(frozen=True)
class Comparison:
    """A file against the diary, whole."""

    outcomes: tuple[Outcome, ...]
    #: ids of what the diary has and the file has not
    missing: tuple[int, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict is verdict and not one.is_left_out for one in self.outcomes)

    @property
    def left_out(self) -> int:
        return sum(one.is_left_out for one in self.outcomes)

    @property
    def differences(self) -> int:
        """Rows that are not the same, and what is missing."""
        return len(self.missing) + sum(one.verdict is not Verdict.SAME for one in self.outcomes)
