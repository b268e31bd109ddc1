"""A child is entered: with a place, meals and a parent at once, and asked about if one is known by the same name.

Later it moves to another group.
"""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from ediary.cards import actions, newcomers
from ediary.cards.actions import FirstParent, Newcomer
from ediary.cards.forms import NewcomerForm, PlaceForm
from ediary.cards.newcomers import EntryPage
from ediary.cards.rules import Section
from ediary.cards.shared import bp, draw, redraw, saved
from ediary.children.queries import today_points
from ediary.children.rules import Relation
from ediary.core import clock
from ediary.core.errors import BadInput, Locked
from ediary.core.htmx import toast
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.institutions.queries import latest_orders


@bp.get("/new")
@requires(Permission.CHILD_WRITE)
def new() -> Response:
    page = newcomers.entry_page()
    group_id = page.groups[0][0] if len(page.groups) == 1 else None
    meals = [kind.id for kind in page.kinds]
    return _page(page, NewcomerForm(formdata=None, first_day=page.first_day, group_id=group_id, kinds=meals))


def _page(page: EntryPage, form: NewcomerForm, status: int = 200, **context: Any) -> Response:
    form.offer(page.groups, page.diets)
    return make_response(render_template("cards/new.html", p=page, form=form, **context), status)


def _newcomer(form: NewcomerForm) -> Newcomer:
    parent = None
    if form.names_parent:
        names = form.parent_first.data, form.parent_last.data
        parent = FirstParent(Relation(form.relation.data), *names, form.phone.data or "", form.email.data or "")
    child = form.first_name.data, form.last_name.data, form.birth_date.data
    place = form.group_id.data, form.first_day.data
    return Newcomer(*child, *place, tuple(form.kinds.data or ()), form.diet_id.data, parent)


@bp.post("/new")
@requires(Permission.CHILD_WRITE)
def enter() -> ResponseReturnValue:
    form, page = NewcomerForm(), newcomers.entry_page()
    if not form.validate():
        return _page(page, form, 422)
    one = _newcomer(form)
    doubles = newcomers.doubles(one.first_name, one.last_name, one.birth_date)
    if doubles and form.confirmed.data != newcomers.seen(doubles):
        form.confirmed.data = newcomers.seen(doubles)
        return _page(page, form, 422, doubles=doubles, opens_cards=newcomers.opens_cards())
    try:
        with write_transaction(lock=today_points([], [one.group_id], one.first_day)):
            child_id = actions.enter(one)
            actions.note_entry(one, by=current_user.signature, url=url_for(".card", child_id=child_id))
    except (BadInput, Locked) as refusal:
        return _page(page, form, refusal.status, refusal=refusal.message)
    toast(_("%(name)s is entered. Write the rest on the card.", name=f"{one.first_name} {one.last_name}"))
    return redirect(url_for(".card", child_id=child_id), 303)


# --- another group --------------------------------------------------------------------------------------------------


def _offered(form: PlaceForm) -> PlaceForm:
    form.offer(newcomers.groups_to_enter(clock.today()), latest_orders())
    return form


@bp.get("/<int:child_id>/place")
@requires(Permission.PLACE_WRITE)
def new_place(child_id: int) -> Response:
    form = PlaceForm(formdata=None, day=newcomers.next_working_day(clock.today()))
    return draw(Section.PLACES, child_id, form=_offered(form))


@bp.post("/<int:child_id>/place")
@requires(Permission.PLACE_WRITE)
def give_place(child_id: int) -> Response:
    form = _offered(PlaceForm())
    redraw(Section.PLACES, child_id)
    if not form.validate():
        return draw(Section.PLACES, child_id, 422, form=form)
    group_id, day = form.group_id.data, form.day.data
    try:
        with write_transaction(lock=today_points([child_id], [group_id], day)):
            actions.give_place(child_id, group_id, day, form.order(current_user.signature))
    except (BadInput, Locked) as refusal:
        return draw(Section.PLACES, child_id, refusal.status, form=form, refusal=refusal.message)
    return saved(Section.PLACES, child_id)
