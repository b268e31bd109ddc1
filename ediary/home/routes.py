"""Today's work of each role: most urgent first, and nothing else."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.accounts import actions as accounts
from ediary.core.addresses import needs
from ediary.core.htmx import toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.home import actions, queries
from ediary.home.family import family_page
from ediary.home.lines import lines
from ediary.home.models import Delivered
from ediary.home.places import rooms

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.HOME)
def today() -> ResponseReturnValue:
    """The page on which this role's day begins; only who has nothing or too much to begin with stays here."""
    start = queries.start()
    if isinstance(start, queries.Elsewhere):
        return redirect(url_for(start.endpoint, **start.arguments))
    return render_template(start.template, home=start)


@bp.get("/lines")
@requires(Permission.HOME)
def day_lines() -> str:
    """What is new today, as a piece for the pages on which a day begins; on a shared tablet nothing."""
    told = [] if current_user.tablet_id else lines()
    return render_template("home/_lines.html", lines=told)


@bp.get("/places")
@requires(Permission.HOME)
def places() -> str:
    """Everything this role can open."""
    return render_template("home/places.html", rooms=rooms(current_user.permissions))


@bp.get("/home/children")
@requires(Permission.OWN_CHILDREN)
def children() -> str:
    """A guardian's own children."""
    return render_template("home/children.html", p=family_page())


@bp.post("/home/looked/<any(deadlines,reasons,pledge):what>")
@requires(Permission.SETTINGS_WRITE)
def looked(what: str) -> ResponseReturnValue:
    """A setting is left as it was delivered: the step is done."""
    with write_transaction():
        actions.look_at(Delivered(what), current_user.signature)
    toast(_("Noted: it stays as it is."))
    return redirect(url_for(".today"), 303)


@bp.get("/roles")
@requires(Permission.HOME)
def roles() -> ResponseReturnValue:
    """One's own roles to choose from; the frame knows them."""
    return render_template("home/roles.html")


@bp.get("/go")
@requires(Permission.HOME)
def go() -> ResponseReturnValue:
    """From the log-in to the page asked for, in the first of one's roles that may open it; if none may, as one is.

    The page is the log-in's word, taken once: no address from elsewhere changes a person's role.
    """
    asked = session.pop("asked", None)
    if asked is None:
        return redirect(url_for(".today"), 303)
    needed, group_id = needs(asked)
    seat = queries.seat_to(current_user.user_id, needed, group_id) if needed else None
    if seat not in (None, current_user.membership_id):
        with write_transaction():
            accounts.switch(current_user.session_id, current_user.user_id, seat)
    return redirect(asked, 303)
