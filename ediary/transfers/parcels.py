"""Sealing a child's package with the code that only the family has, and once more with the server's own key.

Whoever steals the database has no codes; whoever finds a code needs the server. Architecture 6.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ediary.accounts.tokens import hash_code
from ediary.core.secrets import seal, unseal
from ediary.transfers.rules import NoPackage, Package, pack, unpack

KIND = "transfer"


def hash_of(code: str) -> str:
    """What the offer keeps of its code."""
    return hash_code(KIND, code)


def close(package: Package, code: str) -> str:
    """The package, sealed; only `open_with` the same code opens it."""
    return seal(_lock(code).encrypt(pack(package).encode()).decode())


def open_with(code: str, sealed: str) -> Package:
    """The package that was closed with this code. Raises NoPackage for any other code."""
    try:
        return unpack(_lock(code).decrypt(unseal(sealed).encode()).decode())
    except InvalidToken:
        raise NoPackage("another code") from None


def _lock(code: str) -> Fernet:
    """Codes are long and random (accounts.tokens): a slow derivation would add nothing."""
    letters = "".join(filter(str.isalnum, code)).upper().encode()
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ediary transfer package")
    return Fernet(base64.urlsafe_b64encode(derive.derive(letters)))
