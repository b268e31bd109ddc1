"""The house keeps its rules: walked over the program itself, so that what is added later is asked too."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, DateTime, Enum, Numeric, Table, UniqueConstraint, inspect, text
from werkzeug.routing import Rule

from ediary.core.audit import DIGESTED, AuditEntry
from ediary.core.db import Base, db
from ediary.core.models import Owned, Spanned
from tests.conftest import build_app, dispose, fresh_database

ROOT = Path(__file__).resolve().parent.parent
LogIn = Callable[[str], FlaskClient]

#: tables read before a scope exists
UNSCOPED = {
    "accounts_user",
    "accounts_membership",
    "accounts_session",
    "accounts_login_attempt",
    "accounts_slip",
    "accounts_vouching",
    "accounts_second_factor",
    "accounts_recovery_code",
    "tablets_tablet",
    "transfers_offer",
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    """Every route of the program but the static files."""
    folder = tmp_path_factory.mktemp("house")
    app = build_app(f"sqlite:///{folder / 'x.sqlite3'}", folder)
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


# --- who may --------------------------------------------------------------------------------------------------------


def test_every_view_says_who_may(app: Flask, rules: list[Rule]) -> None:
    for rule in rules:
        view = app.view_functions[rule.endpoint]
        declared = [hasattr(view, "required_permission"), hasattr(view, "is_public")]
        assert declared.count(True) == 1, f"{rule.endpoint} declares neither @requires nor @public, or both"


def test_only_these_pages_are_public(app: Flask, rules: list[Rule]) -> None:
    public = {rule.endpoint for rule in rules if hasattr(app.view_functions[rule.endpoint], "is_public")}
    by_a_slip = {"accounts.first", "accounts.first_password", "accounts.first_known"}
    on_a_tablet = {"tablets.pair", "tablets.doors", "tablets.enter"}  # before anybody acts on it
    assert public == {"healthz", "accounts.login"} | by_a_slip | on_a_tablet


def test_names_line_up(rules: list[Rule]) -> None:
    areas = {rule.endpoint.partition(".")[0] for rule in rules} - {"healthz"}
    for area in areas:
        for folder in ("ediary", "templates", "tests"):
            assert (ROOT / folder / area).is_dir(), f"{folder}/{area}"
    for rule in rules:
        area = rule.endpoint.partition(".")[0]
        if area not in ("home", "healthz"):
            assert rule.rule.startswith(f"/{area}/"), rule.rule


# --- tables ---------------------------------------------------------------------------------------------------------


def test_every_table_belongs_to_an_institution_but_a_named_few() -> None:
    for mapper in Base.registry.mappers:
        table = mapper.class_.__tablename__
        if table != "institutions_institution":
            assert issubclass(mapper.class_, Owned) != (table in UNSCOPED), table


def test_every_span_is_checked_by_the_database() -> None:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Spanned):
            table = mapper.local_table
            assert isinstance(table, Table)
            checks = {str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
            assert "valid_to IS NULL OR valid_to >= valid_from" in checks, table.name


#: architecture 12: what cannot be changed later; presence and reason under their own locks, the fence's kinds of rows
#: and the bytes of prints are in tests/core and tests/sheets, money comes with the fees
FOR_GOOD = {
    "audit columns with salt and digest": ("core_audit_entry", {"salt", "digest"}),
    "presence and reason are two facts": ("attendance_child_day", {"presence", "reason_id"}),
    "the lock point of a group's day": ("core_day_point", {"group_id", "day"}),
    "the lock point of a group's month": ("core_month_point", {"group_id", "month"}),
    "groups are of a school year": ("groups_group", {"school_year"}),
    "the calendar is stored": ("workdays_day", {"institution_id", "day", "kind"}),
    "a person's roles are rows from-to": (
        "accounts_membership",
        {"user_id", "institution_id", "role", "valid_from", "valid_to"},
    ),
    "sessions are on the server and can be ended": ("accounts_session", {"token_hash", "ended_at"}),
    "what was printed is known by its bytes": ("sheets_printed", {"sha256", "data_sha256", "number"}),
    "the lock's hour is dated": ("core_lock_rule", {"day_locks_at", "valid_from", "valid_to"}),
    "settings are dated": ("institutions_settings", {"valid_from", "valid_to"}),
    "what a reason does to the fee is dated": (
        "attendance_reason",
        {"waives_food", "waives_education", "valid_from", "valid_to"},
    ),
}
UNIQUE = {
    "attendance_child_day": ("child_id", "day"),
    "core_day_point": ("group_id", "day"),
    "core_month_point": ("group_id", "month"),
    "workdays_day": ("institution_id", "day"),
    "portions_locked_day": ("institution_id", "day"),
}


@pytest.mark.parametrize("claim", FOR_GOOD)
def test_what_cannot_be_changed_later_is_there_from_the_first_day(claim: str) -> None:
    table, columns = FOR_GOOD[claim]
    assert columns <= set(Base.metadata.tables[table].c.keys())


@pytest.mark.parametrize("table", UNIQUE)
def test_there_is_one_row_of_what_there_can_be_one_of(table: str) -> None:
    uniques = [c for c in Base.metadata.tables[table].constraints if isinstance(c, UniqueConstraint)]
    assert UNIQUE[table] in {tuple(column.name for column in one.columns) for one in uniques}


def test_the_history_leaves_nothing_out_of_its_digest() -> None:
    assert set(DIGESTED) == set(AuditEntry.__table__.c.keys()) - {"id", "salt", "digest"}


def test_moments_are_utc_codes_are_checked_and_nothing_is_a_fraction() -> None:
    for table in Base.metadata.tables.values():
        checked = {str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
        for column in table.c:
            kind = column.type
            assert not isinstance(kind, Numeric), f"{column}: SQLite keeps it as float"
            assert not isinstance(kind, DateTime), f"{column}: a moment is UTCDateTime"
            if isinstance(kind, Enum):
                assert any(said.startswith(f"{column} IN ") for said in checked), f"{column}: no CHECK of its codes"


def test_no_template_can_fire_a_query() -> None:
    for mapper in Base.registry.mappers:
        assert not list(mapper.relationships), mapper.class_.__name__


def _settled(app: Flask) -> dict[str, object]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }


def test_every_sqlite_connection_is_durable(app: Flask) -> None:
    assert _settled(app) == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def _check_migrations(app: Flask) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with app.app_context():
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
            there = inspect(connection)
            for table in db.metadata.tables.values():  # CHECKs are not compared by alembic
                meant = sum(isinstance(one, CheckConstraint) for one in table.constraints)
                assert len(there.get_check_constraints(table.name)) == meant, table.name
        downgrade(revision="base")
        with db.engine.connect() as connection:
            assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        upgrade()


def test_migrations_make_the_models_and_go_both_ways_on_sqlite(tmp_path: Path) -> None:
    app = build_app(f"sqlite:///{tmp_path / 'm.sqlite3'}", tmp_path)
    with fresh_database(app):
        _check_migrations(app)


@pytest.mark.postgres
def test_migrations_make_the_models_and_go_both_ways_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        _check_migrations(app)


@pytest.mark.postgres
def test_postgresql_is_durable(tmp_path: Path, postgres_url: str) -> None:
    app = build_app(postgres_url, tmp_path)
    with app.app_context(), db.engine.connect() as connection:
        settings = [connection.execute(text(f"SHOW {name}")).scalar() for name in ("fsync", "synchronous_commit")]
    dispose(app)
    assert settings == ["on", "on"]


# --- sources --------------------------------------------------------------------------------------------------------


def sources(*, but: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "ediary").rglob("*.py")):
        name = path.relative_to(ROOT / "ediary").as_posix()
        if not name.startswith(but):
            yield name, path.read_text()


@pytest.mark.parametrize(
    ("pattern", "homes"),
    [
        (r"datetime\.now\(|date\.today\(|utcnow\(|time\.time\(", ("core/clock.py",)),
        (r"\bfloat\(|Numeric\(", ("sheets/paper.py",)),  # millimetres on paper are no money
        (r"import .*\btext\b|sa\.text\(|sqlalchemy\.text\(", ("core/",)),
        (r"\.__table__|\btable\(", ("core/", "gate.py", "frame.py", "demo.py")),
        (r"\.commit\(|\.rollback\(", ("core/", "errors.py")),
        (r"Markup\(", ("core/",)),
        (r"except Exception:|except:", ()),
    ],
)
def test_what_has_one_home_is_nowhere_else(pattern: str, homes: tuple[str, ...]) -> None:
    found = [name for name, source in sources(but=homes or ("\0",)) if re.search(pattern, source)]
    assert found == []


def test_only_routes_and_commands_open_write_transactions() -> None:
    may = ("core/", "cli.py", "demo.py", "gate.py")
    found = [
        name
        for name, source in sources(but=may)
        if "write_transaction(" in source and not name.endswith(("routes.py", "cli.py"))
    ]
    assert found == [
        "accounts/attempts.py",  # a guess is counted before it is looked at, around the slow hashing
        "acts/actions.py",  # what a term has closed, concluded by whoever comes first, as the institution
        "kitchen/actions.py",  # the clock's snapshot, stored by whoever comes first, as the institution
    ]


def test_views_are_thin() -> None:
    for name, source in sources():
        if not name.endswith("routes.py"):
            continue
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                body = (node.end_lineno or 0) - node.lineno
                assert body <= 20, f"{name}: {node.name} has {body} lines"


def test_no_file_outgrows_a_room() -> None:
    assert [name for name, source in sources() if source.count("\n") > 450] == []


# --- templates ------------------------------------------------------------------------------------------------------

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_templates_let_nothing_through_unescaped_and_hold_no_script_or_style() -> None:
    for path in TEMPLATES:
        source = path.read_text()
        on_paper = '"_shared/paper.html"' in source or path.name == "paper.html"  # read by the PDF maker, no browser
        forbidden_here = [r"\|\s*safe\b", r"\son[a-z]+=", r"javascript:", r"<script(?![^>]*\bsrc=)"]
        for forbidden in forbidden_here if on_paper else [*forbidden_here, r"\bstyle=", r"<style"]:
            assert not re.search(forbidden, source), f"{path.name}: {forbidden}"


class Roots(HTMLParser):
    """Counts the elements that stand at the top, and notes the first one's id."""

    VOID = frozenset({"input", "br", "img", "hr", "meta", "link", "use", "path", "circle", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.roots: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs))
        if tag not in self.VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self.depth -= 1


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if path.name.startswith("_") and path.parent.name != "_shared"],
    ids=lambda path: path.relative_to(ROOT / "templates").as_posix(),
)
def test_a_piece_has_one_root_with_an_id(path: Path) -> None:
    source = re.sub(r"{#.*?#}|{%.*?%}", "", path.read_text(), flags=re.DOTALL)
    parser = Roots()
    parser.feed(re.sub(r"{{.*?}}", "x", source, flags=re.DOTALL))
    assert len(parser.roots) == 1
    assert parser.roots[0].get("id")


# --- texts ----------------------------------------------------------------------------------------------------------

CATALOGUE = ROOT / "ediary/translations/lt/LC_MESSAGES/messages.po"
KEYWORDS = {
    "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2),
}  # fmt: skip


def _texts_in_use() -> set[tuple[str | None, object]]:
    """(context, text) of everything the program says."""
    return {
        (context, tuple(message) if isinstance(message, list) else message)
        for folder, pattern, method in (("ediary", "**.py", "python"), ("templates", "**.html", "jinja2"))
        for _, _, message, _, context in extract_from_dir(
            ROOT / folder, [(pattern, method)], keywords=KEYWORDS, directory_filter=lambda _folder: True
        )
    }


def test_the_lithuanian_catalogue_is_complete_and_says_nothing_unused() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue: Catalog = read_po(file, locale="lt")
    known = {(message.context, message.id): message for message in catalogue if message.id}
    for message in known.values():
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        assert all(strings), f"not translated: {message.id!r}"
        assert len(strings) == (3 if message.pluralizable else 1), f"Lithuanian has three forms: {message.id!r}"
        assert not message.fuzzy, f"fuzzy: {message.id!r}"
    used = _texts_in_use()
    assert used <= set(known), f"not in the catalogue: {sorted(map(str, used - set(known)))[:5]}"
    assert used >= set(known), f"no longer said: {sorted(map(str, set(known) - used))[:5]}"
