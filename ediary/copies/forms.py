"""Shapes of what asks for a copy."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from ediary.copies.models import Format
from ediary.core.forms import Form

LONGEST = 200
_LONG = Length(max=LONGEST, message=_l("Make it shorter: at most 200 characters."))


def _tidy(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


class OwnForm(Form):
    """One's own data, or one's child's."""

    format = RadioField(
        _l("As what"),
        [InputRequired(_l("Choose one."))],
        choices=[
            SelectChoice(Format.PDF.value, _l("PDF to read")),
            SelectChoice(Format.ZIP.value, _l("ZIP: the PDF, tables and documents")),
        ],
        default=Format.PDF.value,
    )
    with_codes = BooleanField(_l("With the personal code"))
    with_health = BooleanField(_l("With health and special needs"))


class CopyForm(OwnForm):
    """Somebody's data, at their request."""

    asked_by = StringField(_l("Who asked"), [DataRequired(_l("Write who asked for the copy.")), _LONG], filters=[_tidy])
    ground = StringField(
        _l("On what ground"),
        [DataRequired(_l("Write the number and the day of the request.")), _LONG],
        filters=[_tidy],
    )
