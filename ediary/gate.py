"""Before every request: who is it, may they, which rows exist for them. The default is no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import UserMixin, current_user
from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, String, and_, bindparam, cast, func, select
from werkzeug.exceptions import MethodNotAllowed

from ediary.accounts import actions as accounts
from ediary.accounts import queries as entrances
from ediary.accounts.models import LoginSession, Membership, User
from ediary.accounts.rules import is_over, seen_again
from ediary.accounts.tokens import hash_token
from ediary.children.models import Enrolment, Guardian
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import NotAllowed, NotFound
from ediary.core.htmx import is_htmx
from ediary.core.locks import write_transaction
from ediary.core.people import signature
from ediary.core.permissions import ON_A_TABLET, SEES_OWN_GROUPS, Permission, Role, permissions_of
from ediary.core.scope import Scope
from ediary.core.session import children_of, here_or_coming, in_or_of, set_scope
from ediary.core.spans import valid_on
from ediary.extensions import csrf, login_manager
from ediary.groups.models import GroupStaff
from ediary.groups.rules import Duty
from ediary.tablets import device
from ediary.tablets.models import TabletGroup

#: an address longer than this is not kept in the cookie, which browsers cut off at 4 kB
LONGEST_KEPT = 1000


@dataclass(frozen=True)
class CurrentUser(UserMixin):
    """The person behind this request, in the role they chose. Plain values: nothing here reads the database."""

    token: str
    session_id: int
    user_id: int
    first_name: str
    last_name: str
    role: Role
    membership_id: int
    institution_id: int
    device: str
    seen_at: datetime
    idle_minutes: int | None
    #: the day for which all that entering asks was found done
    entered_on: date | None
    second_factor_at: datetime | None
    tablet_id: int | None
    #: groups this person works in today, and the children in them or coming; a guardian's own children and their
    #: groups; None where the role sees the whole house
    group_ids: tuple[int, ...] | None
    child_ids: tuple[int, ...] | None

    def get_id(self) -> str:
        return self.token

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def permissions(self) -> frozenset[Permission]:
        """What this person may do here and now: on a shared tablet only the group's day."""
        allowed = permissions_of(self.role)
        return allowed if self.tablet_id is None else allowed & ON_A_TABLET

    @property
    def signature(self) -> str:
        """How this person is named beside what they do: „dietistė Ieva Norkienė“."""
        return signature(self.role, self.first_name, self.last_name)


def _session_statement() -> Select[Any]:
    sessions, users, members = LoginSession.__table__.c, User.__table__.c, Membership.__table__.c
    staff, places, today = GroupStaff.__table__.c, Enrolment.__table__.c, bindparam("today", type_=Date())
    works = and_(
        staff.institution_id == members.institution_id,
        staff.user_id == sessions.user_id,
        (staff.duty == Duty.EDUCATOR) == (members.role == Role.EDUCATOR),
        valid_on(staff, today),
    )
    return (
        select(
            sessions.id,
            sessions.user_id,
            sessions.membership_id,
            sessions.device,
            sessions.created_at,
            sessions.seen_at,
            sessions.entered_on,
            sessions.idle_minutes,
            sessions.second_factor_at,
            sessions.tablet_id,
            users.first_name,
            users.last_name,
            members.institution_id,
            members.role,
            members.valid_from,
            members.valid_to,
            _listed(select(_joined(staff.group_id)).where(works)).label("groups"),
            _listed(
                select(_joined(places.child_id))
                .join_from(GroupStaff.__table__, Enrolment.__table__, in_or_of(places, staff.group_id))
                .where(works, here_or_coming(places, today))
            ).label("children"),
        )
        .join(User.__table__, users.id == sessions.user_id)
        .join(Membership.__table__, members.id == sessions.membership_id)
        .where(sessions.token_hash == bindparam("token_hash"), sessions.ended_at.is_(None))
    )


def _joined(ids: ColumnElement[int]) -> ColumnElement[str]:
    """„4,7,9“: many ids in the one row of a session."""
    return func.aggregate_strings(cast(ids, String), ",")


def _listed(ids: Select[Any]) -> ScalarSelect[str]:
    return ids.correlate(LoginSession.__table__, Membership.__table__).scalar_subquery()


def _ids(joined: str | None) -> tuple[int, ...]:
    return tuple(sorted({int(one) for one in joined.split(",")})) if joined else ()


# built once: every request runs it
_SESSION = _session_statement()


@login_manager.user_loader
def load_user(token: str) -> CurrentUser | None:
    """The live session behind a cookie's token, and which groups and children its person has. One statement."""
    now, today = clock.now(), clock.today()
    row = db.session.execute(_SESSION, {"token_hash": hash_token(token), "today": today}).first()
    if row is None or is_over(row.created_at, row.seen_at, row.idle_minutes, now):
        return None
    if not covers(row.valid_from, row.valid_to, today):
        return None
    group_ids, child_ids = _sees(row, today)
    return CurrentUser(
        token=token,
        session_id=row.id,
        user_id=row.user_id,
        first_name=row.first_name,
        last_name=row.last_name,
        role=row.role,
        membership_id=row.membership_id,
        institution_id=row.institution_id,
        device=row.device,
        seen_at=row.seen_at,
        idle_minutes=row.idle_minutes,
        entered_on=row.entered_on,
        second_factor_at=row.second_factor_at,
        tablet_id=row.tablet_id,
        group_ids=group_ids,
        child_ids=child_ids,
    )


def _sees(row: Any, today: date) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
    """The groups and the children that exist for a session's person; None = the whole house."""
    if row.role is Role.GUARDIAN:
        return _of_guardian(row, today)
    if row.role not in SEES_OWN_GROUPS:
        return (None, None) if row.tablet_id is None else ((), ())
    groups = _ids(row.groups)
    if row.tablet_id is None:
        return groups, _ids(row.children)
    shown = TabletGroup.__table__.c
    on_tablet = set(db.session.execute(select(shown.group_id).where(shown.tablet_id == row.tablet_id)).scalars())
    groups = tuple(group_id for group_id in groups if group_id in on_tablet)
    return groups, children_of(db.session(), groups, today)


def _of_guardian(row: Any, today: date) -> tuple[tuple[int, ...], tuple[int, ...]]:
    guardians, places = Guardian.__table__.c, Enrolment.__table__.c
    own = (
        select(guardians.child_id, places.group_id)
        .join_from(
            Guardian.__table__,
            Enrolment.__table__,
            and_(places.child_id == guardians.child_id, here_or_coming(places, today)),
            isouter=True,
        )
        .where(
            guardians.user_id == row.user_id,
            guardians.institution_id == row.institution_id,
            valid_on(guardians, today),
        )
    )
    found = db.session.execute(own).all()
    groups = {place.group_id for place in found} - {None}
    return tuple(sorted(groups)), tuple(sorted({place.child_id for place in found}))


def scope_of(user: CurrentUser) -> Scope:
    """Which rows exist for this person today."""
    return Scope(
        user.institution_id,
        user.user_id,
        user.role,
        group_ids=user.group_ids,
        child_ids=user.child_ids if user.role is Role.GUARDIAN else None,
        person_id=None if user.group_ids is None else user.user_id,
        device=user.device,
        on_tablet=user.tablet_id is not None,
    )


def _path_of(url: str | None) -> str:
    """The path of a page of ours; the log-in takes no other."""
    return "/" + (url or "").partition("://")[2].partition("/")[2]


def to_log_in() -> Response:
    """No session (any more): the log-in, and then back to the page the person was on; on a tablet, who acts."""
    if is_htmx():
        answer = Response(status=401)
        back = _path_of(request.headers.get("HX-Current-URL"))
        answer.headers["HX-Redirect"] = (
            url_for("tablets.doors") if device.is_one() else url_for("accounts.login", next=back)
        )
        return answer
    if device.is_one():
        return redirect(url_for("tablets.doors"), 303)  # type: ignore[return-value]
    # what was sent to cannot be gone back to: the page it was sent from can
    back = request.full_path.rstrip("?") if request.method == "GET" else _path_of(request.referrer)
    return redirect(url_for("accounts.login", next=back), 303)  # type: ignore[return-value]


def check() -> Response | None:
    """Declared permission? Logged in? Membership -> scope. In this order, and no by default."""
    if isinstance(request.routing_exception, MethodNotAllowed):
        abort(405)
    if request.endpoint is None:
        abort(404)
    if request.endpoint == "static":
        return None
    view: Any = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False):
        csrf.protect()
        return None
    if not current_user.is_authenticated:
        return to_log_in()
    csrf.protect()
    user: CurrentUser = current_user._get_current_object()
    permission = getattr(view, "required_permission", None)
    if permission is None or permission not in user.permissions:
        raise NotAllowed("")
    _remember_seen(user)
    set_scope(scope_of(user), user.child_ids)
    if user.entered_on != clock.today() and not getattr(view, "is_before_entry", False):
        elsewhere = _enter(user)
        if elsewhere is not None:
            return elsewhere
    _refuse_group_of_before(user)
    return None


#: how long a person is told that their work in a group is over; then the group is simply none of theirs
TOLD_FOR = timedelta(days=7)


def _refuse_group_of_before(user: CurrentUser) -> None:
    """A page opened in a group at 23:59 and tapped at 00:01: a substitute's term ended with the day (A3).

    Only where the group of the address is not this person's, so that nobody else pays for the question.
    """
    group_id = (request.view_args or {}).get("group_id")
    if group_id is None or user.group_ids is None or user.role is Role.GUARDIAN or group_id in user.group_ids:
        return
    ended = func.max(GroupStaff.valid_to)
    last = db.session.scalar(select(ended).where(GroupStaff.group_id == group_id, GroupStaff.user_id == user.user_id))
    if last is not None and clock.today() - TOLD_FOR <= last < clock.today():
        raise NotFound(
            _(
                "Your work in this group ended on %(day)s. Nothing was written now; what you wrote stays yours.",
                day=last.isoformat(),
            )
        )


def _enter(user: CurrentUser) -> Response | None:
    """Once a day and role: has the person done all that entering asks? If not, to the page that asks it."""
    entry = entrances.entry(user.user_id, user.role, user.second_factor_at, on_tablet=user.tablet_id is not None)
    if entry.asks is None:
        with write_transaction():
            accounts.enter(user.session_id, entry.idle_minutes)
        return None
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": url_for(entry.asks)})
    if request.method == "GET" and len(request.full_path) <= LONGEST_KEPT:
        session["wanted"] = request.full_path.rstrip("?")
    return redirect(url_for(entry.asks), 303)  # type: ignore[return-value]


def _remember_seen(user: CurrentUser) -> None:
    if request.headers.get("X-Poll") or not seen_again(user.seen_at, user.idle_minutes, clock.now()):
        return
    with write_transaction() as held:
        row = db.session.get(LoginSession, user.session_id)
        if row is not None:
            row.seen_at = held.now


def init_app(app: Flask) -> None:
    app.before_request(check)
