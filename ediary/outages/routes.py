"""Days without the diary: sheets to print, and what was written on them, entered later with the cause (C8; K 11)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core.errors import BadInput, Stale
from ediary.core.forms import checked
from ediary.core.htmx import invalid, toast
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Permission, requires
from ediary.kitchen import actions as kitchen
from ediary.outages import actions, paper, queries
from ediary.outages.forms import CauseForm, DayForm, OpenForm, typed_paper
from ediary.outages.queries import Papers

bp = Blueprint("outages", __name__, url_prefix="/outages")


@bp.get("/")
@requires(Permission.OUTAGE_PRINT)
def index() -> ResponseReturnValue:
    form = DayForm(request.args, meta={"csrf": False})
    if not form.validate():
        return invalid("outages/index.html", form=form, p=queries.outages_page(None))
    return render_template("outages/index.html", form=form, p=queries.outages_page(form.day.data))


# --- papers ---------------------------------------------------------------------------------------------------------


@bp.get("/blank.pdf")
@requires(Permission.OUTAGE_PRINT)
def blank_all() -> Response:
    return _pdf(queries.blank(None), "dienos-lapai")


@bp.get("/<int:group_id>/blank.pdf")
@requires(Permission.OUTAGE_PRINT)
def blank_one(group_id: int) -> Response:
    return _pdf(queries.blank(group_id), "dienos-lapas")


@bp.get("/<date:day>/sheets.pdf")
@requires(Permission.OUTAGE_PRINT)
def filled_all(day: date) -> Response:
    return _filled(day, None)


@bp.get("/<date:day>/<int:group_id>/sheet.pdf")
@requires(Permission.OUTAGE_PRINT)
def filled_one(day: date, group_id: int) -> Response:
    return _filled(day, group_id)


def _filled(day: date, group_id: int | None) -> Response:
    """Names, diets and what must not be eaten leave the diary: that is on record first."""
    papers = queries.filled(day, group_id)
    with write_transaction():
        actions.note_print(day, group_id)
    return _pdf(papers, f"dienos-lapai-{day.isoformat()}")


def _pdf(papers: Papers, name: str) -> Response:
    answer = make_response(paper.pdf(papers, current_user.signature))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


# --- the day --------------------------------------------------------------------------------------------------------


def _page(day: date, group_id: int, **context: Any) -> dict[str, Any]:
    forms = {"cause": CauseForm(formdata=None), "opening": OpenForm(formdata=None), "typed": {}}
    return {"p": queries.entry_page(group_id, day), **forms, **context}


def _back(day: date, group_id: int) -> Response:
    return make_response(redirect(url_for(".day", day=day, group_id=group_id), 303))


@bp.get("/<date:day>/<int:group_id>")
@requires(Permission.ATTENDANCE_READ)
def day(day: date, group_id: int) -> str:
    return render_template("outages/day.html", **_page(day, group_id))


@bp.post("/<date:day>/<int:group_id>/ask")
@requires(Permission.ATTENDANCE_WRITE)
def ask(day: date, group_id: int) -> ResponseReturnValue:
    """The day is locked: say why it is on paper, and ask the heads to open it."""
    form = CauseForm()
    try:
        said = checked(form).said
        with write_transaction(lock=GroupDay(group_id, day), exclusive=True, reason=said):
            actions.ask(group_id, day, said, current_user.signature)
    except BadInput as refusal:
        return invalid("outages/day.html", **_page(day, group_id, cause=form, refusal=refusal.message))
    toast(_("The heads are asked to open the day. You will be told when it is open."))
    return _back(day, group_id)


@bp.post("/<date:day>/<int:group_id>/open")
@requires(Permission.UNLOCK)
def open_day(day: date, group_id: int) -> ResponseReturnValue:
    """A head opens the day, for the cause that was said."""
    form, page = OpenForm(), queries.entry_page(group_id, day)
    try:
        if page.outage is None:
            raise BadInput(_("Nobody has said yet that this day was written on paper, or why. Nothing was opened."))
        minutes = checked(form).minutes.data
        kitchen.ensure_snapshot(day)
        with write_transaction(lock=GroupDay(group_id, day), exclusive=True, reason=page.outage.cause):
            actions.open_for_entry(group_id, day, minutes, current_user.signature)
    except BadInput as refusal:
        return invalid("outages/day.html", **_page(day, group_id, opening=form, refusal=refusal.message))
    toast(_("The day is open. The group's educators are told."))
    return _back(day, group_id)


@bp.post("/<date:day>/<int:group_id>/enter")
@requires(Permission.ATTENDANCE_WRITE)
def enter(day: date, group_id: int) -> ResponseReturnValue:
    """The paper's marks, all or none; what was typed stays on the page when it is refused."""
    form, page = CauseForm(), queries.entry_page(group_id, day)
    typed = request.form.to_dict()
    try:
        cause = page.outage.cause if page.outage else checked(form).said
        written = typed_paper(typed, [row.child_id for row in page.of_day.shown.rows])
        with write_transaction(lock=GroupDay(group_id, day), exclusive=True, reason=cause):
            actions.enter(group_id, day, written, cause, current_user.signature)
    except BadInput as refusal:
        return invalid("outages/day.html", **_page(day, group_id, cause=form, typed=typed, refusal=refusal.message))
    except Stale as refusal:
        said = _(
            "%(why)s Nothing of the paper was written: compare it with the page and send it again.", why=refusal.message
        )
        return render_template("outages/day.html", **_page(day, group_id, cause=form, refusal=said)), 409
    toast(_("The paper is entered and the day handed in."))
    return _back(day, group_id)
