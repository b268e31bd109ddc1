"""The second factor: time-based codes of a telephone (RFC 6238), and recovery codes for the day it is lost.

A code is taken one step of 30 s early or late, because telephones' clocks differ, and no step twice, because somebody
may look over a shoulder. The secret is sealed; recovery codes are kept as HMACs and open once each.
"""

from __future__ import annotations

import hmac
import secrets

import pyotp
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from ediary.accounts import queries
from ediary.accounts.attempts import Counter
from ediary.accounts.credentials import take_off_factor, take_user
from ediary.accounts.models import LoginSession, RecoveryCode, SecondFactor, User
from ediary.accounts.rules import FREE_OF_LOGIN
from ediary.accounts.tokens import LETTERS, hash_code
from ediary.core.db import db
from ediary.core.errors import BadInput
from ediary.core.history import record
from ediary.core.locks import held
from ediary.core.secrets import seal, unseal

STEP = 30
#: recovery codes made at once, and the letters of each
CODES, CODE_LENGTH = 10, 10
RECOVERY = "recovery"
WRONG = _l("This code is not right. Telephones show a new one every half minute: type the one you see now.")


def counter(user_id: int) -> Counter:
    """Under which tries of this person's codes count. Who comes here has shown the password."""
    return Counter(f"factor:{user_id}", FREE_OF_LOGIN)


def begin(user_id: int) -> None:
    """A new secret, worth nothing until the person has proven it. Raises BadInput when there is one in use."""
    take_user(user_id)
    factor = _take(user_id)
    if factor is not None and factor.confirmed_at is not None:
        raise BadInput(_("The second step is on already."))
    sealed = seal(pyotp.random_base32())
    if factor is None:
        db.session.add(SecondFactor(user_id=user_id, sealed=sealed))
    else:
        factor.sealed = sealed
    db.session.flush()


def confirm(user_id: int, typed: str, session_id: int) -> list[str] | None:
    """The first right code turns it on; returns the recovery codes, to be shown once. None for a wrong code."""
    user = take_user(user_id)
    factor = _take(user_id)
    if factor is None or factor.confirmed_at is not None:
        raise BadInput(_("There is nothing to confirm. Look at the page as it is now."))
    if not _takes(factor, typed):
        return None
    factor.confirmed_at = held().now
    codes = _new_codes(user_id)
    _passed(user_id, session_id)
    record("second factor on", user)
    return codes


def use(user_id: int, typed: str, session_id: int) -> bool:
    """Is this a code of the person's telephone, or one of their recovery codes? Then the session has passed."""
    if not is_right(user_id, typed):
        return False
    row = db.session.get(LoginSession, session_id)
    if row is not None:
        row.second_factor_at = held().now
    return True


def is_right(user_id: int, typed: str) -> bool:
    """Take a code, of the telephone or of recovery; it is not taken again."""
    factor = _take(user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    return _takes(factor, typed) or _takes_recovery(user_id, typed)


def renew_codes(user_id: int) -> list[str]:
    """New recovery codes; the old ones open nothing."""
    user = take_user(user_id)
    codes = _new_codes(user_id)
    record("recovery codes", user)
    return codes


def turn_off(user_id: int) -> None:
    """Take the second factor off, of one's own will. Raises BadInput where a role of the person's asks for it."""
    user = take_user(user_id)
    if queries.factor_is_obligatory(user_id):
        raise BadInput(_("Your role asks for the second step, so it stays on."))
    take_off_factor(user)


def _take(user_id: int) -> SecondFactor | None:
    return db.session.scalars(
        select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _takes(factor: SecondFactor, typed: str) -> bool:
    """Is it a code of now, one step early or late, and later than any taken before?"""
    digits = "".join(typed.split())
    codes, now = pyotp.TOTP(unseal(factor.sealed)), int(held().now.timestamp()) // STEP
    for step in (now - 1, now, now + 1):
        if step > factor.last_step and hmac.compare_digest(codes.generate_otp(step).encode(), digits.encode()):
            factor.last_step = step
            db.session.flush()
            return True
    return False


def _takes_recovery(user_id: int, typed: str) -> bool:
    code = db.session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.code_hash == _hashed(user_id, typed), RecoveryCode.used_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if code is None:
        return False
    code.used_at = held().now
    db.session.flush()
    record("recovery code", db.session.get(User, user_id))
    return True


def _new_codes(user_id: int) -> list[str]:
    for old in db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user_id)):
        db.session.delete(old)
    letters = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    codes = [f"{one[:5]}-{one[5:]}" for one in letters]
    db.session.add_all([RecoveryCode(user_id=user_id, code_hash=_hashed(user_id, code)) for code in codes])
    db.session.flush()
    return codes


def _hashed(user_id: int, code: str) -> str:
    return hash_code(f"{RECOVERY}:{user_id}", code)


def _passed(user_id: int, session_id: int) -> None:
    """This session has shown the factor; the person's others are asked for it with their next request."""
    rows = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    for row in db.session.scalars(rows):
        if row.id == session_id:
            row.second_factor_at = held().now
        elif row.tablet_id is None:
            row.entered_on = None
