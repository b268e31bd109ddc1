"""The institution's confidentiality pledge: its dated text, accepted before the first entry and kept (A8)."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from ediary.accounts import queries
from ediary.accounts.models import PledgeAcceptance, PledgeText
from ediary.accounts.rules import DELIVERED_PLEDGE
from ediary.core import settled
from ediary.core.db import db
from ediary.core.errors import BadInput, NotFound, Stale
from ediary.core.locks import held


def deliver_pledge(valid_from: date) -> None:
    """Give a new institution the delivered text."""
    db.session.add(PledgeText(text=DELIVERED_PLEDGE.strip(), valid_from=valid_from, set_by=None))
    db.session.flush()


def change_text(first: date, text: str, seen: str, by: str) -> PledgeText:
    """From a day on this is the pledge: everybody who works here reads and accepts it anew.

    seen: the id of the last text when the person looked. Raises Stale when somebody was faster, BadInput when it
    begins too early or says the same.
    """
    settled.one_at_a_time()
    if seen != str(db.session.scalar(select(func.max(PledgeText.id))) or 0):
        raise Stale(_("Somebody has changed this meanwhile. Nothing was changed; look at it as it is now."))
    made = settled.replace_from(
        PledgeText, first, by, text="\n".join(line.rstrip() for line in text.strip().splitlines())
    )
    if made is None:
        raise BadInput(_("The text says the same as before: nothing was changed."))
    return made


def withdraw_text(first: date) -> None:
    """Take back a text that has not begun. Raises NotFound, BadInput."""
    settled.withdraw(_text_from(first))


def _text_from(first: date) -> PledgeText:
    text = db.session.scalars(select(PledgeText).where(PledgeText.valid_from == first)).one_or_none()
    if text is None:
        raise NotFound
    return text


def accept(user_id: int, text_id: int, by: str) -> PledgeAcceptance:
    """The person has read the text of this id and accepts it. `by`: role and name as said now.

    Raises Stale when another text holds by now, or when it is accepted already (in another window).
    """
    due = queries.pledge_due(user_id, held().today)
    if due is None or due.id != text_id:
        raise Stale(
            _("The pledge's text is another one by now, or you have accepted it already. Look at it once more.")
        )
    accepted = PledgeAcceptance(text_id=text_id, user_id=user_id, accepted_by=by, accepted_at=held().now)
    db.session.add(accepted)
    db.session.flush()
    return accepted
