"""The tablet that sends this request, told by its own cookie."""

from __future__ import annotations

from flask import Response

from ediary.core.cookies import cookie, set_cookie
from ediary.tablets import queries, rules
from ediary.tablets.models import Tablet

NAME = "ediary-tablet"


def here() -> Tablet | None:
    """The paired tablet behind this request."""
    return queries.by_token(cookie(NAME))


def is_one() -> bool:
    """Does this device say it is a tablet of a group? Nothing is looked up."""
    return bool(cookie(NAME))


def remember(answer: Response, token: str) -> None:
    set_cookie(answer, NAME, token, rules.COOKIE_LASTS)
