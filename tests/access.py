"""The access table: every endpoint × every role, kept as data in `access.txt`, and how it is read.

A line is a method, an endpoint and a sign for each role:

    .  refused (403)
    H  the whole house: own and other groups open, another institution's does not exist (404)
    G  own groups only: another group's does not exist
    C  own children only
    P  the person's own only; asked here of another person's
    F  what others offer: another institution's opens, one's own does not exist
    *  opens; nothing in the address belongs to anybody

`python -m tests.access` prints the lines that are missing, as the program now answers: read them before you add them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from werkzeug.routing import Rule

from ediary.core.permissions import ROLE_PERMISSIONS, SEES_OWN_GROUPS, Role

FILE = Path(__file__).with_name("access.txt")
ROLES = tuple(Role)
METHODS = ("GET", "POST")
#: parts of an address that belong to nobody
OF_NOBODY = frozenset(
    {
        "day",
        "month",
        "year",
        "filename",
        "kind",
        "topic",
        "format",
        "which",
        "form",
        "number",
        "section",
        "consent",
        "what",
    }
)


@dataclass(frozen=True)
class Line:
    """One endpoint's signs, by role."""

    method: str
    endpoint: str
    signs: dict[Role, str]


def read() -> dict[tuple[str, str], Line]:
    """(method, endpoint) -> its line."""
    found = {}
    for text in FILE.read_text().splitlines():
        if not text.strip() or text.startswith("#"):
            continue
        method, endpoint, *signs = text.split()
        assert len(signs) == len(ROLES), text
        assert (method, endpoint) not in found, text
        found[method, endpoint] = Line(method, endpoint, dict(zip(ROLES, signs, strict=True)))
    return found


def guarded(app: Flask) -> list[tuple[str, Rule]]:
    """(method, rule) of all that asks for a log-in."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "is_public")
        for method in METHODS
        if method in (rule.methods or ())
    ]


def proposed(app: Flask, method: str, rule: Rule) -> str:
    """The line as roles and permissions now say."""
    permission = app.view_functions[rule.endpoint].required_permission  # type: ignore[attr-defined]
    belongs = bool(set(rule.arguments) - OF_NOBODY)
    signs = []
    for role in ROLES:
        if permission not in ROLE_PERMISSIONS[role]:
            signs.append(".")
        elif not belongs:
            signs.append("*")
        elif role is Role.GUARDIAN:
            signs.append("C")
        else:
            signs.append("G" if role in SEES_OWN_GROUPS else "H")
    return f"{method:<4} {rule.endpoint:<34} " + "   ".join(signs)


if __name__ == "__main__":
    from tests.conftest import build_app

    with TemporaryDirectory() as folder:
        program = build_app(f"sqlite:///{folder}/x.sqlite3", Path(folder))
        known = read() if FILE.exists() else {}
        for one, where in sorted(guarded(program), key=lambda pair: (pair[1].endpoint, pair[0])):
            if (one, where.endpoint) not in known:
                print(proposed(program, one, where))
