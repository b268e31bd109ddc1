"""Shapes of what the acts' pages send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from ediary.acts.models import EXPLANATION_LENGTH, REGISTRY_LENGTH
from ediary.core.forms import Form, row_id


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
