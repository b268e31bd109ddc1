"""The dietitian's morning: board, lock, corrections, staff, papers; the director's unlock."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.core import proof
from ediary.core.errors import BadInput, NotFound
from ediary.core.htmx import invalid, redraw_on_refusal, reply, toast
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Permission, requires
from ediary.kitchen import actions, paper, queries
from ediary.kitchen.board import board as board_of
from ediary.kitchen.forms import LockForm, StaffForm, UnlockForm
from ediary.portions import queries as portions

bp = Blueprint("kitchen", __name__, url_prefix="/kitchen")


def board_context(day: date) -> dict[str, Any]:
    """What the board and its pieces print; the clock's snapshot is stored by whoever comes first."""
    actions.ensure_snapshot(day)
    return {"board": board_of(day)}


def back(day: date) -> str:
    return url_for("kitchen.board", day=day)


@bp.get("/<date:day>")
@requires(Permission.KITCHEN_READ)
def board(day: date) -> str:
    return render_template("kitchen/board.html", **board_context(day))


@bp.get("/<date:day>/live")
@requires(Permission.KITCHEN_READ)
def live(day: date) -> Response:
    """The board by itself every 15 s. When it has been locked meanwhile, the whole page is drawn anew."""
    context = board_context(day)
    answer = make_response(render_template("kitchen/_board.html", **context))
    if request.args.get("open") == "1" and not context["board"].is_open:
        answer.headers["HX-Refresh"] = "true"
    return answer


# --- the lock -------------------------------------------------------------------------------------------------


@bp.get("/<date:day>/lock")
@requires(Permission.DAY_LOCK)
def lock_form(day: date) -> ResponseReturnValue:
    context = board_context(day)
    if not context["board"].is_open:
        return redirect(back(day), 303)
    return render_template("kitchen/lock.html", form=LockForm(), **context)


@bp.post("/<date:day>/lock")
@requires(Permission.DAY_LOCK)
def lock(day: date) -> ResponseReturnValue:
    form = LockForm()
    actions.ensure_snapshot(day)
    try:
        if not form.validate():
            raise actions.ReasonNeeded(form.reason.errors[0])
        with write_transaction(lock=queries.lock_points(day), exclusive=True, reason=form.reason.data or None):
            actions.lock_day(day, current_user.signature, form.reason.data or "")
    except actions.ReasonNeeded as refusal:
        form.reason.errors = [refusal.message]
        return invalid("kitchen/lock.html", form=form, **board_context(day))
    toast(_("The day is locked. The kitchen has its numbers."))
    return redirect(back(day), 303)


# --- opening a locked day -------------------------------------------------------------------------------------


@bp.get("/<date:day>/unlock")
@requires(Permission.UNLOCK)
def unlock_form(day: date) -> str:
    return render_template("kitchen/unlock.html", form=UnlockForm(), **board_context(day))


@bp.post("/<date:day>/unlock")
@requires(Permission.UNLOCK)
def unlock(day: date) -> ResponseReturnValue:
    form = UnlockForm()
    if not form.validate():
        return invalid("kitchen/unlock.html", form=form, **board_context(day))
    actions.ensure_snapshot(day)
    group_ids = sorted(set(form.groups.data))
    points = [GroupDay(group_id, day) for group_id in group_ids]
    try:
        with write_transaction(lock=points, exclusive=True, reason=form.reason.data):
            opened = actions.unlock(group_ids, day, form.reason.data, form.minutes.data, current_user.signature)
    except BadInput as refusal:
        return invalid("kitchen/unlock.html", form=form, refusal=refusal.message, **board_context(day))
    toast(ngettext("%(num)s group is open.", "%(num)s groups are open.", len(opened)))
    return redirect(back(day), 303)


# --- corrections ----------------------------------------------------------------------------------------------


def redraw_board(day: date) -> None:
    """A refusal answers with the board as it then is."""
    redraw_on_refusal("kitchen/_board.html", lambda: board_context(day))


def board_reply(day: date) -> Response:
    """After a write: the board for HTMX, its page otherwise."""
    return reply("kitchen/_board.html", back=back(day), **board_context(day))


@bp.post("/<date:day>/requests/<int:request_id>/accept")
@requires(Permission.DAY_LOCK)
def accept(day: date, request_id: int) -> Response:
    redraw_board(day)
    actions.ensure_snapshot(day)
    point = GroupDay(portions.group_of_request(request_id, day), day)
    with write_transaction(lock=point, exclusive=True):
        correction = actions.accept(request_id, day, current_user.signature)
    toast(_("Accepted as correction No. %(number)s.", number=correction.number))
    return board_reply(day)


@bp.post("/<date:day>/requests/<int:request_id>/decline")
@requires(Permission.DAY_LOCK)
def decline(day: date, request_id: int) -> Response:
    redraw_board(day)
    with write_transaction(lock=GroupDay(portions.group_of_request(request_id, day), day)):
        actions.decline(request_id, day, current_user.signature)
    toast(_("The request was declined. Nothing was changed."))
    return board_reply(day)


@bp.post("/<date:day>/corrections/<int:correction_id>/confirm")
@requires(Permission.DAY_LOCK)
def confirm(day: date, correction_id: int) -> Response:
    redraw_board(day)
    with write_transaction():
        actions.confirm(correction_id, day, current_user.signature)
    return board_reply(day)


# --- staff ----------------------------------------------------------------------------------------------------


def staff_context(day: date, meal_kind_id: int) -> dict[str, Any]:
    """One meal's staff count, drawn anew."""
    drawn = board_of(day)
    one = next((one for one in drawn.staff if one.meal.id == meal_kind_id), None)
    if one is None:
        raise NotFound
    return {"board": drawn, "one": one}


@bp.post("/<date:day>/staff/<int:meal_kind_id>")
@requires(Permission.DAY_LOCK)
def staff(day: date, meal_kind_id: int) -> ResponseReturnValue:
    form = StaffForm()
    redraw_on_refusal("kitchen/_staff_meal.html", lambda: staff_context(day, meal_kind_id))
    if not form.validate():
        raise BadInput(form.count.errors[0] if form.count.errors else "")
    with write_transaction(lock=queries.lock_points(day)[:1], exclusive=True):
        actions.count_staff(day, meal_kind_id, form.count.data)
    return reply("kitchen/_staff_meal.html", back=back(day), **staff_context(day, meal_kind_id))


# --- papers ---------------------------------------------------------------------------------------------------


@bp.get("/<date:day>/kitchen-sheet.pdf")
@requires(Permission.KITCHEN_READ)
def kitchen_sheet(day: date) -> Response:
    """A paper with children's names is noted in the history before it is given out."""
    actions.ensure_snapshot(day)
    made = paper.kitchen_sheet(day, current_user.signature)
    with write_transaction():
        actions.note_print(day, "kitchen_sheet", made.check)
    return _given(day, "virtuves-lapas", made.content)


@bp.get("/<date:day>/daily-report.pdf")
@requires(Permission.KITCHEN_READ)
def daily_report(day: date) -> Response:
    actions.ensure_snapshot(day)
    drafted = paper.daily_report(day, current_user.signature)
    with write_transaction():
        actions.note_print(day, "daily_report", drafted.check)
    return _given(day, "dienos-ataskaita", proof.printed(drafted, current_user.signature))


def _given(day: date, file_name: str, content: bytes) -> Response:
    answer = make_response(content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{file_name}-{day.isoformat()}.pdf"'
    return answer
