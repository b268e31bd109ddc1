"""Who may do what: one screen. A view says `@requires(...)` or `@public`; one that says neither is refused."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    EDUCATOR = "educator"
    DIETITIAN = "dietitian"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    ACCOUNTANT = "accountant"
    DIRECTOR = "director"
    DEPUTY = "deputy"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    HOME = "home"
    ATTENDANCE_READ = "attendance_read"  # the day page, with reasons
    ATTENDANCE_WRITE = "attendance_write"  # presence and reasons of my groups' children
    REASON_WRITE = "reason_write"  # reasons on the month sheet
    ANNOUNCE = "announce"  # type in an announced absence
    CORRECTION_ASK = "correction_ask"  # ask the kitchen for a correction of a locked day
    KITCHEN_READ = "kitchen_read"  # board, kitchen sheet, daily report: who eats, never why another is absent
    DAY_LOCK = "day_lock"  # lock the day; accept corrections; staff count
    DAY_UNLOCK = "day_unlock"  # open a locked day for a group
    SHEET_READ = "sheet_read"
    SHEET_PRINT = "sheet_print"  # of one group
    SHEET_PRINT_ALL = "sheet_print_all"  # of the whole kindergarten, in one file
    MONTH_LOCK = "month_lock"


_P = Permission
_SHEET = {_P.SHEET_READ, _P.SHEET_PRINT}
_SHEETS = {*_SHEET, _P.SHEET_PRINT_ALL}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.EDUCATOR: frozenset(
        {
            _P.HOME,
            _P.ATTENDANCE_READ,
            _P.ATTENDANCE_WRITE,
            _P.REASON_WRITE,
            _P.ANNOUNCE,
            _P.CORRECTION_ASK,
            *_SHEET,
        }
    ),
    Role.DIETITIAN: frozenset({_P.HOME, _P.KITCHEN_READ, _P.DAY_LOCK}),
    Role.SOCIAL_PEDAGOGUE: frozenset({_P.HOME, _P.ATTENDANCE_READ, _P.REASON_WRITE, _P.ANNOUNCE, *_SHEETS}),
    Role.ACCOUNTANT: frozenset({_P.HOME, *_SHEETS}),
    Role.DIRECTOR: frozenset(
        {_P.HOME, _P.ATTENDANCE_READ, _P.ANNOUNCE, _P.KITCHEN_READ, _P.DAY_UNLOCK, _P.MONTH_LOCK, *_SHEETS}
    ),
    Role.DEPUTY: frozenset(
        {_P.HOME, _P.ATTENDANCE_READ, _P.ANNOUNCE, _P.KITCHEN_READ, _P.DAY_UNLOCK, _P.MONTH_LOCK, *_SHEETS}
    ),
    Role.ADMINISTRATOR: frozenset({_P.HOME}),
}

#: roles that see every group of their institution; the others see the groups they work in
SEES_ALL_GROUPS = frozenset(Role) - {Role.EDUCATOR}


def permissions_of(role: Role) -> frozenset[Permission]:
    return ROLE_PERMISSIONS[role]


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what a view needs. The gate enforces it before the view runs."""

    def declare(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare a view open to people who have not logged in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
