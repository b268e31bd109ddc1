"""The parts of a card, by name."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ediary.cards.rules import Section

SECTIONS: dict[Section, Any] = {
    Section.GUARDIANS: _l("Parents"),
    Section.COLLECTORS: _l("Who may collect"),
    Section.PARTICULARS: _l("About the child"),
    Section.CONSENTS: _l("Consents"),
    Section.MEALS: _l("What the child eats"),
    Section.NEEDS: _l("Special needs and health"),
    Section.FILES: _l("Documents"),
    Section.PLACES: _l("Groups"),
    Section.PAYER: _l("Payer's code"),
    Section.CODES: _l("Personal codes"),
}
