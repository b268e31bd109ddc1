"""Credentials: log-ins made without a password, the slips of paper that open them once, lost ones replaced (A7).

A slip carries a code; only its HMAC is kept. From the moment a slip is issued for somebody who had a password, that
password opens nothing more and every session of theirs is over: what was lost may have been found by a stranger, and
who holds the paper shows that the kindergarten has seen the person. The short number for a shared tablet stays.
Another kindergarten that knows the person has seen nobody: there their roles are shut until it vouches for them. A
second step that stays on shows the same, and shuts nothing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ediary.accounts import queries
from ediary.accounts.models import LoginSession, Membership, RecoveryCode, SecondFactor, Slip, User, Vouching
from ediary.accounts.tokens import fresh_code, hash_code
from ediary.core.dates import overlaps
from ediary.core.db import db
from ediary.core.errors import BadInput, NotAllowed, NotFound
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.persons import hand_over
from ediary.core.session import scope

VALID = timedelta(days=14)


# --- making log-ins -------------------------------------------------------------------------------------------------


def add_user(login: str, first_name: str, last_name: str, password_hash: str) -> User:
    """Make a person's log-in. The password comes hashed: hashing takes too long for a write transaction."""
    user = User(
        login=login.strip().lower(),
        first_name=first_name,
        last_name=last_name,
        password_hash=password_hash,
        made_by_id=scope().institution_id,
    )
    db.session.add(user)
    db.session.flush()
    return user


def make_login(first_name: str, last_name: str, email: str = "") -> User:
    """A log-in that nothing opens until its first slip; of the institution of this scope.

    Named by the e-mail address where nobody on the server has it, else vardas.pavarde, numbered when taken.
    """
    name = email.strip().lower()
    if name and _is_free(name):
        made = _try_to_make(name, first_name, last_name)
        if made is not None:
            return made
    base = plain_name(first_name, last_name)
    number = 1
    while True:
        name = base if number == 1 else f"{base}{number}"
        made = _try_to_make(name, first_name, last_name) if _is_free(name) else None
        if made is not None:
            return made
        number += 1


def plain_name(first_name: str, last_name: str) -> str:
    """vardas.pavarde, in letters every keyboard has: „Rūta Balčytienė-Ąžuolė“ is ruta.balcytiene-azuole."""
    words = [unicodedata.normalize("NFKD", word).lower() for word in (first_name, last_name)]
    plain = [re.sub(r"[^a-z0-9-]", "", word).strip("-") for word in words]
    return ".".join(word for word in plain if word) or "vartotojas"


def _is_free(login: str) -> bool:
    return db.session.scalar(select(User.id).where(User.login == login)) is None


def _try_to_make(login: str, first_name: str, last_name: str) -> User | None:
    """None when another institution has taken the name in this very moment."""
    try:
        with db.session.begin_nested():
            return add_user(login, first_name, last_name, password_hash="")
    except IntegrityError:
        return None


# --- slips ----------------------------------------------------------------------------------------------------------


def issue_slip(user_id: int, by: str, *, lost_factor: bool = False) -> str:
    """A new one-time code for this person, valid for two weeks, to be printed and given by hand; returns it.

    `by`: role and name of who prints it. Earlier slips of the person end. One who had a password loses it and all
    sessions at once (above), so never call this for many who have come in already. `lost_factor`: the telephone is
    lost, the second factor is taken off too.
    Raises NotFound for somebody this institution does not know, NotAllowed when it may not replace the log-in.
    """
    user = take_user(user_id)
    reason = queries.why_no_slip([user_id]).get(user_id)
    if reason is not None:
        raise NotAllowed(reason)
    now = held().now
    for slip in db.session.scalars(
        select(Slip).where(Slip.user_id == user_id, Slip.used_at.is_(None), Slip.ended_at.is_(None))
    ):
        slip.ended_at = now
    if user.password_hash:
        user.password_hash = ""
    end_sessions(user_id)
    had_factor = take_off_factor(user) if lost_factor else False
    factor = queries.factor(user_id)
    is_proven = factor is not None and factor.confirmed_at is not None
    code = fresh_code()
    slip = Slip(
        institution_id=scope().institution_id,
        user_id=user_id,
        code_hash=hash_code(queries.SLIP, code),
        printed_at=now,
        printed_by=by,
        valid_until=now + VALID,
        is_for_lost_factor=had_factor,
        shuts_others=not is_proven and queries.is_known_elsewhere(user_id),
    )
    db.session.add(slip)
    db.session.flush()
    return code


def take_user(user_id: int) -> User:
    """The person's row, held: their credentials change one after another. Raises NotFound, also once it is closed."""
    user = db.session.scalars(
        select(User).where(User.id == user_id).with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if user is None or user.closed_at is not None:
        raise NotFound
    return user


def end_sessions(user_id: int, but: int | None = None) -> int:
    """Log the person out everywhere, but in one session; how many it were."""
    now, ended = held().now, 0
    for row in db.session.scalars(
        select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    ):
        if row.id != but:
            row.ended_at = now
            ended += 1
    db.session.flush()
    return ended


def take_off_factor(user: User) -> bool:
    """Remove the second factor and its recovery codes, with a word in the history; was there one?"""
    factor = db.session.scalars(select(SecondFactor).where(SecondFactor.user_id == user.id)).one_or_none()
    for code in db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id)):
        db.session.delete(code)
    if factor is None:
        return False
    db.session.delete(factor)
    db.session.flush()
    if factor.confirmed_at is not None:
        record("second factor off", user)
    return factor.confirmed_at is not None


# --- the first entry ------------------------------------------------------------------------------------------------


def choose_password(slip_id: int, password_hash: str) -> User:
    """The person of this slip sets the password it opens; the slip is used, whoever was in with the old one is out.

    The password comes hashed. Raises BadInput when the slip opens nothing any more.
    """
    slip = _take_slip(slip_id)
    user = take_user(slip.user_id)
    slip.used_at = held().now
    user.password_hash = password_hash
    end_sessions(user.id)
    return user


def join(slip_id: int, known_id: int) -> User:
    """The person of this slip has a log-in already, and has shown it: everything goes over to that one.

    A parent with children in two kindergartens, a child that moved. What the slip's institution knows of the log-in it
    made (roles, groups, children, employment) names the known one from now on; the new one is closed for good. Run in
    the scope of the slip's institution, so that the history stands there.
    Raises BadInput when the slip opens nothing any more, or when its log-in is one that somebody has come in with.
    """
    slip = _take_slip(slip_id)
    known, pending = take_user(known_id), take_user(slip.user_id)
    if pending.id == known.id or queries.has_come_in(pending.id):
        raise BadInput(_("This slip is for a log-in that you have used already. Choose a new password for it."))
    if any(seat.institution_id != slip.institution_id for seat in queries.memberships(pending.id)):
        raise BadInput(_("Another kindergarten knows this log-in too. Ask your kindergarten's administrator."))
    _pass_seats(pending.id, known.id)
    hand_over(pending.id, known.id)
    vouch(known.id, slip.printed_by)
    now = held().now
    slip.used_at = now
    pending.login, pending.pin_hash, pending.closed_at = f"closed-{pending.id}", None, now
    db.session.flush()
    record("join", pending, into=known.id)
    return known


def vouch(user_id: int, by: str) -> None:
    """This institution has seen the person: what another one's slip has shut stands open to them here again."""
    if user_id not in queries.shut_here([user_id]):
        return
    here = scope().institution_id
    db.session.add(Vouching(institution_id=here, user_id=user_id, vouched_at=held().now, vouched_by=by))
    db.session.flush()


def _pass_seats(from_id: int, to_id: int) -> None:
    """Roles go over; one that the other log-in has here already at that time is not had twice."""
    own = queries.memberships(to_id)
    for seat in queries.memberships(from_id):
        same = next((one for one in own if _is_same(one, seat)), None)
        if same is None:
            seat.user_id = to_id
            continue
        same.valid_from = min(same.valid_from, seat.valid_from)
        same.valid_to = None if None in (same.valid_to, seat.valid_to) else max(same.valid_to, seat.valid_to)  # type: ignore[type-var]
        db.session.delete(seat)


def _is_same(one: Membership, other: Membership) -> bool:
    """The same role in the same institution, at times that touch."""
    last = other.valid_to or date.max
    return (
        (one.institution_id, one.role) == (other.institution_id, other.role)
        and one.order_id == other.order_id
        and overlaps(one.valid_from, one.valid_to, other.valid_from, last)
    )


def _take_slip(slip_id: int) -> Slip:
    """The slip, taken so that it is used once. Raises BadInput when it opens nothing any more."""
    slip = db.session.scalars(
        select(Slip).where(Slip.id == slip_id).with_for_update(), execution_options={"populate_existing": True}
    ).one_or_none()
    if slip is None or not queries.opens(slip, held().now):
        raise BadInput(queries.SLIP_OPENS_NOTHING)
    return slip


# --- one's own ------------------------------------------------------------------------------------------------------


def change_password(user_id: int, password_hash: str, session_id: int) -> int:
    """Another password, of one's own will; every other session of the person ends. Returns how many those were."""
    user = take_user(user_id)
    user.password_hash = password_hash
    return end_sessions(user_id, but=session_id)
