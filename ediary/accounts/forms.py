"""Shapes of what people send to come in, and about their own log-in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from ediary.accounts.rules import IDLE_CHOICES, Asked
from ediary.core.forms import Form
from ediary.core.permissions import Role

#: a longer one would only cost the server time
LONGEST_PASSWORD = 1000
LONGEST_PLEDGE = 20_000


class LoginForm(Form):
    login = StringField(_l("Log-in name"), [InputRequired(_l("Write your log-in name.")), Length(max=120)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=LONGEST_PASSWORD)])
    next = HiddenField()


class SwitchForm(Form):
    membership_id = IntegerField(validators=[InputRequired()])


class CodeForm(Form):
    """A slip's code, however it is typed."""

    code = StringField(_l("Code of the slip"), [InputRequired(_l("Write the code of the slip.")), Length(max=60)])


class PasswordForm(Form):
    """A new password, twice: one typed with a slip of the finger would lock its owner out."""

    password = PasswordField(
        _l("New password"), [InputRequired(_l("Write a new password.")), Length(max=LONGEST_PASSWORD)]
    )
    again = PasswordField(_l("The same once more"), [Length(max=LONGEST_PASSWORD)])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.password.data:
            raise ValidationError(_l("The two are not the same. Write the new one once more."))


class OwnPasswordForm(PasswordForm):
    """Another password of one's own will."""

    current = PasswordField(
        _l("Present password"), [InputRequired(_l("Write your password.")), Length(max=LONGEST_PASSWORD)]
    )


class PinForm(Form):
    """The short number for a shared tablet, twice."""

    current = PasswordField(_l("Password"), [InputRequired(_l("Write your password.")), Length(max=LONGEST_PASSWORD)])
    pin = PasswordField(_l("Short number"), [InputRequired(_l("Write the digits you choose.")), Length(max=20)])
    again = PasswordField(_l("The same once more"), [Length(max=20)])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.pin.data:
            raise ValidationError(_l("The two are not the same. Write the new one once more."))


class FactorForm(Form):
    """A code of the telephone, or of recovery."""

    code = StringField(_l("Code"), [InputRequired(_l("Write the code.")), Length(max=40)])


class BeginForm(Form):
    """The password, where the person came in some time ago: somebody else may sit there by now."""

    current = PasswordField(_l("Password"), [Length(max=LONGEST_PASSWORD)])


class PledgeForm(Form):
    """Which text was read, and that it was."""

    text_id = IntegerField(validators=[InputRequired()])
    read = BooleanField(_l("I have read the pledge and accept it"), [DataRequired(_l("Tick that you have read it."))])


class PledgeTextForm(Form):
    """The pledge from a day on."""

    text = TextAreaField(
        _l("Text"),
        [
            DataRequired(_l("Write the text.")),
            Length(max=LONGEST_PLEDGE, message=_l("The text is too long. Make it shorter.")),
        ],
    )
    first = DateField(_l("From"), [DataRequired(_l("Choose a day."))])
    #: what was set last when the page was drawn
    seen = HiddenField()


class EntryRulesForm(Form):
    """What is asked of each role from a day on: fields `factor_<role>` and `idle_<role>`."""

    first = DateField(_l("From"), [DataRequired(_l("Choose a day."))])
    #: what was set last when the page was drawn
    seen = HiddenField()

    @property
    def wanted(self) -> dict[Role, Asked]:
        """What is asked for; of a form that makes sense."""
        return {role: Asked(self[f"factor_{role}"].data, int(self[f"idle_{role}"].data)) for role in Role}


_IDLE = [
    SelectChoice(minutes, _l("%(num)s min", num=minutes) if minutes < 60 else _l("%(num)s h", num=minutes // 60))
    for minutes in IDLE_CHOICES
]

for _role in Role:
    setattr(EntryRulesForm, f"factor_{_role}", BooleanField(_l("Second step")))
    setattr(EntryRulesForm, f"idle_{_role}", SelectField(_l("Idle session ends after"), coerce=int, choices=_IDLE))
