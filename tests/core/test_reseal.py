"""Keys over what is in the database: which are used where, what is wrong, and what a new one reaches."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from ediary.accounts.models import SecondFactor
from ediary.children.models import PersonalCode
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.secrets import Keys, blind_index, seal, sealed_with, unseal
from ediary.core.session import acting_for
from ediary.health.models import MustNotEat
from tests.cast import Cast
from tests.tamper import unguarded

At = Callable[..., None]
# the same in every test process: they stand in the names of tests
A, B = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"a", b"b"))


@pytest.fixture
def keys(app: Flask, cast: Cast, at: At, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of data keys: `k1` alone, written without its name as the first installations have it."""
    path = Path(app.config["INSTANCE_DIR"]) / "data.key"
    path.write_text(A)
    path.chmod(0o600)
    monkeypatch.setitem(app.config, "DATA_KEYS", Keys(path))
    with unguarded(app) as sql:  # the Cast's own was sealed with a key of the test run
        sql.do("DELETE FROM core_audit_entry WHERE is_sensitive")
    return path


def run(app: Flask, *command: str) -> Result:
    return app.test_cli_runner().invoke(args=["keys", *command])


def in_history(app: Flask, cast: Cast, text: str) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        db.session.add(MustNotEat(child_id=cast.children["Boružiukai"][1], text=text, valid_from=date(2026, 9, 1)))


def rows(result: Result) -> list[list[str]]:
    return [line.split("\t") for line in result.stdout.splitlines()]


# --- what is there --------------------------------------------------------------------------------------------------


def test_the_list_names_keys_and_what_they_seal_and_shows_none(app: Flask, cast: Cast, keys: Path) -> None:
    in_history(app, cast, "riešutų")
    assert run(app, "new", "2027").exit_code == 0
    in_history(app, cast, "pieno")
    in_history(app, cast, "žuvies")
    listed = run(app, "list")
    assert rows(listed) == [
        ["2027", "current", "2026-11-23", "history 2"],
        ["k1", "old", "2026-11-23", "history 1"],
    ]
    assert A not in listed.output
    assert listed.stderr == ""


def test_the_list_says_which_key_is_missing_and_which_is_unused(app: Flask, cast: Cast, keys: Path) -> None:
    in_history(app, cast, "riešutų")
    keys.write_text(f"other:{B}")
    assert rows(run(app, "list")) == [
        ["other", "current", "never used", "nothing"],
        ["k1", "MISSING", "2026-11-23", "history 1"],
    ]


def test_the_list_complains_of_a_file_that_others_may_read(app: Flask, keys: Path) -> None:
    keys.chmod(0o644)
    assert "chmod 600" in run(app, "list").stderr


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_keys_that_open_what_is_there_are_let_through(app: Flask, cast: Cast, keys: Path) -> None:
    in_history(app, cast, "riešutų")
    assert run(app, "check").exit_code == 0
    run(app, "new", "2027")
    assert run(app, "check").exit_code == 0


@pytest.mark.parametrize("instead", [f"other:{B}", f"k1:{B}", B])
def test_a_key_that_is_not_here_stops_the_start_with_a_sentence(
    app: Flask, cast: Cast, keys: Path, instead: str
) -> None:
    in_history(app, cast, "riešutų")
    keys.write_text(instead)
    checked = run(app, "check")
    assert checked.exit_code == 1
    assert checked.stderr.startswith("Error: What is sealed in the history needs the data key k1, which is not here")
    assert "Traceback" not in checked.output


def test_a_key_lost_for_good_is_given_up_and_its_values_say_so(app: Flask, cast: Cast, keys: Path) -> None:
    in_history(app, cast, "riešutų")
    keys.write_text(f"other:{B}\n")
    assert run(app, "lost", "k1").exit_code == 0
    assert keys.read_text() == f"other:{B}\nk1:lost\n"
    assert run(app, "check").exit_code == 0
    assert rows(run(app, "list"))[1][:2] == ["k1", "lost"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["new", "k1"], "two keys are named k1; nothing was changed"),
        (["new", "a b"], "'a b' is no name for a key"),
        (["lost", "k1"], "two keys are named k1; nothing was changed"),
    ],
)
def test_what_will_not_do_is_refused_in_a_sentence(app: Flask, keys: Path, command: list[str], said: str) -> None:
    refused = run(app, *command)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"Error: {said}")
    assert keys.read_text() == A


def test_keys_of_the_environment_are_changed_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "DATA_KEYS", Keys(f"k1:{A}"))
    refused = run(app, "new", "2027")
    assert refused.exit_code == 1
    assert "the keys come from DATA_KEY: change them there, and restart the server" in refused.stderr


# --- sealing anew ---------------------------------------------------------------------------------------------------


@pytest.fixture
def codes(app: Flask, cast: Cast, keys: Path) -> list[str]:
    """A personal code of three children of one kindergarten and one of the other, and a second factor; all under k1."""
    saulute = {child: f"3850101001{place}" for place, child in enumerate(cast.children["Boružiukai"][:3])}
    ezerelis = {cast.children["Žuvytės"][0]: "48501010017"}
    for institution_id, of_children in ((cast.saulute, saulute), (cast.ezerelis, ezerelis)):
        with app.app_context(), acting_for(institution_id), write_transaction():
            db.session.add_all(
                PersonalCode(child_id=child, of="child", sealed=seal(code), lookup=blind_index(code))
                for child, code in of_children.items()
            )
    with app.app_context(), write_transaction():
        db.session.add(SecondFactor(user_id=cast.users["rasa"], sealed=seal("TOTP"), last_step=7))
    return [*saulute.values(), *ezerelis.values()]


def stored(app: Flask, institution_id: int) -> list[PersonalCode]:
    with app.app_context(), acting_for(institution_id):
        return list(db.session.scalars(select(PersonalCode).order_by(PersonalCode.id)))


def test_a_new_key_reaches_every_code_and_second_factor_and_nothing_else(
    app: Flask, cast: Cast, keys: Path, codes: list[str]
) -> None:
    before = [(row.id, row.child_id, row.lookup) for row in stored(app, cast.saulute)]
    run(app, "new", "2027")
    done = run(app, "reseal")
    assert done.exit_code == 0, done.output
    said = done.stdout.splitlines()
    assert "accounts_second_factor: 1 sealed anew, 0 were, 0 cannot be opened" in said
    assert "children_personal_code: 4 sealed anew, 0 were, 0 cannot be opened" in said
    assert said[-1] == "The history stays under the keys of its time: keep them."
    rows_now = stored(app, cast.saulute) + stored(app, cast.ezerelis)
    assert [(row.id, row.child_id, row.lookup) for row in rows_now[:3]] == before
    with app.app_context():
        assert [unseal(row.sealed) for row in rows_now] == codes
        assert {sealed_with(row.sealed) for row in rows_now} == {"2027"}
        factor = db.session.scalars(select(SecondFactor)).one()
        assert (unseal(factor.sealed), sealed_with(factor.sealed), factor.last_step) == ("TOTP", "2027", 7)
    assert "children_personal_code: 0 sealed anew, 4 were, 0 cannot be opened" in run(app, "reseal").stdout


def test_sealing_anew_stands_in_each_institutions_history(app: Flask, cast: Cast, keys: Path, codes: list[str]) -> None:
    run(app, "new", "2027")
    run(app, "reseal")
    for institution_id, count in ((cast.saulute, 3), (cast.ezerelis, 1)):
        with app.app_context(), acting_for(institution_id):
            entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reseal")).all()
            said = {entry.table_name: json.loads(entry.changes) for entry in entries}
        assert said == {
            "accounts_second_factor": {"sealed_with": [None, "2027"]},
            "children_personal_code": {"sealed_with": [None, "2027"], "rows": [None, count]},
        }
        assert not any(code in str(said) for code in codes)


def test_values_of_before_keys_had_names_are_reached_too(app: Flask, cast: Cast, keys: Path) -> None:
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        old = Fernet(A).encrypt(b"38501010012").decode()
        child = cast.children["Boružiukai"][0]
        db.session.add(PersonalCode(child_id=child, of="child", sealed=old, lookup=blind_index("38501010012")))
    run(app, "new", "2027")
    run(app, "reseal")
    assert stored(app, cast.saulute)[0].sealed.startswith("2027:")


def test_work_in_small_steps_comes_to_the_end(
    app: Flask, cast: Cast, keys: Path, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ediary.core.reseal.CHUNK", 2)
    run(app, "new", "2027")
    assert "children_personal_code: 4 sealed anew" in run(app, "reseal").stdout
    monkeypatch.setattr("ediary.core.reseal.CHUNK_BYTES", 1)
    run(app, "new", "2028")
    assert "children_personal_code: 4 sealed anew" in run(app, "reseal").stdout


def test_what_no_key_opens_is_left_and_said(app: Flask, cast: Cast, keys: Path, codes: list[str]) -> None:
    foreign = f"gone:{Fernet(B).encrypt(b'x').decode()}"
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        row = db.session.scalars(select(PersonalCode).order_by(PersonalCode.id)).first()
        assert row is not None
        row.sealed = foreign
    run(app, "new", "2027")
    done = run(app, "reseal")
    assert done.exit_code == 1
    assert "children_personal_code: 3 sealed anew, 0 were, 1 cannot be opened" in done.stdout
    assert "a key is missing" in done.stderr
    assert stored(app, cast.saulute)[0].sealed == foreign


def test_a_value_changed_meanwhile_is_left_to_whoever_changed_it(
    app: Flask, cast: Cast, keys: Path, codes: list[str]
) -> None:
    """On PostgreSQL a tap may come between reading a chunk and writing it: the condition of the update says so."""
    from ediary.core import reseal

    run(app, "new", "2027")
    [first, *_] = stored(app, cast.saulute)
    report = reseal.Resealed("children_personal_code")
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        read_before = [{"id": first.id, "sealed": seal("something older"), "lookup": first.lookup}]
        reseal._reseal_rows(PersonalCode, [{**read_before[0], "sealed": first.sealed + " "}], report, logged=True)
        reseal._reseal_rows(PersonalCode, read_before, report, logged=True)
    assert report.changed == 0
    assert stored(app, cast.saulute)[0].sealed == first.sealed


def test_another_index_key_is_noticed_and_everything_indexed_anew(
    app: Flask, cast: Cast, keys: Path, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "INDEX_KEY", "made anew, because the old one is lost")
    checked = run(app, "check")
    assert checked.exit_code == 1
    assert "The index key is not the one children_personal_code was indexed with" in checked.stderr
    assert "children_personal_code: 4 sealed anew" in run(app, "reseal").stdout
    assert run(app, "check").exit_code == 0
    with app.app_context():
        assert [row.lookup for row in stored(app, cast.saulute)] == [blind_index(code) for code in codes[:3]]


def test_a_missing_key_of_the_codes_stops_the_start(app: Flask, cast: Cast, keys: Path, codes: list[str]) -> None:
    keys.write_text(f"other:{B}")
    said = run(app, "check").stderr
    assert "What is sealed in accounts_second_factor needs the data key k1" in said
    assert "What is sealed in children_personal_code needs the data key k1" in said
    assert "flask --app app keys lost k1" in said


@pytest.mark.postgres
def test_keys_reach_postgresql_too(postgres_url: str, tmp_path: Path, at: At) -> None:
    from tests.cast import make_cast
    from tests.conftest import build_app, fresh_database

    app = build_app(postgres_url, tmp_path)
    (tmp_path / "data.key").write_text(A)
    app.config["DATA_KEYS"] = Keys(tmp_path / "data.key")
    with fresh_database(app):
        at(day=date(2026, 8, 31))
        with app.app_context():
            cast = make_cast()
        with app.app_context(), acting_for(cast.saulute), write_transaction():
            child = cast.children["Boružiukai"][0]
            db.session.add(PersonalCode(child_id=child, of="child", sealed=seal("1"), lookup=blind_index("1")))
        run(app, "new", "2027")
        assert "children_personal_code: 1 sealed anew" in run(app, "reseal").stdout
        assert [row[0] for row in rows(run(app, "list"))] == ["2027", "k1"]
        assert run(app, "check").exit_code == 0
