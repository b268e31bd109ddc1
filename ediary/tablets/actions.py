"""Pairing a shared tablet, saying who acts on it, ending it (issue 3, item 5)."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from ediary.accounts import actions as accounts
from ediary.accounts.attempts import Counter, slowed
from ediary.accounts.models import LoginSession, Membership
from ediary.accounts.pins import check_pin
from ediary.accounts.queries import stands_open
from ediary.accounts.rules import IDLE_ON_TABLET
from ediary.accounts.tokens import fresh_code, hash_code, hash_token
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound
from ediary.core.locks import held
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.groups.models import Group
from ediary.tablets import queries, rules
from ediary.tablets.models import Tablet, TabletGroup

# --- the administrator's --------------------------------------------------------------------------------------------


def add(name: str, group_ids: Collection[int], by: str) -> Tablet:
    """A tablet of the house, not paired yet. Raises NotFound for a group that does not exist here."""
    tablet = Tablet(institution_id=scope().institution_id, name=name.strip(), made_at=held().now, made_by=by)
    db.session.add(tablet)
    db.session.flush()
    show(tablet.id, group_ids)
    return tablet


def show(tablet_id: int, group_ids: Collection[int]) -> None:
    """From now on the tablet shows these groups. Raises NotFound, BadInput for none."""
    tablet, wanted = _take(tablet_id), set(group_ids)
    if not wanted:
        raise BadInput(_("Choose at least one group the tablet shows."))
    if set(db.session.scalars(select(Group.id).where(Group.id.in_(wanted)))) != wanted:
        raise NotFound
    for row in db.session.scalars(select(TabletGroup).where(TabletGroup.tablet_id == tablet.id)):
        if row.group_id in wanted:
            wanted.discard(row.group_id)
        else:
            db.session.delete(row)
    db.session.add_all(TabletGroup(tablet_id=tablet.id, group_id=group_id) for group_id in sorted(wanted))
    db.session.flush()


def new_code(tablet_id: int) -> str:
    """A code to be typed on the tablet within half an hour; an earlier one, and an earlier pairing, end."""
    tablet = _take(tablet_id)
    code = fresh_code()
    tablet.code_hash, tablet.code_until = hash_code(queries.CODE, code), held().now + rules.CODE_LASTS
    tablet.token_hash, tablet.paired_at = None, None
    _end_sessions(tablet.id)
    return code


def end(tablet_id: int) -> None:
    """The tablet shows nothing more; whoever acts on it is out. For one that is lost, sold, given away."""
    tablet = _take(tablet_id)
    tablet.ended_at, tablet.token_hash, tablet.code_hash = held().now, None, None
    _end_sessions(tablet.id)


def _take(tablet_id: int) -> Tablet:
    tablet = db.session.scalars(
        select(Tablet)
        .where(Tablet.id == tablet_id, Tablet.institution_id == scope().institution_id, Tablet.ended_at.is_(None))
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if tablet is None:
        raise NotFound
    return tablet


def _end_sessions(tablet_id: int) -> None:
    for row in db.session.scalars(
        select(LoginSession).where(LoginSession.tablet_id == tablet_id, LoginSession.ended_at.is_(None))
    ):
        row.ended_at = held().now
    db.session.flush()


# --- the tablet's own -----------------------------------------------------------------------------------------------


def check_code(typed: str, address: str) -> int:
    """The tablet that waits for this code; tries are slowed by address. Opens its own short transactions.

    Raises BadInput for any other code, TooManyTries.
    """
    counter = Counter(f"tablet:{address}", rules.FREE_TRIES, keeps=True)
    found = slowed([counter], lambda: queries.by_code(typed))
    if found is None:
        raise BadInput(_("This code pairs no tablet. Codes last half an hour: ask the administrator for a new one."))
    return found.id


def pair(tablet_id: int) -> str:
    """The tablet is paired; the token for its cookie. The code opens nothing more."""
    tablet = db.session.scalars(
        select(Tablet).where(Tablet.id == tablet_id, Tablet.code_hash.is_not(None)).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if tablet is None:
        raise BadInput(_("This code has just been used."))
    token = secrets.token_urlsafe(32)
    tablet.token_hash, tablet.paired_at = hash_token(token), held().now
    tablet.code_hash = tablet.code_until = None
    return token


def check_hand(tablet: Tablet, user_id: int, pin: str) -> None:
    """Is it this person, and do they work here today? Opens its own short transactions.

    Raises NotFound, BadInput, TooManyTries.
    """
    one = queries.hand(tablet, user_id)
    if one is None:
        raise NotFound
    if not one.has_pin:
        raise BadInput(_("You have no number yet: log in with your password once and choose one in your account."))
    if not check_pin(user_id, pin, str(tablet.id)):
        raise BadInput(_("This is not your number. Try again."))


def act(tablet_id: int, institution_id: int, user_id: int) -> str:
    """This person acts on the tablet from now on; whoever did before is out. Returns the session's token."""
    seat = db.session.scalars(
        select(Membership.id).where(
            Membership.user_id == user_id,
            Membership.institution_id == institution_id,
            Membership.role == Role.EDUCATOR,
            valid_on(Membership, held().today),
            stands_open(),
        )
    ).first()
    if seat is None:
        raise NotFound
    _end_sessions(tablet_id)
    token = accounts.open_session(user_id, "tablet")
    row = db.session.scalars(select(LoginSession).where(LoginSession.token_hash == hash_token(token))).one()
    row.membership_id, row.tablet_id, row.idle_minutes = seat, tablet_id, IDLE_ON_TABLET
    db.session.flush()
    return token
