"""Who may do what: one screen. A view says `@requires(...)` or `@public`; one that says neither is refused."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    EDUCATOR = "educator"
    ARTS_TEACHER = "arts_teacher"
    SPEECH_THERAPIST = "speech_therapist"
    SOCIAL_PEDAGOGUE = "social_pedagogue"
    HEALTH_SPECIALIST = "health_specialist"
    DIETITIAN = "dietitian"
    ACCOUNTANT = "accountant"
    SECRETARY = "secretary"
    DIRECTOR = "director"
    DEPUTY = "deputy"
    ADMINISTRATOR = "administrator"
    GUARDIAN = "guardian"


class Permission(StrEnum):
    HOME = "home"
    NOTICES = "notices"  # what the program tells me; never on a shared tablet
    OWN_ACCOUNT = "own_account"  # my password, sessions, second step; never on a shared tablet
    # the day and the month
    ATTENDANCE_READ = "attendance_read"  # the day page, with reasons
    ATTENDANCE_WRITE = "attendance_write"  # presence and reasons of my groups' children
    REASON_WRITE = "reason_write"  # reasons on the month sheet
    PAPER_READ = "paper_read"  # papers for absences, with their files; each giving out is logged first
    PAPER_WRITE = "paper_write"  # enter them, strike wrong ones out
    ANNOUNCE = "announce"  # type in an announced absence
    OUTAGE_PRINT = "outage_print"  # day sheets for a pencil: names, diets, what must not be eaten
    CORRECTION_ASK = "correction_ask"  # ask the kitchen for a correction of a locked day
    KITCHEN_READ = "kitchen_read"  # board, kitchen sheet, daily report: who eats, never why another is absent
    DAY_LOCK = "day_lock"  # lock the day; accept corrections; staff count
    UNLOCK = "unlock"  # open what is closed, for a group, and close it again
    SHEET_READ = "sheet_read"
    SHEET_PRINT = "sheet_print"  # of one group
    SHEET_PRINT_ALL = "sheet_print_all"  # of the whole kindergarten, in one file
    MONTH_SUBMIT = "month_submit"  # hand my group's sheet to the social pedagogue
    MONTH_CHECK = "month_check"  # return it, or find it in order
    MONTH_LOCK = "month_lock"
    ACT_READ = "act_read"  # what is open by an unlock, acts of data change
    ACT_WRITE = "act_write"  # write the act of one's own error, or when appointed
    ACT_REGISTER = "act_register"  # enter the number under which an act is registered
    # watching over
    SUPERVISE = "supervise"  # who fills in how; checks on record; remarks to people
    ANALYSIS_READ = "analysis_read"  # absences of children analysed: long, often, unjustified
    REMARK_READ = "remark_read"  # the remarks written to me, and my answers; of the heads all
    # the house
    CALENDAR_READ = "calendar_read"
    SETTINGS_WRITE = "settings_write"  # the institution, its calendar, its dated settings
    DOCUMENT_READ = "document_read"  # orders and other documents, with their files
    DOCUMENT_WRITE = "document_write"
    STAFF_READ = "staff_read"
    STAFF_WRITE = "staff_write"  # employees, their roles and log-ins
    GROUP_READ = "group_read"
    GROUP_WRITE = "group_write"  # groups, who works in them, merged groups, the turn of the year
    SUBSTITUTE_WRITE = "substitute_write"  # who stands in for whom, and their hours
    HANDOVER_READ = "handover_read"  # the card of a group's day for whoever takes it over
    LEAVER_CHECK = "leaver_check"  # a leaver's records are checked and handed over
    REGISTER_READ = "register_read"  # how the lists compare with the registers
    REGISTER_WRITE = "register_write"  # lists in
    # the children
    CHILD_READ = "child_read"  # lists and cards
    CHILD_WRITE = "child_write"  # enter children and keep their cards true
    CHILD_FILE_READ = "child_file_read"  # a child's documents; each giving out is logged first
    HEALTH_READ = "health_read"  # special needs and health on the card; each opening is logged first
    HEALTH_WRITE = "health_write"
    PLACE_WRITE = "place_write"  # move children between groups; guests
    DEPART_WRITE = "depart_write"  # leaving, temporary leave, transfer
    PAYER_CODE_WRITE = "payer_code_write"
    PERSONAL_CODE_READ = "personal_code_read"  # each showing is logged before it is shown
    PERSONAL_CODE_WRITE = "personal_code_write"
    PERSON_COPY = "person_copy"  # a person's whole data, at their request
    OWN_CHILDREN = "own_children"  # a guardian's own
    # who comes in
    SLIP_PRINT = "slip_print"  # credentials on paper: for everybody, or for the guardians of my groups
    TABLET_WRITE = "tablet_write"  # pair and end shared tablets
    STATISTICS_READ = "statistics_read"  # who logs in how often
    # the record
    HISTORY_READ = "history_read"  # who changed what: of what the role reads, narrowed as its source is
    PAPER_CHECK = "paper_check"  # is a printed paper what the diary says


_P = Permission
_SHEET = {_P.SHEET_READ, _P.SHEET_PRINT}
_SHEETS = {*_SHEET, _P.SHEET_PRINT_ALL}
#: what everybody who works here may
_STAFF = {_P.HOME, _P.NOTICES, _P.OWN_ACCOUNT, _P.CALENDAR_READ, _P.REMARK_READ, _P.PAPER_CHECK}
_HEADS = {
    *_STAFF,
    *_SHEETS,
    _P.ATTENDANCE_READ,
    _P.PAPER_READ,
    _P.ANNOUNCE,
    _P.KITCHEN_READ,
    _P.UNLOCK,
    _P.ACT_READ,
    _P.ACT_WRITE,
    _P.ACT_REGISTER,
    _P.MONTH_LOCK,
    _P.SUPERVISE,
    _P.ANALYSIS_READ,
    _P.OUTAGE_PRINT,
    _P.SETTINGS_WRITE,
    _P.DOCUMENT_READ,
    _P.DOCUMENT_WRITE,
    _P.STAFF_READ,
    _P.STAFF_WRITE,
    _P.GROUP_READ,
    _P.GROUP_WRITE,
    _P.SUBSTITUTE_WRITE,
    _P.HANDOVER_READ,
    _P.LEAVER_CHECK,
    _P.REGISTER_READ,
    _P.CHILD_READ,
    _P.CHILD_WRITE,
    _P.CHILD_FILE_READ,
    _P.HEALTH_READ,
    _P.HEALTH_WRITE,
    _P.PLACE_WRITE,
    _P.DEPART_WRITE,
    _P.STATISTICS_READ,
    _P.HISTORY_READ,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.EDUCATOR: frozenset(
        {
            *_STAFF,
            *_SHEET,
            _P.ATTENDANCE_READ,
            _P.ATTENDANCE_WRITE,
            _P.REASON_WRITE,
            _P.MONTH_SUBMIT,
            _P.PAPER_READ,
            _P.PAPER_WRITE,
            _P.ANNOUNCE,
            _P.CORRECTION_ASK,
            _P.ACT_READ,
            _P.ACT_WRITE,
            _P.OUTAGE_PRINT,
            _P.GROUP_READ,
            _P.HANDOVER_READ,
            _P.CHILD_READ,
            _P.CHILD_WRITE,
            _P.CHILD_FILE_READ,
            _P.HEALTH_READ,
            _P.HEALTH_WRITE,
            _P.SLIP_PRINT,
            _P.HISTORY_READ,
        }
    ),
    Role.ARTS_TEACHER: frozenset({*_STAFF, _P.GROUP_READ, _P.CHILD_READ}),
    Role.SPEECH_THERAPIST: frozenset({*_STAFF, _P.GROUP_READ, _P.CHILD_READ, _P.HEALTH_READ}),
    Role.HEALTH_SPECIALIST: frozenset({*_STAFF, _P.GROUP_READ, _P.CHILD_READ, _P.HEALTH_READ}),
    Role.DIETITIAN: frozenset({*_STAFF, _P.KITCHEN_READ, _P.DAY_LOCK}),
    Role.SOCIAL_PEDAGOGUE: frozenset(
        {
            *_STAFF,
            *_SHEETS,
            _P.ATTENDANCE_READ,
            _P.ANALYSIS_READ,
            _P.REASON_WRITE,
            _P.MONTH_CHECK,
            _P.PAPER_READ,
            _P.PAPER_WRITE,
            _P.ANNOUNCE,
            _P.ACT_READ,
            _P.ACT_WRITE,
            _P.GROUP_READ,
            _P.CHILD_READ,
            _P.CHILD_FILE_READ,
            _P.HEALTH_READ,
            _P.HISTORY_READ,
        }
    ),
    Role.ACCOUNTANT: frozenset({*_STAFF, *_SHEETS, _P.ACT_READ, _P.GROUP_READ, _P.PAYER_CODE_WRITE}),
    Role.SECRETARY: frozenset(
        {
            *_STAFF,
            _P.ACT_READ,
            _P.ACT_REGISTER,
            _P.DOCUMENT_READ,
            _P.DOCUMENT_WRITE,
            _P.STAFF_READ,
            _P.GROUP_READ,
            _P.CHILD_READ,
            _P.CHILD_FILE_READ,
            _P.DEPART_WRITE,
        }
    ),
    Role.DIRECTOR: frozenset({*_HEADS, _P.PERSONAL_CODE_READ, _P.PERSON_COPY}),
    Role.DEPUTY: frozenset(_HEADS),
    Role.ADMINISTRATOR: frozenset(
        {
            *_STAFF,
            _P.ACT_READ,
            _P.ACT_WRITE,
            _P.SETTINGS_WRITE,
            _P.DOCUMENT_READ,
            _P.DOCUMENT_WRITE,
            _P.STAFF_READ,
            _P.STAFF_WRITE,
            _P.GROUP_READ,
            _P.GROUP_WRITE,
            _P.SUBSTITUTE_WRITE,
            _P.REGISTER_READ,
            _P.REGISTER_WRITE,
            _P.CHILD_READ,
            _P.CHILD_WRITE,
            _P.CHILD_FILE_READ,
            _P.PLACE_WRITE,
            _P.DEPART_WRITE,
            _P.PAYER_CODE_WRITE,
            _P.PERSONAL_CODE_READ,
            _P.PERSONAL_CODE_WRITE,
            _P.PERSON_COPY,
            _P.SLIP_PRINT,
            _P.TABLET_WRITE,
            _P.STATISTICS_READ,
            _P.HISTORY_READ,
        }
    ),
    Role.GUARDIAN: frozenset({_P.HOME, _P.NOTICES, _P.OWN_ACCOUNT, _P.OWN_CHILDREN}),
}

#: roles that see only the groups they work in (a guardian: of the own children); the others see the whole house
SEES_OWN_GROUPS = frozenset({Role.EDUCATOR, Role.ARTS_TEACHER, Role.SPEECH_THERAPIST, Role.GUARDIAN})

#: all that can be done on a tablet shared by a group, whoever acts on it
ON_A_TABLET = frozenset(
    {
        _P.HOME,
        _P.ATTENDANCE_READ,
        _P.ATTENDANCE_WRITE,
        _P.REASON_WRITE,
        _P.ANNOUNCE,
        _P.CORRECTION_ASK,
    }
)


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


def before_entry(view: View) -> View:
    """Declare a view open to a person who has logged in but not yet done all that entering asks (pledge, code)."""
    view.is_before_entry = True  # type: ignore[attr-defined]
    return view
