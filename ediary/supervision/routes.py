"""Watching over the filling-in: the month at a glance, checks on record, how often late, remarks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core import clock
from ediary.core.dates import Month, school_year_of
from ediary.core.errors import BadInput
from ediary.core.forms import checked
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.paging import page_asked
from ediary.core.permissions import Permission, requires
from ediary.supervision import actions, queries, remarks
from ediary.supervision import late as late_days
from ediary.supervision.forms import YES, AnswerForm, CheckForm, CloseForm, RemarkForm

bp = Blueprint("supervision", __name__, url_prefix="/supervision")


def _to(endpoint: str, **arguments: Any) -> Response:
    return make_response(redirect(url_for(f".{endpoint}", **arguments), 303))


@bp.get("/")
@requires(Permission.SUPERVISE)
def index() -> Response:
    return _to("month", month=Month.of(clock.today()))


@bp.get("/<month:month>")
@requires(Permission.SUPERVISE)
def month(month: Month) -> str:
    return render_template("supervision/month.html", p=queries.overview(month))


@bp.get("/late")
@requires(Permission.SUPERVISE)
def late_now() -> Response:
    return _to("late", year=school_year_of(clock.today()))


@bp.get("/late/<int:year>")
@requires(Permission.SUPERVISE)
def late(year: int) -> str:
    """How often each group was late, by month of a school year."""
    return render_template("supervision/late.html", p=late_days.late_page(year))


# --- checks ---------------------------------------------------------------------------------------------------------


@bp.get("/<month:month>/groups/<int:group_id>/check")
@requires(Permission.SUPERVISE)
def check_group(month: Month, group_id: int) -> str:
    return _check_form(queries.group_to_check(month, group_id))


@bp.post("/<month:month>/groups/<int:group_id>/check")
@requires(Permission.SUPERVISE)
def put_group(month: Month, group_id: int) -> ResponseReturnValue:
    one = queries.group_to_check(month, group_id)
    return _put(month, one, partial(actions.check_group, month, group_id))


@bp.get("/<month:month>/people/<int:membership_id>/check")
@requires(Permission.SUPERVISE)
def check_specialist(month: Month, membership_id: int) -> str:
    return _check_form(queries.specialist_to_check(month, membership_id))


@bp.post("/<month:month>/people/<int:membership_id>/check")
@requires(Permission.SUPERVISE)
def put_specialist(month: Month, membership_id: int) -> ResponseReturnValue:
    return _put(
        month,
        queries.specialist_to_check(month, membership_id),
        partial(actions.check_specialist, month, membership_id),
    )


def _check_form(one: queries.ToCheck) -> str:
    """The facts stand in the field already: whoever checks says what they mean."""
    form = CheckForm(formdata=None, found="; ".join(one.facts) + "." if one.facts else "")
    return render_template("supervision/check.html", form=form, p=one)


def _put(month: Month, one: queries.ToCheck, write: Callable[..., object]) -> ResponseReturnValue:
    form = CheckForm()
    if not form.validate():
        return invalid("supervision/check.html", form=form, p=one)
    with write_transaction():
        write(in_order=form.in_order.data == YES, found=form.found.data, by=current_user.signature)
    toast(_("The check is on record."))
    return _to("month", month=month)


# --- remarks --------------------------------------------------------------------------------------------------------


@bp.get("/remarks")
@requires(Permission.REMARK_READ)
def remarks_list() -> str:
    return render_template("supervision/remarks.html", p=remarks.remarks_page(page_asked()))


@bp.get("/remarks/new")
@requires(Permission.SUPERVISE)
def new_remark() -> str:
    page = remarks.new_remark(request.args.get("about", ""))
    form = RemarkForm(formdata=None, about=page.record.url if page.record else "")
    return render_template("supervision/new_remark.html", form=form, p=page)


@bp.post("/remarks/new")
@requires(Permission.SUPERVISE)
def write_remark() -> ResponseReturnValue:
    form = RemarkForm()
    page = remarks.new_remark(form.about.data or "")
    if not form.validate():
        return invalid("supervision/new_remark.html", form=form, p=page)
    try:
        with write_transaction():
            actions.write(form.person_id.data, form.about.data or "", form.text.data, current_user.signature)
    except BadInput as refusal:
        form.person_id.errors = [refusal.message]
        return invalid("supervision/new_remark.html", form=form, p=page)
    toast(_("The remark is written, and the person is told."))
    return _to("remarks_list")


@bp.get("/remarks/<int:remark_id>")
@requires(Permission.REMARK_READ)
def remark(remark_id: int) -> str:
    return render_template("supervision/remark.html", p=remarks.remark_page(remark_id), form=AnswerForm(formdata=None))


@bp.post("/remarks/<int:remark_id>/answer")
@requires(Permission.REMARK_READ)
def answer(remark_id: int) -> ResponseReturnValue:
    form, page = AnswerForm(), remarks.remark_page(remark_id)
    if not form.validate():
        return invalid("supervision/remark.html", p=page, form=form)
    with write_transaction():
        actions.answer(remark_id, form.text.data, current_user.signature)
    toast(_("Answered. The one who wrote the remark is told."))
    return _to("remark", remark_id=remark_id)


@bp.post("/remarks/<int:remark_id>/close")
@requires(Permission.SUPERVISE)
def close(remark_id: int) -> ResponseReturnValue:
    form = checked(CloseForm())
    with write_transaction():
        actions.close(remark_id, is_heeded=form.heeded.data == YES, by=current_user.signature)
    toast(_("The remark is closed."))
    return _to("remark", remark_id=remark_id)
