"""The settings of meals and diets: what the kitchen serves, from when until when, and what it is called."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from ediary.core import clock
from ediary.core.errors import BadInput
from ediary.core.forms import checked
from ediary.core.htmx import redraw_on_refusal, reply, toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.meals import served
from ediary.meals.forms import EndForm, MoveForm, NameForm
from ediary.meals.served import What

bp = Blueprint("meals", __name__, url_prefix="/meals")

LIST = "meals/_list.html"


def _list() -> dict[str, Any]:
    return {"p": served.page()}


def _to_list() -> Response:
    return make_response(redirect(url_for(".index"), 303))


@bp.get("/kinds")
@requires(Permission.SETTINGS_WRITE)
def index() -> str:
    return render_template("meals/index.html", **_list())


# --- what both share ------------------------------------------------------------------------------------------------


def _new(what: What) -> str:
    return render_template("meals/new.html", what=what, form=NameForm(formdata=None, first=clock.today()))


def _enter(what: What) -> Response:
    form = NameForm()
    if not form.validate():
        return make_response(render_template("meals/new.html", what=what, form=form), 422)
    try:
        with write_transaction():
            served.enter(what, form.name.data, form.first.data)
    except BadInput as refusal:
        return make_response(render_template("meals/new.html", what=what, form=form, refusal=refusal.message), 422)
    toast(_("“%(name)s” is served from %(day)s on.", name=form.name.data, day=form.first.data.isoformat()))
    return _to_list()


def _one(what: What, row_id: int, status: int = 200, **said: Any) -> Response:
    """The page of one, with the forms as asked for or as sent."""
    entry = served.entry(what, row_id)
    said.setdefault("form", NameForm(formdata=None, name=entry.names[-1].name, first=entry.first_change))
    said.setdefault("end_form", EndForm(formdata=None, last=max(entry.today, entry.valid_from)))
    return make_response(render_template("meals/one.html", what=what, entry=entry, **said), status)


def _rename(what: What, row_id: int) -> Response:
    form = NameForm()
    if not form.validate():
        return _one(what, row_id, 422, form=form)
    try:
        with write_transaction():
            served.rename(what, row_id, form.name.data, form.first.data, current_user.signature)
    except BadInput as refusal:
        return _one(what, row_id, 422, form=form, refusal=refusal.message)
    toast(_("From %(day)s on it is called “%(name)s”.", day=form.first.data.isoformat(), name=form.name.data))
    return _to_list()


def _end(what: What, row_id: int) -> Response:
    form = EndForm()
    if not form.validate():
        return _one(what, row_id, 422, end_form=form)
    try:
        with write_transaction():
            served.end(what, row_id, form.last.data)
    except BadInput as refusal:
        return _one(what, row_id, 422, end_form=form, end_refusal=refusal.message)
    toast(_("It is served until %(day)s.", day=form.last.data.isoformat()))
    return _to_list()


def _take_back(what: What, row_id: int, act: Any, said: str) -> Response:
    redraw_on_refusal(LIST, _list)
    with write_transaction():
        act(what, row_id)
    toast(said)
    return reply(LIST, back=url_for(".index"), **_list())


# --- meals ----------------------------------------------------------------------------------------------------------


@bp.get("/kinds/new")
@requires(Permission.SETTINGS_WRITE)
def new_kind() -> str:
    return _new(What.KIND)


@bp.post("/kinds/new")
@requires(Permission.SETTINGS_WRITE)
def enter_kind() -> Response:
    return _enter(What.KIND)


@bp.get("/kinds/<int:meal_kind_id>")
@requires(Permission.SETTINGS_WRITE)
def kind(meal_kind_id: int) -> Response:
    return _one(What.KIND, meal_kind_id)


@bp.post("/kinds/<int:meal_kind_id>")
@requires(Permission.SETTINGS_WRITE)
def rename_kind(meal_kind_id: int) -> Response:
    return _rename(What.KIND, meal_kind_id)


@bp.post("/kinds/<int:meal_kind_id>/end")
@requires(Permission.SETTINGS_WRITE)
def end_kind(meal_kind_id: int) -> Response:
    return _end(What.KIND, meal_kind_id)


@bp.post("/kinds/<int:meal_kind_id>/keep")
@requires(Permission.SETTINGS_WRITE)
def keep_kind(meal_kind_id: int) -> Response:
    return _take_back(What.KIND, meal_kind_id, served.keep, _("It is served on and on again."))


@bp.post("/kinds/<int:meal_kind_id>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_kind(meal_kind_id: int) -> Response:
    return _take_back(What.KIND, meal_kind_id, served.withdraw_name, _("What was planned is taken back."))


@bp.post("/kinds/<int:meal_kind_id>/remove")
@requires(Permission.SETTINGS_WRITE)
def remove_kind(meal_kind_id: int) -> Response:
    return _take_back(What.KIND, meal_kind_id, served.remove, _("It is removed."))


@bp.post("/kinds/<int:meal_kind_id>/move")
@requires(Permission.SETTINGS_WRITE)
def move_kind(meal_kind_id: int) -> Response:
    redraw_on_refusal(LIST, _list)
    form = checked(MoveForm())
    with write_transaction():
        served.move(meal_kind_id, up=form.to.data == "up")
    return reply(LIST, back=url_for(".index"), **_list())


# --- diets ----------------------------------------------------------------------------------------------------------


@bp.get("/diets/new")
@requires(Permission.SETTINGS_WRITE)
def new_diet() -> str:
    return _new(What.DIET)


@bp.post("/diets/new")
@requires(Permission.SETTINGS_WRITE)
def enter_diet() -> Response:
    return _enter(What.DIET)


@bp.get("/diets/<int:diet_id>")
@requires(Permission.SETTINGS_WRITE)
def diet(diet_id: int) -> Response:
    return _one(What.DIET, diet_id)


@bp.post("/diets/<int:diet_id>")
@requires(Permission.SETTINGS_WRITE)
def rename_diet(diet_id: int) -> Response:
    return _rename(What.DIET, diet_id)


@bp.post("/diets/<int:diet_id>/end")
@requires(Permission.SETTINGS_WRITE)
def end_diet(diet_id: int) -> Response:
    return _end(What.DIET, diet_id)


@bp.post("/diets/<int:diet_id>/keep")
@requires(Permission.SETTINGS_WRITE)
def keep_diet(diet_id: int) -> Response:
    return _take_back(What.DIET, diet_id, served.keep, _("It is served on and on again."))


@bp.post("/diets/<int:diet_id>/withdraw")
@requires(Permission.SETTINGS_WRITE)
def withdraw_diet(diet_id: int) -> Response:
    return _take_back(What.DIET, diet_id, served.withdraw_name, _("What was planned is taken back."))


@bp.post("/diets/<int:diet_id>/remove")
@requires(Permission.SETTINGS_WRITE)
def remove_diet(diet_id: int) -> Response:
    return _take_back(What.DIET, diet_id, served.remove, _("It is removed."))
