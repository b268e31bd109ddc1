"""The history: who changed what; and whether a printed paper is what the diary says (H4)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from ediary.core import store
from ediary.core.forms import row_id
from ediary.core.htmx import is_htmx
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import Kind, send
from ediary.history import actions, contents, queries
from ediary.history.fields import reader_of
from ediary.history.queries import Asked

bp = Blueprint("history", __name__, url_prefix="/history")

#: what is typed as a short form
LONGEST_CODE = 40


def _day(name: str) -> date | None:
    """A day out of the address; nothing for what is none."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _id(name: str) -> int | None:
    try:
        return row_id(request.args.get(name, ""))
    except ValueError:
        return None


def asked() -> Asked:
    """What the address asks for; what makes no sense is not asked."""
    table, row = request.args.get("table", ""), _id("row")
    of_row = row is not None and reader_of(table) is not None
    return Asked(
        child_id=_id("child"),
        user_id=_id("person"),
        group_id=_id("group"),
        first=_day("first"),
        last=_day("last"),
        table=table if of_row else "",
        row_id=row if of_row else None,
        since=_day("since"),
        until=_day("until"),
        before=_id("before"),
    )


@bp.get("/")
@requires(Permission.HISTORY_READ)
def index() -> str:
    return render_template("history/index.html", p=queries.history_page(asked()))


@bp.post("/<int:entry_id>/open")
@requires(Permission.HISTORY_READ)
def open_entry(entry_id: int) -> ResponseReturnValue:
    """The reading is put on record and committed, and only then shown: no record, no values."""
    with write_transaction():
        actions.note_opening(entry_id)
    one = queries.deed(entry_id, is_open=True)
    return render_template("history/_entry.html" if is_htmx() else "history/entry.html", one=one)


# --- papers -----------------------------------------------------------------------------------------------------------


@bp.get("/check")
@requires(Permission.PAPER_CHECK)
def check() -> str:
    """Is a printed paper what the diary says? Its QR code leads here."""
    typed = request.args.get("code", "")[:LONGEST_CODE]
    code = contents.tidy(typed)
    return render_template(
        "history/check.html", typed=typed, is_code=bool(code), found=contents.check(code) if code else None
    )


@bp.get("/prints/<int:print_id>")
@requires(Permission.HISTORY_READ)
def paper(print_id: int) -> Response:
    """The kept file of a print, to be laid beside the paper."""
    kept = contents.kept(print_id)
    content = store.fetch(kept.sha256)
    kind = Kind.PDF if content.startswith(b"%PDF") else Kind.XLSX
    return send(content, f"{kept.file_name}.{kind.value}", kind.media_type)
