"""Today's work of each role: most urgent first, and nothing else."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ediary.core.permissions import Permission, requires
from ediary.home import queries

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.HOME)
def today() -> ResponseReturnValue:
    """The page on which this role's day begins; only who has nothing or too much to begin with stays here."""
    start = queries.start()
    if isinstance(start, queries.Elsewhere):
        return redirect(url_for(start.endpoint, **start.arguments))
    return render_template(start.template, home=start)


@bp.get("/roles")
@requires(Permission.HOME)
def roles() -> ResponseReturnValue:
    """One's own roles to choose from; the frame knows them."""
    return render_template("home/roles.html")
