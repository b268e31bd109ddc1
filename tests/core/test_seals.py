"""The history cannot be changed, and if somebody who owns the database does, it is found and named (H4)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from flask import Flask

from ediary.children.models import Child
from ediary.core import clock, proof, store
from ediary.core.audit import DIGESTED, digest_of
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.seals import NOTHING, seal
from ediary.core.session import acting_for
from ediary.institutions import actions as institutions
from tests.conftest import MORNING, build_app, dispose, fresh_database
from tests.tamper import KEPT, Raw, raw, unguarded

REFUSED = (sqlite3.DatabaseError, psycopg.Error)
ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


@dataclass(frozen=True)
class Diary:
    """A kindergarten with three seals over children entered, a fourth over a paper, and two entries not sealed yet."""

    app: Flask
    institution_id: int

    def write(self, *names: str) -> None:
        with self.app.app_context(), acting_for(self.institution_id), write_transaction():
            for name in names:
                db.session.add(Child(first_name=name, last_name="Vaikaitis", birth_date=date(2022, 3, 14)))
                db.session.flush()

    def seal(self) -> tuple[int, str]:
        with self.app.app_context(), acting_for(self.institution_id), write_transaction():
            mark = seal()
        assert mark is not None
        return mark.number, mark.sha256

    def run(self, *command: str) -> Result:
        return self.app.test_cli_runner().invoke(args=["history", *command])

    def faults(self, *command: str) -> list[str]:
        """What `history verify` says is wrong; none = status 0."""
        result = self.run("verify", *command)
        lines = [line for line in result.stderr.splitlines() if not line.startswith("Error: ")]
        assert result.exit_code == (1 if lines else 0), result.output
        assert ("faults" in result.stderr) == bool(lines)
        return [re.sub(r"^institution \d+: ", "", line) for line in lines]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def diary(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Diary]:
    if request.param == "sqlite":
        yield from _begun(request.getfixturevalue("app"))
        return
    app = build_app(request.getfixturevalue("postgres_url"), tmp_path)
    with fresh_database(app):
        yield from _begun(app)


def _begun(app: Flask) -> Iterator[Diary]:
    with clock.frozen(MORNING):
        with app.app_context(), write_transaction():
            made = Diary(app, institutions.create("Tikrinamas darželis", "399999999").id)
        made.write("Adomas", "Benas", "Cezaris")
        made.seal()
        made.write("Dovydas", "Elena", "Fausta", "Gabija")
        made.seal()
        made.write("Herkus")
        a_paper(made)
        made.seal()
        made.write("Ieva", "Jonas")
        yield made


def a_paper(diary: Diary, content: bytes = b"%PDF what was printed") -> None:
    with diary.app.app_context(), acting_for(diary.institution_id):
        with write_transaction():
            marked = proof.mark("a.paper", {"of": 1}, proof.fingerprint("what it says"))
        with write_transaction():
            proof.keep(marked, content, "direktorė Ona")


# --- the database refuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", KEPT)
def test_the_database_refuses_every_change_of_what_was_written(diary: Diary, table: str) -> None:
    with raw(diary.app) as sql:
        before = sql.all(f"SELECT * FROM {table} ORDER BY 1, 2")
        assert before
        for deed in (f"UPDATE {table} SET institution_id = institution_id", f"DELETE FROM {table}"):
            with pytest.raises(REFUSED, match="only added to"):
                sql.do(deed)
        for deed in replacing(sql, table):
            with pytest.raises(REFUSED, match="only added to"):
                sql.do(deed)
        assert sql.all(f"SELECT * FROM {table} ORDER BY 1, 2") == before


def replacing(sql: Raw, table: str) -> list[str]:
    """Ways to put one row in another's place, by each unique key; on PostgreSQL also to be rid of all at once."""
    if not sql.on_sqlite:
        upsert = f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1 ON CONFLICT {{}} DO UPDATE SET institution_id = 1"
        key = "(seal_id, place)" if table == "core_sealed" else "(id)"
        return [f"TRUNCATE {table} CASCADE", upsert.format(key)]
    columns = [name for _, name, *_ in sql.all(f"PRAGMA table_info({table})")]
    keys = {"core_seal": ["id", "number"], "core_sealed": ["place", "entry_id"]}.get(table, ["id"])
    deeds = []
    for key in keys:  # every other key of the copy is new
        fresh = {"id": "id + 900", "number": "number + 900", "place": "place + 900", "entry_id": "entry_id + 900"}
        values = ", ".join(name if name == key else fresh.get(name, name) for name in columns)
        where = "WHERE entry_id IS NOT NULL" if table == "core_sealed" else ""
        deeds.append(f"INSERT OR REPLACE INTO {table} SELECT {values} FROM {table} {where} LIMIT 1")
    return [*deeds, f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"]


@pytest.mark.postgres
def test_a_session_that_calls_itself_a_replica_is_refused_too(tmp_path: Path, postgres_url: str) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        for _ in _begun(app):
            with raw(app) as sql:
                sql.do("SET session_replication_role = replica")
                for table in KEPT:
                    with pytest.raises(REFUSED, match="only added to"):
                        sql.do(f"DELETE FROM {table}")


def granting() -> list[str]:
    """The SQL of docs/run.md that makes the server's role."""
    told = (ROOT / "docs/run.md").read_text().partition("## The database's roles")[2].partition("\n## ")[0]
    code = "\n".join(line[4:] for line in told.splitlines() if line.startswith("    "))
    return [one.strip() for one in re.sub(r"--.*", "", code).split(";") if one.strip()]


@pytest.mark.postgres
def test_the_servers_role_reads_and_adds_and_nothing_else(tmp_path: Path, postgres_url: str) -> None:
    owner = build_app(postgres_url, tmp_path)
    with fresh_database(owner), owner.app_context():
        with raw(owner) as sql:
            statements = granting()
            assert len(statements) > 5, "the document is not read"
            name = db.engine.url.database
            sql.do(*(one.replace("DATABASE ediary", f'DATABASE "{name}"') for one in statements))
            url = db.engine.url.set(username="ediary_server", password="change-me")  # as the document says
        server = build_app(url.render_as_string(hide_password=False), tmp_path)
        try:
            for diary in _begun(server):  # it writes, seals and prints
                assert diary.faults() == []
            with raw(server) as sql:
                for table in KEPT:
                    for deed in (
                        f"UPDATE {table} SET institution_id = institution_id",
                        f"DELETE FROM {table}",
                        f"TRUNCATE {table} CASCADE",
                    ):
                        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                            sql.do(deed)
                    for deed in (
                        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
                        f"DROP TRIGGER {table}_kept ON {table}",
                        f"DROP TABLE {table} CASCADE",
                        "SET session_replication_role = replica",
                    ):
                        with pytest.raises(psycopg.errors.InsufficientPrivilege):
                            sql.do(deed)
        finally:
            dispose(server)
            with raw(owner) as sql:
                sql.do("DROP OWNED BY ediary_server", "DROP ROLE ediary_server")


# --- sealing ----------------------------------------------------------------------------------------------------------


def test_a_whole_history_is_clean_and_its_tail_is_counted(diary: Diary) -> None:
    result = diary.run("verify")
    assert result.exit_code == 0
    ours = next(one for one in result.stdout.splitlines() if one.startswith(f"institution {diary.institution_id}:"))
    # the institution and eight children; the paper stands in the fourth seal, two children are not sealed yet
    assert "4 seals, 9 entries and 1 papers sealed, 2 entries not sealed yet" in ours


def test_the_night_seals_what_is_new_and_makes_no_empty_seal(diary: Diary) -> None:
    first, again = diary.run("seal"), diary.run("seal")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert f"institution {diary.institution_id}: seal 5 " in first.stdout
    assert again.stdout == first.stdout
    assert "0 entries not sealed yet" in diary.run("verify").stdout


def test_each_seal_is_made_of_the_one_before(diary: Diary) -> None:
    with raw(diary.app) as sql:
        seals = sql.all(
            f"SELECT previous, sha256 FROM core_seal WHERE institution_id = {diary.institution_id} ORDER BY 1"
        )
        assert {previous for previous, _ in seals} == {NOTHING, *(own for _, own in seals)} - {diary_newest(sql, diary)}


def diary_newest(sql: Raw, diary: Diary) -> str:
    return sql.one(
        f"SELECT sha256 FROM core_seal WHERE institution_id = {diary.institution_id} ORDER BY number DESC LIMIT 1"
    )


def test_what_is_too_much_for_one_seal_goes_into_the_next(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ediary.core.seals.MOST", 2)
    diary.write("Kotryna", "Liepa", "Matas")
    result = diary.run("seal")
    assert f"institution {diary.institution_id}: seal 7 " in result.stdout  # five entries by two
    assert diary.faults() == []


def test_a_printed_file_goes_into_the_next_seal(diary: Diary) -> None:
    a_paper(diary, b"%PDF another")
    with raw(diary.app) as sql:
        assert sql.one("SELECT count(*) FROM core_sealed WHERE paper_id IS NOT NULL") == 1
        diary.seal()
        assert sql.one("SELECT count(*) FROM core_sealed WHERE paper_id IS NOT NULL") == 2


# --- what somebody who owns the database does is found ----------------------------------------------------------------


def sealed(sql: Raw, diary: Diary, number: int) -> list[int]:
    """The entries of a seal, in its order."""
    return [
        row[0]
        for row in sql.all(
            f"SELECT d.entry_id FROM core_sealed d JOIN core_seal s ON s.id = d.seal_id "
            f"WHERE s.institution_id = {diary.institution_id} AND s.number = {number} AND d.entry_id IS NOT NULL "
            f"ORDER BY d.place"
        )
    ]


@pytest.mark.parametrize(
    "set_to",
    ["changes = '{}'", "user_id = NULL, role = 'director'", "at = '2026-11-23 05:00:00+00:00'", "child_id = 1"],
)
def test_an_altered_entry_is_named(diary: Diary, set_to: str) -> None:
    with unguarded(diary.app) as sql:
        entry = sealed(sql, diary, 2)[1]
        sql.do(f"UPDATE core_audit_entry SET {set_to} WHERE id = {entry}")
    assert f"entry {entry}: altered (seal 2, place 2): it is not what its own digest says" in diary.faults()


def test_an_entry_altered_with_its_digest_is_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        entry = sealed(sql, diary, 2)[1]
        forge(sql, entry)
    assert diary.faults() == [f"entry {entry} (seal 2, place 2): altered: it is not what was sealed"]


def forge(sql: Raw, entry: int, changes: str = '{"first_name":[null,"Kitas"]}') -> None:
    """Other changes, and a digest that fits them."""
    names = [*DIGESTED, "salt"]
    row = dict(
        zip(names, sql.all(f"SELECT {', '.join(names)} FROM core_audit_entry WHERE id = {entry}")[0], strict=True)
    )
    if isinstance(row["at"], str):
        row["at"] = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
    row |= {"at": row["at"].astimezone(UTC), "is_sensitive": bool(row["is_sensitive"]), "changes": changes}
    digest = digest_of(row, row["salt"])
    sql.do(f"UPDATE core_audit_entry SET changes = '{changes}', digest = '{digest}' WHERE id = {entry}")


def test_a_removed_entry_is_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        first, second = sealed(sql, diary, 2)[1:3]
        sql.do(f"DELETE FROM core_audit_entry WHERE id IN ({first}, {second})")
    assert diary.faults() == [
        f"entry {first}: removed (seal 2, place 2)",
        f"entry {second}: removed (seal 2, place 3)",
    ]


def test_an_entry_removed_with_its_place_is_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        entry = sealed(sql, diary, 2)[1]
        sql.do(f"DELETE FROM core_sealed WHERE entry_id = {entry}", f"DELETE FROM core_audit_entry WHERE id = {entry}")
    faults = diary.faults()
    assert "place 2 of seal 2: what stood there is removed from its list" in faults


def test_an_entry_put_in_later_is_named(diary: Diary) -> None:
    """With a moment long ago, where no seal has it; today it is the tail, as any."""
    with unguarded(diary.app) as sql:
        forged = insert_like(sql, sealed(sql, diary, 2)[1], "2026-10-01 08:00:00+00:00")
    assert [one.partition(": said")[0] for one in diary.faults()] == [f"entry {forged}: inserted"]


def test_an_entry_put_in_and_then_sealed_with_the_others_is_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        forged = insert_like(sql, sealed(sql, diary, 2)[1], "2026-11-22 09:00:00+00:00")
        diary.seal()
        sql.do(f"UPDATE core_audit_entry SET at = '2026-10-01 08:00:00+00:00' WHERE id = {forged}")
        forge(sql, forged)
    assert any(one.startswith(f"entry {forged}: inserted (seal 5, place 1)") for one in diary.faults())


def test_an_entry_put_into_a_seals_list_is_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        entries = sealed(sql, diary, 2)
        forged = insert_like(sql, entries[1], "2026-11-23 06:00:00+00:00")
        seal_id, last = sql.all(f"SELECT seal_id, place FROM core_sealed WHERE entry_id = {entries[-1]}")[0]
        sql.do(
            "INSERT INTO core_sealed (seal_id, place, entry_id, link, institution_id) "
            f"VALUES ({seal_id}, {last + 1}, {forged}, '{NOTHING}', {diary.institution_id})"
        )
    assert f"entry {forged}: inserted (seal 2, place {last + 1}): the seal was made over {last}" in diary.faults()


def insert_like(sql: Raw, entry: int, at: str) -> int:
    forged = sql.one("SELECT max(id) FROM core_audit_entry") + 1
    names = ["id", "salt", "digest", *DIGESTED]
    values = ", ".join({"id": str(forged), "at": f"'{at}'"}.get(name, name) for name in names)
    sql.do(
        f"INSERT INTO core_audit_entry ({', '.join(names)}) SELECT "
        + (values if sql.on_sqlite else values.replace(f"'{at}'", f"'{at}'::timestamptz"))
        + f" FROM core_audit_entry WHERE id = {entry}"
    )
    forge(sql, forged)
    return forged


def test_two_entries_that_changed_places_are_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        first, second = sealed(sql, diary, 2)[1:3]
        sql.do(
            f"UPDATE core_audit_entry SET id = -1 WHERE id = {first}",
            f"UPDATE core_audit_entry SET id = {first} WHERE id = {second}",
            f"UPDATE core_audit_entry SET id = {second} WHERE id = -1",
        )
    assert diary.faults() == [
        f"entry {first} (seal 2, place 2): reordered: it holds what entry {second} was sealed with",
        f"entry {second} (seal 2, place 3): reordered: it holds what entry {first} was sealed with",
    ]


def test_places_that_were_changed_in_a_seals_list_are_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        first, second = sealed(sql, diary, 2)[1:3]
        sql.do(
            f"UPDATE core_sealed SET place = -1 WHERE entry_id = {first}",
            f"UPDATE core_sealed SET place = 2 WHERE entry_id = {second}",
            f"UPDATE core_sealed SET place = 3 WHERE entry_id = {first}",
        )
    faults = diary.faults()
    assert f"entry {second} (seal 2, place 2): reordered: it was sealed after another than it stands after" in faults
    assert f"entry {first} (seal 2, place 3): reordered: it was sealed after another than it stands after" in faults


def test_entries_that_changed_places_in_a_list_whose_links_stay_are_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        first, second = sealed(sql, diary, 2)[1:3]
        links = dict(sql.all(f"SELECT entry_id, link FROM core_sealed WHERE entry_id IN ({first}, {second})"))
        sql.do(
            f"UPDATE core_sealed SET place = -1, link = '{links[second]}' WHERE entry_id = {first}",
            f"UPDATE core_sealed SET place = 2, link = '{links[first]}' WHERE entry_id = {second}",
            f"UPDATE core_sealed SET place = 3 WHERE entry_id = {first}",
        )
    assert diary.faults() == [
        f"entry {second} (seal 2, place 2): reordered: entry {first} was sealed at this place",
        f"entry {first} (seal 2, place 3): reordered: entry {second} was sealed at this place",
    ]


def test_an_altered_seal_is_named_and_so_is_the_one_after_it(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        of_two = f"WHERE number = 2 AND institution_id = {diary.institution_id}"
        sql.do(f"UPDATE core_seal SET at = '2026-11-20 06:00:00' {of_two}")
    assert diary.faults() == ["seal 2: is altered"]


def test_a_seal_taken_out_of_the_middle_is_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        number = f"(SELECT id FROM core_seal WHERE institution_id = {diary.institution_id} AND number = 2)"
        sql.do(f"DELETE FROM core_sealed WHERE seal_id = {number}")
        sql.do(f"DELETE FROM core_seal WHERE institution_id = {diary.institution_id} AND number = 2")
    assert "seal 2: is gone; the next one there is seal 3" in diary.faults()


def test_a_chain_that_was_cut_is_found_with_a_printed_seal(diary: Diary) -> None:
    number, sha256 = diary.seal()
    printed = f"{number}:{sha256[:4]} {sha256[4:8]} {sha256[8:12]}"
    assert diary.faults("--seal", printed) == []
    with unguarded(diary.app) as sql:
        cut(sql, diary, from_number=3)
    assert diary.faults() == []
    assert diary.faults("--seal", printed) == [
        f"printed seal {number}:{sha256[:12]}: the chain ends with seal 2: what came after it was cut off"
    ]


def test_a_chain_written_anew_is_found_with_a_printed_seal(diary: Diary) -> None:
    """All seals are thrown away, an entry forged, everything sealed again in the same number of seals."""
    printed = diary.seal()
    with unguarded(diary.app) as sql:
        batches = [sealed(sql, diary, number) for number in range(1, printed[0] + 1)]
        entry = batches[1][1]
        cut(sql, diary, from_number=1)
        forge(sql, entry)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ediary.core.seals.MOST", 2)
            diary.run("seal")
        now = sql.one(
            f"SELECT sha256 FROM core_seal WHERE institution_id = {diary.institution_id} AND number = {printed[0]}"
        )
    assert diary.faults() == []  # by itself it is a whole chain
    (fault,) = diary.faults("--seal", f"{printed[0]}:{printed[1]}")
    assert fault.startswith(f"printed seal {printed[0]}:{printed[1]}: the diary's seal {printed[0]} is ")
    assert now in fault
    assert fault.endswith(": the chain was written anew")


def cut(sql: Raw, diary: Diary, from_number: int) -> None:
    seals = f"(SELECT id FROM core_seal WHERE institution_id = {diary.institution_id} AND number >= {from_number})"
    sql.do(f"DELETE FROM core_sealed WHERE seal_id IN {seals}", f"DELETE FROM core_paper WHERE seal_id IN {seals}")
    sql.do(f"DELETE FROM core_seal WHERE institution_id = {diary.institution_id} AND number >= {from_number}")


def test_a_history_emptied_whole_is_found_with_a_printed_seal(diary: Diary) -> None:
    number, sha256 = diary.seal()
    with unguarded(diary.app) as sql:
        sql.do(*(f"DELETE FROM {table}" for table in ("core_sealed", "core_paper", "core_seal", "core_audit_entry")))
    assert len(diary.faults("--seal", f"{number}:{sha256}")) == 1


def test_entries_emptied_away_are_each_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        entries = [entry for number in (1, 2, 3) for entry in sealed(sql, diary, number)]
        sql.do("DELETE FROM core_audit_entry" if sql.on_sqlite else "TRUNCATE core_audit_entry CASCADE")
        left = sql.one("SELECT count(*) FROM core_sealed")
    said = " ".join(diary.faults())
    assert not left or all(f"entry {entry}: removed" in said for entry in entries)


def test_an_altered_paper_and_a_file_that_is_gone_are_named(diary: Diary) -> None:
    with unguarded(diary.app) as sql:
        paper = sql.one("SELECT max(id) FROM core_paper")
        file = sql.one("SELECT max(file_sha256) FROM core_paper")
        sql.do(f"UPDATE core_paper SET printed_by = 'kitas' WHERE id = {paper}")
    assert [one.partition(" (")[0] for one in diary.faults()] == [f"paper {paper}"]
    with diary.app.app_context():
        store._path(file).unlink()
    assert f"paper {paper} (seal 4, place 1): kept file {file} is missing" in diary.faults()


@pytest.mark.parametrize("said", ["12", "x:3f2a91bc07de", "3:3f2a", "3:3f2a91bc07dz", ":3f2a91bc07de"])
def test_a_seal_that_cannot_be_one_is_told_so(app: Flask, said: str) -> None:
    result = app.test_cli_runner().invoke(args=["history", "verify", "--seal", said])
    assert result.exit_code == 2
    assert "at least twelve digits" in result.stderr
