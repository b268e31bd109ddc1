"""Shapes of what the hand-overs' pages send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from ediary.core.errors import BadInput
from ediary.core.forms import Form, MaybeOrderedForm, row_id
from ediary.groups.forms import WorkForm
from ediary.groups.rules import minutes_of
from ediary.handovers.models import DAY_NOTE_LENGTH, NOTE_LENGTH, REMARKS_LENGTH
from ediary.handovers.rules import Worked

_LONG = _l("The text is too long. Make it shorter.")


def id_or_none(value: str | int | None) -> int | None:
    """An id out of a list's option; the empty option is None."""
    return row_id(value) if value not in (None, "", "None") else None


class SubstituteForm(WorkForm):
    """For whom, and who stands in."""

    post = SelectField(
        _l("For whom"), [InputRequired(_l("Choose for whom."))], coerce=id_or_none, validate_choice=False
    )
    who = SelectField(
        _l("Who stands in"), [InputRequired(_l("Choose who stands in."))], coerce=id_or_none, validate_choice=False
    )


class NoteForm(Form):
    """A word for whoever takes the group over."""

    text = TextAreaField(_l("Note"), [Length(max=NOTE_LENGTH, message=_LONG)])


class LeaverForm(Form):
    """Whose records, and until when."""

    employee_id = SelectField(
        _l("Who leaves"), [InputRequired(_l("Choose who leaves."))], coerce=id_or_none, validate_choice=False
    )
    last_day = DateField(_l("Last day of work"), [InputRequired(_l("Choose the last day."))])


class HandOverForm(MaybeOrderedForm):
    """To whom, by what order, with what remarks; checked, and handed over although something is missing."""

    successor_id = SelectField(_l("Goes to"), [Optional()], coerce=id_or_none, validate_choice=False)
    remarks = TextAreaField(_l("Remarks"), [Length(max=REMARKS_LENGTH, message=_LONG)])
    checked = BooleanField(_l("I have checked these records"))
    despite = BooleanField(_l("I hand them over although something is missing; what, is said in the remarks"))

    def validate_checked(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(_l("Tick that you have checked the records."))


def typed_hours(fields: Mapping[str, str], planned: Mapping[date, int]) -> dict[date, Worked | None]:
    """Each day's hours out of a month's table; None = as planned. Raises BadInput with the day that makes no sense."""
    found: dict[date, Worked | None] = {}
    for day in planned:
        said = fields.get(f"hours-{day.isoformat()}", "").strip()
        note = fields.get(f"note-{day.isoformat()}", "").strip()
        if "\0" in said + note or len(note) > DAY_NOTE_LENGTH:
            raise BadInput(_l("%(day)s: the remark is too long.", day=day.isoformat()))
        try:
            minutes = minutes_of(said) if said else planned[day]
        except ValueError:
            raise BadInput(_l("%(day)s: write hours and minutes, 7:12.", day=day.isoformat())) from None
        if minutes > 24 * 60:
            raise BadInput(_l("%(day)s: a day has 24 hours.", day=day.isoformat()))
        found[day] = Worked(minutes, note) if minutes != planned[day] or note else None
    return found
