"""Shared tablets: paired once by an administrator; who acts is said by a short number."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from ediary.accounts import actions as accounts
from ediary.core import clock
from ediary.core.errors import BadInput, NotFound, TooManyTries
from ediary.core.forms import checked
from ediary.core.htmx import toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, before_entry, public, requires
from ediary.core.session import acting_for
from ediary.extensions import login_manager
from ediary.tablets import actions, device, queries
from ediary.tablets.forms import GroupsForm, PairForm, PinForm, TabletForm
from ediary.tablets.models import Tablet

bp = Blueprint("tablets", __name__, url_prefix="/tablets")


# --- the administrator's --------------------------------------------------------------------------------------------


@bp.get("/")
@requires(Permission.TABLET_WRITE)
def index() -> str:
    return render_template("tablets/index.html", p=queries.page(), form=TabletForm())


@bp.post("/")
@requires(Permission.TABLET_WRITE)
def add() -> ResponseReturnValue:
    form = TabletForm()
    if not form.validate():
        return render_template("tablets/index.html", p=queries.page(), form=form), 422
    with write_transaction():
        tablet_id = actions.add(form.name.data, form.groups.data or [], current_user.signature).id
        code = actions.new_code(tablet_id)
    return _show_code(form.name.data, code)


@bp.post("/<int:tablet_id>/code")
@requires(Permission.TABLET_WRITE)
def new_code(tablet_id: int) -> ResponseReturnValue:
    with write_transaction():
        code = actions.new_code(tablet_id)
    return _show_code("", code)


def _show_code(name: str, code: str) -> ResponseReturnValue:
    """The code stands on the screen once, and nowhere else."""
    return render_template("tablets/code.html", name=name, code=code, address=url_for(".pair", _external=True))


@bp.post("/<int:tablet_id>/groups")
@requires(Permission.TABLET_WRITE)
def groups(tablet_id: int) -> ResponseReturnValue:
    form = checked(GroupsForm())
    with write_transaction():
        actions.show(tablet_id, form.groups.data or [])
    toast(_("The tablet shows these groups from now on."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:tablet_id>/end")
@requires(Permission.TABLET_WRITE)
def end(tablet_id: int) -> ResponseReturnValue:
    with write_transaction():
        actions.end(tablet_id)
    toast(_("The tablet shows nothing more."))
    return redirect(url_for(".index"), 303)


# --- the tablet's own: before anybody acts --------------------------------------------------------------------------


@bp.route("/pair", methods=["GET", "POST"])
@public
def pair() -> ResponseReturnValue:
    form = PairForm()
    if not form.validate_on_submit():
        return render_template("tablets/pair.html", form=form), 422 if form.is_submitted() else 200
    try:
        tablet_id = actions.check_code(form.code.data, request.remote_addr or "")
        with write_transaction():
            token = actions.pair(tablet_id)
    except (BadInput, TooManyTries) as refusal:
        return render_template("tablets/pair.html", form=form, refusal=refusal.message), refusal.status
    answer = make_response(redirect(url_for(".doors"), 303))
    device.remember(answer, token)
    return answer


def _here() -> Tablet:
    """Raises NotFound on a device that is no tablet of a group."""
    tablet = device.here()
    if tablet is None:
        raise NotFound
    return tablet


@bp.get("/doors")
@public
def doors() -> ResponseReturnValue:
    """Who acts? Asked first thing in the morning, after quiet minutes, and to change group."""
    tablet = device.here()
    if tablet is None:
        return redirect(url_for("accounts.login"), 303)
    with acting_for(tablet.institution_id):
        page = queries.doors(tablet)
    return render_template("tablets/doors.html", p=page, bare=True)


@bp.route("/doors/<int:user_id>", methods=["GET", "POST"])
@public
def enter(user_id: int) -> ResponseReturnValue:
    tablet, form = _here(), PinForm()
    with acting_for(tablet.institution_id):
        one = queries.hand(tablet, user_id)
    if one is None:
        raise NotFound
    if not form.validate_on_submit():
        return _ask(form, one, 422 if form.is_submitted() else 200)
    try:
        with acting_for(tablet.institution_id):
            actions.check_hand(tablet, user_id, form.pin.data)
        with write_transaction():
            token = actions.act(tablet.id, tablet.institution_id, user_id)
    except (BadInput, TooManyTries) as refusal:
        return _ask(form, one, refusal.status, refusal.message)
    return _come_in(token)


@bp.post("/leave")
@requires(Permission.HOME)
@before_entry
def leave() -> ResponseReturnValue:
    """Whoever acts is done; the next one is asked."""
    with write_transaction():
        accounts.end_session(current_user.session_id)
    logout_user()
    session.clear()
    return redirect(url_for(".doors"), 303)


def _ask(form: PinForm, one: queries.Hand, status: int, refusal: Any = None) -> ResponseReturnValue:
    return render_template("tablets/pin.html", form=form, one=one, bare=True, refusal=refusal), status


def _come_in(token: str) -> Response:
    """Straight to the day where there is one group; an educator's groups otherwise."""
    session.clear()
    user = login_manager._user_callback(token)
    login_user(user)
    groups: tuple[int, ...] = user.group_ids or ()
    if len(groups) != 1:
        return make_response(redirect(url_for("home.today"), 303))
    return make_response(redirect(url_for("attendance.day", day=clock.today(), group_id=groups[0]), 303))
