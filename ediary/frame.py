"""What the frame around every page shows: the places of this role, who is here, the server's time.

Like the gate it reads the unscoped tables: a person's memberships may lie in several institutions, of
which the fence shows one. Nothing is read before a page asks, so pieces for HTMX cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property, lru_cache
from typing import Any

from babel.dates import get_day_names, get_month_names
from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import Date, Select, bindparam, func, select

from ediary.accounts.models import Membership
from ediary.accounts.queries import stands_open
from ediary.core import clock
from ediary.core.dates import ONE_DAY, Month, at_local
from ediary.core.db import db
from ediary.core.i18n import LOCALE
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.core.spans import valid_on
from ediary.gate import CurrentUser
from ediary.help.topics import topic_of
from ediary.history.fields import reader_of
from ediary.history.records import record_of
from ediary.home.steps import Steps, bar
from ediary.institutions.models import Institution
from ediary.notices.models import Notice
from ediary.supervision.about import PAGES


@dataclass(frozen=True)
class Place:
    """Where a role works: a word and a sign in the rail, the address, the areas whose pages belong to it."""

    label: Any
    icon: str
    endpoint: str
    arguments: Callable[[date], dict[str, Any]]
    areas: frozenset[str]


_TODAY = Place(_l("Today"), "today", "home.today", lambda day: {}, frozenset({"home", "attendance", "outages"}))
_KITCHEN = Place(
    _l("Today"),
    "kitchen",
    "kitchen.board",
    lambda day: {"day": day},
    frozenset({"home", "kitchen", "attendance", "outages"}),
)
_MONTH = Place(
    _l("Month"),
    "month",
    "sheets.month",
    lambda day: {"month": Month.of(day)},
    frozenset({"sheets", "acts", "papers"}),
)
_CHILDREN = Place(
    _l("Children"), "child", "children.index", lambda day: {}, frozenset({"children", "cards", "transfers"})
)
_CODES = Place(_l("Codes"), "key", "cards.payer_codes", lambda day: {}, frozenset({"cards"}))
_PEOPLE = Place(_l("Employees"), "person", "people.index", lambda day: {}, frozenset({"people"}))
_GROUPS = Place(_l("Groups"), "people", "groups.index", lambda day: {}, frozenset({"groups", "handovers", "years"}))
_DOCUMENTS = Place(_l("Orders"), "folder", "documents.index", lambda day: {}, frozenset({"documents"}))
_LISTS = Place(_l("Lists"), "paper", "registers.index", lambda day: {}, frozenset({"registers"}))
_SETTINGS = Place(
    _l("Settings"),
    "settings",
    "settings.index",
    lambda day: {},
    frozenset({"settings", "workdays", "absences", "meals", "statistics"}),
)
_WATCH = Place(
    _l("Watching over"), "watch", "supervision.index", lambda day: {}, frozenset({"supervision", "analysis"})
)
_ANALYSIS = Place(_l("Analysis"), "chart", "analysis.index", lambda day: {}, frozenset({"analysis"}))
_CALENDAR = Place(_l("Calendar"), "calendar", "workdays.index", lambda day: {}, frozenset({"workdays"}))
_START = Place(_l("Start"), "home", "home.today", lambda day: {}, frozenset({"home"}))
_OWN = Place(_l("Children"), "child", "home.children", lambda day: {}, frozenset({"home"}))
#: all else a role can open; last in the rail
_MORE = Place(_l("More"), "dots", "home.places", lambda day: {}, frozenset({"slips", "tablets", "copies", "help"}))

#: of those whose rail has no room for the employees
_MORE_OF_HEADS = replace(_MORE, areas=_MORE.areas | {"people"})

_WHO = Place(_l("Who?"), "people", "tablets.doors", lambda day: {}, frozenset({"tablets"}))

#: on a group's shared tablet
ON_A_TABLET = (_TODAY, _WHO)

#: the most urgent first; only what exists
PLACES: dict[Role, tuple[Place, ...]] = {
    Role.EDUCATOR: (_TODAY, _MONTH, _CHILDREN, _GROUPS, _MORE),
    Role.DIETITIAN: (_KITCHEN, _CALENDAR, _MORE),
    Role.SOCIAL_PEDAGOGUE: (_MONTH, _ANALYSIS, _CHILDREN, _GROUPS, _CALENDAR, _MORE),
    Role.ACCOUNTANT: (_START, _MONTH, _CODES, _GROUPS, _MORE),
    Role.DIRECTOR: (_KITCHEN, _MONTH, _WATCH, _CHILDREN, _GROUPS, _SETTINGS, _MORE_OF_HEADS),
    Role.DEPUTY: (_KITCHEN, _MONTH, _WATCH, _CHILDREN, _GROUPS, _SETTINGS, _MORE_OF_HEADS),
    Role.ADMINISTRATOR: (_START, _CHILDREN, _GROUPS, _PEOPLE, _LISTS, _SETTINGS, _MORE),
    Role.ARTS_TEACHER: (_START, _CHILDREN, _GROUPS, _CALENDAR, _MORE),
    Role.SPEECH_THERAPIST: (_START, _CHILDREN, _GROUPS, _CALENDAR, _MORE),
    Role.HEALTH_SPECIALIST: (_START, _CHILDREN, _GROUPS, _CALENDAR, _MORE),
    Role.SECRETARY: (_START, _DOCUMENTS, _CHILDREN, _PEOPLE, _GROUPS, _MORE),
    Role.GUARDIAN: (_OWN, _MORE),
}


#: how a day is said, for scripts: January first, and Sunday, as they count
MONTHS = ",".join(get_month_names("wide", locale=LOCALE)[month] for month in range(1, 13))
WEEKDAYS = ",".join(get_day_names("wide", locale=LOCALE)[(number - 1) % 7] for number in range(7))


@dataclass(frozen=True)
class Link:
    """A place as the rail draws it."""

    label: str
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class Seat:
    """Another role this person may go on in."""

    id: int
    role: str
    institution: str
    elsewhere: bool


def _seats_statement() -> Select[Any]:
    seats, institutions, notices = Membership.__table__, Institution.__table__, Notice.__table__
    told = (
        select(func.count(notices.c.id))
        .where(
            notices.c.person_id == bindparam("user_id"),
            notices.c.read_at.is_(None),
            notices.c.institution_id == institutions.c.id,
        )
        .correlate(institutions)
        .scalar_subquery()
    )
    return (
        select(
            seats.c.id,
            seats.c.role,
            institutions.c.id.label("institution_id"),
            institutions.c.name,
            told.label("told"),
        )
        .join(institutions, institutions.c.id == seats.c.institution_id)
        .where(
            seats.c.user_id == bindparam("user_id"),
            valid_on(seats.c, bindparam("today", type_=Date())),
            stands_open(seats.c),
        )
        .order_by(seats.c.id)
    )


def _shut_statement() -> Select[Any]:
    seats, institutions = Membership.__table__, Institution.__table__
    return (
        select(institutions.c.name)
        .join(seats, seats.c.institution_id == institutions.c.id)
        .where(
            seats.c.user_id == bindparam("user_id"),
            valid_on(seats.c, bindparam("today", type_=Date())),
            ~stands_open(seats.c),
        )
        .order_by(institutions.c.name)
        .distinct()
    )


# built once: every page runs it
_SEATS = _seats_statement()
_SHUT = _shut_statement()


@lru_cache(maxsize=64)
def _places_of(role: Role | None, today: date, script_root: str) -> list[tuple[Place, str, str]]:
    """Each place with its word and address; None = a shared tablet's. Kept for the day: they stand on every page."""
    places = ON_A_TABLET if role is None else PLACES[role]
    return [(place, str(place.label), url_for(place.endpoint, **place.arguments(today))) for place in places]


def _is_current(place: Place) -> bool:
    """Is this page the place's? The page of all places is nobody else's."""
    if request.endpoint == _MORE.endpoint:
        return place.endpoint == _MORE.endpoint
    return request.blueprint in place.areas


class Frame:
    """`page` in the templates. Each property reads when it is first asked for: one statement in all."""

    @property
    def known(self) -> bool:
        """Is somebody logged in? Only then is there a frame, around refusals too."""
        return bool(current_user.is_authenticated)

    @cached_property
    def _user(self) -> CurrentUser:
        """Looked up once: the frame asks for the person some thirty times."""
        found: CurrentUser = current_user._get_current_object()
        return found

    @property
    def user_id(self) -> int:
        user_id: int = self._user.user_id
        return user_id

    @property
    def user_name(self) -> str:
        return f"{self._user.first_name} {self._user.last_name}"

    @property
    def first_name(self) -> str:
        return str(self._user.first_name)

    @property
    def initials(self) -> str:
        return f"{self._user.first_name[:1]}{self._user.last_name[:1]}"

    @property
    def role_label(self) -> str:
        return role_name(self._user.role, self._user.first_name).capitalize()

    @cached_property
    def places(self) -> list[Link]:
        role = self._user.role if self._user.tablet_id is None else None
        return [
            Link(label=label, icon=place.icon, url=url, current=_is_current(place))
            for place, label, url in _places_of(role, clock.today(), request.script_root)
        ]

    @cached_property
    def _seats(self) -> list[Any]:
        """(membership, role, institution, its name, unread notices there) of each role held today, the oldest first."""
        return list(db.session.execute(_SEATS, {"user_id": self._user.user_id, "today": clock.today()}))

    @property
    def shut(self) -> list[str]:
        """The kindergartens where one's roles of today are shut, until they vouch for the person."""
        return list(db.session.scalars(_SHUT, {"user_id": current_user.user_id, "today": clock.today()}))

    @property
    def institution_name(self) -> str:
        here = self._user.institution_id
        return next((str(seat.name) for seat in self._seats if seat.institution_id == here), "")

    @property
    def has_notices(self) -> bool:
        """May one read one's notices here? Not on a shared tablet."""
        return Permission.NOTICES in self._user.permissions

    @property
    def has_account(self) -> bool:
        """May one change one's own log-in here? Not on a shared tablet."""
        return Permission.OWN_ACCOUNT in self._user.permissions

    @property
    def unread(self) -> int:
        """How many notices of this institution one has not read."""
        here = self._user.institution_id
        return next((int(seat.told) for seat in self._seats if seat.institution_id == here), 0)

    @property
    def way_out(self) -> str:
        """Where „log out“ is sent: on a shared tablet the next one is asked who they are."""
        return url_for("accounts.logout" if self._user.tablet_id is None else "tablets.leave")

    @property
    def on_notices(self) -> bool:
        return request.blueprint == "notices"

    @property
    def memberships(self) -> list[Seat]:
        """The person's other roles; none on a shared tablet, where one acts for its groups alone."""
        if self._user.tablet_id is not None:
            return []
        others = []
        for seat in self._seats:
            if seat.id == self._user.membership_id:
                continue
            title = role_name(seat.role, self._user.first_name).capitalize()
            elsewhere = seat.institution_id != self._user.institution_id
            others.append(Seat(seat.id, title, seat.name, elsewhere))
        return others

    @cached_property
    def steps(self) -> Steps | None:
        """The first steps of a new kindergarten, on the pages that take them: a slim bar leads on."""
        return bar(request.endpoint) if self._user.role is Role.ADMINISTRATOR else None

    @property
    def help(self) -> str | None:
        """The address of the help with this page."""
        topic = topic_of(request.endpoint)
        return url_for("help.topic", topic=topic) if topic else None

    @property
    def remark(self) -> str | None:
        """Where a head writes a remark about what this page shows; None for others and other pages."""
        if request.endpoint not in PAGES or Permission.SUPERVISE not in current_user.permissions:
            return None
        return url_for("supervision.new_remark", about=request.path)

    @property
    def history(self) -> str | None:
        """Who changed what this page shows; None for who does not read the history and pages that show no record."""
        if Permission.HISTORY_READ not in current_user.permissions:
            return None
        record = record_of(request.view_args or {})
        needs = reader_of(record["table"]) if record and "table" in record else None
        if record is None or (needs is not None and needs not in current_user.permissions):
            return None
        return url_for("history.index", **record)

    @property
    def now(self) -> int:
        """Server time in epoch seconds: the page's clocks run on it."""
        return int(clock.now().timestamp())

    @property
    def months(self) -> str:
        return MONTHS

    @property
    def weekdays(self) -> str:
        return WEEKDAYS

    @property
    def today(self) -> str:
        return clock.today().isoformat()

    @property
    def midnight(self) -> int:
        """When the server's day ends, in epoch seconds."""
        return int(at_local(clock.today() + ONE_DAY, time(0)).timestamp())


def frame_context() -> dict[str, Any]:
    """What every template finds as `page`."""
    return {"page": Frame()}


def init_app(app: Flask) -> None:
    """Register the lazy `page` context."""
    app.context_processor(frame_context)
