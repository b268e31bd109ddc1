"""Shapes of what is sent about shared tablets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length

from ediary.core.forms import Form, row_id


class GroupsForm(Form):
    groups = SelectMultipleField(coerce=row_id, validate_choice=False)


class TabletForm(GroupsForm):
    name = StringField(_l("Name of the tablet"), [DataRequired(_l("Name the tablet.")), Length(max=60)])


class PairForm(Form):
    code = StringField(
        _l("Code"), [DataRequired(_l("Write the code from the administrator's screen.")), Length(max=60)]
    )


class PinForm(Form):
    pin = PasswordField(_l("Your number"), [DataRequired(_l("Write your number.")), Length(max=12)])
