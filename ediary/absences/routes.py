"""The settings of reasons: what each says and does to the fee, from which day on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from ediary.absences import actions, queries, words
from ediary.absences.forms import EndForm, MoveForm, TermsForm
from ediary.absences.models import AbsenceReason
from ediary.core.dates import ONE_DAY
from ediary.core.forms import checked
from ediary.core.htmx import redraw_on_refusal, reply, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires

bp = Blueprint("absences", __name__, url_prefix="/absences")

LIST = "absences/_reason_list.html"


def _list() -> dict[str, Any]:
    return {"p": queries.reasons_page(), "words": words}


def _to_list() -> Response:
    return make_response(redirect(url_for(".reasons"), 303))


@bp.get("/reasons")
@requires(Permission.SETTINGS_WRITE)
def reasons() -> str:
    """All reasons in their order."""
    return render_template("absences/reasons.html", **_list())


@bp.get("/reasons/new")
@requires(Permission.SETTINGS_WRITE)
def new_reason() -> Response:
    """A form for one more."""
    page = queries.reason_page(None)
    return _form_page(page, TermsForm(formdata=None, first=page.first, kind="justified", waives_food=True))


@bp.post("/reasons/new")
@requires(Permission.SETTINGS_WRITE)
def add_reason() -> Response:
    """One more, from a day on."""
    form = TermsForm()
    if not form.validate():
        return _form_page(queries.reason_page(None), form, status=422)
    try:
        with write_transaction():
            row = actions.add_reason(form.first.data, form.terms, current_user.signature)
    except actions.Refused as refusal:
        return _refused(queries.reason_page(None), form, refusal)
    toast(_("“%(name)s” is given from %(day)s on.", **_said(row)))
    return _to_list()


@bp.get("/reasons/<int:reason_id>")
@requires(Permission.SETTINGS_WRITE)
def reason(reason_id: int) -> Response:
    """One of them, to be changed or ended from a day on."""
    page = queries.reason_page(reason_id)
    return _form_page(page, TermsForm(formdata=None, first=page.first, **page.terms))


@bp.post("/reasons/<int:reason_id>")
@requires(Permission.SETTINGS_WRITE)
def change_reason(reason_id: int) -> Response:
    """From a day on it says something else."""
    form = TermsForm()
    if not form.validate():
        return _form_page(queries.reason_page(reason_id), form, status=422)
    try:
        with write_transaction(lock=queries.lock_points(), exclusive=True):
            row = actions.change_reason(reason_id, form.first.data, form.terms, current_user.signature)
    except actions.Refused as refusal:
        return _refused(queries.reason_page(reason_id), form, refusal)
    toast(_("“%(name)s” is so from %(day)s on; earlier days stay as they are.", **_said(row)))
    return _to_list()


@bp.post("/reasons/<int:reason_id>/end")
@requires(Permission.SETTINGS_WRITE)
def end_reason(reason_id: int) -> Response:
    """After a day it is no longer given."""
    form = EndForm()
    page = queries.reason_page(reason_id)
    if not form.validate():
        return _form_page(page, TermsForm(formdata=None, first=page.first, **page.terms), end_form=form, status=422)
    try:
        with write_transaction(lock=queries.lock_points(), exclusive=True):
            names = actions.end_reason(reason_id, form.last.data + ONE_DAY)
    except actions.Refused as refusal:
        return _refused(page, TermsForm(formdata=None, first=page.first, **page.terms), refusal, form)
    toast(_("It is given until %(day)s.", day=form.last.data.isoformat()))
    _warn(names)
    return _to_list()


@bp.post("/reasons/<int:reason_id>/keep")
@requires(Permission.SETTINGS_WRITE)
def keep_reason(reason_id: int) -> Response:
    """The planned end is taken back."""
    redraw_on_refusal(LIST, _list)
    with write_transaction(lock=queries.lock_points(), exclusive=True):
        actions.keep_reason(reason_id)
    toast(_("It is given on and on again."))
    return reply(LIST, back=url_for(".reasons"), **_list())


@bp.post("/reasons/<int:reason_id>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_reason(reason_id: int) -> Response:
    """What was planned is taken back."""
    redraw_on_refusal(LIST, _list)
    with write_transaction(lock=queries.lock_points(), exclusive=True):
        names = actions.withdraw_reason(reason_id)
    toast(_("What was planned is taken back."))
    _warn(names)
    return reply(LIST, back=url_for(".reasons"), **_list())


@bp.post("/reasons/<int:reason_id>/move")
@requires(Permission.SETTINGS_WRITE)
def move_reason(reason_id: int) -> Response:
    """A place higher or lower."""
    redraw_on_refusal(LIST, _list)
    form = checked(MoveForm())
    with write_transaction():
        actions.move_reason(reason_id, up=form.to.data == "up")
    return reply(LIST, back=url_for(".reasons"), **_list())


def _said(row: AbsenceReason) -> dict[str, str]:
    return {"name": row.name, "day": row.valid_from.isoformat()}


def _warn(names: list[str]) -> None:
    """Absences announced with a reason that is no longer given."""
    if names:
        toast(_("Their announced days are now without a reason: %(names)s.", names=", ".join(names)), "warn")


def _form_page(
    page: queries.ReasonPage, form: TermsForm, *, end_form: EndForm | None = None, refusal: Any = "", status: int = 200
) -> Response:
    end_form = end_form or EndForm(formdata=None, last=page.end)
    told = {"p": page, "form": form, "end_form": end_form, "refusal": refusal, "words": words}
    return make_response(render_template("absences/reason.html", **told), status)


def _refused(
    page: queries.ReasonPage, form: TermsForm, refusal: actions.Refused, end_form: EndForm | None = None
) -> Response:
    """The form again, the sentence beside the field it is about."""
    for asked in (form, end_form):
        if asked is not None and refusal.field in asked:
            asked[refusal.field].errors = [refusal.message]
            return _form_page(page, form, end_form=end_form, status=422)
    return _form_page(page, form, end_form=end_form, refusal=refusal.message, status=422)
