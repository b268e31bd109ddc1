"""Shapes of what the settings of meals and diets send."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from ediary.core.forms import Form

NAME_LENGTH = 60


def _tidy(value: Any) -> Any:
    """One space between words, none around, and each letter one sign."""
    return " ".join(unicodedata.normalize("NFC", value).split()) if isinstance(value, str) else value


def _named() -> StringField:
    return StringField(
        _l("What it is called"),
        [
            DataRequired(_l("Write what it is called.")),
            Length(max=NAME_LENGTH, message=_l("The name is too long. Make it shorter.")),
        ],
        filters=[_tidy],
    )


class NameForm(Form):
    """What a meal or a diet is called, and from when on."""

    name = _named()
    first = DateField(_l("From"), [InputRequired(_l("Choose the day from which it is so."))])


class EndForm(Form):
    """The last day on which it is served."""

    last = DateField(_l("Last day"), [InputRequired(_l("Choose the last day."))])

    def validate_last(self, field: DateField) -> None:
        if field.data == date.max:  # no day comes after it
            raise ValidationError(_l("Choose a day of the calendar."))


class MoveForm(Form):
    """A place earlier or later in the day."""

    to = SelectField(choices=["up", "down"])
