"""The institution's settings of coming in: the pledge's text and who has accepted it, what is asked of each role."""

from __future__ import annotations

from datetime import date

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.accounts import entryrules, paper, pledges, settings
from ediary.accounts.blueprint import bp, pdf
from ediary.accounts.forms import EntryRulesForm, PledgeTextForm
from ediary.core.errors import BadInput, Stale
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires

# --- the pledge -----------------------------------------------------------------------------------------------------


@bp.get("/pledge-text")
@requires(Permission.SETTINGS_WRITE)
def pledge_text() -> str:
    page = settings.pledge_text_page()
    form = PledgeTextForm(text=page.last, first=page.begins, seen=page.seen)
    return render_template("accounts/pledge_text.html", p=page, form=form)


@bp.post("/pledge-text")
@requires(Permission.SETTINGS_WRITE)
def change_pledge_text() -> ResponseReturnValue:
    form = PledgeTextForm()
    if not form.validate():
        return invalid("accounts/pledge_text.html", p=settings.pledge_text_page(), form=form)
    try:
        with write_transaction():
            pledges.change_text(form.first.data, form.text.data, form.seen.data, current_user.signature)
    except (BadInput, Stale) as refusal:  # what was written stays in the form
        page = settings.pledge_text_page()
        form.seen.data = page.seen
        return render_template("accounts/pledge_text.html", p=page, form=form, refusal=refusal.message), refusal.status
    toast(
        _("From %(day)s on everybody who works here is asked to accept the new text.", day=form.first.data.isoformat())
    )
    return redirect(url_for(".pledge_text"), 303)


@bp.post("/pledge-text/<date:day>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_pledge_text(day: date) -> ResponseReturnValue:
    with write_transaction():
        pledges.withdraw_text(day)
    toast(_("The planned change is taken back."))
    return redirect(url_for(".pledge_text"), 303)


@bp.get("/pledges")
@requires(Permission.STAFF_READ)
def accepted_pledges() -> str:
    return render_template("accounts/pledges.html", p=settings.pledges_page())


@bp.get("/pledges.pdf")
@requires(Permission.STAFF_READ)
def pledges_paper() -> Response:
    page = settings.pledges_page()
    return pdf(paper.pledges(page, current_user.signature), f"pasizadejimai-{page.today.isoformat()}")


# --- what is asked of each role -------------------------------------------------------------------------------------


@bp.get("/entry-rules")
@requires(Permission.SETTINGS_WRITE)
def entry_rules() -> str:
    page = settings.entry_rules_page()
    return render_template("accounts/entry_rules.html", p=page, form=EntryRulesForm(**page.filled))


@bp.post("/entry-rules")
@requires(Permission.SETTINGS_WRITE)
def change_entry_rules() -> ResponseReturnValue:
    form = EntryRulesForm()
    if not form.validate():
        return invalid("accounts/entry_rules.html", p=settings.entry_rules_page(), form=form)
    try:
        with write_transaction():
            entryrules.change(form.first.data, form.wanted, form.seen.data, current_user.signature)
    except BadInput as refusal:
        page = settings.entry_rules_page()
        return invalid("accounts/entry_rules.html", p=page, form=form, refusal=refusal.message)
    toast(_("From %(day)s on it will be so.", day=form.first.data.isoformat()))
    return redirect(url_for(".entry_rules"), 303)


@bp.post("/entry-rules/<date:day>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_entry_rules(day: date) -> ResponseReturnValue:
    with write_transaction():
        entryrules.withdraw(day)
    toast(_("The planned change is taken back."))
    return redirect(url_for(".entry_rules"), 303)
