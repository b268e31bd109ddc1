"""Random tokens and codes, what their rows keep of them, and what kind of device holds a session."""

from __future__ import annotations

import hashlib
import secrets

from ediary.core.secrets import blind_index

#: capital letters that every Lithuanian keyboard has (no Q, W, X) and no eye or pen mistakes (no I, L, O, U)
LETTERS = "ABCDEFGHJKMNPRSTVYZ"
#: letters of a code: 16 of 19 are 68 bits
LENGTH, GROUP = 16, 4


def hash_token(token: str) -> str:
    """The token itself is only in the cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def fresh_code() -> str:
    """A one-time code to be printed and typed: ABCD-EFGH-JKMN-PRST."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def hash_code(kind: str, typed: str) -> str:
    """What is kept of a one-time code: an HMAC-SHA256, so that nobody can try codes on a stolen database.

    `kind` keeps codes for one thing from opening another. Case, dashes and blanks do not matter.
    """
    return blind_index(f"{kind}:{''.join(filter(str.isalnum, typed)).upper()}")


def device_kind(user_agent: str) -> str:
    """tablet, phone or desktop, told from what the browser says of itself; for the history, decides nothing."""
    agent = user_agent.lower()
    if "ipad" in agent or "tablet" in agent or ("android" in agent and "mobile" not in agent):
        return "tablet"
    if "mobile" in agent or "iphone" in agent:
        return "phone"
    return "desktop"
