"""One's own log-in: sessions, password, the second step, the short number for tablets, copies of pledges."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from ediary.accounts import account, actions, credentials, factors, paper, pins
from ediary.accounts.attempts import slowed
from ediary.accounts.blueprint import bp, pdf
from ediary.accounts.forms import BeginForm, FactorForm, OwnPasswordForm, PinForm
from ediary.accounts.passwords import hash_password, why_not
from ediary.core import proof
from ediary.core.errors import BadInput, NotAllowed, TooManyTries
from ediary.core.forms import checked
from ediary.core.history import record
from ediary.core.htmx import reply, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, Role, before_entry, requires


@bp.get("/")
@requires(Permission.OWN_ACCOUNT)
def index() -> str:
    return render_template("accounts/index.html", p=account.account_page(current_user.session_id))


# --- sessions -------------------------------------------------------------------------------------------------------


def _sessions() -> Response:
    own = account.sessions(current_user.session_id)
    return reply("accounts/_sessions.html", back=url_for(".index"), sessions=own)


@bp.post("/sessions/<int:session_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end_session(session_id: int) -> Response:
    with write_transaction():
        actions.end_own_session(current_user.user_id, session_id)
    toast(_("Logged out there."))
    return _sessions()


@bp.post("/sessions/end")
@requires(Permission.OWN_ACCOUNT)
def end_sessions() -> Response:
    with write_transaction():
        ended = credentials.end_sessions(current_user.user_id, but=current_user.session_id)
    toast(ngettext("Logged out on %(num)s other device.", "Logged out on %(num)s other devices.", ended))
    return _sessions()


# --- password -------------------------------------------------------------------------------------------------------


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    form, user = OwnPasswordForm(), account.me()
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("accounts/password.html", form=form, login=user.login), status
    try:
        actions.check_own(user.id, form.current.data)
        if refusal := why_not(form.password.data, account.own_words(user)):
            raise BadInput(refusal)
    except (BadInput, TooManyTries) as said:
        context = {"form": form, "login": user.login, "refusal": said.message}
        return render_template("accounts/password.html", **context), said.status
    hashed = hash_password(form.password.data)
    with write_transaction():
        credentials.change_password(user.id, hashed, current_user.session_id)
    toast(_("The password is changed. On other devices you are logged out."))
    return redirect(url_for(".index"), 303)


# --- the second step ------------------------------------------------------------------------------------------------


@bp.post("/second-factor/begin")
@requires(Permission.OWN_ACCOUNT)
@before_entry
def begin_factor() -> ResponseReturnValue:
    form, page = BeginForm(), account.factor_page(current_user.session_id)
    try:
        if page.asks_password:
            actions.check_own(current_user.user_id, checked(form).current.data or "")
        with write_transaction():
            factors.begin(current_user.user_id)
    except (BadInput, TooManyTries) as refusal:
        return render_template("accounts/factor.html", p=page, refusal=refusal.message), refusal.status
    return redirect(url_for(".second_factor"), 303)


@bp.post("/second-factor/confirm")
@requires(Permission.OWN_ACCOUNT)
@before_entry
def confirm_factor() -> ResponseReturnValue:
    """The recovery codes are shown in this answer and nowhere else."""
    form, user_id, session_id = FactorForm(), current_user.user_id, current_user.session_id
    page = account.factor_page(session_id)

    def check() -> list[str] | None:
        with write_transaction():
            return factors.confirm(user_id, checked(form).code.data, session_id)

    try:
        codes = slowed([factors.counter(user_id)], check)
        if codes is None:
            raise BadInput(factors.WRONG)
    except (BadInput, TooManyTries) as refusal:
        return render_template("accounts/factor_setup.html", form=form, p=page, refusal=refusal.message), refusal.status
    return render_template("accounts/factor_codes.html", codes=codes, p=page)


def _with_code(form: FactorForm) -> None:
    """A code of the second step, asked again before it is changed. Raises BadInput, TooManyTries."""
    user_id = current_user.user_id

    def check() -> bool | None:
        with write_transaction():
            return factors.is_right(user_id, checked(form).code.data) or None

    if slowed([factors.counter(user_id)], check) is None:
        raise BadInput(factors.WRONG)


@bp.route("/second-factor/change", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def change_factor() -> ResponseReturnValue:
    """New recovery codes, or off: by a code of now."""
    form, page = FactorForm(), account.factor_page(current_user.session_id)
    if request.method == "GET":
        return render_template("accounts/factor_change.html", form=form, p=page)
    try:
        _with_code(form)
        with write_transaction():
            if "off" in request.form:
                factors.turn_off(current_user.user_id)
                codes = None
            else:
                codes = factors.renew_codes(current_user.user_id)
    except (BadInput, TooManyTries) as refusal:
        context = {"form": form, "p": page, "refusal": refusal.message}
        return render_template("accounts/factor_change.html", **context), refusal.status
    if codes is not None:
        return render_template("accounts/factor_codes.html", codes=codes, p=page)
    toast(_("The second step is off."))
    return redirect(url_for(".index"), 303)


# --- the short number -----------------------------------------------------------------------------------------------


def _not_for_guardians() -> None:
    """Parents mark nobody on a group's tablet."""
    if current_user.role is Role.GUARDIAN:
        raise NotAllowed("")


@bp.route("/pin", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def pin() -> ResponseReturnValue:
    _not_for_guardians()
    form, has_pin = PinForm(), account.me().pin_hash is not None
    if request.method == "GET" or not form.validate():
        status = 200 if request.method == "GET" else 422
        return render_template("accounts/pin.html", form=form, has_pin=has_pin), status
    try:
        pins.check_choice(form.pin.data)
        actions.check_own(current_user.user_id, form.current.data)
    except (BadInput, TooManyTries) as refusal:
        context = {"form": form, "has_pin": has_pin, "refusal": refusal.message}
        return render_template("accounts/pin.html", **context), refusal.status
    hashed = hash_password(form.pin.data)
    with write_transaction():
        pins.set_pin(current_user.user_id, hashed)
    toast(_("The short number is kept. It works on the group's tablet at once."))
    return redirect(url_for(".index"), 303)


@bp.post("/pin/remove")
@requires(Permission.OWN_ACCOUNT)
def remove_pin() -> ResponseReturnValue:
    _not_for_guardians()
    with write_transaction():
        pins.set_pin(current_user.user_id, None)
    toast(_("The short number is gone: on the tablet nobody can act as you."))
    return redirect(url_for(".index"), 303)


# --- copies of pledges ----------------------------------------------------------------------------------------------


@bp.get("/pledges/<int:acceptance_id>.pdf")
@requires(Permission.OWN_ACCOUNT)
def pledge_copy(acceptance_id: int) -> Response:
    accepted = account.accepted(acceptance_id)
    if accepted.user_id != current_user.user_id:
        with write_transaction():
            record("print", account.acceptance(acceptance_id))
    content = proof.printed(paper.pledge(accepted), current_user.signature)
    return pdf(content, f"pasizadejimas-{accepted.accepted_at.date().isoformat()}")
