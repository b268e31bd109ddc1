"""Keys over what is in the database: which are used where, what is wrong, and what a new one reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.locks import write_transaction
from ediary.core.secrets import Keys
from ediary.core.session import acting_for
from ediary.health.models import MustNotEat
from tests.cast import Cast

At = Callable[..., None]
A, B = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture
def keys(app: Flask, cast: Cast, at: At, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of data keys: `k1` alone, written without its name as the first installations have it."""
    path = Path(app.config["INSTANCE_DIR"]) / "data.key"
    path.write_text(A)
    path.chmod(0o600)
    monkeypatch.setitem(app.config, "DATA_KEYS", Keys(path))
    with app.app_context(), acting_for(cast.saulute), write_transaction():
        # the Cast's own was sealed with a key of the test run
        for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.is_sensitive)):
            db.session.delete(entry)
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
