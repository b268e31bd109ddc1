"""What the program has told a person."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.accounts import actions as accounts
from ediary.accounts.queries import seats
from ediary.core import clock
from ediary.core.addresses import needs
from ediary.core.forms import checked
from ediary.core.htmx import toast
from ediary.core.locks import write_transaction
from ediary.core.paging import page_asked
from ediary.core.permissions import Permission, Role, requires
from ediary.notices import actions, queries
from ediary.notices.forms import ReadAllForm

bp = Blueprint("notices", __name__, url_prefix="/notices")


@bp.get("/")
@requires(Permission.NOTICES)
def index() -> str:
    return render_template("notices/index.html", p=queries.notices_page(page_asked()))


@bp.post("/<int:notice_id>/open")
@requires(Permission.NOTICES)
def open_notice(notice_id: int) -> ResponseReturnValue:
    """To the page it is about, in the role it was told to if the present one may not open it."""
    with write_transaction():
        notice = actions.read(notice_id)
        seat = _seat_for(notice.url, notice.role)
        if seat is not None:
            accounts.switch(current_user.session_id, current_user.user_id, seat)
    return redirect(notice.url, 303)


def _seat_for(url: str, role: Role | None) -> int | None:
    """The seat to go over to; None = stay."""
    needed, _group = needs(url)
    if role is None or needed is None or needed in current_user.permissions:
        return None
    return next(
        (
            seat.id
            for seat in seats(current_user.user_id, clock.today())
            if seat.role is role and seat.institution_id == current_user.institution_id
        ),
        None,
    )


@bp.post("/read")
@requires(Permission.NOTICES)
def read_all() -> ResponseReturnValue:
    up_to: int = checked(ReadAllForm()).up_to.data
    with write_transaction():
        actions.read_all(up_to)
    toast(_("All is marked as read."))
    return redirect(url_for("notices.index"), 303)
