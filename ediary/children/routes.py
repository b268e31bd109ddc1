"""Lists of children: by name, group and stay; birthdays of the week; whose parents have no access."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ediary.children import lists
from ediary.children.lists import Listed, Stay
from ediary.children.rules import tidy
from ediary.core import clock
from ediary.core.forms import row_id
from ediary.core.htmx import is_htmx
from ediary.core.permissions import Permission, requires

bp = Blueprint("children", __name__, url_prefix="/children")

#: nobody seeks by a longer name
LONGEST_SOUGHT = 80


def _number(name: str) -> int | None:
    """A whole number of the address; None for anything else."""
    with suppress(ValueError):
        return row_id(request.args.get(name, ""))
    return None


def _asked() -> Listed:
    """The list as the address asks for it; what makes no sense in it is left out."""
    stay = Stay.HERE
    with suppress(ValueError):
        stay = Stay(request.args.get("stay", ""))
    sought = tidy(request.args.get("q"))[:LONGEST_SOUGHT].replace("\0", "")
    year = _number("year")
    return lists.listed(stay, sought, _number("group"), year if year and 2000 <= year < 2200 else None)


@bp.get("/")
@requires(Permission.CHILD_READ)
def index() -> ResponseReturnValue:
    """The children one has; while one types, only the list is drawn anew."""
    template = "children/_list.html" if is_htmx() else "children/index.html"
    return render_template(template, p=_asked())


@bp.get("/birthdays")
@requires(Permission.CHILD_READ)
def this_week() -> ResponseReturnValue:
    return redirect(url_for(".birthdays", day=clock.today()), 303)


@bp.get("/birthdays/<date:day>")
@requires(Permission.CHILD_READ)
def birthdays(day: date) -> str:
    """Of the week of a day, by consent; month and day, never the year (B4)."""
    return render_template("children/birthdays.html", p=lists.birthdays(day))


@bp.get("/no-access")
@requires(Permission.CHILD_READ)
def no_access() -> str:
    """Children none of whose parents has come into the diary (V 4.2.9)."""
    return render_template("children/no_access.html", groups=lists.without_access())
