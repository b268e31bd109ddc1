"""The turn of the school year: next year's groups, children moved on one screen, who works in them."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.children.queries import today_points
from ediary.core import clock
from ediary.core.dates import school_year_of
from ediary.core.errors import BadInput
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.years import actions, queries
from ediary.years.forms import StaffForm, goals_of, wanted_groups
from ediary.years.queries import TurnPage

bp = Blueprint("years", __name__, url_prefix="/years")


def to(year: int, part: str = "") -> Response:
    return make_response(redirect(url_for("years.turn", year=year, _anchor=part or None), 303))


def refused(page: TurnPage, refusal: BadInput, form: StaffForm | None = None) -> ResponseReturnValue:
    """The page again as it is, with what was sent and why it was not written."""
    return invalid(
        "years/turn.html", p=page, form=form or StaffForm(formdata=None), refusal=refusal.message, said=request.form
    )


@bp.get("/")
@requires(Permission.GROUP_WRITE)
def index() -> Response:
    return to(school_year_of(clock.today()) + 1)


@bp.get("/<int:year>")
@requires(Permission.GROUP_WRITE)
def turn(year: int) -> str:
    form = StaffForm(formdata=None)
    return render_template("years/turn.html", p=queries.turn_page(year), form=form, said={})


@bp.post("/<int:year>/groups")
@requires(Permission.GROUP_WRITE)
def make_groups(year: int) -> ResponseReturnValue:
    page = queries.turn_page(year)
    try:
        wanted = wanted_groups(request.form, [group.id for group in page.to_make])
        with write_transaction():
            made = actions.make_groups(year, wanted)
    except BadInput as refusal:
        return refused(page, refusal)
    toast(ngettext("%(num)s group is made.", "%(num)s groups are made.", made))
    return to(year, "children")


@bp.post("/<int:year>/children")
@requires(Permission.GROUP_WRITE)
def move_children(year: int) -> ResponseReturnValue:
    page = queries.turn_page(year)
    kids = [kid.child_id for group in page.old for kid in group.kids]
    group_ids = [group.id for group in page.old] + [group.id for group in page.new]
    try:
        of_group = goals_of(request.form, "all", [group.id for group in page.old])
        of_child = goals_of(request.form, "child", kids)
        with write_transaction(lock=today_points(kids, group_ids, page.first)):
            moved = actions.move_children(year, of_group, of_child, current_user.signature)
    except BadInput as refusal:
        return refused(page, refusal)
    if moved.into:
        toast(ngettext("%(num)s child is moved.", "%(num)s children are moved.", moved.into))
    if moved.away:
        toast(ngettext("%(num)s child leaves.", "%(num)s children leave.", moved.away))
    return to(year, "children")


@bp.post("/<int:year>/undo")
@requires(Permission.GROUP_WRITE)
def undo(year: int) -> ResponseReturnValue:
    page = queries.turn_page(year)
    try:
        with write_transaction():
            undone, stay = actions.undo(year)
    except BadInput as refusal:
        return refused(page, refusal)
    toast(ngettext("%(num)s child is back as it was.", "%(num)s children are back as they were.", undone))
    if stay:
        toast(_("Something else was decided since about: %(names)s. They stay.", names=", ".join(stay)), "warn")
    return to(year, "children")


@bp.post("/<int:year>/staff")
@requires(Permission.GROUP_WRITE)
def assign_staff(year: int) -> ResponseReturnValue:
    page, form = queries.turn_page(year), StaffForm()
    try:
        if not form.validate():
            raise BadInput(_("Write the order by which they go on."))
        with write_transaction():
            assigned = actions.assign_staff(year, set(request.form.getlist("post")), form.order(current_user.signature))
    except BadInput as refusal:
        return refused(page, refusal, form)
    toast(ngettext("%(num)s person is assigned.", "%(num)s people are assigned.", assigned))
    return to(year, "staff")
