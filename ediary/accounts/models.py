"""Who may log in, as what, and the sessions they hold. These few tables are read before a scope exists."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ediary.core.db import Base
from ediary.core.models import Audited, Spanned, span_check
from ediary.core.permissions import Role
from ediary.core.types import UTCDateTime


class User(Audited, Base):
    """A person with a log-in; one per person, however many institutions and roles."""

    __tablename__ = "accounts_user"
    secret: ClassVar[frozenset[str]] = frozenset({"password_hash"})
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str] = mapped_column()
    last_name: Mapped[str] = mapped_column()
    password_hash: Mapped[str] = mapped_column()


class Membership(Spanned, Audited, Base):
    """A user's role in an institution, from-to. A person may have several (A7)."""

    __tablename__ = "accounts_membership"
    __table_args__ = (span_check(), Index(None, "user_id"), Index(None, "institution_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions_institution.id"))
    role: Mapped[Role] = mapped_column()


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


class LoginAttempt(Base):
    """Failed guesses under one key (a login, an address): one row, taken by one worker at a time."""

    __tablename__ = "accounts_login_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
