"""Credentials on paper: no e-mail server is needed (A7)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core import clock
from ediary.core.forms import checked
from ediary.core.htmx import toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.core.uploads import send
from ediary.slips import actions, paper, queries
from ediary.slips.forms import SlipsForm, VouchForm

bp = Blueprint("slips", __name__, url_prefix="/slips")


@bp.get("/")
@requires(Permission.SLIP_PRINT)
def index() -> str:
    return render_template("slips/index.html", p=queries.page())


@bp.post("/")
@requires(Permission.SLIP_PRINT)
def print_slips() -> ResponseReturnValue:
    form = checked(SlipsForm())
    with write_transaction():
        made = actions.print_slips(
            form.employee.data or [],
            form.guardian.data or [],
            current_user.signature,
            replace=form.replace.data,
            lost_factor=form.lost_factor.data,
        )
    content = paper.slips(made, url_for("accounts.first", _external=True), current_user.signature)
    return send(content, f"prisijungimo-lapeliai-{clock.today().isoformat()}.pdf", "application/pdf")


@bp.post("/vouch")
@requires(Permission.SLIP_PRINT)
def vouch() -> ResponseReturnValue:
    form = checked(VouchForm())
    with write_transaction():
        names = actions.vouch(form.employee.data or [], form.guardian.data or [], current_user.signature)
    toast(_("%(names)s: the roles here are open again.", names=", ".join(names)))
    return redirect(url_for("slips.index"), 303)
