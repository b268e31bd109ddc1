"""What is open by an unlock, closed again; acts of data change written, registered, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.acts import actions, paper, queries
from ediary.acts.forms import AppointForm, OpenForm, OpenMonthForm, RegisterForm, WriteForm
from ediary.acts.queries import ActPage
from ediary.core import clock, proof, store
from ediary.core.dates import Month
from ediary.core.errors import BadInput, NotFound
from ediary.core.htmx import invalid, toast
from ediary.core.locks import GroupDay, GroupMonth, Point, write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import send
from ediary.kitchen import actions as kitchen
from ediary.periods import opened

bp = Blueprint("acts", __name__, url_prefix="/acts")


def year_asked() -> int | None:
    said = request.args.get("year", "")
    return int(said) if said.isascii() and said.isdigit() and 1900 < int(said[:5]) < 2200 else None


@bp.get("/")
@requires(Permission.ACT_READ)
def index() -> str:
    actions.ensure_closed()
    return render_template("acts/index.html", p=queries.acts_page(year_asked()))


@bp.post("/unlocks/<int:unlock_id>/close")
@requires(Permission.UNLOCK)
def close(unlock_id: int) -> ResponseReturnValue:
    """Close again before the term ends."""
    actions.ensure_closed()
    with write_transaction(lock=opened.one(unlock_id).points, exclusive=True):
        act = actions.close(unlock_id, current_user.signature)
        act_id, number = (act.id, actions.said(act)) if act else (None, "")
    if act_id is None:
        toast(_("Closed again. Nothing was changed, so there is no act."))
        return redirect(url_for(".index"), 303)
    toast(_("Closed again. What was changed is in act No. %(number)s.", number=number))
    return redirect(url_for(".act", act_id=act_id), 303)


# --- opening ----------------------------------------------------------------------------------------------------


@bp.get("/open/<month:month>")
@requires(Permission.UNLOCK)
def open_month_form(month: Month) -> str:
    group = request.args.get("group", "")
    form = OpenMonthForm(formdata=None, groups=[int(group)] if group.isascii() and group.isdigit() else [])
    return render_template("acts/open.html", form=form, p=queries.open_page(month))


@bp.post("/open/<month:month>")
@requires(Permission.UNLOCK)
def open_month(month: Month) -> ResponseReturnValue:
    """Open a closed month for groups, for a reason and a term."""
    form = OpenMonthForm()
    if not form.validate():
        return invalid("acts/open.html", form=form, p=queries.open_page(month))
    kitchen.ensure_snapshots(month.first, month.last)
    group_ids, days = sorted(set(form.groups.data)), sorted(set(form.days.data or []))
    points: list[Point] = [GroupMonth(group_id, month) for group_id in group_ids]
    points += [GroupDay(group_id, day) for group_id in group_ids for day in days]
    asked = (form.reason.data, form.days_on.data, current_user.signature)
    try:
        with write_transaction(lock=points, exclusive=True, reason=form.reason.data):
            actions.open_months(group_ids, month, *asked, days)
    except BadInput as refusal:
        return invalid("acts/open.html", form=form, refusal=refusal.message, p=queries.open_page(month))
    toast(ngettext("%(num)s group is open.", "%(num)s groups are open.", len(group_ids)))
    return redirect(url_for(".index"), 303)


@bp.get("/open/removing")
@requires(Permission.UNLOCK)
def open_removing_form() -> str:
    return render_template("acts/open.html", form=OpenForm(formdata=None), p=queries.open_page(None))


@bp.post("/open/removing")
@requires(Permission.UNLOCK)
def open_removing() -> ResponseReturnValue:
    """Let records be removed: closed by default (S II.4)."""
    form = OpenForm()
    if not form.validate():
        return invalid("acts/open.html", form=form, p=queries.open_page(None))
    group_ids = {group_id or None for group_id in form.groups.data}
    asked = (form.reason.data, form.days_on.data, current_user.signature)
    try:
        with write_transaction(reason=form.reason.data):
            actions.open_removing(group_ids, *asked)
    except BadInput as refusal:
        return invalid("acts/open.html", form=form, refusal=refusal.message, p=queries.open_page(None))
    toast(_("Records can be removed until the term ends."))
    return redirect(url_for(".index"), 303)


# --- one act ----------------------------------------------------------------------------------------------------


def page(act: ActPage, **forms: Any) -> dict[str, Any]:
    """The act's page with its forms, one of them perhaps as it was sent."""
    return {
        "act": act,
        "write": WriteForm(formdata=None, explanation=act.explanation),
        "appoint": AppointForm(formdata=None),
        "register": RegisterForm(formdata=None, number=act.registry_number, day=act.registered_on or clock.today()),
    } | forms


@bp.get("/<int:act_id>")
@requires(Permission.ACT_READ)
def act(act_id: int) -> str:
    return render_template("acts/act.html", **page(queries.act_page(act_id)))


def _sent(act_id: int, name: str, form: Any, write: Callable[[], None], said: str) -> ResponseReturnValue:
    """A form of the act's page: written, or the page again with what is wrong at its field."""
    shown = queries.act_page(act_id)
    if not form.validate():
        return invalid("acts/act.html", **page(shown, **{name: form}))
    try:
        with write_transaction():
            write()
    except BadInput as refusal:
        return invalid("acts/act.html", refusal=refusal.message, **page(shown, **{name: form}))
    toast(said)
    return redirect(url_for(".act", act_id=act_id), 303)


@bp.post("/<int:act_id>/write")
@requires(Permission.ACT_WRITE)
def write(act_id: int) -> ResponseReturnValue:
    form = WriteForm()
    by = current_user.signature
    return _sent(
        act_id, "write", form, lambda: actions.write(act_id, form.explanation.data, by), _("The act is written.")
    )


@bp.post("/<int:act_id>/appoint")
@requires(Permission.UNLOCK)
def appoint(act_id: int) -> ResponseReturnValue:
    form = AppointForm()
    by = current_user.signature
    return _sent(
        act_id, "appoint", form, lambda: actions.appoint(act_id, form.user_id.data, by), _("The writer is appointed.")
    )


@bp.post("/<int:act_id>/register")
@requires(Permission.ACT_REGISTER)
def register(act_id: int) -> ResponseReturnValue:
    form = RegisterForm()
    by = current_user.signature
    answer = _sent(
        act_id,
        "register",
        form,
        lambda: actions.register(act_id, form.number.data.strip(), form.day.data, by),
        _("The act is registered, and stands among the documents."),
    )
    if not form.errors and not isinstance(answer, tuple):
        on_paper(act_id)
    return answer


def on_paper(act_id: int) -> ActPage:
    """The act's paper is kept as it now says; made outside of any lock. Raises NotFound."""
    act = queries.act_page(act_id)
    if not act.papers or act.papers[0].data_sha256 != act.data_sha256:
        with write_transaction():
            mark = proof.mark("acts.act", {"act": act_id, "group": act.group_id}, act.data_sha256)
        content = paper.act_paper(act, mark)
        with write_transaction():
            actions.keep_paper(act_id, mark, content, current_user.signature)
        act = queries.act_page(act_id)
    return act


@bp.get("/<int:act_id>/act.pdf")
@requires(Permission.ACT_READ)
def pdf(act_id: int) -> Response:
    """The act as kept: made by whoever asks first after it has changed."""
    act = on_paper(act_id)
    if not act.papers:
        raise NotFound
    with write_transaction():
        actions.note_print(act_id, act.check)
    return send(store.fetch(act.papers[0].sha256), f"duomenu-keitimo-aktas-{act.number}.pdf", "application/pdf")
