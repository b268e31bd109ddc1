"""Shapes of what the day page sends."""

from __future__ import annotations

from contextlib import suppress

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from ediary.attendance.rules import Mark
from ediary.core.forms import Form, row_id

#: nobody called before; years near the first cannot be told as moments
EARLIEST = 2000

MARKS = [mark.value for mark in Mark]


def id_or_none(value: str | int | None) -> int | None:
    """An id out of a list's option; the empty option is None."""
    return row_id(value) if value not in (None, "") else None


def ids_in(text: str) -> list[int]:
    """The ids of an address's `12.13.14`; what is none is left out."""
    found = []
    for part in text.split("."):
        with suppress(ValueError):
            found.append(row_id(part))
    return found


class WholeNumbers(Field):
    """Any number of ids under one name; anything else is refused."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = []
        for value in valuelist:
            try:
                self.data.append(row_id(value))
            except ValueError:
                raise ValueError(_l("What was sent makes no sense. Nothing was changed.")) from None


class TapForm(Form):
    """What a tap sends: the gate has seen its token."""

    class Meta(Form.Meta):
        csrf = False


class MarkForm(TapForm):
    """The state wanted, and the state the person saw when they tapped."""

    wanted = SelectField(choices=MARKS)
    seen = SelectField(choices=MARKS)


class ReasonForm(TapForm):
    """Empty = not known again."""

    reason_id = IntegerField(validators=[Optional()])


class ChildrenForm(TapForm):
    """The children shown and unmarked."""

    child = WholeNumbers()


class CorrectionForm(Form):
    """Is the child there after all? `note`: a word to the kitchen."""

    present = SelectField(choices=["yes", "no"])
    note = StringField(validators=[Length(max=300)])


class AnnouncementForm(Form):
    """Who called, when, for which days, why."""

    child_id = SelectField(
        _l("Child"), [InputRequired(_l("Choose the child."))], coerce=id_or_none, validate_choice=False
    )
    first = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Last day"), [Optional()])
    reason_id = SelectField(_l("Reason"), [Optional()], coerce=id_or_none, validate_choice=False)
    caller = StringField(_l("Who told us"), [InputRequired(_l("Write who called.")), Length(max=120)])
    called_at = DateTimeLocalField(_l("When"), [InputRequired(_l("Choose when they called."))])

    def validate_called_at(self, field: DateTimeLocalField) -> None:
        if field.data and field.data.year < EARLIEST:
            raise ValidationError(_l("Choose when they called."))

    def offer(self, children: list[tuple[int, str]], reasons: list[tuple[int, str]]) -> None:
        """Fill the choices a page prints."""
        self.child_id.choices = [("", "–"), *children]
        self.reason_id.choices = [("", _l("not known")), *reasons]


class BackForm(Form):
    """The day the child is back."""

    back_on = DateField(_l("Is back on"), [InputRequired(_l("Choose the day the child is back."))])
