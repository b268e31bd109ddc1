"""Telling people what happened, by themselves: the program's own word, never another person's message."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from ediary.accounts.models import Membership
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.locks import held
from ediary.core.permissions import Role
from ediary.core.session import scope
from ediary.core.spans import valid_on
from ediary.notices.models import Notice


def tell(person_ids: Collection[int], text: str, url: str, *, role: Role | None = None) -> None:
    """A sentence to these people, with the page (a path of ours) it is about; never to who is acting.

    What somebody has not read yet is not told twice: it becomes new again. Two statements and the writes.
    """
    now, wanted = held().now, set(person_ids) - {scope().user_id}
    if not wanted:
        return
    waiting = db.session.scalars(
        select(Notice).where(
            Notice.person_id.in_(wanted), Notice.read_at.is_(None), Notice.url == url, Notice.text == text
        )
    )
    for notice in waiting:
        notice.at = now
        wanted.discard(notice.person_id)
    db.session.add_all(Notice(person_id=one, at=now, text=text, url=url, role=role) for one in sorted(wanted))
    db.session.flush()


def tell_role(role: Role, text: str, url: str) -> None:
    """The same to all who hold a role in this institution today, but not to who is acting."""
    holders = db.session.scalars(
        select(Membership.user_id).where(
            Membership.institution_id == scope().institution_id,
            Membership.role == role,
            valid_on(Membership, held().today),
        )
    )
    tell(set(holders), text, url, role=role)


# --- reading --------------------------------------------------------------------------------------------------------


def read(notice_id: int) -> Notice:
    """One of one's own notices is opened. Raises NotFound for any other's."""
    notice = db.session.scalars(
        select(Notice).where(Notice.id == notice_id, Notice.person_id == scope().user_id)
    ).one_or_none()
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = held().now
    return notice


def read_all(up_to: int) -> None:
    """All of one's own up to this id: what came after the page was drawn stays new."""
    unread = db.session.scalars(
        select(Notice).where(Notice.person_id == scope().user_id, Notice.read_at.is_(None), Notice.id <= up_to)
    )
    for notice in unread:
        notice.read_at = held().now
