"""Shapes of what the acts' pages send."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from ediary.acts.models import EXPLANATION_LENGTH, REGISTRY_LENGTH
from ediary.core.forms import Form, row_id
from ediary.periods.forms import ReasonedForm

#: for how long a month, or the removing of records, may be opened: days after today
TERMS = [
    SelectChoice(0, _l("today")),
    SelectChoice(1, _l("till tomorrow evening")),
    SelectChoice(3, _l("3 days")),
    SelectChoice(7, _l("a week")),
    SelectChoice(14, _l("two weeks")),
]


def day_of(value: str | date) -> date:
    """A day out of a list's option; ValueError for anything else."""
    return value if isinstance(value, date) else date.fromisoformat(value)


class OpenForm(ReasonedForm):
    """Which groups (0 = what belongs to none), why, for how long."""

    groups = SelectMultipleField(
        _l("Groups"),
        coerce=row_id,
        validators=[DataRequired(_l("Choose at least one group to open."))],
        validate_choice=False,
    )
    days_on = RadioField(_l("For how long"), coerce=int, choices=TERMS, default=0)


class OpenMonthForm(OpenForm):
    """Also the days whose presence is opened."""

    days = SelectMultipleField(_l("Presence of these days too"), coerce=day_of, validate_choice=False)


class WriteForm(Form):
    """How the error came about."""

    explanation = TextAreaField(
        _l("How the error came about"),
        validators=[
            DataRequired(_l("Write how the error came about.")),
            Length(max=EXPLANATION_LENGTH, message=_l("The text is too long. Make it shorter.")),
        ],
    )


class AppointForm(Form):
    """Who writes the act instead."""

    user_id = SelectField(
        _l("Who writes the act"), coerce=row_id, validate_choice=False, validators=[InputRequired(_l("Choose who."))]
    )


class RegisterForm(Form):
    """Under what number, on what day."""

    number = StringField(
        _l("Registration No."),
        validators=[
            DataRequired(_l("Write the number under which the act is registered.")),
            Length(max=REGISTRY_LENGTH, message=_l("The number is too long.")),
        ],
    )
    day = DateField(_l("Registered on"), validators=[DataRequired(_l("Choose the day of registration."))])
