"""Names of people as lists write them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ediary.registers.rules import FaultCode, NameOrder, Wrong

_GARBLED = re.compile(r"[ÃÄÅÆÐ][\u0080-\u00bf\u0152-\u0178\u2013-\u2122°±³´¶·¸¹»¼½¾¿]|\ufffd|\?")
_NAME_LETTERS = set("-'’ .`´")


def name(text: str) -> str:
    """A first or last name; JONAITIENĖ -> Jonaitienė. Raises Wrong."""
    text = re.sub(r"\s*-\s*", "-", text.replace("–", "-").replace("‐", "-").replace("‑", "-"))
    if _GARBLED.search(text):
        raise Wrong(FaultCode.NAME_GARBLED)
    letters = [letter for letter in text if letter.isalpha()]
    odd = any(not (letter.isalpha() or unicodedata.combining(letter) or letter in _NAME_LETTERS) for letter in text)
    if odd or not letters:
        raise Wrong(FaultCode.NAME_STRANGE)
    if len(letters) > 2 and (text.isupper() or text.islower()):
        return "".join(part.capitalize() for part in re.split(r"([-'’ .]+)", text))
    return text


def whole_name(text: str, order: NameOrder) -> tuple[str, str]:
    """First and last name out of one cell; „Jonaitis, Jonas“ is last name first whatever the heading says."""
    before, comma, after = text.partition(",")
    if comma and before.strip() and after.strip():
        return name(after.strip()), name(before.strip())
    words = re.sub(r"\s*-\s*", "-", text.replace(",", " ")).split()
    if len(words) < 2:
        raise Wrong(FaultCode.ONE_WORD)
    if order is NameOrder.FIRST_LAST:
        return name(" ".join(words[:-1])), name(words[-1])
    return name(" ".join(words[1:])), name(words[0])


_LAST_NAMES = re.compile(
    r"(ienė|aitė|ytė|utė|ūtė|(auskas|avičius|evičius|avicius|onis|aitis|utis|ytis|ėnas|enas|ūnas|unas|elis|ulis|inskas|"
    r"ickas|eckas|ovas|evas|ova|eva|skij|skaja|ska|ski|vič|enko|aitė))$"
)


def name_order_of(texts: Iterable[str]) -> NameOrder | None:
    """In which order the names of a column seem to be, by the endings of last names; None = hardly to be told."""
    first = last = 0
    for text in texts:
        words = text.casefold().split()
        if len(words) == 2:
            ends = [bool(_LAST_NAMES.search(word.strip(","))) for word in words]
            first += ends == [True, False]
            last += ends == [False, True]
    if first + last < 3 or min(first, last) * 4 > max(first, last):
        return None
    return NameOrder.LAST_FIRST if first > last else NameOrder.FIRST_LAST
