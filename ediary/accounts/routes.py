"""Logging in, out, and switching between one's roles."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from ediary.accounts import actions, devices, queries
from ediary.accounts.forms import LoginForm, SwitchForm
from ediary.accounts.tokens import device_kind
from ediary.core import clock
from ediary.core.cookies import cookie, set_cookie
from ediary.core.errors import BadInput, TooManyTries
from ediary.core.forms import checked
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, public, requires
from ediary.extensions import login_manager

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


def safe_next(target: str | None) -> str:
    """Where to go after the log-in: a path of ours, nothing else, and short enough for a cookie."""
    # letters without blanks only: what browsers and redirects leave out would make `//elsewhere` of `/<tab>/elsewhere`
    if not target or not re.fullmatch(r"/(?![/\\])[!-~]{,1000}", target):
        return url_for("home.today")
    return target


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    form = LoginForm(next=request.args.get("next", ""))
    if request.method == "GET" or not form.validate():
        return render_template("accounts/login.html", form=form), 200 if request.method == "GET" else 422
    earlier = current_user.session_id if current_user.is_authenticated else None
    try:
        user = actions.check_guess(form.login.data, request.remote_addr or "", form.password.data, this_device())
        with write_transaction():
            if earlier is not None:  # the cookie is about to be replaced: nobody could end that one any more
                actions.end_session(earlier)
            token = actions.open_session(user.id, device_kind(request.user_agent.string), user.password_hash)
    except (BadInput, TooManyTries) as refusal:
        return render_template("accounts/login.html", form=form, refusal=refusal.message), refusal.status
    return _enter(user.id, token, form.next.data)


def _enter(user_id: int, token: str, asked: str | None) -> Response:
    """Come in: to the page asked for, or to one's roles where there are several.

    The cookie begins clean, so that nothing of before the log-in (its CSRF token among it) goes on.
    """
    session.clear()
    login_user(login_manager._user_callback(token))
    target = safe_next(asked)
    if len(queries.seats(user_id, clock.today())) > 1:
        if asked:
            session["asked"] = target
        target = url_for("home.go" if asked else "home.roles")
    answer = make_response(redirect(target, 303))
    set_cookie(answer, devices.NAME, devices.signed(this_device().knowing(user_id)), devices.LASTS)
    return answer


def this_device() -> devices.Device:
    return devices.read(cookie(devices.NAME))


@bp.post("/logout")
@requires(Permission.HOME)
def logout() -> Response:
    with write_transaction():
        actions.end_session(current_user.session_id)
    logout_user()
    session.clear()
    return redirect(url_for("accounts.login"), 303)  # type: ignore[return-value]


@bp.post("/switch")
@requires(Permission.HOME)
def switch() -> Response:
    form = checked(SwitchForm())
    with write_transaction():
        actions.switch(current_user.session_id, current_user.user_id, form.membership_id.data)
    return redirect(url_for("home.today"), 303)  # type: ignore[return-value]
