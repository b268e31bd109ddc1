"""Shapes of what the heads put on record, and of what is answered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from ediary.core.forms import Form, row_id
from ediary.supervision.models import TEXT_LENGTH

_LONG = Length(max=TEXT_LENGTH, message=_l("The text is too long. Make it shorter."))
YES, NO = "yes", "no"


class CheckForm(Form):
    """What was found when a month's filling-in was checked."""

    in_order = RadioField(
        _l("What was found"),
        choices=[SelectChoice(YES, _l("In order")), SelectChoice(NO, _l("Something is to be put right"))],
        validators=[AnyOf([YES, NO], message=_l("Say whether it is in order."))],
    )
    found = TextAreaField(_l("In words"), [DataRequired(_l("Write what was looked at and found.")), _LONG])


class RemarkForm(Form):
    """A remark to somebody; `about`: the address of the record."""

    person_id = SelectField(_l("To whom"), [InputRequired(_l("Choose to whom."))], coerce=row_id, validate_choice=False)
    about = HiddenField(validators=[Length(max=200)])
    text = TextAreaField(_l("Remark"), [DataRequired(_l("Write the remark.")), _LONG])


class AnswerForm(Form):
    """An answer."""

    text = TextAreaField(_l("Answer"), [DataRequired(_l("Write the answer.")), _LONG])


class CloseForm(Form):
    """Was the remark heeded?"""

    heeded = RadioField(choices=[YES, NO], validators=[AnyOf([YES, NO], message=_l("Say whether it was heeded."))])
