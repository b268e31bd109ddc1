"""Before every request: who is it, may they, which rows exist for them. The default is no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import UserMixin, current_user
from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, String, and_, bindparam, cast, func, select
from werkzeug.exceptions import MethodNotAllowed

from ediary.accounts.models import LoginSession, Membership, User
from ediary.accounts.tokens import hash_token
from ediary.children.models import Enrolment
from ediary.core import clock
from ediary.core.dates import covers
from ediary.core.db import db
from ediary.core.errors import NotAllowed
from ediary.core.htmx import is_htmx
from ediary.core.locks import write_transaction
from ediary.core.people import signature
from ediary.core.permissions import SEES_ALL_GROUPS, Role, permissions_of
from ediary.core.scope import Scope
from ediary.core.session import set_scope
from ediary.core.spans import valid_on
from ediary.extensions import csrf, login_manager
from ediary.groups.models import GroupStaff

#: a session ends after this long without a person's own request (polling does not count)
IDLE = timedelta(hours=10)
#: and in any case after this long
LONGEST = timedelta(days=7)
#: how exactly the last request is remembered, so that taps need no write for it
SEEN_EVERY = timedelta(minutes=5)


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
    #: groups this person works in today, and the children now in them; None where the role sees the whole house
    group_ids: tuple[int, ...] | None
    children_today: tuple[int, ...] | None

    def get_id(self) -> str:
        return self.token

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def signature(self) -> str:
        """How this person is named beside what they do: „dietistė Ieva Norkienė“."""
        return signature(self.role, self.first_name, self.last_name)


def _session_statement() -> Select[Any]:
    sessions, users, members = LoginSession.__table__.c, User.__table__.c, Membership.__table__.c
    staff, places, today = GroupStaff.__table__.c, Enrolment.__table__.c, bindparam("today", type_=Date())
    works = and_(
        staff.institution_id == members.institution_id, staff.user_id == sessions.user_id, valid_on(staff, today)
    )
    return (
        select(
            sessions.id,
            sessions.user_id,
            sessions.membership_id,
            sessions.device,
            sessions.created_at,
            sessions.seen_at,
            users.first_name,
            users.last_name,
            members.institution_id,
            members.role,
            members.valid_from,
            members.valid_to,
            _listed(select(_joined(staff.group_id)).where(works)).label("groups"),
            _listed(
                select(_joined(places.child_id))
                .join_from(GroupStaff.__table__, Enrolment.__table__, places.group_id == staff.group_id)
                .where(works, valid_on(places, today))
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
    if row is None or now - row.seen_at > IDLE or now - row.created_at > LONGEST:
        return None
    if not covers(row.valid_from, row.valid_to, today):
        return None
    sees_all = row.role in SEES_ALL_GROUPS
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
        group_ids=None if sees_all else _ids(row.groups),
        children_today=None if sees_all else _ids(row.children),
    )


def scope_of(user: CurrentUser) -> Scope:
    """Which rows exist for this person today."""
    return Scope(
        user.institution_id,
        user.user_id,
        user.role,
        group_ids=user.group_ids,
        person_id=None if user.group_ids is None else user.user_id,
        device=user.device,
    )


def _path_of(url: str | None) -> str:
    """The path of a page of ours; the log-in takes no other."""
    return "/" + (url or "").partition("://")[2].partition("/")[2]


def to_log_in() -> Response:
    """No session (any more): the log-in, and then back to the page the person was on."""
    if is_htmx():
        answer = Response(status=401)
        back = _path_of(request.headers.get("HX-Current-URL"))
        answer.headers["HX-Redirect"] = url_for("accounts.login", next=back)
        return answer
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
    if permission is None or permission not in permissions_of(user.role):
        raise NotAllowed("")
    _remember_seen(user)
    set_scope(scope_of(user), user.children_today)
    return None


def _remember_seen(user: CurrentUser) -> None:
    if request.headers.get("X-Poll") or clock.now() - user.seen_at < SEEN_EVERY:
        return
    with write_transaction() as held:
        row = db.session.get(LoginSession, user.session_id)
        if row is not None:
            row.seen_at = held.now


def init_app(app: Flask) -> None:
    app.before_request(check)
