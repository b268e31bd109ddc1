"""What a paper's foot says, so that it can be compared with the diary."""

from __future__ import annotations


def short_hash(digest: str) -> str:
    """The first digits of a hash, spaced to be read aloud: `3f2a 91bc 07de`."""
    return " ".join(digest[at : at + 4] for at in range(0, 12, 4))
