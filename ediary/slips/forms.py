"""Shapes of what is sent to print slips."""

from __future__ import annotations

from wtforms import BooleanField, SelectMultipleField

from ediary.core.forms import Form, row_id


class VouchForm(Form):
    """Who has been seen: ids of employees and of parents' rows."""

    employee = SelectMultipleField(coerce=row_id, validate_choice=False)
    guardian = SelectMultipleField(coerce=row_id, validate_choice=False)


class SlipsForm(Form):
    """For whom: ids of employees and of parents' rows.

    `replace`: also for those who have a password; `lost_factor`: their telephone is lost too.
    """

    employee = SelectMultipleField(coerce=row_id, validate_choice=False)
    guardian = SelectMultipleField(coerce=row_id, validate_choice=False)
    replace = BooleanField()
    lost_factor = BooleanField()
