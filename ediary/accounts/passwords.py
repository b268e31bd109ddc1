"""Passwords: argon2, never inside a write transaction (0.15 s each)."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

SHORTEST = 12
#: a password found sooner is among those everybody tries: a hundred million guesses, as a power of ten
FEWEST_GUESSES = 8
#: the judge reads no more
LONGEST_JUDGED = 72

#: what Lithuanians choose: words and names the judge's lists, made elsewhere, do not know; without marks
COMMON = (
    "slaptazodis slaptas slapta slaptazodi labas labukas labadiena sveiki sveikas lietuva lietuvis tevyne vilnius "
    "kaunas klaipeda siauliai panevezys alytus krepsinis zalgiris rytas saule saulute saulele zvaigzde zvaigzdute "
    "darzelis darzeliai lopselis vaikai vaikas vaikuciai aukletoja mokytoja mokytojas mokykla direktore "
    "mama mamyte tetis tevelis seneliai mociute meile myliu mylimas mylimoji brangioji sirdele pupa pupyte zuikis "
    "zuikutis kiskis meska meskutis katinas katinelis suniukas suo pelyte drugelis boruze gelyte roze ramune tulpe "
    "vasara ziema pavasaris ruduo kaledos velykos gimtadienis laimingas laime grazus grazuole draugas draugai "
    "kompiuteris telefonas internetas administratorius dienynas prisijungimas kodas manokodas nezinau niekas"
)


def _hasher() -> PasswordHasher:
    return _made(bool(current_app.config.get("CHEAP_PASSWORDS")))


@lru_cache(maxsize=2)
def _made(cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher().hash(_spelt(password))


def _spelt(password: str) -> str:
    """One spelling of each letter: some devices send „ė“ as two characters."""
    return unicodedata.normalize("NFC", password)


def verify(password_hash: str | None, password: str) -> bool:
    """Is this the password? Takes as long when there is no such log-in."""
    nobodys = _nobodys()  # made with the first password of a process, whoever's that is
    try:
        return _hasher().verify(password_hash or nobodys, _spelt(password)) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=2)
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex(16))


def why_not(password: str, own: Iterable[str]) -> str | None:
    """Why this cannot be a password, as a sentence; None when it can. `own`: the person's names and log-in.

    Long enough, not among those that are tried first, and not made of what everybody knows of the person; no riddles
    of capitals and digits. A few ms.
    """
    if len(password) < SHORTEST:
        return _("At least %(num)s characters: three or four words make a good password.", num=SHORTEST)
    plain = _plain(password)
    if any(part in plain for name in own for part in re.split(r"[^a-z0-9]+", _plain(name)) if len(part) >= 4):
        return _("Your own name or log-in is in it, and everybody knows those. Choose other words.")
    known = [*COMMON.split(), *own]
    if min(_guesses(password, known), _guesses(plain, known)) < FEWEST_GUESSES:
        return _("Others would try this among the first. Choose three or four words that do not belong together.")
    return None


def _plain(text: str) -> str:
    """In small letters without their marks: „Ąžuolas“ is azuolas."""
    return "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(one))


def _guesses(password: str, known: list[str]) -> float:
    """How many guesses somebody would need who knows the commonest passwords and words, as a power of ten."""
    from zxcvbn import zxcvbn  # 30,000 passwords in memory: only for who chooses one

    found: float = zxcvbn(password[:LONGEST_JUDGED], known)["guesses_log10"]
    return found


def random_password() -> str:
    """A password a person can type: four groups of four letters and digits without look-alikes (about 80 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
