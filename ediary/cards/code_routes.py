"""Codes: in accounting, a row a child; personal ones, shown only when the showing is on record."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ediary.cards import queries
from ediary.cards.forms import PayerForm, PersonalCodeForm
from ediary.cards.payers import payer_row, payers_page
from ediary.cards.rules import Section
from ediary.cards.shared import bp, draw, redraw, saved
from ediary.children import codes
from ediary.children.rules import OF_CHILD, of_guardian, tidy
from ediary.core.errors import BadInput
from ediary.core.htmx import is_htmx, toast, with_toasts
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires

#: nobody seeks by a longer name
LONGEST_SOUGHT = 80


# --- in accounting --------------------------------------------------------------------------------------------------


def _sought() -> str:
    return tidy(request.args.get("q"))[:LONGEST_SOUGHT].replace("\0", "")


@bp.get("/payer-codes")
@requires(Permission.PAYER_CODE_WRITE)
def payer_codes() -> str:
    """Newcomers without a code, or all children; codes are written in place (S II.12)."""
    page = payers_page(_sought(), everybody=request.args.get("show") == "all")
    template = "cards/_payers.html" if is_htmx() else "cards/payers.html"
    return render_template(template, p=page)


@bp.post("/payer-codes/<int:child_id>")
@requires(Permission.PAYER_CODE_WRITE)
def write_payer_code(child_id: int) -> ResponseReturnValue:
    form, one = PayerForm(), payer_row(child_id)
    try:
        if not form.validate():
            raise BadInput(form.code.errors[0])
        with write_transaction() as held:
            codes.set_payer_code(child_id, form.code.data or "", one.begins(held.today))
    except BadInput as refusal:
        return _payer_answer(child_id, 422, typed=form.code.data or "", refusal=refusal.message)
    return _payer_answer(child_id, 200, is_saved=True)


def _payer_answer(child_id: int, status: int, **context: object) -> ResponseReturnValue:
    """The child's row; without HTMX back to the list."""
    if is_htmx():
        piece = render_template("cards/_payer_row.html", one=payer_row(child_id), **context)
        return make_response(with_toasts(piece), status)
    toast(context.get("refusal") or _("Written down."), "warn" if "refusal" in context else "info")
    return redirect(url_for(".payer_codes", show="all", q=payer_row(child_id).name), 303)


# --- personal -------------------------------------------------------------------------------------------------------


@bp.post("/<int:child_id>/personal-codes/<int:code_id>/show")
@requires(Permission.PERSONAL_CODE_READ)
def show_personal_code(child_id: int, code_id: int) -> Response:
    """The showing is put on record and committed, and only then is the code read: no record, no code."""
    queries.card(child_id, [])
    with write_transaction():
        codes.note_showing(child_id, code_id)
    return draw(Section.CODES, child_id, shown=code_id)


def _new_code(child_id: int, of: str) -> Response:
    return draw(Section.CODES, child_id, form=PersonalCodeForm(formdata=None), row=of)


def _write_code(child_id: int, of: str) -> Response:
    form = PersonalCodeForm()
    redraw(Section.CODES, child_id)
    try:
        if not form.validate():
            raise BadInput(form.code.errors[0])
        with write_transaction():
            codes.set_personal_code(child_id, of, form.code.data, is_foreign=form.is_foreign.data)
    except BadInput as refusal:
        return draw(Section.CODES, child_id, 422, form=form, row=of, refusal=refusal.message)
    toast(_("The personal code is kept, encrypted."))
    return saved(Section.CODES, child_id)


@bp.get("/<int:child_id>/personal-codes/child")
@requires(Permission.PERSONAL_CODE_WRITE)
def new_child_code(child_id: int) -> Response:
    return _new_code(child_id, OF_CHILD)


@bp.post("/<int:child_id>/personal-codes/child")
@requires(Permission.PERSONAL_CODE_WRITE)
def write_child_code(child_id: int) -> Response:
    return _write_code(child_id, OF_CHILD)


@bp.get("/<int:child_id>/personal-codes/guardians/<int:guardian_id>")
@requires(Permission.PERSONAL_CODE_WRITE)
def new_guardian_code(child_id: int, guardian_id: int) -> Response:
    return _new_code(child_id, of_guardian(guardian_id))


@bp.post("/<int:child_id>/personal-codes/guardians/<int:guardian_id>")
@requires(Permission.PERSONAL_CODE_WRITE)
def write_guardian_code(child_id: int, guardian_id: int) -> Response:
    return _write_code(child_id, of_guardian(guardian_id))


@bp.post("/<int:child_id>/personal-codes/<int:code_id>/remove")
@requires(Permission.PERSONAL_CODE_WRITE)
def remove_personal_code(child_id: int, code_id: int) -> Response:
    redraw(Section.CODES, child_id)
    with write_transaction():
        codes.remove_personal_code(child_id, code_id)
    return saved(Section.CODES, child_id)
