"""The institution and its settings."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core.errors import BadInput
from ediary.core.htmx import invalid, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.institutions.models import AgeBandBy, InstitutionSettings, SheetWording
from ediary.settings import actions, queries
from ediary.settings.forms import AgeBandsForm, InstitutionForm, WordingForm

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.get("/")
@requires(Permission.SETTINGS_WRITE)
def index() -> str:
    return render_template("settings/index.html", p=queries.settings_page())


# --- the institution ------------------------------------------------------------------------------------------------


@bp.get("/institution")
@requires(Permission.HOME)
def institution() -> str:
    return render_template("settings/institution.html", p=queries.institution_page())


@bp.get("/institution/edit")
@requires(Permission.SETTINGS_WRITE)
def edit_form() -> str:
    page = queries.institution_page()
    return render_template("settings/edit.html", p=page, form=InstitutionForm(obj=page.institution))


@bp.post("/institution/edit")
@requires(Permission.SETTINGS_WRITE)
def edit() -> ResponseReturnValue:
    form = InstitutionForm()
    if not form.validate():
        return invalid("settings/edit.html", p=queries.institution_page(), form=form)
    with write_transaction():
        actions.edit_institution(form.contacts)
    toast(_("The institution's data is changed."))
    return redirect(url_for("settings.institution"), 303)


# --- age bands ------------------------------------------------------------------------------------------------------


@bp.get("/age-bands")
@requires(Permission.SETTINGS_WRITE)
def age_bands() -> str:
    page = queries.age_bands_page()
    return render_template("settings/age_bands.html", p=page, form=AgeBandsForm(by=page.last.value, first=page.begins))


@bp.post("/age-bands")
@requires(Permission.SETTINGS_WRITE)
def set_age_bands() -> ResponseReturnValue:
    form = AgeBandsForm()
    if not form.validate():
        return invalid("settings/age_bands.html", p=queries.age_bands_page(), form=form)
    try:
        with write_transaction():
            actions.set_age_bands(form.first.data, AgeBandBy(form.by.data), current_user.signature)
    except BadInput as refusal:
        return invalid("settings/age_bands.html", p=queries.age_bands_page(), form=form, refusal=refusal.message)
    toast(_("From %(day)s on it will be so.", day=form.first.data.isoformat()))
    return redirect(url_for("settings.age_bands"), 303)


@bp.post("/age-bands/<date:day>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_age_bands(day: date) -> ResponseReturnValue:
    with write_transaction():
        actions.withdraw(InstitutionSettings, day)
    toast(_("The planned change is taken back."))
    return redirect(url_for("settings.age_bands"), 303)


# --- the month sheet's head -----------------------------------------------------------------------------------------


@bp.get("/sheet-wording")
@requires(Permission.SETTINGS_WRITE)
def sheet_wording() -> str:
    page = queries.wording_page()
    form = WordingForm(title=page.last.title, approval="\n".join(page.last.approval), first=page.begins)
    return render_template("settings/sheet_wording.html", p=page, form=form)


@bp.post("/sheet-wording")
@requires(Permission.SETTINGS_WRITE)
def set_sheet_wording() -> ResponseReturnValue:
    form = WordingForm()
    if not form.validate():
        return invalid("settings/sheet_wording.html", p=queries.wording_page(), form=form)
    try:
        with write_transaction():
            actions.set_wording(form.first.data, form.wording, current_user.signature)
    except BadInput as refusal:
        return invalid("settings/sheet_wording.html", p=queries.wording_page(), form=form, refusal=refusal.message)
    toast(_("From %(day)s on it will be so.", day=form.first.data.isoformat()))
    return redirect(url_for("settings.sheet_wording"), 303)


@bp.post("/sheet-wording/<date:day>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_sheet_wording(day: date) -> ResponseReturnValue:
    with write_transaction():
        actions.withdraw(SheetWording, day)
    toast(_("The planned change is taken back."))
    return redirect(url_for("settings.sheet_wording"), 303)
