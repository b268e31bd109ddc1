"""Keys: made once, named, changed while a server runs; what is sealed opens with the right one or says so."""

from __future__ import annotations

import base64
import logging
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from ediary import config
from ediary.core import secrets
from ediary.core.secrets import BadKeys, KeyMissing, Keys, blind_index, fresh_key, key_file, parse, seal, unseal

# the same in every test process: they stand in the names of tests
A, B = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"a", b"b"))
CODE = "38501010012"


@pytest.fixture
def ring(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a file of data keys of its own: `k1` alone, written without its name."""
    path = Path(app.config["INSTANCE_DIR"]) / "data.key"
    path.write_text(A)
    path.chmod(0o600)
    monkeypatch.setitem(app.config, "DATA_KEYS", Keys(path))
    return app


# --- reading the keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "lost"),
    [
        (A, ["k1"], []),
        (f"{A}\n", ["k1"], []),
        (f"2027:{A}", ["2027"], []),
        (f"2027:{A}\nk1:{B}\n", ["2027", "k1"], []),
        (f"2027:{A},k1:{B}", ["2027", "k1"], []),
        (f"2027:{A}\n{B}", ["2027", "k1"], []),
        (f" 2027 : {A} \r\n\r\n# the old one\r\nk1:{B}\r\n", ["2027", "k1"], []),
        (f"k1:{A}\nk0:lost\n", ["k1"], ["k0"]),
    ],
)
def test_keys_are_read_in_every_spelling_and_the_first_is_current(text: str, names: list[str], lost: list[str]) -> None:
    found = parse(text)
    assert list(found.keys) == names
    assert found.current == names[0]
    assert sorted(found.lost) == lost


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no key"),
        ("# only a remark", "there is no key"),
        ("k1:lost", "there is no key"),
        ("short", "key 1 (k1) is not 32 bytes"),
        (f"k1:{A}\nk2:{B[:-4]}", "key 2 (k2) is not 32 bytes"),
        (f"k1:{A}\nk1:{B}", "two keys are named k1"),
        (f"{A}\n{B}", "two keys are named k1"),
        (f"a b:{A}", "key 1 has no proper name"),
        (f":{A}", "key 1 has no proper name"),
        (f"{'x' * 33}:{A}", "key 1 has no proper name"),
        (f"ąž:{A}", "key 1 has no proper name"),
        (f"k1:lost\nk1:{A}", "two keys are named k1"),
    ],
)
def test_nonsense_is_said_in_a_sentence_that_shows_no_key(text: str, said: str) -> None:
    with pytest.raises(BadKeys) as refused:
        parse(text)
    assert said in str(refused.value)
    assert A not in str(refused.value)
    assert B[:-4] not in str(refused.value)


# --- sealing --------------------------------------------------------------------------------------------------------


def test_what_is_sealed_names_its_key_and_opens_again(ring: Flask) -> None:
    with ring.app_context():
        sealed = seal("ąčę 38501010012")
        assert sealed.startswith("k1:gAAAA")
        assert unseal(sealed) == "ąčę 38501010012"
        assert seal("x") != seal("x")
        assert secrets.sealed_with(sealed) == "k1"


def test_what_was_sealed_before_keys_had_names_still_opens_after_the_key_changed(ring: Flask) -> None:
    before = Fernet(A).encrypt(b"since 2026").decode()
    with ring.app_context():
        assert unseal(before) == "since 2026"
        secrets.data_keys().put_first("2027")
        assert unseal(before) == "since 2026"
        assert secrets.sealed_with(before) == "k1"


def test_a_new_key_seals_what_is_new_without_a_restart_and_the_old_one_opens_what_is_old(ring: Flask) -> None:
    running, another = secrets.Keys(ring.config["INSTANCE_DIR"] / "data.key"), ring.config["DATA_KEYS"]
    with ring.app_context():
        old = seal("old")
        running.put_first("2027")  # as the command does, in a process of its own
        new = seal("new")
        assert new.startswith("2027:")
        assert (unseal(old), unseal(new)) == ("old", "new")
        assert list(another.ring().keys) == ["2027", "k1"]


FOREIGN = Fernet(B).encrypt(b"x").decode()


@pytest.mark.parametrize(
    "sealed",
    [f"gone:{FOREIGN}", f"k1:{FOREIGN}", FOREIGN, "k1:nonsense", "k1:", "", ":", "k1:ąž"],
    ids=["another name", "another key", "no name", "nonsense", "nothing", "empty", "a colon", "letters"],
)
def test_what_cannot_be_opened_is_said_to_the_person_and_in_the_log(
    ring: Flask, sealed: str, caplog: pytest.LogCaptureFixture
) -> None:
    with ring.test_request_context(), pytest.raises(KeyMissing) as refused:
        unseal(sealed)
    assert refused.value.status == 503
    assert "cannot be read" in caplog.text
    assert len(caplog.text) < 300  # the value itself is not in the log


def test_the_page_says_that_a_key_is_missing(ring: Flask) -> None:
    from ediary.errors import answer

    with ring.test_request_context():
        try:
            unseal(f"senas:{Fernet(B).encrypt(b'x').decode()}")
        except KeyMissing as error:
            page = answer(error.status, error.message)
    assert page.status_code == 503
    assert "senas" in page.get_data(as_text=True)


@pytest.mark.parametrize("damage", ["nonsense", "", None, "unreadable"])
def test_a_running_server_keeps_its_keys_when_their_file_is_spoilt(
    ring: Flask, damage: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(ring.config["INSTANCE_DIR"]) / "data.key"
    with ring.app_context(), caplog.at_level(logging.ERROR):
        sealed = seal("kept")
        if damage is None:
            path.unlink()
        elif damage == "unreadable":
            path.unlink()
            path.mkdir()
        else:
            path.write_text(damage)
        assert unseal(sealed) == "kept"
        assert unseal(seal("and goes on")) == "and goes on"
    assert caplog.text.count("the keys read before stay in use") == 1


# --- new keys -------------------------------------------------------------------------------------------------------


def test_a_new_key_is_written_whole_for_the_owner_alone_and_keeps_the_old_ones(ring: Flask) -> None:
    path = Path(ring.config["INSTANCE_DIR"]) / "data.key"
    with ring.app_context():
        secrets.data_keys().put_first("2027")
        secrets.data_keys().put_first("2028")
    lines = path.read_text().split()
    assert [line.split(":")[0] for line in lines] == ["2028", "2027", A]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir() if "data.key" in one.name] == ["data.key"]


@pytest.mark.parametrize("name", ["k1", "", "a b", "a:b", "a\nb", "#a", "a,b", "../x", "x" * 33, "ąž"])
def test_a_name_that_will_not_do_changes_nothing(ring: Flask, name: str) -> None:
    path = Path(ring.config["INSTANCE_DIR"]) / "data.key"
    with ring.app_context(), pytest.raises(BadKeys):
        secrets.data_keys().put_first(name)
    assert path.read_text() == A


def test_keys_from_the_environment_are_not_changed_in_a_file() -> None:
    with pytest.raises(BadKeys, match="come from DATA_KEY"):
        Keys(f"k1:{A}").put_first("2027")


def test_a_key_that_is_here_is_not_given_up(ring: Flask) -> None:
    with ring.app_context():
        with pytest.raises(BadKeys, match="two keys are named k1"):
            secrets.data_keys().give_up("k1")
        secrets.data_keys().give_up("k0")
        assert secrets.data_keys().ring().lost == {"k0"}


def test_of_keys_made_at_once_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "data.key"
    path.write_text(A)
    names = [f"n{number}" for number in range(8)]
    threads = [threading.Thread(target=Keys(path).put_first, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(parse(path.read_text()).keys) == sorted(["k1", *names])


# --- first start ----------------------------------------------------------------------------------------------------

FIRST_START = """
from ediary import config
loaded = config.load()
print(loaded["SECRET_KEY"].decode(), *loaded["DATA_KEYS"].ring().keys, loaded["INDEX_KEY"])
"""


def test_workers_that_start_first_at_once_have_the_same_keys(tmp_path: Path, no_keys: None) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", FIRST_START], stdout=subprocess.PIPE, cwd=config.ROOT) for _ in range(3)
    ]
    said = {start.communicate(timeout=60)[0] for start in starts}
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert len(said) == 1
    instance = tmp_path / "instance"
    for name in ("secret.key", "data.key", "index.key"):
        assert (instance / name).stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in instance.iterdir()) == ["data.key", "index.key", "secret.key"]


def test_a_key_that_many_make_at_once_is_one(tmp_path: Path) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(key_file(tmp_path / "x.key"))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 16
    assert len(set(made)) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["x.key"]


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SECRET_KEY", "DATA_KEY", "INDEX_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path / "instance"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("data.key", "nonsense", "data.key: key 1 (k1) is not 32 bytes in URL-safe base64"),
        ("data.key", "", "data.key: there is no key"),
        ("data.key", "\udcff", "data.key cannot be read or made: it is no text"),
        ("index.key", "short", "INDEX_KEY must have at least 32 characters"),
        ("secret.key", "short", "SECRET_KEY must have at least 32 characters"),
        ("data.key", None, "data.key cannot be read or made: Is a directory"),
        ("index.key", None, "index.key cannot be read or made: Is a directory"),
    ],
)
def test_a_bad_key_file_stops_the_start_with_a_sentence(
    tmp_path: Path, no_keys: None, name: str, content: str | None, said: str
) -> None:
    path = tmp_path / "instance" / name
    path.parent.mkdir()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(config.ConfigError) as stopped:
        config.load()
    assert said in str(stopped.value)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATA_KEY", "nonsense", "DATA_KEY: key 1 (k1) is not 32 bytes"),
        ("INDEX_KEY", "short", "INDEX_KEY must have at least 32 characters"),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 32 characters"),
    ],
)
def test_a_bad_key_in_the_environment_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, no_keys: None, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(config.ConfigError, match=re.escape(said)):
        config.load()


def test_keys_of_the_environment_go_before_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_keys: None
) -> None:
    monkeypatch.setenv("DATA_KEY", f"2027:{A},k1:{B}")
    monkeypatch.setenv("INDEX_KEY", "i" * 32)
    loaded = config.load()
    assert list(loaded["DATA_KEYS"].ring().keys) == ["2027", "k1"]
    assert loaded["INDEX_KEY"] == "i" * 32
    assert [one.name for one in (tmp_path / "instance").iterdir()] == ["secret.key"]


def test_a_made_key_has_a_name_of_its_own(tmp_path: Path) -> None:
    """One made in place of a lost file is not taken for the lost one."""
    assert parse(fresh_key()).current != parse(fresh_key()).current
    assert key_file(tmp_path / "x.key") == key_file(tmp_path / "x.key")


# --- matching -------------------------------------------------------------------------------------------------------


def test_equal_texts_have_equal_indexes_that_survive_a_new_data_key(ring: Flask) -> None:
    with ring.app_context():
        index = blind_index(CODE)
        assert len(index) == 64
        assert CODE not in index
        secrets.data_keys().put_first("2027")
        assert blind_index(CODE) == index
        assert blind_index("38501010013") != index


def test_another_index_key_makes_other_indexes(ring: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with ring.app_context():
        index = blind_index(CODE)
        monkeypatch.setitem(ring.config, "INDEX_KEY", "another key, also of 32 characters")
        assert blind_index(CODE) != index
