"""Shapes of what the calendar's and the deadlines' pages send."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from ediary.core.forms import Form, HourField, MaybeOrderedForm, row_id
from ediary.workdays.rules import LATEST_WORKING_DAY, Closing, Hours

REASON_LENGTH = 200

WHOLE, SOME = "whole", "some"

_CHOOSE_DAY = DataRequired(_l("Choose a day."))
_TOO_LONG = _l("The reason is too long. Make it shorter.")


class ClosureForm(MaybeOrderedForm):
    """Days on which the house, or chosen groups, are closed."""

    first = DateField(_l("First day"), validators=[_CHOOSE_DAY])
    last = DateField(_l("Last day"), validators=[_CHOOSE_DAY])
    reason = StringField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Write the reason: it stands in the calendar.")),
            Length(max=REASON_LENGTH, message=_TOO_LONG),
        ],
    )
    who = RadioField(
        _l("Who is closed"),
        choices=[SelectChoice(WHOLE, _l("The whole kindergarten")), SelectChoice(SOME, _l("Chosen groups"))],
        default=WHOLE,
    )
    groups = SelectMultipleField(_l("Groups"), coerce=row_id, validate_choice=False)
    #: the effect that was shown before it is applied
    confirmed = HiddenField()

    def validate_groups(self, field: SelectMultipleField) -> None:
        if self.who.data == SOME and not field.data:
            raise ValidationError(_l("Choose at least one group."))

    @property
    def wanted(self) -> Closing:
        """What is asked for; of a form that makes sense."""
        some = tuple(sorted(set(self.groups.data))) if self.who.data == SOME else None
        return Closing(self.first.data, self.last.data, self.reason.data.strip(), some)


class ChangeForm(Form):
    """Another last day; while it has not begun, other days and another reason."""

    first = DateField(_l("First day"), validators=[Optional()])
    last = DateField(_l("Last day"), validators=[_CHOOSE_DAY])
    reason = StringField(_l("Reason"), validators=[Length(max=REASON_LENGTH, message=_TOO_LONG)])
    groups = SelectMultipleField(_l("Groups"), coerce=row_id, validate_choice=False)
    confirmed = HiddenField()

    def wanted(self, first: date, reason: str, group_ids: tuple[int, ...] | None) -> Closing:
        """What is asked for these groups; the first day and the reason stay where the form does not say them."""
        said = (self.reason.data or "").strip()
        return Closing(self.first.data or first, self.last.data, said or reason, group_ids)


class ExtraForm(MaybeOrderedForm):
    """A weekend day or holiday on which the kindergarten works."""

    day = DateField(_l("Day"), validators=[_CHOOSE_DAY])
    reason = StringField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Write the reason: it stands in the calendar.")),
            Length(max=REASON_LENGTH, message=_TOO_LONG),
        ],
    )
    confirmed = HiddenField()


class DeadlinesForm(Form):
    """All deadlines, and the day from which they hold."""

    mark_by = HourField(_l("Mark until"))
    day_locks_at = HourField(_l("Day locks at"))
    sheet_due = IntegerField(
        _l("Sheet handed in by working day"),
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(
                1, LATEST_WORKING_DAY, message=_l("Write a number from 1 to %(most)s.", most=LATEST_WORKING_DAY)
            ),
        ],
    )
    month_locks = IntegerField(
        _l("Month locks after working day"),
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(
                1, LATEST_WORKING_DAY, message=_l("Write a number from 1 to %(most)s.", most=LATEST_WORKING_DAY)
            ),
        ],
    )
    first = DateField(_l("From"), validators=[_CHOOSE_DAY])
    #: what was set last when the page was drawn
    seen = HiddenField()

    @property
    def wanted(self) -> Hours:
        """What is asked for; of a form that makes sense."""
        return Hours(self.day_locks_at.data, self.mark_by.data, self.sheet_due.data, self.month_locks.data)


class ExtendForm(Form):
    """The school year to store."""

    year = IntegerField(validators=[InputRequired(), NumberRange(2000, 2100)])
