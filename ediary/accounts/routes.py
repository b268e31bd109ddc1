"""Coming in: log-in, the first entry with a slip, the second step, the pledge; going out, and between one's roles."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from ediary.accounts import account, actions, credentials, devices, factors, pledges, queries
from ediary.accounts.attempts import slowed
from ediary.accounts.blueprint import bp
from ediary.accounts.forms import CodeForm, FactorForm, LoginForm, PasswordForm, PledgeForm, SwitchForm
from ediary.accounts.passwords import hash_password, why_not
from ediary.accounts.rules import pledge_lines
from ediary.accounts.tokens import device_kind
from ediary.core import clock
from ediary.core.cookies import cookie, set_cookie
from ediary.core.errors import BadInput, TooManyTries
from ediary.core.forms import checked
from ediary.core.htmx import toast
from ediary.core.locks import end_reading, write_transaction
from ediary.core.permissions import Permission, before_entry, public, requires
from ediary.core.session import acting_for
from ediary.extensions import login_manager

#: how long after its code was typed a slip may be used without typing it again
TYPED_FOR = timedelta(minutes=30)


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
    try:
        user = actions.check_guess(form.login.data, _address(), form.password.data, _device())
        with write_transaction():
            token = _open_session(user.id, user.password_hash)
    except (BadInput, TooManyTries) as refusal:
        return render_template("accounts/login.html", form=form, refusal=refusal.message), refusal.status
    return _come_in(user.id, token, form.next.data)


def _address() -> str:
    return request.remote_addr or ""


def _device() -> devices.Device:
    return devices.read(cookie(devices.NAME))


def _open_session(user_id: int, proven: str) -> str:
    """A session in place of the one this browser holds: the cookie is replaced, nobody could end that any more."""
    if current_user.is_authenticated:
        actions.end_session(current_user.session_id)
    return actions.open_session(user_id, device_kind(request.user_agent.string), proven)


def _come_in(user_id: int, token: str, asked: str | None = None) -> Response:
    """To the page asked for, or to one's roles where there are several.

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
    set_cookie(answer, devices.NAME, devices.signed(_device().knowing(user_id)), devices.LASTS)
    return answer


@bp.post("/logout")
@requires(Permission.HOME)
@before_entry
def logout() -> Response:
    with write_transaction():
        actions.end_session(current_user.session_id)
    logout_user()
    session.clear()
    return redirect(url_for("accounts.login"), 303)  # type: ignore[return-value]


@bp.post("/switch")
@requires(Permission.HOME)
@before_entry
def switch() -> Response:
    form = checked(SwitchForm())
    with write_transaction():
        actions.switch(current_user.session_id, current_user.user_id, form.membership_id.data)
    return redirect(url_for("home.today"), 303)  # type: ignore[return-value]


# --- the first entry ------------------------------------------------------------------------------------------------


@bp.route("/first", methods=["GET", "POST"])
@public
def first() -> ResponseReturnValue:
    """The slip's code; a QR code brings it behind the `#`, which browsers send to nobody and write into no log."""
    form = CodeForm()
    if request.method == "GET" or not form.validate():
        return render_template("accounts/first.html", form=form), 200 if request.method == "GET" else 422
    try:
        slip = slowed([actions.counter_of_slips(_address())], lambda: queries.slip_by_code(form.code.data))
        if slip is None:
            raise BadInput(queries.SLIP_OPENS_NOTHING)
    except (BadInput, TooManyTries) as refusal:
        return render_template("accounts/first.html", form=form, refusal=refusal.message), refusal.status
    session["slip"] = [slip.id, int((clock.now() + TYPED_FOR).timestamp())]
    return redirect(url_for(".first_password"), 303)


def _slip() -> account.SlipPage | None:
    """The slip whose code was typed in this browser a short time ago, if it still opens something."""
    slip_id, until = session.get("slip") or (0, 0)
    return account.slip_page(slip_id) if clock.now() <= datetime.fromtimestamp(until, clock.now().tzinfo) else None


def _no_slip() -> ResponseReturnValue:
    session.pop("slip", None)
    toast(_("Type the slip's code once more."), "warn")
    return redirect(url_for(".first"), 303)


@bp.route("/first/password", methods=["GET", "POST"])
@public
def first_password() -> ResponseReturnValue:
    slip = _slip()
    if slip is None:
        return _no_slip()
    form = PasswordForm()
    if request.method == "GET":
        return render_template("accounts/first_password.html", form=form, slip=slip)
    refusal = why_not(form.password.data, slip.own_words) if form.validate() else None
    if refusal or form.errors:
        return render_template("accounts/first_password.html", form=form, slip=slip, refusal=refusal), 422
    hashed = hash_password(form.password.data)
    with acting_for(slip.institution_id, slip.user_id), write_transaction():
        credentials.choose_password(slip.id, hashed)
        token = _open_session(slip.user_id, hashed) if queries.seats(slip.user_id, clock.today()) else None
    end_reading()
    if queries.is_shut_somewhere(slip.user_id, clock.today()):
        toast(_("Your other kindergarten opens again once it has seen that it is you: tell it of the new password."))
    if token is not None:
        return _come_in(slip.user_id, token)
    toast(_("The password is kept. You can come in from the day your role begins."))
    return redirect(url_for(".login"), 303)


@bp.route("/first/known", methods=["GET", "POST"])
@public
def first_known() -> ResponseReturnValue:
    """The person of a slip has a log-in from another kindergarten: from now on it is the one."""
    slip, form = _slip(), LoginForm()
    if slip is None or not slip.is_new:
        return _no_slip()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("accounts/first_known.html", form=form, slip=slip), status
    try:
        known = actions.check_guess(form.login.data, _address(), form.password.data, _device())
        with acting_for(slip.institution_id, known.id), write_transaction():
            credentials.join(slip.id, known.id)
            token = _open_session(known.id, known.password_hash)
    except (BadInput, TooManyTries) as refusal:
        return render_template(
            "accounts/first_known.html", form=form, slip=slip, refusal=refusal.message
        ), refusal.status
    end_reading()
    return _come_in(known.id, token)


# --- the second step ------------------------------------------------------------------------------------------------


@bp.get("/second-factor")
@requires(Permission.OWN_ACCOUNT)
@before_entry
def second_factor() -> ResponseReturnValue:
    """Asks for the code, or, where there is none yet, sets it up."""
    page = account.factor_page(current_user.session_id)
    if page.is_on and current_user.second_factor_at is not None:
        return redirect(url_for(".index"), 303)
    return render_template(_FACTOR[page.state], form=FactorForm(), p=page)


_FACTOR = {"ask": "accounts/factor_ask.html", "set up": "accounts/factor_setup.html", "none": "accounts/factor.html"}


@bp.post("/second-factor")
@requires(Permission.OWN_ACCOUNT)
@before_entry
def use_factor() -> ResponseReturnValue:
    form, user = FactorForm(), current_user
    page = account.factor_page(user.session_id)
    if not form.validate():
        return render_template("accounts/factor_ask.html", form=form, p=page), 422

    def check() -> bool | None:
        with write_transaction():
            return factors.use(user.user_id, form.code.data, user.session_id) or None

    try:
        if slowed([factors.counter(user.user_id)], check) is None:
            raise BadInput(factors.WRONG)
    except (BadInput, TooManyTries) as refusal:
        return render_template("accounts/factor_ask.html", form=form, p=page, refusal=refusal.message), refusal.status
    return redirect(_wanted(), 303)


def _wanted() -> str:
    """The page the gate kept its visitor from."""
    return safe_next(session.pop("wanted", None))


# --- the pledge -----------------------------------------------------------------------------------------------------


@bp.get("/pledge")
@requires(Permission.HOME)
@before_entry
def pledge() -> ResponseReturnValue:
    text = queries.pledge_due(current_user.user_id, clock.today())
    if text is None:
        return redirect(_wanted(), 303)
    lines = pledge_lines(text.text)
    return render_template("accounts/pledge.html", form=PledgeForm(text_id=text.id), text=text, lines=lines)


@bp.post("/pledge")
@requires(Permission.HOME)
@before_entry
def accept_pledge() -> ResponseReturnValue:
    form = PledgeForm()
    text = queries.pledge_due(current_user.user_id, clock.today())
    if text is not None and not form.validate():
        lines = pledge_lines(text.text)
        return render_template("accounts/pledge.html", form=form, text=text, lines=lines), 422
    with write_transaction():
        pledges.accept(current_user.user_id, form.text_id.data or 0, current_user.signature)
    toast(_("Accepted. Your copy is kept in “My account”."))
    return redirect(_wanted(), 303)
