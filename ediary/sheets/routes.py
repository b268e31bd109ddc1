"""Pages of the month: all groups, one group's sheet, prints."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.absences import words
from ediary.acts import queries as acts
from ediary.acts.actions import ensure_closed
from ediary.core import store
from ediary.core.dates import Month
from ediary.core.forms import checked
from ediary.core.htmx import redraw_on_refusal, reply, toast
from ediary.core.locks import GroupMonth, write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import send
from ediary.sheets import (
    actions,
    annex,
    course,
    differences,
    grid,
    pages,
    paper,
    preflight,
    queries,
    versions,
    workbook,
)
from ediary.sheets import words as sheet_words
from ediary.sheets.forms import CheckForm, LockForm, PrintForm, ReasonForm, ReturnForm, SubmitForm
from ediary.sheets.models import PrintFormat

bp = Blueprint("sheets", __name__, url_prefix="/sheets")

MAKERS = {PrintFormat.PDF: paper.pdf, PrintFormat.XLSX: workbook.xlsx}
MIME_TYPES = {
    PrintFormat.PDF: "application/pdf",
    PrintFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _of_sheet(
    month: Month, group_id: int, *, seen: str | None = None, form: ReturnForm | None = None
) -> dict[str, Any]:
    """`seen`: the sheet as the page showed it when it was sent; `form`: the remark, if it could not be taken."""
    view = pages.sheet_page(group_id, month)
    legend = words.choices(view.group.legend, month)
    offered = {reason.id for reason in view.group.reasons} - {reason.follows_id for reason in view.group.reasons}
    choices = [choice for choice in legend if choice.id in offered]
    return {
        "view": view,
        "grid": grid.draw(view),
        "choices": choices,
        "legend": legend,
        "lines": sheet_words.lines(view.faults, month, group_id),
        "changed": [] if seen is None else sheet_words.changed(preflight.differences(seen, view.group.sheet)),
        "form": form or ReturnForm(formdata=None),
        "told": course.step_words,
        "beside": acts.beside(month, group_id),
    }


def _of_month(month: Month) -> dict[str, Any]:
    view = pages.month_page(month)
    return {"view": view, "waiting": sheet_words.by_state(view.unchecked), "beside": acts.beside(month, None)}


@bp.get("/<month:month>")
@requires(Permission.SHEET_READ)
def month(month: Month) -> str:
    ensure_closed()
    actions.settle_portions(month)
    return render_template("sheets/month.html", **_of_month(month))


@bp.get("/<month:month>/<int:group_id>")
@requires(Permission.SHEET_READ)
def sheet(month: Month, group_id: int) -> str:
    ensure_closed()
    actions.settle_portions(month)
    return render_template("sheets/sheet.html", **_of_sheet(month, group_id))


@bp.post("/<month:month>/<int:group_id>/reasons")
@requires(Permission.REASON_WRITE)
def give_reason(month: Month, group_id: int) -> Response:
    redraw_on_refusal("sheets/_sheet.html", lambda: _of_sheet(month, group_id))
    form = checked(ReasonForm())
    with write_transaction(lock=GroupMonth(group_id, month)):
        given = actions.set_reasons(group_id, month, form.cells.data, form.chosen)
    toast(given.sentence)
    return _sheet_again(month, group_id)


@bp.post("/<month:month>/<int:group_id>/submit")
@requires(Permission.MONTH_SUBMIT)
def submit(month: Month, group_id: int) -> Response:
    form = SubmitForm()
    redraw_on_refusal("sheets/_sheet.html", lambda: _of_sheet(month, group_id, seen=form.seen.data))
    checked(form)
    actions.settle_portions(month)
    with write_transaction(lock=GroupMonth(group_id, month), exclusive=True):
        actions.submit(group_id, month, current_user.signature, form.seen.data, anyway=form.anyway.data)
    toast(_("The month is submitted. The social pedagogue has been told."))
    return _sheet_again(month, group_id)


@bp.post("/<month:month>/<int:group_id>/return")
@requires(Permission.MONTH_CHECK)
def return_(month: Month, group_id: int) -> Response:
    form = ReturnForm()
    redraw_on_refusal("sheets/_sheet.html", lambda: _of_sheet(month, group_id, form=form))
    checked(form)
    with write_transaction(lock=GroupMonth(group_id, month), exclusive=True):
        actions.return_(group_id, month, current_user.signature, form.remark.data)
    toast(_("The month is returned. The group's educators have been told."))
    return _sheet_again(month, group_id)


@bp.post("/<month:month>/<int:group_id>/check")
@requires(Permission.MONTH_CHECK)
def check(month: Month, group_id: int) -> Response:
    form = CheckForm()
    redraw_on_refusal("sheets/_sheet.html", lambda: _of_sheet(month, group_id, seen=form.seen.data))
    checked(form)
    with write_transaction(lock=GroupMonth(group_id, month), exclusive=True):
        actions.check(group_id, month, current_user.signature, form.seen.data)
    toast(_("The month is checked: its sheet can be printed."))
    return _sheet_again(month, group_id)


def _sheet_again(month: Month, group_id: int) -> Response:
    back = url_for(".sheet", month=month, group_id=group_id)
    return reply("sheets/_sheet.html", back=back, **_of_sheet(month, group_id))


@bp.post("/<month:month>/lock")
@requires(Permission.MONTH_LOCK)
def lock(month: Month) -> Response:
    redraw_on_refusal("sheets/_groups.html", lambda: _of_month(month))
    form = checked(LockForm())
    ids = form.groups.data or []
    with write_transaction(lock=[GroupMonth(group_id, month) for group_id in ids], exclusive=True):
        locked = actions.lock(ids, month, current_user.signature, anyway=form.anyway.data)
    toast(ngettext("%(num)s group's month is locked.", "%(num)s groups' month is locked.", locked))
    return reply("sheets/_groups.html", back=url_for(".month", month=month), **_of_month(month))


@bp.post("/<month:month>/print")
@requires(Permission.SHEET_PRINT_ALL)
def print_whole(month: Month) -> Response:
    return _print(month, None)


@bp.post("/<month:month>/<int:group_id>/print")
@requires(Permission.SHEET_PRINT)
def print_group(month: Month, group_id: int) -> Response:
    return _print(month, group_id)


def _print(month: Month, group_id: int | None) -> Response:
    """Read under the months' lock, make the file outside of it, then keep it: a tap never waits for a drawing."""
    form = checked(PrintForm())
    actions.settle_portions(month)
    ids = queries.group_ids_of(month) if group_id is None else [group_id]
    points = [GroupMonth(one, month) for one in ids]
    with write_transaction(lock=points, exclusive=True):
        draft = actions.draft(month, group_id, PrintFormat(form.format.data))
    version = paper.Version(draft.number, draft.at, draft.mark.sentence, draft.signers, draft.mark.address)
    content = MAKERS[draft.format](draft.groups, version)
    if draft.format is PrintFormat.PDF:
        content = annex.appended(content, differences.page(month, group_id))
    with write_transaction(lock=points, exclusive=True):
        printed_id = actions.keep(draft, content, current_user.signature)
    return make_response(redirect(url_for(".download", printed_id=printed_id), 303))


@bp.get("/printed/<int:printed_id>")
@requires(Permission.SHEET_READ)
def download(printed_id: int) -> Response:
    printed = versions.download(printed_id)
    return send(store.fetch(printed.sha256), printed.file_name, MIME_TYPES[printed.format])


# --- what differs from the last print -------------------------------------------------------------------------------


@bp.get("/<month:month>/differences")
@requires(Permission.SHEET_PRINT_ALL)
def all_differences(month: Month) -> str:
    return render_template("sheets/differences.html", p=differences.page(month, None))


@bp.get("/<month:month>/<int:group_id>/differences")
@requires(Permission.SHEET_READ)
def group_differences(month: Month, group_id: int) -> str:
    return render_template("sheets/differences.html", p=differences.page(month, group_id))


@bp.get("/<month:month>/differences.pdf")
@requires(Permission.SHEET_PRINT_ALL)
def all_differences_pdf(month: Month) -> Response:
    return send(annex.paper(differences.page(month, None)), f"skirtumai-{month}.pdf", "application/pdf")


@bp.get("/<month:month>/<int:group_id>/differences.pdf")
@requires(Permission.SHEET_PRINT)
def group_differences_pdf(month: Month, group_id: int) -> Response:
    return send(annex.paper(differences.page(month, group_id)), f"skirtumai-{month}-{group_id}.pdf", "application/pdf")
