"""Who may log in, as what, and the sessions they hold. These few tables are read before a scope exists."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Owned, Settled, Spanned, settled_args, span_check
from ediary.core.permissions import Role
from ediary.core.types import UTCDateTime


class User(Audited, Base):
    """A person with a log-in; one per person, however many institutions and roles."""

    __tablename__ = "accounts_user"
    secret: ClassVar[frozenset[str]] = frozenset({"password_hash", "pin_hash"})
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    #: empty until the person has chosen one
    password_hash: Mapped[str] = mapped_column()
    #: of the short number that says who acts on a shared tablet
    pin_hash: Mapped[str | None] = mapped_column()
    #: which institution made the log-in: it alone may replace it while others also know this person
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_institution.id"))
    #: since when nobody can come in as this person any more: their rows went to another log-in of theirs
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Membership(Spanned, Audited, Base):
    """A user's role in an institution, from-to. A person may have several (A7)."""

    __tablename__ = "accounts_membership"
    __table_args__ = (span_check(), Index(None, "user_id"), Index(None, "institution_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))
    role: Mapped[Role] = mapped_column()
    #: administrators are appointed by order (A7)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("institutions_document.id"))


class LoginSession(Base):
    """One log-in on one device; can be ended. The cookie holds a random token, this row only its hash."""

    __tablename__ = "accounts_session"
    __table_args__ = (Index(None, "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    membership_id: Mapped[int] = mapped_column(ForeignKey("accounts_membership.id"))
    device: Mapped[str] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: the day for which all that entering asks (pledge, second factor) was found done, in this session's role
    entered_on: Mapped[date | None] = mapped_column()
    #: minutes without the person's own request after which it ends; None = the longest
    idle_minutes: Mapped[int | None] = mapped_column()
    second_factor_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: on a group's shared tablet: the person sees the tablet's groups and their day only
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablets_tablet.id"))


class LoginAttempt(Base):
    """Failed guesses under one key (a login, an address): one row, taken by one worker at a time."""

    __tablename__ = "accounts_login_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Slip(Audited, Base):
    """Credentials on paper: a code, valid once and for some days, with which a person makes or replaces the log-in."""

    __tablename__ = "accounts_slip"
    __table_args__ = (Index(None, "user_id"), Index(None, "institution_id"))
    secret: ClassVar[frozenset[str]] = frozenset({"code_hash"})
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    code_hash: Mapped[str] = mapped_column(unique=True)
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    printed_by: Mapped[str] = mapped_column()
    valid_until: Mapped[datetime] = mapped_column(UTCDateTime)
    #: printed for a lost telephone: the second factor was taken off with it
    is_for_lost_factor: Mapped[bool] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: made worthless by a newer one
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: another institution knew the person when it was printed: its roles are shut from the use on, until it vouches
    shuts_others: Mapped[bool] = mapped_column(default=False)


class Vouching(Audited, Base):
    """An institution has seen the person whose log-in another one replaced: its roles stand open to them again."""

    __tablename__ = "accounts_vouching"
    __table_args__ = (Index(None, "user_id"), Index(None, "institution_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    vouched_at: Mapped[datetime] = mapped_column(UTCDateTime)
    vouched_by: Mapped[str] = mapped_column()


class SecondFactor(Base):
    """A person's time-based codes (RFC 6238). Its coming and going are in the history, the steps used are not."""

    __tablename__ = "accounts_second_factor"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), unique=True)
    sealed: Mapped[str] = mapped_column()
    #: None until the person has proven it with a first code
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: the last time step whose code was taken: none is taken twice
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code for the day the telephone is lost; each opens once."""

    __tablename__ = "accounts_recovery_code"
    __table_args__ = (Index(None, "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    code_hash: Mapped[str] = mapped_column(unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EntryRule(Owned, Settled, Audited, Base):
    """What entering in a role asks, from a day on: a second factor or not, and when an idle session ends."""

    __tablename__ = "accounts_entry_rule"
    settled_by = ("role",)
    __table_args__ = (
        *settled_args("role"),
        CheckConstraint("idle_minutes BETWEEN 5 AND 600", name="idle"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column()
    needs_second_factor: Mapped[bool] = mapped_column()
    idle_minutes: Mapped[int] = mapped_column()


class PledgeText(Owned, Settled, Audited, Base):
    """The institution's confidentiality pledge, from a day on (A8)."""

    __tablename__ = "accounts_pledge_text"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class PledgeAcceptance(Owned, Audited, Base):
    """A person has read and accepted a pledge before the first entry; kept, with what they then were (A8)."""

    __tablename__ = "accounts_pledge_acceptance"
    __table_args__ = (UniqueConstraint("text_id", "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("accounts_pledge_text.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    #: role and name as said then
    accepted_by: Mapped[str] = mapped_column()
    accepted_at: Mapped[datetime] = mapped_column(UTCDateTime)
