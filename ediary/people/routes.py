"""Employees: the list, one employee, their roles, the end of their work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core.errors import BadInput
from ediary.core.forms import SureForm, checked
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.paging import page_asked
from ediary.core.permissions import Permission, requires
from ediary.people import actions, queries
from ediary.people.employee import edit_page, employee_page
from ediary.people.forms import EmployeeForm, FirstDayForm, LastDayForm, NewEmployeeForm, RoleForm
from ediary.people.queries import Show
from ediary.staff import actions as staff

bp = Blueprint("people", __name__, url_prefix="/people")


def back_to(employee_id: int) -> ResponseReturnValue:
    """To the employee's page."""
    return redirect(url_for("people.employee", employee_id=employee_id), 303)


@bp.get("/")
@requires(Permission.STAFF_READ)
def index() -> str:
    asked = request.args.get("show", "")
    show = next((one for one in Show if one.value == asked), Show.WORKING)
    q = request.args.get("q", "")[:100]
    return render_template("people/index.html", p=queries.people_page(show, q, page_asked()))


@bp.get("/new")
@requires(Permission.STAFF_WRITE)
def new() -> str:
    page = queries.new_page()
    form = NewEmployeeForm(first=page.today).offer(page.offered)
    return render_template("people/new.html", form=form, p=page)


@bp.post("/new")
@requires(Permission.STAFF_WRITE)
def enter() -> ResponseReturnValue:
    page = queries.new_page()
    form = NewEmployeeForm().offer(page.offered)
    if not form.validate():
        return invalid("people/new.html", form=form, p=page)
    try:
        with write_transaction():
            by = current_user.signature
            made = actions.enter(form.person, form.first.data, form.wanted, form.order(by), by)
    except BadInput as refusal:
        return invalid("people/new.html", form=form, p=queries.new_page(), refusal=refusal.message)
    toast(_("%(name)s is entered.", name=f"{made.first_name} {made.last_name}"))
    return back_to(made.id)


# --- one employee ---------------------------------------------------------------------------------------------------


def of_employee(employee_id: int, **more: Any) -> dict[str, Any]:
    """What the employee's page prints: with the forms as they come, or as they were sent."""
    page = employee_page(employee_id)
    forms: dict[str, Any] = {
        "role_form": more.get("role_form") or RoleForm(formdata=None, first=page.today).offer(page.offered),
        "end_form": more.get("end_form") or LastDayForm(formdata=None, last_day=page.today),
        "again_form": more.get("again_form") or FirstDayForm(formdata=None, first=page.today),
    }
    return {"p": page, "refusal": more.get("refusal"), "refused": more.get("refused"), **forms}


@bp.get("/<int:employee_id>")
@requires(Permission.STAFF_READ)
def employee(employee_id: int) -> str:
    return render_template("people/employee.html", **of_employee(employee_id))


@bp.get("/<int:employee_id>/edit")
@requires(Permission.STAFF_WRITE)
def edit_form(employee_id: int) -> str:
    page = edit_page(employee_id)
    form = EmployeeForm(obj=page.employee, first=page.employee.valid_from)
    return render_template("people/edit.html", form=form, p=page)


@bp.post("/<int:employee_id>/edit")
@requires(Permission.STAFF_WRITE)
def edit(employee_id: int) -> ResponseReturnValue:
    form, page = EmployeeForm(), edit_page(employee_id)
    if not form.validate():
        return invalid("people/edit.html", form=form, p=page)
    try:
        with write_transaction():
            staff.edit_employee(employee_id, form.person, form.first.data)
    except BadInput as refusal:
        return invalid("people/edit.html", form=form, p=page, refusal=refusal.message)
    toast(_("The employee's data is changed."))
    return back_to(employee_id)


@bp.post("/<int:employee_id>/remove")
@requires(Permission.STAFF_WRITE)
def remove(employee_id: int) -> ResponseReturnValue:
    checked(SureForm())
    with write_transaction():
        staff.remove_employee(employee_id)
    toast(_("The employee is removed: they had no log-in and nothing was written by them."))
    return redirect(url_for("people.index"), 303)


@bp.post("/<int:employee_id>/end")
@requires(Permission.STAFF_WRITE)
def end(employee_id: int) -> ResponseReturnValue:
    form = LastDayForm()
    if not form.validate():
        return invalid("people/employee.html", **of_employee(employee_id, end_form=form, refused="end"))
    try:
        with write_transaction():
            actions.end(employee_id, form.last_day.data)
    except BadInput as no:
        refused = of_employee(employee_id, end_form=form, refused="end", refusal=no.message)
        return invalid("people/employee.html", **refused)
    toast(_("The last day is written down. The roles end with it."))
    return back_to(employee_id)


@bp.post("/<int:employee_id>/again")
@requires(Permission.STAFF_WRITE)
def again(employee_id: int) -> ResponseReturnValue:
    form = FirstDayForm()
    if not form.validate():
        return invalid("people/employee.html", **of_employee(employee_id, again_form=form, refused="again"))
    with write_transaction():
        staff.employ_again(employee_id, form.first.data)
    toast(_("Works here again. Give the roles anew."))
    return back_to(employee_id)


# --- roles ----------------------------------------------------------------------------------------------------------


@bp.post("/<int:employee_id>/roles")
@requires(Permission.STAFF_WRITE)
def give_role(employee_id: int) -> ResponseReturnValue:
    form = RoleForm().offer(employee_page(employee_id).offered)
    if not form.validate():
        return invalid("people/employee.html", **of_employee(employee_id, role_form=form, refused="role"))
    try:
        with write_transaction():
            by = current_user.signature
            actions.give_role(employee_id, form.wanted, form.term, form.order(by), by)
    except BadInput as no:
        refused = of_employee(employee_id, role_form=form, refused="role", refusal=no.message)
        return invalid("people/employee.html", **refused)
    toast(_("The role is given."))
    return back_to(employee_id)


@bp.post("/<int:employee_id>/roles/<int:membership_id>/end")
@requires(Permission.STAFF_WRITE)
def end_role(employee_id: int, membership_id: int) -> ResponseReturnValue:
    form = LastDayForm()
    if not form.validate():
        return invalid("people/employee.html", **of_employee(employee_id, refused=membership_id, end_form=form))
    try:
        with write_transaction():
            actions.end_role(employee_id, membership_id, form.last_day.data, current_user.signature)
    except BadInput as no:
        refused = of_employee(employee_id, refused=membership_id, refusal=no.message)
        return invalid("people/employee.html", **refused)
    toast(_("The role's last day is written down."))
    return back_to(employee_id)
