"""Shapes of what people send about a month."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from ediary.core.forms import Form, row_id
from ediary.sheets.models import PrintFormat

#: a whole sheet of the largest group
MOST_CELLS = 31 * 100


class CellsField(Field):
    """Cells of a sheet: `child:day`, many times. Data: set of (child id, day)."""

    data: set[tuple[int, date]]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = set()
        for value in valuelist[:MOST_CELLS]:
            child, separator, day = value.partition(":")
            if not (separator and child.isascii() and child.isdigit() and len(child) < 16):
                raise ValueError(_("These cells cannot be understood. Open the page again."))
            try:
                self.data.add((int(child), date.fromisoformat(day)))
            except ValueError:
                raise ValueError(_("These cells cannot be understood. Open the page again.")) from None


class ReasonForm(Form):
    """A reason for cells; an empty `reason_id` means „reason unknown“ again."""

    cells = CellsField(validators=[InputRequired(_l("Choose the days first, then the reason."))])
    reason_id = StringField(validators=[MayBeEmpty(), Length(max=15)])

    def validate_reason_id(self, field: StringField) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit()):
            raise ValidationError(_("There is no such reason."))

    @property
    def chosen(self) -> int | None:
        return int(self.reason_id.data) if self.reason_id.data else None


#: a whole sheet of the largest group, letter by letter
_SEEN = Length(max=MOST_CELLS * 6)


class SubmitForm(Form):
    """The month handed over: the sheet as the page showed it; `anyway` although something is missing."""

    seen = HiddenField(validators=[_SEEN])
    anyway = BooleanField()


class CheckForm(Form):
    """The month found in order, as the page showed it."""

    seen = HiddenField(validators=[_SEEN])


class ReturnForm(Form):
    """The month given back: what is to be mended."""

    remark = TextAreaField(
        _l("What to mend"),
        validators=[
            DataRequired(_l("Say what is to be mended: the group's educators read it on their sheet.")),
            Length(max=500),
        ],
    )


class PrintForm(Form):
    format = RadioField(choices=[form.value for form in PrintFormat], default=PrintFormat.PDF.value)


class LockForm(Form):
    """Groups whose month is locked; `anyway` although something is not written yet."""

    groups = SelectMultipleField(
        coerce=row_id, validate_choice=False, validators=[InputRequired(_l("Choose the groups to lock."))]
    )
    anyway = BooleanField()
