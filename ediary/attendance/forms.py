"""Shapes of what the day page sends."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from ediary.attendance.rules import Mark

MARKS = [mark.value for mark in Mark]


def id_or_none(value: str | int | None) -> int | None:
    """An id out of a list's option; the empty option is None."""
    return int(value) if value not in (None, "") else None


class WholeNumbers(Field):
    """Any number of ids under one name; anything else is refused."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = []
        for value in valuelist:
            if not (value.isascii() and value.isdigit() and len(value) < 10):
                raise ValueError(_l("What was sent makes no sense. Nothing was changed."))
            self.data.append(int(value))


class TapForm(FlaskForm):
    """What a tap sends: the gate has seen its token, and no field of it speaks to people."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def get_translations(self, form: FlaskForm) -> Any:
            return None


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


class CorrectionForm(FlaskForm):
    """Is the child there after all? `note`: a word to the kitchen."""

    present = SelectField(choices=["yes", "no"])
    note = StringField(validators=[Length(max=300)])


class AnnouncementForm(FlaskForm):
    """Who called, when, for which days, why."""

    child_id = SelectField(
        _l("Child"), [InputRequired(_l("Choose the child."))], coerce=id_or_none, validate_choice=False
    )
    first = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Last day"), [Optional()])
    reason_id = SelectField(_l("Reason"), [Optional()], coerce=id_or_none, validate_choice=False)
    caller = StringField(_l("Who told us"), [InputRequired(_l("Write who called.")), Length(max=120)])
    called_at = DateTimeLocalField(_l("When"), [InputRequired(_l("Choose when they called."))])

    def offer(self, children: list[tuple[int, str]], reasons: list[tuple[int, str]]) -> None:
        """Fill the choices a page prints."""
        self.child_id.choices = [("", "–"), *children]
        self.reason_id.choices = [("", _l("not known")), *reasons]


class BackForm(FlaskForm):
    """The day the child is back."""

    back_on = DateField(_l("Is back on"), [InputRequired(_l("Choose the day the child is back."))])


def first_error(form: FlaskForm) -> Any:
    """The first sentence a form has to say."""
    return next((errors[0] for errors in form.errors.values() if errors), "")
