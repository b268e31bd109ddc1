"""Shapes of what the employees' pages send."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from ediary.core.forms import Form, MaybeOrderedForm
from ediary.core.permissions import Role
from ediary.staff.rules import Person, Term

NAME_LENGTH = 80
EMAIL_LENGTH = 120
PHONE_LENGTH = 40

_NAME_TOO_LONG = Length(max=NAME_LENGTH, message=_l("This is too long. Make it shorter."))
_CHOOSE_DAY = InputRequired(_l("Choose a day."))


class EmployeeForm(Form):
    """A name and an e-mail address are enough (A10)."""

    first_name = StringField(_l("First name"), [DataRequired(_l("Write the first name.")), _NAME_TOO_LONG])
    last_name = StringField(_l("Last name"), [DataRequired(_l("Write the last name.")), _NAME_TOO_LONG])
    email = StringField(
        _l("E-mail"),
        [
            DataRequired(_l("Write the e-mail address.")),
            Length(max=EMAIL_LENGTH, message=_l("This is too long. Make it shorter.")),
            Regexp(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$", message=_l("This is no e-mail address.")),
        ],
    )
    phone = StringField(_l("Telephone"), [Length(max=PHONE_LENGTH, message=_l("This is too long. Make it shorter."))])
    position = StringField(_l("Position"), [_NAME_TOO_LONG])
    first = DateField(_l("Works here from"), [_CHOOSE_DAY])

    @property
    def person(self) -> Person:
        """What is written of them; of a form that makes sense."""
        return Person(
            self.first_name.data, self.last_name.data, self.email.data, self.phone.data or "", self.position.data or ""
        )


class NewEmployeeForm(EmployeeForm, MaybeOrderedForm):
    """With the first role, if one is chosen: it brings the log-in."""

    role = RadioField(_l("Role in the diary"), default="")

    def offer(self, roles: list[tuple[Role, str]]) -> NewEmployeeForm:
        """What may be chosen, by who enters it."""
        self.role.choices = [("", _l("none yet")), *((role.value, label) for role, label in roles)]
        return self

    @property
    def wanted(self) -> Role | None:
        """The role; None where none is chosen."""
        return Role(self.role.data) if self.role.data else None


class RoleForm(MaybeOrderedForm):
    """A role from-to."""

    role = RadioField(_l("Role"), [InputRequired(_l("Choose a role."))])
    first = DateField(_l("From"), [_CHOOSE_DAY])
    last = DateField(_l("Until"), [Optional()])

    def offer(self, roles: list[tuple[Role, str]]) -> RoleForm:
        """What may be chosen, by who gives it."""
        self.role.choices = [(role.value, label) for role, label in roles]
        return self

    @property
    def wanted(self) -> Role:
        """The role; of a form that makes sense."""
        return Role(self.role.data)

    @property
    def term(self) -> Term:
        first: date = self.first.data
        last: date | None = self.last.data
        return Term(first, last)


class LastDayForm(Form):
    """The last day of a role or of the employment."""

    last_day = DateField(_l("Last day"), [_CHOOSE_DAY])


class FirstDayForm(Form):
    """The first day of somebody who comes back."""

    first = DateField(_l("Works here again from"), [_CHOOSE_DAY])
