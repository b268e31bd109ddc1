"""A child's documents: sent in, given out as attachments once that is on record, withdrawn."""

from __future__ import annotations

from typing import cast

from flask import Response
from flask_login import current_user

from ediary.cards.forms import FileForm
from ediary.cards.rules import Section
from ediary.cards.shared import bp, draw, redraw, saved, tell
from ediary.children import files
from ediary.core import clock, store
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import Upload, send


@bp.get("/<int:child_id>/files/new")
@requires(Permission.CHILD_WRITE)
def new_file(child_id: int) -> Response:
    return draw(Section.FILES, child_id, form=FileForm(formdata=None, day=clock.today()), row="new")


@bp.post("/<int:child_id>/files/new")
@requires(Permission.CHILD_WRITE)
def add_file(child_id: int) -> Response:
    form = FileForm()
    redraw(Section.FILES, child_id)
    if not form.validate():
        return draw(Section.FILES, child_id, 422, form=form, row="new")
    upload = cast(Upload, form.file.data)
    with write_transaction():
        files.add_file(child_id, form.title.data, form.day.data, upload, current_user.signature)
        tell(Section.FILES, child_id)
    return saved(Section.FILES, child_id)


@bp.get("/<int:child_id>/files/<int:file_id>")
@requires(Permission.CHILD_FILE_READ)
def file(child_id: int, file_id: int) -> Response:
    """The document as it was sent in. Who took it is on record first."""
    with write_transaction():
        found = files.note_reading(child_id, file_id)
    return send(store.fetch(found.sha256), found.file_name, found.media_type)


@bp.post("/<int:child_id>/files/<int:file_id>/withdraw")
@requires(Permission.CHILD_WRITE)
def withdraw_file(child_id: int, file_id: int) -> Response:
    redraw(Section.FILES, child_id)
    with write_transaction():
        files.withdraw_file(child_id, file_id)
        tell(Section.FILES, child_id)
    return saved(Section.FILES, child_id)
