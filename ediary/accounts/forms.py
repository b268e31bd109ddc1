"""Shapes of what people send to log in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):
    login = StringField(_l("Log-in name"), [InputRequired(_l("Write your log-in name.")), Length(max=120)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=1000)])
    next = HiddenField()


class SwitchForm(FlaskForm):
    membership_id = IntegerField(validators=[InputRequired()])
