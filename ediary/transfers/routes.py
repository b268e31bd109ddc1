"""Children who leave, are away for a time, or go over to another institution of this server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from ediary.absences.queries import reasons
from ediary.core import clock, proof
from ediary.core.errors import BadInput
from ediary.core.htmx import toast
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.store import keep
from ediary.core.uploads import send
from ediary.institutions.queries import latest_orders
from ediary.transfers import actions, paper, queries
from ediary.transfers.forms import BackForm, DepartureForm, LeaveForm, TakeForm

bp = Blueprint("transfers", __name__, url_prefix="/transfers")


@bp.get("/")
@requires(Permission.DEPART_WRITE)
def index() -> str:
    return render_template("transfers/index.html", p=queries.page())


# --- leaving --------------------------------------------------------------------------------------------------------


@bp.route("/children/<int:child_id>/departure", methods=["GET", "POST"])
@requires(Permission.DEPART_WRITE)
def depart(child_id: int) -> ResponseReturnValue:
    child, form = queries.child(child_id), DepartureForm()
    if form.validate_on_submit():
        try:
            with write_transaction():
                made = actions.depart(
                    child_id, form.day.data, form.reason.data, form.note.data, form.order(current_user.signature)
                ).id
            toast(_("Written down: %(name)s leaves.", name=child.name))
            return redirect(url_for(".departure", departure_id=made), 303)
        except BadInput as refusal:
            return _asked("transfers/depart.html", form, child=child, refusal=refusal.message)
    return _asked("transfers/depart.html", form, child=child)


def _asked(template: str, form: Any, **context: Any) -> ResponseReturnValue:
    """The page with its form: asked for, or sent and not yet right (422)."""
    status = 422 if form.is_submitted() else 200
    return render_template(template, form=form, orders=latest_orders(), **context), status


@bp.get("/departures/<int:departure_id>")
@requires(Permission.DEPART_WRITE)
def departure(departure_id: int) -> str:
    return render_template("transfers/departure.html", p=queries.departure(departure_id))


@bp.post("/departures/<int:departure_id>/report")
@requires(Permission.DEPART_WRITE)
def report(departure_id: int) -> ResponseReturnValue:
    content = proof.printed(paper.report(departure_id, current_user.signature), current_user.signature)
    sha256 = keep(content)
    with write_transaction():
        actions.keep_report(departure_id, sha256)
    return send(content, f"isvykimo-pazyma-{departure_id}.pdf", "application/pdf")


@bp.post("/departures/<int:departure_id>/stay")
@requires(Permission.DEPART_WRITE)
def stay(departure_id: int) -> ResponseReturnValue:
    with write_transaction():
        actions.stay(departure_id, current_user.signature)
    toast(_("The child stays: the place goes on as it was."))
    return redirect(url_for(".index"), 303)


@bp.post("/departures/<int:departure_id>/offer")
@requires(Permission.DEPART_WRITE)
def offer(departure_id: int) -> ResponseReturnValue:
    """Puts the child on the shared list and answers with the letter for the family: the code is on it alone."""
    with write_transaction():
        code = actions.offer(departure_id)
    return send(
        paper.letter(departure_id, code, current_user.signature),
        f"laiskas-seimai-{departure_id}.pdf",
        "application/pdf",
    )


@bp.post("/departures/<int:departure_id>/withdraw")
@requires(Permission.DEPART_WRITE)
def withdraw(departure_id: int) -> ResponseReturnValue:
    with write_transaction():
        actions.withdraw(departure_id)
    toast(_("The child is no longer on the shared list; the code opens nothing more."))
    return redirect(url_for(".departure", departure_id=departure_id), 303)


# --- away for a time ------------------------------------------------------------------------------------------------


@bp.route("/children/<int:child_id>/leave", methods=["GET", "POST"])
@requires(Permission.DEPART_WRITE)
def leave(child_id: int) -> ResponseReturnValue:
    child, form = queries.child(child_id), LeaveForm()
    form.reason_id.choices = [SelectChoice("", _("not said")), *_reasons()]
    if not form.validate_on_submit():
        return _asked("transfers/leave.html", form, child=child)
    group_id = actions.group_of(child_id, clock.today())
    try:
        with write_transaction(lock=GroupDay(group_id, clock.today())):
            actions.leave_for_a_time(group_id, child_id, form.told(), form.order(current_user.signature))
    except BadInput as refusal:
        return _asked("transfers/leave.html", form, child=child, refusal=refusal.message)
    toast(_("Written down: %(name)s is away.", name=child.name))
    return redirect(url_for(".index"), 303)


def _reasons() -> list[SelectChoice]:
    return [SelectChoice(str(one.id), one.name) for one in reasons(clock.today())]


@bp.route("/leaves/<int:leave_id>/back", methods=["GET", "POST"])
@requires(Permission.DEPART_WRITE)
def back(leave_id: int) -> ResponseReturnValue:
    away, form = queries.leave(leave_id), BackForm()
    if not form.validate_on_submit():
        return render_template("transfers/back.html", form=form, away=away), 422 if form.is_submitted() else 200
    group_id = actions.group_of(away.child_id, clock.today())
    with write_transaction(lock=GroupDay(group_id, clock.today())):
        actions.come_back(group_id, leave_id, form.back_on.data, current_user.signature)
    toast(_("Written down: the child is back."))
    return redirect(url_for(".index"), 303)


# --- the shared list ------------------------------------------------------------------------------------------------


@bp.get("/offers")
@requires(Permission.DEPART_WRITE)
def offers() -> str:
    return render_template("transfers/offers.html", offers=queries.shared_list())


@bp.route("/offers/<int:offer_id>", methods=["GET", "POST"])
@requires(Permission.DEPART_WRITE)
def take(offer_id: int) -> ResponseReturnValue:
    offered, form = queries.offered(offer_id), TakeForm()
    form.group_id.choices = [
        SelectChoice(str(one), name) for one, name in queries.groups_for(form.first.data or clock.today())
    ]
    if not form.validate_on_submit():
        return _asked("transfers/take.html", form, offered=offered)
    group_id, first = form.group_id.data, form.first.data
    lock = [GroupDay(group_id, first)] if first == clock.today() else []
    try:
        with write_transaction(lock=lock):
            order = form.order(current_user.signature)
            arrival = actions.take(offer_id, form.code.data, group_id, first, current_user.signature, order).id
    except BadInput as refusal:
        return _asked("transfers/take.html", form, offered=offered, refusal=refusal.message)
    return redirect(url_for(".arrived", arrival_id=arrival), 303)


@bp.get("/arrivals/<int:arrival_id>")
@requires(Permission.DEPART_WRITE)
def arrived(arrival_id: int) -> str:
    return render_template("transfers/arrived.html", p=queries.arrived(arrival_id))
