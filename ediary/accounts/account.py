"""The pages about one's own log-in: sessions, password, second factor, short number, pledges; the first entry's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from markupsafe import Markup
from pyotp import TOTP
from sqlalchemy import func, select

from ediary.accounts import queries, rules
from ediary.accounts.models import (
    LoginSession,
    PledgeAcceptance,
    PledgeText,
    RecoveryCode,
    SecondFactor,
    Slip,
    User,
)
from ediary.core import clock
from ediary.core.db import db
from ediary.core.errors import NotFound
from ediary.core.permissions import Permission, Role
from ediary.core.qr import qr_svg
from ediary.core.secrets import unseal
from ediary.core.session import acting_for, scope
from ediary.institutions.queries import current

#: who came in longer ago may have left the desk: what guards the log-in asks for the password again
FRESH = timedelta(minutes=10)
#: slips named on the page
SLIPS_SHOWN = 5


@dataclass(frozen=True)
class OwnSession:
    """A device on which one is logged in."""

    id: int
    device: str
    since: datetime
    seen_at: datetime
    on_tablet: bool
    is_this: bool


@dataclass(frozen=True)
class Factor:
    """The second factor: since when it is on, how many recovery codes are left."""

    on_since: datetime | None
    codes_left: int
    is_obligatory: bool

    @property
    def is_on(self) -> bool:
        return self.on_since is not None


@dataclass(frozen=True)
class OwnPledge:
    """A pledge accepted here."""

    id: int
    accepted_by: str
    accepted_at: datetime
    text_from: date


@dataclass(frozen=True)
class PrintedSlip:
    """A slip printed for this log-in: nobody prints one unseen."""

    printed_at: datetime
    printed_by: str
    used_at: datetime | None


@dataclass(frozen=True)
class AccountPage:
    """All about one's own log-in."""

    name: str
    login: str
    sessions: list[OwnSession]
    factor: Factor
    can_have_pin: bool
    has_pin: bool
    pledges: list[OwnPledge]
    slips: list[PrintedSlip]


def account_page(session_id: int) -> AccountPage:
    """The page of who is logged in. Seven statements."""
    user = me()
    return AccountPage(
        name=f"{user.first_name} {user.last_name}",
        login=user.login,
        sessions=sessions(session_id),
        factor=factor_of(user.id),
        can_have_pin=scope().role is not Role.GUARDIAN,
        has_pin=user.pin_hash is not None,
        pledges=_pledges(user.id),
        slips=_slips(user.id),
    )


def me() -> User:
    """Who is logged in."""
    return db.session.scalars(select(User).where(User.id == scope().user_id)).one()


def own_words(user: User) -> list[str]:
    """What everybody knows of a person: no password is made of it."""
    return [user.first_name, user.last_name, user.login]


def sessions(session_id: int) -> list[OwnSession]:
    """One's live sessions: this one first, then the one used last."""
    now = clock.now()
    rows = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == scope().user_id, LoginSession.ended_at.is_(None))
        .order_by((LoginSession.id == session_id).desc(), LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return [
        OwnSession(row.id, row.device, row.created_at, row.seen_at, row.tablet_id is not None, row.id == session_id)
        for row in rows
        if not rules.is_over(row.created_at, row.seen_at, row.idle_minutes, now)
    ]


def is_fresh(session_id: int) -> bool:
    """Has this session begun just now?"""
    begun = db.session.scalar(select(LoginSession.created_at).where(LoginSession.id == session_id))
    return begun is not None and clock.now() - begun <= FRESH


def factor_of(user_id: int) -> Factor:
    """The state of the second factor."""
    on_since = db.session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id))
    left = db.session.scalar(
        select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    )
    return Factor(on_since, left or 0, queries.factor_is_obligatory(user_id))


@dataclass(frozen=True)
class FactorPage:
    """The second step: to be asked for, being set up (with what the telephone is told), or not there.

    `is_entering`: the person has not come in yet today, so the page stands without the frame of places.
    """

    factor: Factor
    is_entering: bool
    asks_password: bool
    #: as an address in a QR code, and as letters to type, in fours
    address: str
    letters: str

    @property
    def is_on(self) -> bool:
        return self.factor.is_on

    @property
    def drawing(self) -> Markup:
        """The address for the telephone's camera."""
        return qr_svg(self.address, _("Key of the second step"))

    @property
    def state(self) -> str:
        return "ask" if self.is_on else "set up" if self.address else "none"


def factor_page(session_id: int) -> FactorPage:
    """Six statements."""
    user, row = me(), db.session.get(LoginSession, session_id)
    found = queries.factor(user.id)
    secret = unseal(found.sealed) if found is not None and found.confirmed_at is None else ""
    return FactorPage(
        factor=factor_of(user.id),
        is_entering=row is None or row.entered_on != clock.today(),
        asks_password=not is_fresh(session_id),
        address=TOTP(secret).provisioning_uri(name=user.login, issuer_name=current().name) if secret else "",
        letters=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )


def _pledges(user_id: int) -> list[OwnPledge]:
    rows = db.session.execute(
        select(PledgeAcceptance.id, PledgeAcceptance.accepted_by, PledgeAcceptance.accepted_at, PledgeText.valid_from)
        .join(PledgeText, PledgeText.id == PledgeAcceptance.text_id)
        .where(PledgeAcceptance.user_id == user_id)
        .order_by(PledgeAcceptance.accepted_at.desc())
    )
    return [OwnPledge(*row) for row in rows]


def _slips(user_id: int) -> list[PrintedSlip]:
    rows = db.session.execute(
        select(Slip.printed_at, Slip.printed_by, Slip.used_at)
        .where(Slip.user_id == user_id)
        .order_by(Slip.id.desc())
        .limit(SLIPS_SHOWN)
    )
    return [PrintedSlip(*row) for row in rows]


# --- the first entry ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SlipPage:
    """Whose slip it is, said only to who has typed its code."""

    id: int
    user_id: int
    institution_id: int
    institution: str
    first_name: str
    last_name: str
    login: str
    #: nobody has ever come in: the person may have a log-in from elsewhere
    is_new: bool
    #: the second step was taken off with it: when and by whom
    factor_off: bool
    printed_at: datetime
    printed_by: str

    @property
    def own_words(self) -> list[str]:
        return [self.first_name, self.last_name, self.login]


def slip_page(slip_id: int) -> SlipPage | None:
    """The page of a slip whose code was typed; None when it opens nothing any more."""
    slip = db.session.get(Slip, slip_id)
    if slip is None or not queries.opens(slip, clock.now()):
        return None
    user = db.session.scalars(select(User).where(User.id == slip.user_id)).one()
    with acting_for(slip.institution_id):
        institution = current().name
    return SlipPage(
        id=slip.id,
        user_id=user.id,
        institution_id=slip.institution_id,
        institution=institution,
        first_name=user.first_name,
        last_name=user.last_name,
        login=user.login,
        is_new=not queries.has_come_in(user.id),
        factor_off=slip.is_for_lost_factor,
        printed_at=slip.printed_at,
        printed_by=slip.printed_by,
    )


# --- pledges --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """A pledge as it was accepted."""

    id: int
    user_id: int
    text: str
    text_from: date
    accepted_by: str
    accepted_at: datetime


def accepted(acceptance_id: int) -> Accepted:
    """One's own copy, or anybody's of this institution for who keeps the staff's papers. Raises NotFound."""
    statement = (
        select(
            PledgeAcceptance.id,
            PledgeAcceptance.user_id,
            PledgeText.text,
            PledgeText.valid_from,
            PledgeAcceptance.accepted_by,
            PledgeAcceptance.accepted_at,
        )
        .join(PledgeText, PledgeText.id == PledgeAcceptance.text_id)
        .where(PledgeAcceptance.id == acceptance_id)
    )
    if not scope().may(Permission.STAFF_READ):
        statement = statement.where(PledgeAcceptance.user_id == scope().user_id)
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return Accepted(*row)


def acceptance(acceptance_id: int) -> PledgeAcceptance:
    """The row itself, for the history's word that somebody printed it."""
    return db.session.scalars(select(PledgeAcceptance).where(PledgeAcceptance.id == acceptance_id)).one()
