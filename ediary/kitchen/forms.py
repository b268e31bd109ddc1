"""Shapes of what the kitchen sends."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from ediary.core.forms import Form, row_id
from ediary.kitchen.models import MOST_STAFF, REASON_LENGTH
from ediary.periods.forms import ReasonedForm

#: the terms a director may open a locked day for, in minutes
TERMS = [
    SelectChoice(15, _l("15 minutes")),
    SelectChoice(30, _l("30 minutes")),
    SelectChoice(60, _l("1 hour")),
    SelectChoice(120, _l("2 hours")),
    SelectChoice(240, _l("4 hours")),
    SelectChoice(480, _l("8 hours")),
]


class LockForm(Form):
    """The reason is asked for only when some group has not submitted."""

    reason = StringField(
        _l("Why it is locked without them"),
        validators=[Length(max=REASON_LENGTH, message=_l("The reason is too long. Make it shorter."))],
    )


class UnlockForm(ReasonedForm):
    """Which groups, why, for how long."""

    groups = SelectMultipleField(
        _l("Groups"),
        coerce=row_id,
        validators=[DataRequired(_l("Choose at least one group to open."))],
        validate_choice=False,
    )
    minutes = RadioField(_l("For how long"), coerce=int, choices=TERMS, default=30)


class StaffForm(Form):
    """How many of the staff eat one meal."""

    count = IntegerField(
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(0, MOST_STAFF, message=_l("The number of staff must be from 0 to %(most)s.", most=MOST_STAFF)),
        ]
    )
