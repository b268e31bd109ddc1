"""A person's whole data as a copy, at their request; one's own at any time (H5)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from ediary.copies import actions, queries, subjects
from ediary.copies.actions import Asked
from ediary.copies.bundle import zipped
from ediary.copies.forms import CopyForm, OwnForm
from ediary.copies.gather import gather
from ediary.copies.models import Format
from ediary.copies.paper import Cover, pdf
from ediary.copies.subjects import Subject
from ediary.core import clock
from ediary.core.errors import NotAllowed
from ediary.core.locks import write_transaction
from ediary.core.paging import page_asked
from ediary.core.permissions import Permission, requires
from ediary.core.session import acting_for, scope
from ediary.core.uploads import send
from ediary.institutions.queries import current

bp = Blueprint("copies", __name__, url_prefix="/copies")

#: nobody seeks by a longer name
LONGEST_SOUGHT = 80


@bp.get("/")
@requires(Permission.PERSON_COPY)
def index() -> str:
    """The copies made, and whose can be."""
    sought = " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SOUGHT]
    return render_template("copies/index.html", p=queries.index_page(sought, page_asked()))


# --- at a person's request ------------------------------------------------------------------------------------------


@bp.route("/children/<int:child_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_COPY)
def child(child_id: int) -> Response:
    return _answer(subjects.child(child_id), {"child_id": child_id})


@bp.route("/employees/<int:employee_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_COPY)
def employee(employee_id: int) -> Response:
    return _answer(subjects.employee(employee_id), {"employee_id": employee_id})


@bp.route("/guardians/<int:guardian_id>", methods=["GET", "POST"])
@requires(Permission.PERSON_COPY)
def guardian(guardian_id: int) -> Response:
    return _answer(subjects.guardian(guardian_id), {"guardian_id": guardian_id})


# --- one's own ------------------------------------------------------------------------------------------------------


@bp.route("/own", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def own() -> Response:
    return _answer(subjects.oneself(), {"user_id": current_user.user_id}, is_own=True)


@bp.route("/own/children/<int:child_id>", methods=["GET", "POST"])
@requires(Permission.OWN_CHILDREN)
def own_child(child_id: int) -> Response:
    """One's own child's. Another close person asks the director: the data are the parents' to ask for."""
    subject, by_law = subjects.own_child(child_id)
    if not by_law:
        raise NotAllowed(_("A copy of the child's data is given to its parents or guardians. Ask the director."))
    return _answer(subject, {"child_id": child_id}, is_own=True)


# --- what all share -------------------------------------------------------------------------------------------------


def _answer(subject: Subject, of: dict[str, int], *, is_own: bool = False) -> Response:
    """The page that asks, or the copy."""
    page, form = queries.copy_page(subject, is_own=is_own), OwnForm() if is_own else CopyForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return make_response(render_template("copies/copy.html", p=page, form=form), status)
    asked = Asked(
        format=Format(form.format.data),
        asked_by=_asker(form, current_user.name),
        ground=_("own log-in") if is_own else form.ground.data,
        with_codes=page.can_codes and form.with_codes.data,
        with_health=page.can_health and form.with_health.data,
    )
    return _make(subject, asked, of)


def _asker(form: Any, name: str) -> str:
    """Who asked: as written, or the person of this log-in."""
    return form.asked_by.data if "asked_by" in form else name


def _make(subject: Subject, asked: Asked, of: dict[str, int]) -> Response:
    """On record first; then everything is read, with the eyes of the house; then the copy is known by its hash."""
    with write_transaction() as held:
        made_at, copy_id = held.now, actions.note(subject, asked, of, current_user.signature)
    house = current()
    cover = Cover(house.name, house.code, asked.asked_by, asked.ground, made_at, current_user.signature)
    with acting_for(scope().institution_id, current_user.user_id):
        copy = gather(subject, with_codes=asked.with_codes, with_health=asked.with_health)
    content = pdf(copy, cover) if asked.format is Format.PDF else zipped(copy, cover)
    with write_transaction():
        actions.made(copy_id, content)
    name = _("copy of data %(name)s %(day)s", name=subject.name, day=clock.today().isoformat())
    media_type = "application/pdf" if asked.format is Format.PDF else "application/zip"
    return send(content, f"{name}.{asked.format.value}", media_type)
