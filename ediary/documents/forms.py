"""Shapes of what the documents' pages send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from ediary.core.forms import NUMBER_LENGTH, Form
from ediary.core.uploads import UploadField
from ediary.institutions.models import DocumentKind

TITLE_LENGTH = 400


class DocumentForm(Form):
    """A numbered document, with its file if there is one."""

    kind = RadioField(
        _l("Kind"),
        choices=[
            SelectChoice(DocumentKind.ORDER.value, _l("Director's order")),
            SelectChoice(DocumentKind.OTHER.value, _l("Another document")),
        ],
        default=DocumentKind.ORDER.value,
    )
    number = StringField(
        _l("No."),
        [
            DataRequired(_l("Write the number.")),
            Length(max=NUMBER_LENGTH, message=_l("The number is too long.")),
        ],
    )
    day = DateField(_l("Signed on"), [InputRequired(_l("Choose the day it was signed on."))])
    title = TextAreaField(
        _l("What it is about"),
        [
            DataRequired(_l("Write what it is about, as its title says.")),
            Length(max=TITLE_LENGTH, message=_l("The title is too long. Make it shorter.")),
        ],
    )
    file = UploadField(_l("File"), required=False)
