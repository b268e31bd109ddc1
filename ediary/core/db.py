"""The database: declarative base, session class, engine settings.

Models derive from `Base`; `db` (Flask-SQLAlchemy) gives each request its session and engine. What a session may
read and write is decided in `core/session.py`; transactions that write are opened in `core/locks.py`.
"""

from __future__ import annotations

from enum import StrEnum
from time import monotonic
from typing import Any, ClassVar, NoReturn

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from psycopg import OperationalError
from sqlalchemy import Enum, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase

from ediary.core.errors import FenceBreach

#: execution option of a connection whose transaction will write
WRITES = "ediary_writes"

#: seconds after which an idle connection to a server is asked whether it still lives
IDLE_SECONDS = 10

#: seconds a SQLite writer waits for the one before it
BUSY_SECONDS = 30


class Base(DeclarativeBase):
    """Every table of the diary. Constraint names are fixed by convention so that migrations can name them.

    A `StrEnum` column holds the enum's value and a CHECK of all its values.
    """

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            length=32,
            values_callable=lambda codes: [code.value for code in codes],
        )
    }
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class FencedSession(Session):
    """A session without the back doors that would pass by the fence."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FenceBreach("bulk_* methods pass by the fence; use write_batch(rows)")

    bulk_save_objects = _refuse
    bulk_insert_mappings = _refuse
    bulk_update_mappings = _refuse


db = SQLAlchemy(
    metadata=Base.metadata,
    # expire_on_commit would lose the old values the history needs
    session_options={"class_": FencedSession, "expire_on_commit": False},
)


def engine_options(url: str) -> dict[str, Any]:
    """How the engine is made. Parameter values stay out of errors, and so out of logs.

    PostgreSQL reads without transactions: READ COMMITTED sees each statement's own moment either way, and a tap saves
    a third of its round trips. Who writes says so (`write_options`).
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("postgresql"):
        options["isolation_level"] = "AUTOCOMMIT"
    return options


def write_options(dialect: str) -> dict[str, Any]:
    """Execution options of a connection whose transaction will write."""
    return {WRITES: True} if dialect == "sqlite" else {WRITES: True, "isolation_level": "READ COMMITTED"}


@event.listens_for(Engine, "connect")
def _settle(connection: Any, record: Any) -> None:
    """Each new connection: how SQLite keeps what it answered, how PostgreSQL plans."""
    if type(connection).__module__.startswith("sqlite3"):
        _settle_sqlite(connection)
    else:
        _settle_postgres(connection)


def _settle_postgres(connection: Any) -> None:
    """Joins run in the order they are written: searching a better one for a group's day costs more than running it."""
    connection.execute("SET join_collapse_limit = 1")
    connection.commit()


def _settle_sqlite(connection: Any) -> None:
    """WAL so that readers never wait, FULL so that an answered tap survives a power cut."""
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode=wal")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(Engine, "checkin")
def _note_idle(connection: Any, record: Any) -> None:
    record.info["idle_since"] = monotonic()


@event.listens_for(Engine, "checkout")
def _ask_whether_it_lives(connection: Any, record: Any, proxy: Any) -> None:
    """A server may have been restarted since; asking at every use would cost a tap three round trips."""
    idle_since = record.info.get("idle_since")
    if idle_since is None or monotonic() - idle_since < IDLE_SECONDS or not hasattr(connection, "pgconn"):
        return
    try:
        connection.execute("SELECT 1")
    except OperationalError as lost:
        raise DisconnectionError from lost


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """A deferred SQLite transaction that reads and then writes fails under load; a writer says so at once."""
    if connection.dialect.name != "sqlite":
        return
    writes = connection.get_execution_options().get(WRITES)
    connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")  # type: ignore[union-attr]
