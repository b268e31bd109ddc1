"""Shapes of what is sent about leaving, being away and going over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from ediary.children.rules import DepartureReason
from ediary.core.forms import Form, OrderedForm, row_id
from ediary.transfers.rules import LeaveKind, Told
from ediary.transfers.words import KINDS, REASONS

NOTE_LENGTH = 300


class DepartureForm(OrderedForm):
    day = DateField(_l("Last day"), [InputRequired(_l("Choose the child's last day."))])
    reason = SelectField(
        _l("Why"), choices=[SelectChoice(one.value, REASONS[one]) for one in DepartureReason], coerce=DepartureReason
    )
    note = StringField(_l("To where, or what else must be said"), [Length(max=NOTE_LENGTH)])


class LeaveForm(OrderedForm):
    kind = SelectField(
        _l("Where to"), choices=[SelectChoice(one.value, KINDS[one]) for one in LeaveKind], coerce=LeaveKind
    )
    first = DateField(_l("First day away"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Last day away"), [InputRequired(_l("Choose the last day."))])
    reason_id = SelectField(_l("Reason in the attendance sheet"), coerce=lambda value: row_id(value) if value else None)
    note = TextAreaField(_l("Note"), [Length(max=NOTE_LENGTH)])

    def told(self) -> Told:
        return Told(self.kind.data, self.first.data, self.last.data, self.reason_id.data, self.note.data or "")


class BackForm(Form):
    back_on = DateField(_l("First day back"), [InputRequired(_l("Choose the day the child is back."))])


class TakeForm(OrderedForm):
    code = StringField(_l("The family's code"), [DataRequired(_l("Write the code the family has.")), Length(max=60)])
    group_id = SelectField(_l("Group"), coerce=row_id)
    first = DateField(_l("Comes from"), [InputRequired(_l("Choose the first day."))])
