"""The calendar of a school year, its closures and extra working days, and until when what is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core import clock
from ediary.core.dates import school_year_of
from ediary.core.errors import BadInput, NotFound
from ediary.core.forms import checked, row_id
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.workdays import actions, effects, entries, queries
from ediary.workdays.deadlines import deadlines_page
from ediary.workdays.forms import (
    ChangeForm,
    ClosureForm,
    DeadlinesForm,
    ExtendForm,
    ExtraForm,
)
from ediary.workdays.rules import Effect
from ediary.workdays.year import year_page

bp = Blueprint("workdays", __name__, url_prefix="/workdays")


def back_to(day: date) -> ResponseReturnValue:
    """To the school year of a day."""
    return redirect(url_for("workdays.year", year=school_year_of(day)), 303)


@bp.get("/")
@requires(Permission.CALENDAR_READ)
def index() -> ResponseReturnValue:
    return back_to(clock.today())


@bp.get("/<int:year>")
@requires(Permission.CALENDAR_READ)
def year(year: int) -> str:
    return render_template("workdays/year.html", p=year_page(year, group_asked()))


def group_asked() -> int | None:
    """The group through which one looks, by the address. Raises NotFound for what is no id."""
    asked = request.args.get("group", "")
    try:
        return row_id(asked) if asked else None
    except ValueError:
        raise NotFound from None


@bp.post("/extend")
@requires(Permission.SETTINGS_WRITE)
def extend() -> ResponseReturnValue:
    wanted: int = checked(ExtendForm()).year.data
    with write_transaction():
        stored = actions.extend(wanted)
    if stored:
        toast(_("The school year is stored. Look through its holidays."))
    else:
        toast(_("The school year is stored already."))
    return redirect(url_for("workdays.year", year=wanted), 303)


# --- exceptions -----------------------------------------------------------------------------------------------------


def shown_first(
    template: str,
    form: ClosureForm | ChangeForm | ExtraForm,
    page: Callable[[], Any],
    effect: Callable[[], Effect],
    apply: Callable[[], None],
) -> ResponseReturnValue | None:
    """What a change of the calendar would do is shown; who confirms just that, applies it. None when it is applied."""
    try:
        would_do = effect()
        if form.confirmed.data != would_do.key:
            form.confirmed.data = would_do.key
            return render_template(template, form=form, p=page(), effect=would_do)
        apply()
    except BadInput as refusal:
        return invalid(template, form=form, p=page(), refusal=refusal.message)
    return None


@bp.get("/closures/new")
@requires(Permission.SETTINGS_WRITE)
def new_closure() -> str:
    return render_template("workdays/closure.html", form=ClosureForm(), p=entries.entry_page())


@bp.post("/closures/new")
@requires(Permission.SETTINGS_WRITE)
def close() -> ResponseReturnValue:
    form = ClosureForm()
    if not form.validate():
        return invalid("workdays/closure.html", form=form, p=entries.entry_page())
    wanted = form.wanted

    def effect() -> Effect:
        return effects.of_closing(wanted, clock.today())

    def apply() -> None:
        with write_transaction(lock=queries.month_points(wanted.first, wanted.last)):
            actions.close(wanted, form.order(current_user.signature))
        toast(_("The closure is in the calendar."))

    return shown_first("workdays/closure.html", form, entries.entry_page, effect, apply) or back_to(wanted.first)


@bp.get("/closures/<int:closure_id>")
@requires(Permission.SETTINGS_WRITE)
def closure(closure_id: int) -> str:
    page = entries.change_page(closure_id)
    form = ChangeForm(first=page.first, last=page.last, reason=page.reason, groups=page.group_ids)
    return render_template("workdays/change.html", form=form, p=page)


@bp.post("/closures/<int:closure_id>")
@requires(Permission.SETTINGS_WRITE)
def change_closure(closure_id: int) -> ResponseReturnValue:
    form, page = ChangeForm(), entries.change_page(closure_id)
    if not form.validate():
        return invalid("workdays/change.html", form=form, p=page)
    chosen = page.chosen(form.groups.data)
    ids, wanted = page.ids_of(chosen), form.wanted(page.first, page.reason, chosen)

    def effect() -> Effect:
        return effects.of_changing(queries.closures(ids), wanted, clock.today())

    def apply() -> None:
        span = min(page.first, wanted.first), max(page.last, wanted.last)
        with write_transaction(lock=queries.month_points(*span)):
            actions.change_closure(ids, wanted)
        toast(_("The closure is changed."))

    return shown_first("workdays/change.html", form, lambda: page, effect, apply) or back_to(wanted.first)


@bp.post("/closures/<int:closure_id>/remove")
@requires(Permission.SETTINGS_WRITE)
def remove_closure(closure_id: int) -> ResponseReturnValue:
    form, page = ChangeForm(), entries.change_page(closure_id)
    try:
        with write_transaction(lock=queries.month_points(page.first, page.last)):
            actions.remove_closure(page.ids_of(page.chosen(form.groups.data or [])))
    except BadInput as refusal:
        return invalid("workdays/change.html", form=form, p=page, refusal=refusal.message)
    toast(_("The closure is taken back."))
    return back_to(page.first)


@bp.get("/extra/new")
@requires(Permission.SETTINGS_WRITE)
def new_extra() -> str:
    return render_template("workdays/extra.html", form=ExtraForm(), p=entries.entry_page())


@bp.post("/extra/new")
@requires(Permission.SETTINGS_WRITE)
def work_extra() -> ResponseReturnValue:
    form = ExtraForm()
    if not form.validate():
        return invalid("workdays/extra.html", form=form, p=entries.entry_page())
    day, reason = form.day.data, form.reason.data.strip()

    def effect() -> Effect:
        return effects.of_working(day, reason, clock.today())

    def apply() -> None:
        with write_transaction(lock=queries.month_points(day, day)):
            actions.work_extra(day, reason, form.order(current_user.signature))
        toast(_("The extra working day is in the calendar."))

    return shown_first("workdays/extra.html", form, entries.entry_page, effect, apply) or back_to(day)


@bp.post("/extra/<int:extra_id>/remove")
@requires(Permission.SETTINGS_WRITE)
def remove_extra(extra_id: int) -> ResponseReturnValue:
    day = queries.extra_day(extra_id).day
    with write_transaction(lock=queries.month_points(day, day)):
        actions.remove_extra(extra_id)
    toast(_("The extra working day is taken back."))
    return back_to(day)


# --- deadlines ------------------------------------------------------------------------------------------------------


@bp.get("/deadlines")
@requires(Permission.CALENDAR_READ)
def deadlines() -> str:
    page = deadlines_page()
    form = DeadlinesForm(**page.last._asdict(), first=page.begins, seen=page.seen)
    return render_template("workdays/deadlines.html", form=form, p=page)


@bp.post("/deadlines")
@requires(Permission.SETTINGS_WRITE)
def change_deadlines() -> ResponseReturnValue:
    form = DeadlinesForm()
    if not form.validate():
        return invalid("workdays/deadlines.html", form=form, p=deadlines_page())
    try:
        with write_transaction():
            actions.change_deadlines(form.first.data, form.wanted, form.seen.data, current_user.signature)
    except BadInput as refusal:
        return invalid("workdays/deadlines.html", form=form, p=deadlines_page(), refusal=refusal.message)
    toast(_("From %(day)s on it will be so.", day=form.first.data.isoformat()))
    return redirect(url_for("workdays.deadlines"), 303)


@bp.post("/deadlines/<date:day>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_deadlines(day: date) -> ResponseReturnValue:
    with write_transaction():
        actions.withdraw_deadlines(day)
    toast(_("The planned change is taken back."))
    return redirect(url_for("workdays.deadlines"), 303)
