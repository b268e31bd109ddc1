"""What is said of a child in codes. Pure."""

from __future__ import annotations

from enum import StrEnum


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
