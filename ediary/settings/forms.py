"""Shapes of what the settings' pages send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from ediary.core.forms import Form
from ediary.institutions.models import AgeBandBy
from ediary.institutions.rules import Contacts, Wording

_TOO_LONG = _l("This is too long. Make it shorter.")
_CHOOSE_DAY = InputRequired(_l("Choose a day."))

#: what finds room in the head of the sheet
TITLE_LENGTH = 80
APPROVAL_LINES, APPROVAL_LENGTH = 5, 70


class InstitutionForm(Form):
    """The institution's name and how it is reached."""

    name = StringField(
        _l("Name of the kindergarten"), [DataRequired(_l("Write the name.")), Length(max=120, message=_TOO_LONG)]
    )
    address = StringField(_l("Address"), [Length(max=200, message=_TOO_LONG)])
    phone = StringField(_l("Telephone"), [Length(max=40, message=_TOO_LONG)])
    email = StringField(
        _l("E-mail"),
        [
            Optional(),
            Length(max=120, message=_TOO_LONG),
            Regexp(r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$", message=_l("This is no e-mail address.")),
        ],
    )

    @property
    def contacts(self) -> Contacts:
        """What is written; of a form that makes sense."""
        said = [" ".join((field.data or "").split()) for field in (self.name, self.address, self.phone, self.email)]
        return Contacts(*said)


class AgeBandsForm(Form):
    """How age bands are told, from a day on."""

    by = RadioField(
        _l("Age bands are told"),
        choices=[
            SelectChoice(AgeBandBy.GROUP.value, _l("by the group: all its children alike")),
            SelectChoice(AgeBandBy.BIRTHDAY.value, _l("by the birthday: nursery portions until the third one")),
        ],
    )
    first = DateField(_l("From"), [_CHOOSE_DAY])


class WordingForm(Form):
    """The head of the month sheet, from a day on."""

    title = StringField(
        _l("Title"), [DataRequired(_l("Write the title.")), Length(max=TITLE_LENGTH, message=_TOO_LONG)]
    )
    approval = TextAreaField(_l("Lines above the title"))
    first = DateField(_l("From"), [_CHOOSE_DAY])

    def validate_approval(self, field: TextAreaField) -> None:
        lines = self.wording.approval
        if len(lines) > APPROVAL_LINES:
            raise ValidationError(_l("At most %(most)s lines find room there.", most=APPROVAL_LINES))
        if any(len(line) > APPROVAL_LENGTH for line in lines):
            raise ValidationError(_l("A line is longer than %(most)s letters. Break it in two.", most=APPROVAL_LENGTH))

    @property
    def wording(self) -> Wording:
        """What is written: blanks gathered, empty lines left out."""
        lines = (" ".join(line.split()) for line in (self.approval.data or "").splitlines())
        return Wording(" ".join((self.title.data or "").split()), tuple(line for line in lines if line))
