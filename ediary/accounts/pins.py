"""The short number that says who acts on a group's shared tablet (issue 3, item 5).

It opens nothing elsewhere, so it may be short: tries are counted for one person on one tablet, and nobody who guesses
there makes a colleague wait anywhere else.
"""

from __future__ import annotations

from flask_babel import gettext as _

from ediary.accounts import rules
from ediary.accounts.attempts import Counter, slowed
from ediary.accounts.credentials import take_user
from ediary.accounts.models import User
from ediary.accounts.passwords import verify
from ediary.core.db import db
from ediary.core.errors import BadInput


def check_choice(pin: str) -> None:
    """Will this number do? Raises BadInput with the sentence why not. Asked before hashing it."""
    reason = rules.why_not_pin(pin)
    if reason is not None:
        raise BadInput(_BAD[reason]())


_BAD = {
    rules.BadPin.SHAPE: lambda: _(
        "Write %(least)s to %(most)s digits.", least=rules.SHORTEST_PIN, most=rules.LONGEST_PIN
    ),
    rules.BadPin.EASY: lambda: _("This number is the first that others would try. Choose another."),
    rules.BadPin.DATE: lambda: _("This looks like a birthday or a year, which colleagues know. Choose another number."),
}


def set_pin(user_id: int, pin_hash: str | None) -> None:
    """Keep the number, hashed by `passwords.hash_password` before the transaction; None takes it away."""
    take_user(user_id).pin_hash = pin_hash
    db.session.flush()


def check_pin(user_id: int, pin: str, tablet_key: str) -> bool:
    """Is this the person's number? Opens its own short transactions: hashing is done between them.

    `tablet_key` names the tablet. Takes as long, and says the same, where the person has no number.
    Raises TooManyTries when this person on this tablet must wait.
    """
    user = db.session.get(User, user_id)
    pin_hash = user.pin_hash if user is not None and user.closed_at is None else None
    counter = Counter(f"pin:{tablet_key}:{user_id}", rules.FREE_OF_LOGIN, rules.LONGEST_WAIT_OF_PIN)
    return slowed([counter], lambda: verify(pin_hash, pin) or None) is True
