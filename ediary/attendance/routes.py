"""The educator's day: marks, reasons, submitting, announced absences."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.absences.queries import announcements_page
from ediary.attendance import actions, queries
from ediary.attendance.forms import (
    AnnouncementForm,
    BackForm,
    ChildrenForm,
    CorrectionForm,
    MarkForm,
    ReasonForm,
    ids_in,
)
from ediary.attendance.queries import Locks
from ediary.attendance.rules import Mark
from ediary.core import clock
from ediary.core.dates import at_local
from ediary.core.errors import BadInput
from ediary.core.forms import checked
from ediary.core.htmx import redraw_on_refusal, reply, toast
from ediary.core.locks import GroupDay, write_transaction
from ediary.core.permissions import Permission, requires

bp = Blueprint("attendance", __name__, url_prefix="/attendance")

ROW, BAR = "attendance/row_answer.html", "attendance/bar_answer.html"


def _back(day: date, group_id: int, **arguments: Any) -> str:
    return url_for(".day", day=day, group_id=group_id, **arguments)


def _rows(day: date, group_id: int, child_ids: list[int], locks: Locks | None = None) -> dict[str, Any]:
    shown = queries.shown_day(group_id, day, locks, drawn=child_ids)
    return {"d": shown, "rows": shown.rows, "base": _back(day, group_id)}


@bp.get("/<date:day>/<int:group_id>")
@requires(Permission.ATTENDANCE_READ)
def day(day: date, group_id: int) -> ResponseReturnValue:
    """The group's day."""
    undo = ids_in(request.args.get("undo", ""))
    page = queries.day_page(group_id, day)
    return render_template("attendance/day.html", p=page, undo=undo, base=_back(day, group_id))


@bp.get("/<date:day>/<int:group_id>/changes")
@requires(Permission.ATTENDANCE_READ)
def changes(day: date, group_id: int) -> ResponseReturnValue:
    """What the page's rows no longer show as it is; the page says what they show: `12:absent.3.3,13:…`."""
    page = queries.day_page(group_id, day)
    seen = dict(part.partition(":")[::2] for part in request.args.get("rows", "").split(","))
    rows = [row for row in page.shown.rows if seen.get(str(row.child_id)) not in (None, page.shown.version(row))]
    return render_template("attendance/changes.html", d=page.shown, rows=rows, base=_back(day, group_id))


@bp.post("/<date:day>/<int:group_id>/children/<int:child_id>")
@requires(Permission.ATTENDANCE_WRITE)
def mark(day: date, group_id: int, child_id: int) -> Response:
    """A tap on a child."""
    redraw_on_refusal(ROW, lambda: _rows(day, group_id, [child_id]))
    form = checked(MarkForm())
    wanted, seen = Mark(form.wanted.data), Mark(form.seen.data)
    with write_transaction(lock=GroupDay(group_id, day)) as held:
        withdrawn = actions.mark(group_id, child_id, day, wanted, seen, current_user.signature)
    if withdrawn:
        toast(_("The day is no longer submitted: a child is unmarked again."))
    return reply(ROW, back=_back(day, group_id), **_rows(day, group_id, [child_id], Locks.of(held, group_id, day)))


@bp.post("/<date:day>/<int:group_id>/children/<int:child_id>/reason")
@requires(Permission.REASON_WRITE)
def reason(day: date, group_id: int, child_id: int) -> Response:
    """Why the child is absent."""
    redraw_on_refusal(ROW, lambda: _rows(day, group_id, [child_id]))
    form = checked(ReasonForm())
    with write_transaction(lock=GroupDay(group_id, day)) as held:
        actions.give_reason(group_id, child_id, day, form.reason_id.data)
    return reply(ROW, back=_back(day, group_id), **_rows(day, group_id, [child_id], Locks.of(held, group_id, day)))


@bp.post("/<date:day>/<int:group_id>/children/<int:child_id>/correction")
@requires(Permission.CORRECTION_ASK)
def correction(day: date, group_id: int, child_id: int) -> Response:
    """„Prašyti pataisos“."""
    redraw_on_refusal(ROW, lambda: _rows(day, group_id, [child_id]))
    form = checked(CorrectionForm())
    present = form.present.data == "yes"
    with write_transaction(lock=GroupDay(group_id, day)) as held:
        actions.ask_correction(group_id, child_id, day, present, form.note.data or "", current_user.signature)
    toast(_("The kitchen has been asked. It will answer with a numbered correction."))
    return reply(ROW, back=_back(day, group_id), **_rows(day, group_id, [child_id], Locks.of(held, group_id, day)))


@bp.post("/<date:day>/<int:group_id>/rest")
@requires(Permission.ATTENDANCE_WRITE)
def rest(day: date, group_id: int) -> Response:
    """„Visi likę atvyko“."""
    asked: list[int] = []
    redraw_on_refusal(BAR, lambda: _rows(day, group_id, asked))
    asked += checked(ChildrenForm()).child.data or []
    with write_transaction(lock=GroupDay(group_id, day)) as held:
        came = actions.mark_rest(group_id, day, asked, current_user.signature)
    back = _back(day, group_id, undo=".".join(map(str, came)) or None)
    return reply(BAR, back=back, undo=came, **_rows(day, group_id, asked, Locks.of(held, group_id, day)))


@bp.post("/<date:day>/<int:group_id>/rest/undo")
@requires(Permission.ATTENDANCE_WRITE)
def undo_rest(day: date, group_id: int) -> Response:
    """„Visi likę atvyko“, taken back."""
    asked: list[int] = []
    redraw_on_refusal(BAR, lambda: _rows(day, group_id, asked))
    asked += checked(ChildrenForm()).child.data or []
    with write_transaction(lock=GroupDay(group_id, day)) as held:
        withdrawn = actions.undo_rest(group_id, day, asked, current_user.signature)
    if withdrawn:
        toast(_("The day is no longer submitted: children are unmarked again."))
    locks = Locks.of(held, group_id, day)
    return reply(BAR, back=_back(day, group_id), undo=[], **_rows(day, group_id, asked, locks))


@bp.post("/<date:day>/<int:group_id>/submit")
@requires(Permission.ATTENDANCE_WRITE)
def submit(day: date, group_id: int) -> Response:
    """„Pateikti“."""
    redraw_on_refusal(BAR, lambda: _rows(day, group_id, []))
    with write_transaction(lock=GroupDay(group_id, day), exclusive=True) as held:
        became = actions.submit(group_id, day, current_user.signature)
    return reply(BAR, back=_back(day, group_id), **_rows(day, group_id, became, Locks.of(held, group_id, day)))


@bp.get("/<date:day>/<int:group_id>/announcements")
@requires(Permission.ANNOUNCE)
def announcements(day: date, group_id: int) -> ResponseReturnValue:
    """Announced absences of the group, and a form for one more."""
    form = AnnouncementForm(
        formdata=None,
        child_id=request.args.get("child", type=int),
        first=max(day, clock.today()),
        last=max(day, clock.today()),  # most calls are about one day
        called_at=clock.local_now().replace(tzinfo=None, second=0, microsecond=0),
    )
    return _announcements_page(day, group_id, form)


def _announcements_page(
    day: date, group_id: int, form: AnnouncementForm, status: int = 200, refusal: Any = ""
) -> Response:
    page = announcements_page(group_id, day)
    form.offer(page.children, page.reasons)
    body = render_template("attendance/announcements.html", p=page, form=form, refusal=refusal)
    return make_response(body, status)


def _to_announcements(day: date, group_id: int) -> Response:
    return make_response(redirect(url_for(".announcements", day=day, group_id=group_id), 303))


@bp.post("/<date:day>/<int:group_id>/announcements")
@requires(Permission.ANNOUNCE)
def announce(day: date, group_id: int) -> Response:
    """Somebody called: the child will not come."""
    form = AnnouncementForm()
    if not form.validate():
        return _announcements_page(day, group_id, form, 422)
    called_at = at_local(form.called_at.data.date(), form.called_at.data.time())
    told = {
        "reason_id": form.reason_id.data,
        "caller": form.caller.data,
        "called_at": called_at,
        "by": current_user.signature,
    }
    try:
        with write_transaction(lock=GroupDay(group_id, clock.today())):
            begins = actions.announce(group_id, form.child_id.data, form.first.data, form.last.data, **told)
    except BadInput as refusal:
        return _announcements_page(day, group_id, form, 422, refusal.message)
    toast(_announced_sentence(form.first.data, begins))
    if begins == clock.today() and queries.came(group_id, form.child_id.data, begins):
        toast(_("Today the child is marked as come. If that is not so, tap the name on the day page."), "warn")
    return _to_announcements(day, group_id)


def _announced_sentence(asked: date, begins: date | None) -> str:
    if begins is None:
        return _("Today is locked, so today's absence got the reason. Nothing else was needed.")
    if begins != asked:
        return _("Today is locked: the announcement begins on %(day)s. If the child is marked absent today, "
                 "that mark got the reason.", day=begins.isoformat())  # fmt: skip
    return _("Written down: absent from %(day)s.", day=begins.isoformat())


@bp.post("/<date:day>/<int:group_id>/announcements/<int:announcement_id>/end")
@requires(Permission.ANNOUNCE)
def end_announcement(day: date, group_id: int, announcement_id: int) -> Response:
    """The child is back earlier than announced."""
    form = checked(BackForm())
    with write_transaction(lock=GroupDay(group_id, clock.today())):
        actions.end_announcement(group_id, announcement_id, form.back_on.data, current_user.signature)
    toast(_("Written down: back on %(day)s.", day=form.back_on.data.isoformat()))
    return _to_announcements(day, group_id)
