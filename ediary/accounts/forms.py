"""Shapes of what people send to log in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from ediary.core.forms import Form


class LoginForm(Form):
    login = StringField(_l("Log-in name"), [InputRequired(_l("Write your log-in name.")), Length(max=120)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=1000)])
    next = HiddenField()


class SwitchForm(Form):
    membership_id = IntegerField(validators=[InputRequired()])
