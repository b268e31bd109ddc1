"""Shapes of what is sent about a day on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Length, Optional

from ediary.attendance.forms import id_or_none
from ediary.attendance.models import CAUSE_LENGTH
from ediary.attendance.rules import Mark
from ediary.core.errors import BadInput
from ediary.core.forms import Form
from ediary.outages.rules import Written

NETWORK, POWER, OTHER = "network", "power", "other"
_NONSENSE = _l("What was sent makes no sense. Nothing was changed.")


class DayForm(Form):
    """The day sheets are printed for."""

    day = DateField(_l("Day"), [Optional()])


class CauseForm(Form):
    """Why the day was written on paper: the two commonest causes, or others in words."""

    cause = RadioField(
        _l("Why was it written on paper?"),
        choices=[
            SelectChoice(NETWORK, _l("there was no network")),
            SelectChoice(POWER, _l("there was no power")),
            SelectChoice(OTHER, _l("another cause:")),
        ],
        validators=[AnyOf([NETWORK, POWER, OTHER], message=_l("Say why the day was written on paper."))],
    )
    words = StringField(
        _l("The cause in words"), [Length(max=CAUSE_LENGTH, message=_l("The text is too long. Make it shorter."))]
    )

    def validate_words(self, field: StringField) -> None:
        """Two words at least: it stands in the history for years."""
        if self.cause.data == OTHER and len((field.data or "").split()) < 2:
            raise BadInput(_("Write the cause so that it can be understood years later, in two words at least."))

    @property
    def said(self) -> str:
        """The cause as it is kept, of a form that makes sense."""
        if self.cause.data == OTHER:
            return " ".join(self.words.data.split())
        return _("there was no network") if self.cause.data == NETWORK else _("there was no power")


class OpenForm(Form):
    """For how long the day is opened."""

    minutes = RadioField(
        _l("For how long"),
        coerce=int,
        choices=[SelectChoice(60, _l("1 hour")), SelectChoice(120, _l("2 hours")), SelectChoice(240, _l("4 hours"))],
        default=120,
    )


def typed_paper(fields: Mapping[str, str], child_ids: Collection[int]) -> dict[int, Written]:
    """Each child's line out of what was sent; who is left without a mark is not in it. Raises BadInput."""
    found = {}
    for child_id in child_ids:
        wanted = fields.get(f"mark-{child_id}", Mark.UNMARKED.value)
        seen = fields.get(f"seen-{child_id}", Mark.UNMARKED.value)
        try:
            line = Written(Mark(wanted), Mark(seen), id_or_none(fields.get(f"reason-{child_id}", "")))
        except ValueError:
            raise BadInput(_NONSENSE) from None
        if line.wanted is not Mark.UNMARKED:
            found[child_id] = line
    return found
