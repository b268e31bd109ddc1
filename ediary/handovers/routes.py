"""Substitutes and their hours, the handover card of a group's day, a leaver's checked hand-over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.core import proof
from ediary.core.dates import Month
from ediary.core.errors import BadInput
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.groups.actions import Term
from ediary.groups.forms import WorkForm
from ediary.groups.rules import Changeable
from ediary.handovers import actions, hours, leavers, paper, queries
from ediary.handovers.actions import Decision
from ediary.handovers.card import card as card_of
from ediary.handovers.forms import HandOverForm, LeaverForm, NoteForm, SubstituteForm, typed_hours
from ediary.handovers.workbook import xlsx

bp = Blueprint("handovers", __name__, url_prefix="/handovers")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def to(endpoint: str, **arguments: Any) -> Response:
    return make_response(redirect(url_for(f"handovers.{endpoint}", **arguments), 303))


def tried(template: str, write: Callable[[], Any], **context: Any) -> ResponseReturnValue | None:
    """Write; None when it was written, else the page again with the refusal, 422."""
    try:
        write()
    except BadInput as refusal:
        return invalid(template, refusal=refusal.message, **context)
    return None


def given(content: bytes, name: str, media_type: str = "application/pdf") -> Response:
    """A paper to look at, a workbook to keep."""
    answer = make_response(content)
    answer.mimetype = media_type
    how = "inline" if media_type == "application/pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    return answer


# --- substitutes ----------------------------------------------------------------------------------------------------


@bp.get("/")
@requires(Permission.SUBSTITUTE_WRITE)
def index() -> str:
    return render_template("handovers/index.html", p=queries.substitutes_page())


@bp.get("/new")
@requires(Permission.SUBSTITUTE_WRITE)
def new() -> str:
    page = queries.form_page()
    form = SubstituteForm(formdata=None, first=page.today, last=page.today)
    return render_template("handovers/new.html", form=form, p=page)


@bp.post("/new")
@requires(Permission.SUBSTITUTE_WRITE)
def add() -> ResponseReturnValue:
    form, page = SubstituteForm(), queries.form_page()
    form.validate()
    post = page.post(form.post.data)
    if post is None and not form.post.errors:
        form.post.errors = [_("Choose for whom.")]
    if post and not form.who.errors and (form.who.data, post.duty) not in {(o.user_id, o.duty) for o in page.people}:
        form.who.errors = [_("Choose somebody who holds the same role.")]
    if form.errors or post is None:
        return invalid("handovers/new.html", form=form, p=page)
    term = Term(form.first.data, form.last.data, form.minutes_a_day.data)

    def write() -> None:
        with write_transaction():
            actions.substitute(post, form.who.data, term, form.order(current_user.signature))

    return tried("handovers/new.html", write, form=form, p=page) or to("index")


@bp.get("/<int:staff_id>")
@requires(Permission.SUBSTITUTE_WRITE)
def substitution(staff_id: int) -> str:
    one = queries.substitution(staff_id)
    form = WorkForm(
        formdata=None,
        first=one.first,
        last=one.last,
        minutes_a_day=one.minutes_a_day,
        order_number=one.order_number,
        order_day=one.order_day,
    )
    return render_template("handovers/one.html", form=form, p=queries.form_page(), one=one, all=Changeable.ALL)


@bp.post("/<int:staff_id>")
@requires(Permission.SUBSTITUTE_WRITE)
def change(staff_id: int) -> ResponseReturnValue:
    """Correct it, or take back what has not begun."""
    form, one = WorkForm(), queries.substitution(staff_id)
    context = {"form": form, "p": queries.form_page(), "one": one, "all": Changeable.ALL}
    withdraws = request.form.get("do") == "withdraw"
    if not withdraws and not form.validate():
        return invalid("handovers/one.html", **context)

    def write() -> None:
        with write_transaction():
            if withdraws:
                actions.withdraw(staff_id)
            else:
                term = Term(form.first.data, form.last.data, form.minutes_a_day.data)
                actions.change(staff_id, term, form.order(current_user.signature))

    return tried("handovers/one.html", write, **context) or to("index")


# --- the card -------------------------------------------------------------------------------------------------------


@bp.get("/<date:day>/<int:group_id>/card")
@requires(Permission.HANDOVER_READ)
def card(day: date, group_id: int) -> str:
    """All that whoever takes the group over must know of its day."""
    found = card_of(group_id, day)
    form = NoteForm(formdata=None, text=found.note.text if found.note else "")
    return render_template("handovers/card.html", card=found, form=form)


@bp.get("/<date:day>/<int:group_id>/card.pdf")
@requires(Permission.HANDOVER_READ)
def card_pdf(day: date, group_id: int) -> Response:
    """On one A4 page; on record before it is given out."""
    made = paper.card_paper(card_of(group_id, day), current_user.signature)
    with write_transaction():
        actions.note_print(group_id, day, made.check)
    return given(made.content, f"perdavimo-lapas-{day.isoformat()}.pdf")


@bp.post("/<date:day>/<int:group_id>/card")
@requires(Permission.HANDOVER_READ)
def note(day: date, group_id: int) -> ResponseReturnValue:
    """A word for whoever takes the group over."""
    form = NoteForm()
    if not form.validate():
        return invalid("handovers/card.html", card=card_of(group_id, day), form=form)
    with write_transaction():
        actions.leave_note(group_id, day, form.text.data or "", current_user.signature)
    toast(_("Written on the card."))
    return to("card", day=day, group_id=group_id)


# --- hours ----------------------------------------------------------------------------------------------------------


def everybody() -> bool:
    return request.args.get("all") == "1"


@bp.get("/hours/<month:month>")
@requires(Permission.SUBSTITUTE_WRITE)
def month_hours(month: Month) -> str:
    return render_template("handovers/hours.html", p=hours.hours_page(month, everybody=everybody()))


@bp.get("/hours/<month:month>/hours.pdf")
@requires(Permission.SUBSTITUTE_WRITE)
def hours_pdf(month: Month) -> Response:
    page = hours.hours_page(month, everybody=everybody())
    drafted = paper.hours_paper(page, everybody(), current_user.signature)
    return given(proof.printed(drafted, current_user.signature), f"valandos-{month}.pdf")


@bp.get("/hours/<month:month>/hours.xlsx")
@requires(Permission.SUBSTITUTE_WRITE)
def hours_xlsx(month: Month) -> Response:
    return given(xlsx(hours.hours_page(month, everybody=everybody())), f"valandos-{month}.xlsx", XLSX)


@bp.get("/hours/<month:month>/<int:staff_id>")
@requires(Permission.SUBSTITUTE_WRITE)
def work(month: Month, staff_id: int) -> str:
    """One assignment's month, day by day."""
    return render_template("handovers/work.html", p=hours.work_page(month, staff_id), said={})


@bp.post("/hours/<month:month>/<int:staff_id>")
@requires(Permission.SUBSTITUTE_WRITE)
def correct(month: Month, staff_id: int) -> ResponseReturnValue:
    page = hours.work_page(month, staff_id)
    said = request.form

    def write() -> None:
        worked = typed_hours(said, {day.day: day.planned for day in page.work.days})
        with write_transaction():
            changed = actions.correct_hours(staff_id, month, worked)
        toast(ngettext("%(num)s day is written down.", "%(num)s days are written down.", changed))

    refused = tried("handovers/work.html", write, p=page, said=said)
    return refused or to("month_hours", month=month, all=None if page.work.substituted else 1)


# --- a leaver -------------------------------------------------------------------------------------------------------


@bp.get("/leavers")
@requires(Permission.LEAVER_CHECK)
def leavers_list() -> str:
    page = leavers.leavers_page()
    form = LeaverForm(formdata=None, last_day=page.today)
    return render_template("handovers/leavers.html", form=form, p=page)


@bp.post("/leavers")
@requires(Permission.LEAVER_CHECK)
def choose() -> ResponseReturnValue:
    """To what this person kept."""
    form, page = LeaverForm(), leavers.leavers_page()
    if form.validate() and form.employee_id.data not in {one.id for one in page.working}:
        form.employee_id.errors = [_("Choose who leaves.")]
    if form.errors:
        return invalid("handovers/leavers.html", form=form, p=page)
    return to("leaver", employee_id=form.employee_id.data, day=form.last_day.data)


@bp.get("/leavers/<int:employee_id>/<date:day>")
@requires(Permission.LEAVER_CHECK)
def leaver(employee_id: int, day: date) -> str:
    page = leavers.leaver_page(employee_id, day)
    return render_template("handovers/leaver.html", form=HandOverForm(formdata=None), p=page)


@bp.post("/leavers/<int:employee_id>/<date:day>")
@requires(Permission.LEAVER_CHECK)
def hand_over(employee_id: int, day: date) -> ResponseReturnValue:
    form, page = HandOverForm(), leavers.leaver_page(employee_id, day)
    if not form.validate():
        return invalid("handovers/leaver.html", form=form, p=page)
    decision = Decision(
        form.successor_id.data, form.order(current_user.signature), form.remarks.data or "", form.despite.data
    )
    made: list[int] = []

    def write() -> None:
        with write_transaction():
            made.append(actions.hand_over(employee_id, day, decision, current_user.signature).id)

    return tried("handovers/leaver.html", write, form=form, p=page) or to("check", check_id=made[0])


@bp.get("/checks/<int:check_id>")
@requires(Permission.LEAVER_CHECK)
def check(check_id: int) -> str:
    """A hand-over as it was."""
    return render_template("handovers/check.html", act=leavers.act(check_id))


@bp.get("/checks/<int:check_id>/act.pdf")
@requires(Permission.LEAVER_CHECK)
def act(check_id: int) -> Response:
    drafted = paper.act_paper(leavers.act(check_id), current_user.signature)
    with write_transaction():
        actions.note_act_print(check_id, drafted.check)
    return given(proof.printed(drafted, current_user.signature), f"perdavimo-aktas-{check_id}.pdf")
