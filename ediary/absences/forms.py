"""Shapes of what the settings of reasons send."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from ediary.absences.rules import ReasonKind, Terms, is_letter
from ediary.absences.words import KINDS
from ediary.core.forms import Form

NAME_LENGTH = 80


def _tidy(value: Any) -> Any:
    """Without spaces around, and each letter one sign: some keyboards write š as two."""
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else value


class TermsForm(Form):
    """What a reason says, and from when on."""

    first = DateField(_l("From"), [InputRequired(_l("Choose the day from which it is so."))])
    letter = StringField(_l("Letter on the sheet"), [DataRequired(_l("Write one or two letters."))], filters=[_tidy])
    name = StringField(
        _l("What it is called"),
        [
            DataRequired(_l("Write what the reason is called.")),
            Length(max=NAME_LENGTH, message=_l("The name is too long. Make it shorter.")),
        ],
        filters=[_tidy],
    )
    kind = RadioField(
        _l("The sheet counts it as"),
        [InputRequired(_l("Choose what it counts as."))],
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
    )
    waives_food = BooleanField(_l("Food is not paid for"))
    waives_education = BooleanField(_l("The education part is not paid for"))
    needs_paper = BooleanField(_l("A paper is needed"))

    def validate_letter(self, field: StringField) -> None:
        if not is_letter(field.data or ""):
            raise ValidationError(_l("Write one or two letters."))

    @property
    def terms(self) -> Terms:
        return Terms(
            letter=self.letter.data,
            name=self.name.data,
            kind=ReasonKind(self.kind.data),
            waives_food=self.waives_food.data,
            waives_education=self.waives_education.data,
            needs_paper=self.needs_paper.data,
        )


class EndForm(Form):
    """The last day on which the reason is given."""

    last = DateField(_l("Last day"), [InputRequired(_l("Choose the last day."))])

    def validate_last(self, field: DateField) -> None:
        if field.data == date.max:  # no day comes after it
            raise ValidationError(_l("Choose a day of the calendar."))


class MoveForm(Form):
    """A place higher or lower."""

    to = SelectField(choices=["up", "down"])
