"""Groups of a school year: what they are, who works in them, who is in them, visits and merges."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from wtforms.fields.choices import SelectChoice

from ediary.children.queries import of_group_today, today_points
from ediary.core import clock
from ediary.core.dates import school_year_of
from ediary.core.errors import BadInput
from ediary.core.forms import row_id
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.groups import actions, moves, pages
from ediary.groups.actions import Particulars, Term
from ediary.groups.forms import AssignForm, EndForm, GroupForm, MergeForm, VisitForm, WorkForm, who_of
from ediary.groups.looks import language_name
from ediary.groups.people import candidates
from ediary.groups.rules import LANGUAGES, AgeBand, Changeable, Programme
from ediary.groups.year import year_page

bp = Blueprint("groups", __name__, url_prefix="/groups")

#: years the diary could know of
YEARS = range(2000, 2100)


def year_asked() -> int:
    """The school year of the address, or today's."""
    with suppress(ValueError):
        year = row_id(request.args.get("year", ""))
        if year in YEARS:
            return year
    return school_year_of(clock.today())


def back_to(group_id: int) -> Response:
    return make_response(redirect(url_for("groups.group", group_id=group_id), 303))


def tried(template: str, write: Callable[[], Any], **context: Any) -> ResponseReturnValue | None:
    """Write; None when it was written, else the page again with the refusal, 422."""
    try:
        write()
    except BadInput as refusal:
        return invalid(template, refusal=refusal.message, **context)
    return None


@bp.get("/")
@requires(Permission.GROUP_READ)
def index() -> str:
    return render_template("groups/index.html", p=year_page(year_asked()))


@bp.get("/<int:group_id>")
@requires(Permission.GROUP_READ)
def group(group_id: int) -> str:
    return render_template("groups/group.html", p=pages.group_page(group_id))


# --- the group itself -----------------------------------------------------------------------------------------------


def particulars(form: GroupForm) -> Particulars:
    return Particulars(
        programme=Programme(form.programme.data),
        minutes_a_day=form.minutes_a_day.data,
        language=form.language.data,
        room=(form.room.data or "").strip(),
        kitchen=(form.kitchen.data or "").strip(),
        places=form.places.data,
    )


def offered(form: GroupForm) -> GroupForm:
    """The languages by their names."""
    form.language.choices = [SelectChoice(code, language_name(code)) for code in LANGUAGES]
    return form


@bp.get("/new")
@requires(Permission.GROUP_WRITE)
def new() -> str:
    return render_template("groups/edit.html", form=offered(GroupForm(formdata=None)), p=None, year=year_asked())


@bp.post("/new")
@requires(Permission.GROUP_WRITE)
def add() -> ResponseReturnValue:
    form, year = offered(GroupForm()), year_asked()
    context = {"form": form, "p": None, "year": year}
    if not form.validate():
        return invalid("groups/edit.html", **context)
    made = []

    def write() -> None:
        with write_transaction():
            made.append(actions.add_group(year, form.name.data, AgeBand(form.age_band.data), particulars(form)).id)

    return tried("groups/edit.html", write, **context) or back_to(made[0])


@bp.get("/<int:group_id>/edit")
@requires(Permission.GROUP_WRITE)
def edit(group_id: int) -> str:
    page = pages.form_page(group_id)
    form = offered(GroupForm(formdata=None, obj=page.group))
    form.age_band.data, form.programme.data = page.group.age_band.value, page.group.programme.value
    return render_template("groups/edit.html", form=form, p=page, year=page.group.school_year)


@bp.post("/<int:group_id>/edit")
@requires(Permission.GROUP_WRITE)
def save(group_id: int) -> ResponseReturnValue:
    form, page = offered(GroupForm()), pages.form_page(group_id)
    context = {"form": form, "p": page, "year": page.group.school_year}
    if not form.validate():
        return invalid("groups/edit.html", **context)

    def write() -> None:
        with write_transaction():
            actions.edit_group(group_id, form.name.data, AgeBand(form.age_band.data), particulars(form))

    return tried("groups/edit.html", write, **context) or back_to(group_id)


@bp.post("/<int:group_id>/remove")
@requires(Permission.GROUP_WRITE)
def remove(group_id: int) -> ResponseReturnValue:
    """A group entered by mistake."""
    year = pages.form_page(group_id).group.school_year
    try:
        with write_transaction():
            actions.remove_group(group_id)
    except IntegrityError:
        raise BadInput(actions.there_is_something()) from None
    toast(_("The group is removed."))
    return redirect(url_for("groups.index", year=year), 303)


# --- who works in it ------------------------------------------------------------------------------------------------


@bp.get("/<int:group_id>/staff/new")
@requires(Permission.GROUP_WRITE)
def new_staff(group_id: int) -> str:
    page = pages.form_page(group_id)
    form = AssignForm(formdata=None, first=page.begins, last=page.last)
    return render_template("groups/assign.html", form=form, p=page, people=candidates(page.first))


@bp.post("/<int:group_id>/staff/new")
@requires(Permission.GROUP_WRITE)
def assign(group_id: int) -> ResponseReturnValue:
    form, page = AssignForm(), pages.form_page(group_id)
    people = candidates(page.first)
    context = {"form": form, "p": page, "people": people}
    if form.validate() and form.who.data not in {one.value for one in people}:
        form.who.errors = [_("Choose who.")]
    if form.errors:
        return invalid("groups/assign.html", **context)
    (user_id, duty), term = who_of(form.who.data), term_of(form)

    def write() -> None:
        with write_transaction():
            actions.assign_by_order(group_id, user_id, duty, term, form.order(current_user.signature))

    return tried("groups/assign.html", write, **context) or back_to(group_id)


def term_of(form: WorkForm) -> Term:
    return Term(form.first.data, form.last.data, form.minutes_a_day.data)


@bp.get("/<int:group_id>/staff/<int:staff_id>")
@requires(Permission.GROUP_WRITE)
def staff(group_id: int, staff_id: int) -> str:
    worker, page = pages.worker(group_id, staff_id), pages.form_page(group_id)
    form = WorkForm(
        formdata=None,
        first=worker.first,
        last=worker.last or page.last,
        minutes_a_day=worker.minutes_a_day,
        order_number=worker.order_number,
        order_day=worker.order_day,
    )
    return render_template("groups/staff.html", form=form, p=page, worker=worker, all=Changeable.ALL)


@bp.post("/<int:group_id>/staff/<int:staff_id>")
@requires(Permission.GROUP_WRITE)
def change_staff(group_id: int, staff_id: int) -> ResponseReturnValue:
    """Correct it, or take back what has not begun."""
    form, page, worker = WorkForm(), pages.form_page(group_id), pages.worker(group_id, staff_id)
    context = {"form": form, "p": page, "worker": worker, "all": Changeable.ALL}
    withdraws = request.form.get("do") == "withdraw"
    if not withdraws and not form.validate():
        return invalid("groups/staff.html", **context)

    def write() -> None:
        with write_transaction():
            if withdraws:
                actions.withdraw_assignment(group_id, staff_id)
            else:
                actions.change_assignment(group_id, staff_id, term_of(form), form.order(current_user.signature))

    return tried("groups/staff.html", write, **context) or back_to(group_id)


# --- guests and merged groups ---------------------------------------------------------------------------------------


def say_withdrawn(group_ids: list[int]) -> None:
    if group_ids:
        toast(_("A group's day is no longer submitted: children who are not marked have come to it."), "warn")


@bp.get("/<int:group_id>/visits/new")
@requires(Permission.PLACE_WRITE)
def new_visit(group_id: int) -> str:
    page = pages.form_page(group_id)
    form = VisitForm(formdata=None, first=page.begins, last=page.begins)
    return render_template("groups/visit.html", form=form, **visit_context(page))


def visit_context(page: pages.FormPage) -> dict[str, Any]:
    kids = pages.own_children(page.group.id, page.begins, page.last)
    return {"p": page, "kids": kids, "others": pages.others(page.group)}


@bp.post("/<int:group_id>/visits/new")
@requires(Permission.PLACE_WRITE)
def visit(group_id: int) -> ResponseReturnValue:
    form, context = VisitForm(), visit_context(pages.form_page(group_id))
    own = {child_id for child_id, _name in context["kids"]}
    if form.validate() and not set(form.children.data) <= own:
        form.children.errors = [_("Choose children of this group.")]
    if form.errors:
        return invalid("groups/visit.html", form=form, **context)
    ids, into_id, first = form.children.data, form.into_id.data, form.first.data
    order = form.order(current_user.signature)

    def write() -> None:
        with write_transaction(lock=today_points(ids, [group_id, into_id], first)):
            withdrawn = moves.visit(ids, into_id, first, form.last.data, order)
        say_withdrawn(withdrawn)

    return tried("groups/visit.html", write, form=form, **context) or back_to(group_id)


@bp.get("/<int:group_id>/visits/<int:visit_id>")
@requires(Permission.PLACE_WRITE)
def guest(group_id: int, visit_id: int) -> str:
    known, page = pages.guest(group_id, visit_id), pages.form_page(group_id)
    return render_template("groups/guest.html", form=EndForm(formdata=None, last=known.last), p=page, guest=known)


@bp.post("/<int:group_id>/visits/<int:visit_id>")
@requires(Permission.PLACE_WRITE)
def change_visit(group_id: int, visit_id: int) -> ResponseReturnValue:
    form, page, known = EndForm(), pages.form_page(group_id), pages.guest(group_id, visit_id)
    if not form.validate():
        return invalid("groups/guest.html", form=form, p=page, guest=known)
    last = form.last.data if form.do.data == "save" else None

    def write() -> None:
        with write_transaction(lock=today_points([known.child_id], [group_id], clock.today())):
            withdrawn = moves.change_visit(group_id, visit_id, last)
        say_withdrawn(withdrawn)

    return tried("groups/guest.html", write, form=form, p=page, guest=known) or back_to(group_id)


@bp.get("/<int:group_id>/merges/new")
@requires(Permission.GROUP_WRITE)
def new_merge(group_id: int) -> str:
    page = pages.form_page(group_id)
    form = MergeForm(formdata=None, first=page.begins, last=page.begins)
    return render_template("groups/merge.html", form=form, p=page, others=pages.others(page.group))


@bp.post("/<int:group_id>/merges/new")
@requires(Permission.GROUP_WRITE)
def merge(group_id: int) -> ResponseReturnValue:
    form, page = MergeForm(), pages.form_page(group_id)
    context = {"form": form, "p": page, "others": pages.others(page.group)}
    if not form.validate():
        return invalid("groups/merge.html", **context)
    into_id, first, order = form.into_id.data, form.first.data, form.order(current_user.signature)

    def write() -> None:
        with write_transaction(lock=today_points(of_group_today(group_id), [group_id, into_id], first)):
            withdrawn = moves.merge(group_id, into_id, first, form.last.data, form.reason.data, order)
        say_withdrawn(withdrawn)

    return tried("groups/merge.html", write, **context) or back_to(group_id)


@bp.get("/<int:group_id>/merges/<int:merge_id>")
@requires(Permission.GROUP_WRITE)
def merged(group_id: int, merge_id: int) -> str:
    known, page = pages.merge(group_id, merge_id), pages.form_page(group_id)
    return render_template("groups/merged.html", form=EndForm(formdata=None, last=known.last), p=page, merge=known)


@bp.post("/<int:group_id>/merges/<int:merge_id>")
@requires(Permission.GROUP_WRITE)
def change_merge(group_id: int, merge_id: int) -> ResponseReturnValue:
    form, page, known = EndForm(), pages.form_page(group_id), pages.merge(group_id, merge_id)
    if not form.validate():
        return invalid("groups/merged.html", form=form, p=page, merge=known)
    last = form.last.data if form.do.data == "save" else None
    ids = of_group_today(known.group_id)

    def write() -> None:
        with write_transaction(lock=today_points(ids, [known.group_id, known.into_id], clock.today())):
            withdrawn = moves.change_merge(group_id, merge_id, last)
        say_withdrawn(withdrawn)

    return tried("groups/merged.html", write, form=form, p=page, merge=known) or back_to(group_id)
