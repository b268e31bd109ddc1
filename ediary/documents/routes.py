"""Orders and other documents: the list, one of them, its file."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core import store, uploads
from ediary.core.errors import BadInput, NotFound
from ediary.core.forms import SureForm, checked
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.paging import page_asked
from ediary.core.permissions import Permission, requires
from ediary.documents import actions, queries
from ediary.documents.actions import Kept, Said
from ediary.documents.forms import DocumentForm
from ediary.documents.queries import Show
from ediary.institutions.models import DocumentKind

bp = Blueprint("documents", __name__, url_prefix="/documents")


def back_to(document_id: int) -> ResponseReturnValue:
    """To the document's page."""
    return redirect(url_for("documents.document", document_id=document_id), 303)


@bp.get("/")
@requires(Permission.DOCUMENT_READ)
def index() -> str:
    asked, year = request.args.get("show", ""), request.args.get("year", "")
    show = next((one for one in Show if one.value == asked), Show.ALL)
    of_year = int(year) if year.isascii() and year.isdigit() and 1990 <= int(year[:5]) <= 2200 else None
    page = queries.documents_page(show, request.args.get("q", "")[:100], of_year, page_asked())
    return render_template("documents/index.html", p=page)


def said_in(form: DocumentForm) -> Said:
    """What a form that makes sense says."""
    title = " ".join(form.title.data.split())
    return Said(DocumentKind(form.kind.data), form.number.data.strip(), form.day.data, title)


def keep(form: DocumentForm) -> Kept | None:
    """The file the form brings, kept before anything refers to it."""
    sent = form.file.data
    if sent is None:
        return None
    return Kept(store.keep(sent.content), sent.name, sent.media_type, sent.size)


@bp.get("/new")
@requires(Permission.DOCUMENT_WRITE)
def new() -> str:
    page = queries.new_page()
    return render_template("documents/new.html", form=DocumentForm(day=page.today), p=page)


@bp.post("/new")
@requires(Permission.DOCUMENT_WRITE)
def enter() -> ResponseReturnValue:
    form = DocumentForm()
    if not form.validate():
        return invalid("documents/new.html", form=form, p=queries.new_page())
    file = keep(form)
    try:
        with write_transaction():
            made = actions.enter(said_in(form), file, current_user.signature)
    except BadInput as refusal:
        return invalid("documents/new.html", form=form, p=queries.new_page(), refusal=refusal.message)
    toast(_("The document is entered."))
    return back_to(made.id)


@bp.get("/<int:document_id>")
@requires(Permission.DOCUMENT_READ)
def document(document_id: int) -> str:
    return render_template("documents/document.html", p=queries.document_page(document_id))


@bp.get("/<int:document_id>/edit")
@requires(Permission.DOCUMENT_WRITE)
def edit_form(document_id: int) -> str:
    page = queries.document_page(document_id)
    form = DocumentForm(kind=page.kind.value, number=page.number, day=page.day, title=page.title)
    return render_template("documents/edit.html", form=form, p=page)


@bp.post("/<int:document_id>/edit")
@requires(Permission.DOCUMENT_WRITE)
def edit(document_id: int) -> ResponseReturnValue:
    form, page = DocumentForm(), queries.document_page(document_id)
    if not form.validate():
        return invalid("documents/edit.html", form=form, p=page)
    file = keep(form)
    try:
        with write_transaction():
            actions.edit(document_id, said_in(form), file)
    except BadInput as refusal:
        return invalid("documents/edit.html", form=form, p=page, refusal=refusal.message)
    toast(_("The document is corrected."))
    return back_to(document_id)


@bp.post("/<int:document_id>/remove")
@requires(Permission.DOCUMENT_WRITE)
def remove(document_id: int) -> ResponseReturnValue:
    checked(SureForm())
    with write_transaction():
        actions.remove(document_id)
    toast(_("The document is removed: nothing was ordered by it."))
    return redirect(url_for("documents.index"), 303)


@bp.get("/<int:document_id>/file")
@requires(Permission.DOCUMENT_READ)
def file(document_id: int) -> Response:
    found = queries.document(document_id)
    if found.sha256 is None:
        raise NotFound
    return uploads.send(store.fetch(found.sha256), found.file_name or "", found.media_type or "")
