"""What every form that opens something asks: why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from ediary.core.forms import Form
from ediary.periods.models import REASON_LENGTH
from ediary.periods.rules import says_something


class ReasonedForm(Form):
    """The reason stays on record for years: an empty one, or one that says nothing, is refused at its field."""

    reason = StringField(
        _l("Why it is opened"),
        validators=[
            DataRequired(_l("Write why it is opened.")),
            Length(max=REASON_LENGTH, message=_l("The reason is too long. Make it shorter.")),
        ],
    )

    def validate_reason(self, field: Field) -> None:
        if not says_something(field.data or ""):
            raise ValidationError(
                _l("Write the reason so that it can be understood years later, in two words at least.")
            )
