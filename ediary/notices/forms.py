"""Shapes of what the page of notices sends."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from ediary.core.forms import LARGEST_ID, Form


class ReadAllForm(Form):
    """The newest notice that was on the page."""

    up_to = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])
