"""Shapes of what the pages of papers send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from ediary.absences.excuses import PaperKind
from ediary.absences.words import KINDS_OF_PAPER
from ediary.core.dates import at_local
from ediary.core.forms import NUMBER_LENGTH, Form
from ediary.core.uploads import DOCUMENTS, UploadField
from ediary.papers.rules import Said

WHY_LENGTH = 200
#: no paper is about more
LONGEST = timedelta(days=366)


def _tidy(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


class PaperForm(Form):
    """A paper that came in. There is no field for what a child was ill with, and there will be none."""

    kind = SelectField(
        _l("What it is"), choices=[SelectChoice(kind.value, said) for kind, said in KINDS_OF_PAPER.items()]
    )
    first = DateField(_l("First day missed"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Last day missed"), [InputRequired(_l("Choose the last day."))])
    received_at = DateTimeLocalField(_l("When it came in"), [InputRequired(_l("Choose when it came in."))])
    number = StringField(
        _l("Its number, if it bears one"),
        [Length(max=NUMBER_LENGTH, message=_l("The number is too long."))],
        filters=[_tidy],
    )
    issued_on = DateField(_l("Its own day, if it bears one"), [Optional()])
    file = UploadField(_l("File, if there is one"), DOCUMENTS, required=False)

    def validate_last(self, field: DateField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_l("The last day is before the first."))
        if field.data and self.first.data and field.data - self.first.data > LONGEST:
            raise ValidationError(_l("A paper is about a year at most."))

    @property
    def said(self) -> Said:
        """What it says; of a form that makes sense."""
        received = self.received_at.data
        return Said(
            kind=PaperKind(self.kind.data),
            number=self.number.data or "",
            first=self.first.data,
            last=self.last.data,
            received_at=at_local(received.date(), received.time()),
            issued_on=self.issued_on.data,
        )


class StrikeForm(Form):
    """Why a paper is struck out."""

    why = StringField(
        _l("Why"),
        [
            DataRequired(_l("Write why it is struck out: it stays in the history.")),
            Length(max=WHY_LENGTH, message=_l("The reason is too long. Make it shorter.")),
        ],
        filters=[_tidy],
    )
