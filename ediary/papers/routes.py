"""Papers for absences: what is missing and until when, a child's papers, entered and struck out."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.absences.excuses import PaperKind
from ediary.absences.words import KINDS_OF_PAPER
from ediary.core import clock, store
from ediary.core.dates import Month
from ediary.core.errors import BadInput, Locked
from ediary.core.htmx import toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import send
from ediary.papers import actions, queries
from ediary.papers.actions import Kept
from ediary.papers.forms import PaperForm, StrikeForm

bp = Blueprint("papers", __name__, url_prefix="/papers")


@bp.get("/<month:month>")
@requires(Permission.PAPER_READ)
def missing(month: Month) -> str:
    """What is still missing for each absence, and until when."""
    return render_template("papers/missing.html", p=queries.clock_page(month))


@bp.get("/children/<int:child_id>")
@requires(Permission.PAPER_READ)
def child(child_id: int) -> Response:
    """A child's papers, and a form for one more, about the days a line of what is missing names."""
    return _page(child_id, PaperForm(formdata=None, **_asked()))


def _asked() -> dict[str, Any]:
    now = clock.local_now().replace(tzinfo=None, second=0, microsecond=0)
    days: dict[str, Any] = {"received_at": now}
    for name in ("first", "last"):
        try:
            days[name] = date.fromisoformat(request.args.get(name, ""))
        except ValueError:
            days[name] = None
    kind = request.args.get("kind")
    return days | ({"kind": kind} if kind in set(PaperKind) else {})


@bp.post("/children/<int:child_id>")
@requires(Permission.PAPER_WRITE)
def enter(child_id: int) -> ResponseReturnValue:
    form = PaperForm()
    if not form.validate():
        return _page(child_id, form, status=422)
    said, sent = form.said, form.file.data
    kept = Kept(store.keep(sent.content), sent.name, sent.media_type, sent.size) if sent is not None else None
    points = queries.lock_points(child_id, said.first, said.last)
    try:
        with write_transaction(lock=points):
            actions.enter(child_id, said, kept, current_user.signature)
    except (BadInput, Locked) as refusal:
        return _page(child_id, form, refusal=refusal, status=refusal.status)
    toast(_("The paper is written down."))
    return redirect(url_for(".child", child_id=child_id), 303)


@bp.post("/<int:paper_id>/strike")
@requires(Permission.PAPER_WRITE)
def strike(paper_id: int) -> ResponseReturnValue:
    """A wrong one is struck out; it stays in sight, and in the history."""
    child_id, form = queries.child_of(paper_id), StrikeForm()
    if not form.validate():
        return _page(child_id, PaperForm(formdata=None, **_asked()), struck=(paper_id, form), status=422)
    try:
        with write_transaction(lock=queries.points_of(paper_id), reason=form.why.data):
            actions.strike(paper_id, form.why.data, current_user.signature)
    except (BadInput, Locked) as refusal:
        return _page(child_id, PaperForm(formdata=None, **_asked()), refusal=refusal, status=refusal.status)
    toast(_("The paper is struck out; what it justified is judged without it."))
    return redirect(url_for(".child", child_id=child_id), 303)


@bp.get("/<int:paper_id>/file")
@requires(Permission.PAPER_READ)
def file(paper_id: int) -> Response:
    """The file as it was sent in. Who took it is on record first."""
    with write_transaction():
        found = actions.note_reading(paper_id)
    return send(store.fetch(found.sha256 or ""), found.file_name or "", found.media_type or "")


def _page(
    child_id: int,
    form: PaperForm,
    *,
    struck: tuple[int, StrikeForm] | None = None,
    refusal: BadInput | Locked | None = None,
    status: int = 200,
) -> Response:
    told = {
        "p": queries.child_page(child_id),
        "form": form,
        "struck": struck,
        "strike_form": StrikeForm(formdata=None),
        "refusal": refusal.message if refusal else "",
        "kinds": KINDS_OF_PAPER,
        "month": Month.of(clock.today()),
    }
    return make_response(render_template("papers/child.html", **told), status)
