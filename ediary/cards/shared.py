"""What the card's routes have in common: one section as a piece for HTMX, or the whole card with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_login import current_user

from ediary.cards import actions, queries
from ediary.cards.queries import Card
from ediary.cards.rules import Section
from ediary.core.errors import NotFound
from ediary.core.forms import Form
from ediary.core.htmx import is_htmx, redraw_on_refusal, reply, with_toasts

bp = Blueprint("cards", __name__, url_prefix="/cards")

#: a form as it was sent, or how to fill one from the card
Filled = Form | Callable[[Card], Form | None]


def piece_of(section: Section) -> str:
    return f"cards/_{section.value}.html"


def at(child_id: int, section: Section | None = None) -> str:
    """The card's address, at a section."""
    return url_for("cards.card", child_id=child_id, _anchor=section.value if section else None)


def draw(
    section: Section,
    child_id: int,
    status: int = 200,
    *,
    form: Filled | None = None,
    row: int | str | None = None,
    refusal: Any = "",
    opened: bool = False,
    shown: int | None = None,
) -> Response:
    """A section as it is asked for: the piece, or without HTMX the whole card with it.

    `form`: the section is being changed, of its rows `row`; `opened`, `shown`: what is on record as read just now.
    """
    if not queries.may_see(section):
        raise NotFound
    card = queries.card(child_id, [section] if is_htmx() else None, opened=opened, shown=shown)
    filled = form if isinstance(form, Form) or form is None else form(card)
    context = {"card": card, "editing": section.value, "form": filled, "row": row, "refusal": refusal}
    if is_htmx():
        return make_response(with_toasts(render_template(piece_of(section), **context)), status)
    return make_response(render_template("cards/card.html", **context), status)


def saved(section: Section, child_id: int) -> Response:
    """After a write: the section as it now is."""
    if not is_htmx():
        return reply("", back=at(child_id, section))
    return reply(piece_of(section), back="", card=queries.card(child_id, [section]), editing="")


def redraw(section: Section, child_id: int) -> None:
    """What a refused write answers with: the section as it now is."""
    redraw_on_refusal(piece_of(section), lambda: {"card": queries.card(child_id, [section]), "editing": ""})


def tell(section: Section, child_id: int) -> None:
    """In the write itself: the administrator hears of what an educator changed."""
    name = queries.name_of(child_id)
    actions.note_change(child_id, section, name=name, by=current_user.signature, url=at(child_id))
