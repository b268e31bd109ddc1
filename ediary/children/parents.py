"""How long parents come in: as long as a child of theirs has a place here, and the month after (B2; A7).

Until then the last month's sheet and bill can be seen; after it the diary gives a copy of the data to who asks. A new
place opens the way again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select

from ediary.accounts import actions as accounts
from ediary.children.models import Enrolment, Guardian
from ediary.children.rules import last_of_parents
from ediary.core.db import db
from ediary.core.locks import held
from ediary.core.members import member_of
from ediary.core.session import scope


def follow(child_ids: Collection[int]) -> None:
    """The roles of these children's parents last as long as the places of all their children here.

    Only who sees the whole house knows all the children. Three statements and the writes; one where no parent comes in.
    """
    if scope().group_ids is not None:
        return
    db.session.flush()
    now = or_(Guardian.valid_to.is_(None), Guardian.valid_to >= held().today)
    people = set(
        db.session.scalars(
            select(Guardian.user_id).where(member_of(Guardian.child_id, "ids"), Guardian.user_id.is_not(None), now),
            {"ids": list(child_ids)},
        )
    )
    if not people:
        return
    rows = db.session.execute(
        select(Guardian.user_id, func.max(Enrolment.valid_to), func.count() - func.count(Enrolment.valid_to))
        .join(Enrolment, Enrolment.child_id == Guardian.child_id)
        .where(member_of(Guardian.user_id, "people"), now)
        .group_by(Guardian.user_id),
        {"people": list(people)},
    )
    accounts.keep_guardians(
        {user_id: _last(last, is_open=bool(open_ones)) for user_id, last, open_ones in rows if user_id is not None}
    )


def _last(last: date | None, *, is_open: bool) -> date | None:
    return None if is_open or last is None else last_of_parents(last)
