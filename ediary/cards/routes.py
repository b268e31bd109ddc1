"""A child's card, section by section: each is read and kept true in place."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from ediary.cards import actions, code_routes, file_routes, newcomer_routes, queries
from ediary.cards.fare import open_today, today_point
from ediary.cards.forms import CollectorForm, ConsentForm, GuardianForm, MealsForm, NeedsForm, ParticularsForm
from ediary.cards.queries import Card
from ediary.cards.rules import Section
from ediary.cards.shared import bp, draw, redraw, saved, tell
from ediary.children import family
from ediary.children.family import Contact, Told
from ediary.children.rules import ConsentKind, Relation, SpecialNeeds
from ediary.core import clock
from ediary.core.errors import BadInput, Locked, NotFound
from ediary.core.locks import write_transaction
from ediary.core.permissions import Permission, requires
from ediary.health.actions import change_must_not_eat

__all__ = ["bp", "code_routes", "file_routes", "newcomer_routes"]

SECTIONS = ",".join(section.value for section in Section)
KINDS = ",".join(kind.value for kind in ConsentKind)


@bp.get("/<int:child_id>")
@requires(Permission.CHILD_READ)
def card(child_id: int) -> str:
    return render_template("cards/card.html", card=queries.card(child_id), editing="")


@bp.get(f"/<int:child_id>/<any({SECTIONS}):section>/shown")
@requires(Permission.CHILD_READ)
def section(child_id: int, section: str) -> Response:
    """One section, not being changed (any more)."""
    return draw(Section(section), child_id)


# --- about the child ------------------------------------------------------------------------------------------------


def _particulars_of(card: Card) -> ParticularsForm:
    if card.particulars is None:
        raise NotFound
    names = {"first_name": card.first_name, "last_name": card.last_name, "birth_date": card.birth_date}
    return ParticularsForm(formdata=None, obj=card.particulars, **names)


@bp.get("/<int:child_id>/particulars")
@requires(Permission.CHILD_WRITE)
def edit_particulars(child_id: int) -> Response:
    return draw(Section.PARTICULARS, child_id, form=_particulars_of)


@bp.post("/<int:child_id>/particulars")
@requires(Permission.CHILD_WRITE)
def change_particulars(child_id: int) -> Response:
    form = ParticularsForm()
    redraw(Section.PARTICULARS, child_id)
    if not form.validate():
        return draw(Section.PARTICULARS, child_id, 422, form=form)
    said: dict[str, Any] = {
        name: value or "" for name, value in form.data.items() if name not in ("seen", "csrf_token")
    }
    with write_transaction():
        family.set_particulars(child_id, Told(**said), form.seen.data or "")
        tell(Section.PARTICULARS, child_id)
    return saved(Section.PARTICULARS, child_id)


# --- parents --------------------------------------------------------------------------------------------------------


def _contact(form: GuardianForm | CollectorForm) -> Contact:
    names = form.first_name.data, form.last_name.data, form.phone.data or ""
    return Contact(*names, form.valid_from.data, form.valid_to.data)


def _parent(form: GuardianForm) -> dict[str, Any]:
    return {
        "relation": Relation(form.relation.data),
        "email": form.email.data or "",
        "address": form.address.data or "",
        "may_collect": form.may_collect.data,
    }


@bp.get("/<int:child_id>/guardians/new")
@requires(Permission.CHILD_WRITE)
def new_guardian(child_id: int) -> Response:
    form = GuardianForm(formdata=None, valid_from=clock.today(), may_collect=True)
    return draw(Section.GUARDIANS, child_id, form=form, row="new")


@bp.post("/<int:child_id>/guardians/new")
@requires(Permission.CHILD_WRITE)
def add_guardian(child_id: int) -> Response:
    form = GuardianForm()
    redraw(Section.GUARDIANS, child_id)
    if not form.validate():
        return draw(Section.GUARDIANS, child_id, 422, form=form, row="new")
    with write_transaction():
        family.add_guardian(child_id, _contact(form), **_parent(form))
        tell(Section.GUARDIANS, child_id)
    return saved(Section.GUARDIANS, child_id)


@bp.get("/<int:child_id>/guardians/<int:guardian_id>")
@requires(Permission.CHILD_WRITE)
def edit_guardian(child_id: int, guardian_id: int) -> Response:
    def fill(card: Card) -> GuardianForm:
        person = queries.person(card.guardians, guardian_id)
        return GuardianForm(formdata=None, obj=person.row, seen=person.seen)

    return draw(Section.GUARDIANS, child_id, form=fill, row=guardian_id)


@bp.post("/<int:child_id>/guardians/<int:guardian_id>")
@requires(Permission.CHILD_WRITE)
def change_guardian(child_id: int, guardian_id: int) -> Response:
    form = GuardianForm()
    redraw(Section.GUARDIANS, child_id)
    if not form.validate():
        return draw(Section.GUARDIANS, child_id, 422, form=form, row=guardian_id)
    with write_transaction():
        family.change_guardian(child_id, guardian_id, _contact(form), **_parent(form), seen=form.seen.data or "")
        tell(Section.GUARDIANS, child_id)
    return saved(Section.GUARDIANS, child_id)


# --- who else may collect -------------------------------------------------------------------------------------------


@bp.get("/<int:child_id>/collectors/new")
@requires(Permission.CHILD_WRITE)
def new_collector(child_id: int) -> Response:
    form = CollectorForm(formdata=None, valid_from=clock.today())
    return draw(Section.COLLECTORS, child_id, form=form, row="new")


@bp.post("/<int:child_id>/collectors/new")
@requires(Permission.CHILD_WRITE)
def add_collector(child_id: int) -> Response:
    form = CollectorForm()
    redraw(Section.COLLECTORS, child_id)
    if not form.validate():
        return draw(Section.COLLECTORS, child_id, 422, form=form, row="new")
    with write_transaction():
        family.add_collector(child_id, _contact(form), form.relation.data)
        tell(Section.COLLECTORS, child_id)
    return saved(Section.COLLECTORS, child_id)


@bp.get("/<int:child_id>/collectors/<int:collector_id>")
@requires(Permission.CHILD_WRITE)
def edit_collector(child_id: int, collector_id: int) -> Response:
    def fill(card: Card) -> CollectorForm:
        person = queries.person(card.collectors, collector_id)
        return CollectorForm(formdata=None, obj=person.row, seen=person.seen)

    return draw(Section.COLLECTORS, child_id, form=fill, row=collector_id)


@bp.post("/<int:child_id>/collectors/<int:collector_id>")
@requires(Permission.CHILD_WRITE)
def change_collector(child_id: int, collector_id: int) -> Response:
    form = CollectorForm()
    redraw(Section.COLLECTORS, child_id)
    if not form.validate():
        return draw(Section.COLLECTORS, child_id, 422, form=form, row=collector_id)
    with write_transaction():
        family.change_collector(child_id, collector_id, _contact(form), form.relation.data, form.seen.data or "")
        tell(Section.COLLECTORS, child_id)
    return saved(Section.COLLECTORS, child_id)


# --- consents -------------------------------------------------------------------------------------------------------


@bp.get(f"/<int:child_id>/consents/<any({KINDS}):consent>")
@requires(Permission.CHILD_WRITE)
def ask_consent(child_id: int, consent: str) -> Response:
    today = clock.today()
    return draw(
        Section.CONSENTS, child_id, form=ConsentForm(formdata=None, said_on=today, valid_from=today), row=consent
    )


@bp.post(f"/<int:child_id>/consents/<any({KINDS}):consent>")
@requires(Permission.CHILD_WRITE)
def answer_consent(child_id: int, consent: str) -> Response:
    form = ConsentForm()
    redraw(Section.CONSENTS, child_id)
    if not form.validate():
        return draw(Section.CONSENTS, child_id, 422, form=form, row=consent)
    said = {"said_by": form.said_by.data, "said_on": form.said_on.data}
    span = {"valid_from": form.valid_from.data, "valid_to": form.valid_to.data}
    with write_transaction():
        family.answer_consent(child_id, ConsentKind(consent), is_given=form.answer.data == "yes", **said, **span)
        tell(Section.CONSENTS, child_id)
    return saved(Section.CONSENTS, child_id)


# --- meals ----------------------------------------------------------------------------------------------------------


@bp.get("/<int:child_id>/meals")
@requires(Permission.CHILD_WRITE)
def edit_meals(child_id: int) -> Response:
    return draw(Section.MEALS, child_id, form=_meals_of)


def _meals_of(card: Card) -> MealsForm:
    if card.meals is None:
        raise NotFound
    return MealsForm(formdata=None, **card.meals.chosen)


@bp.post("/<int:child_id>/meals")
@requires(Permission.CHILD_WRITE)
def change_meals(child_id: int) -> Response:
    form, today = MealsForm(), clock.today()
    if not form.validate():
        return draw(Section.MEALS, child_id, 422, form=form)
    still_open = open_today(child_id, today)
    try:
        with write_transaction(lock=today_point(still_open, form.day.data, today)):
            chosen = form.kinds.data or [], form.diet_id.data, form.day.data
            actions.change_meals(child_id, *chosen, is_open_today=still_open is not None)
            tell(Section.MEALS, child_id)
    except (BadInput, Locked) as refusal:
        return draw(Section.MEALS, child_id, refusal.status, form=form, refusal=refusal.message)
    return saved(Section.MEALS, child_id)


# --- needs and health -----------------------------------------------------------------------------------------------


def _needs_of(card: Card) -> NeedsForm | None:
    needs = card.needs
    if needs is None or not card.can_health_write:
        return None
    said = {"special_needs": needs.degree.value, "needs_note": needs.note, "must_not_eat": needs.must_not_eat}
    return NeedsForm(formdata=None, **said, seen=needs.seen)


@bp.post("/<int:child_id>/needs")
@requires(Permission.HEALTH_READ)
def open_needs(child_id: int) -> Response:
    """Opened only when the opening is on record."""
    queries.card(child_id, [])
    with write_transaction():
        actions.note_opening(child_id)
    return draw(Section.NEEDS, child_id, form=_needs_of, opened=True)


@bp.post("/<int:child_id>/needs/save")
@requires(Permission.HEALTH_WRITE)
def change_needs(child_id: int) -> Response:
    form = NeedsForm()
    redraw(Section.NEEDS, child_id)
    if not form.validate():
        return draw(Section.NEEDS, child_id, 422, form=form)
    with write_transaction() as held:
        degree = SpecialNeeds(form.special_needs.data)
        family.set_needs(child_id, degree, form.needs_note.data or "", form.seen.data or "")
        change_must_not_eat(child_id, form.must_not_eat.data or "", held.today)
        tell(Section.NEEDS, child_id)
    return saved(Section.NEEDS, child_id)
