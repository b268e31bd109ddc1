"""Shapes of what the groups' pages send."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from ediary.core.forms import Form, MaybeOrderedForm, OrderedForm, row_id
from ediary.groups.rules import (
    LANGUAGES,
    LONGEST_DAY,
    MOST_PLACES,
    SHORTEST_DAY,
    AgeBand,
    Duty,
    Programme,
    hours_of,
    minutes_of,
)

NAME_LENGTH, PLACE_LENGTH, REASON_LENGTH = 60, 60, 200
#: a day's work of one person
LONGEST_WORK = 12 * 60

AGES = [
    SelectChoice(AgeBand.NURSERY.value, _l("Nursery (under 3)")),
    SelectChoice(AgeBand.KINDERGARTEN.value, _l("Kindergarten")),
]
PROGRAMMES = [
    SelectChoice(Programme.PRESCHOOL.value, _l("Pre-school")),
    SelectChoice(Programme.PREPRIMARY.value, _l("Pre-primary")),
]


class Hours(StringField):
    """Hours and minutes as people write them, „10:30“; `data` is minutes, None when empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.written = valuelist[0].strip() if valuelist else ""
        self.data: Any = None
        if self.written:
            try:
                self.data = minutes_of(self.written)
            except ValueError:
                raise ValueError(_l("Write hours and minutes: 10:30.")) from None

    def _value(self) -> str:
        if self.data is None:
            return getattr(self, "written", "")
        return hours_of(self.data)


class GroupForm(Form):
    """What is said of a group."""

    name = StringField(
        _l("Name of the group"),
        [
            DataRequired(_l("Write the name of the group.")),
            Length(max=NAME_LENGTH, message=_l("The name is too long. Make it shorter.")),
        ],
    )
    age_band = RadioField(_l("Age"), [InputRequired(_l("Choose the age."))], choices=AGES)
    programme = RadioField(
        _l("Programme"),
        [InputRequired(_l("Choose the programme."))],
        choices=PROGRAMMES,
        default=Programme.PRESCHOOL.value,
    )
    minutes_a_day = Hours(
        _l("Open a day, hours"),
        [
            InputRequired(_l("Write hours and minutes: 10:30.")),
            NumberRange(SHORTEST_DAY, LONGEST_DAY, _l("A group is open from 1 to 24 hours a day.")),
        ],
        default=630,
    )
    language = SelectField(_l("Language of teaching"), choices=[SelectChoice(code) for code in LANGUAGES], default="lt")
    room = StringField(_l("Room"), [Length(max=PLACE_LENGTH)])
    kitchen = StringField(_l("Kitchen"), [Length(max=PLACE_LENGTH)])
    places = IntegerField(
        _l("Places"),
        [Optional(), NumberRange(1, MOST_PLACES, _l("Places are from 1 to %(most)s.", most=MOST_PLACES))],
    )


class WorkForm(OrderedForm):
    """From when to when somebody works in the group, and how long a day."""

    first = DateField(_l("From"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Until"), [InputRequired(_l("Choose the last day."))])
    minutes_a_day = Hours(
        _l("Planned hours a day"),
        [Optional(), NumberRange(1, LONGEST_WORK, _l("At most 12 hours a day are planned for one person."))],
    )


def who_of(value: str) -> tuple[int, Duty]:
    """„12:educator“. ValueError for anything else."""
    user_id, _colon, duty = str(value).partition(":")
    return row_id(user_id), Duty(duty)


class AssignForm(WorkForm):
    """And who, as what."""

    who = SelectField(_l("Who"), [InputRequired(_l("Choose who."))], validate_choice=False)

    def validate_who(self, field: SelectField) -> None:
        try:
            who_of(field.data)
        except ValueError:
            raise ValidationError(_l("Choose who.")) from None


class SpanForm(MaybeOrderedForm):
    """From when to when something is otherwise, by an order if there is one."""

    first = DateField(_l("From"), [InputRequired(_l("Choose the first day."))])
    last = DateField(_l("Until"), [InputRequired(_l("Choose the last day: a guest comes for a time."))])


class VisitForm(SpanForm):
    """Which children are guests where."""

    children = SelectMultipleField(
        _l("Children"), [DataRequired(_l("Choose at least one child."))], coerce=row_id, validate_choice=False
    )
    into_id = SelectField(
        _l("Visit group"), [InputRequired(_l("Choose the group."))], coerce=row_id, validate_choice=False
    )


class MergeForm(SpanForm):
    """Into which group, and why."""

    into_id = SelectField(
        _l("Into group"), [InputRequired(_l("Choose the group."))], coerce=row_id, validate_choice=False
    )
    reason = StringField(
        _l("Why"),
        [
            DataRequired(_l("Write why: summer, few children.")),
            Length(max=REASON_LENGTH, message=_l("The reason is too long. Make it shorter.")),
        ],
    )


class EndForm(Form):
    """The last day; „now“ ends it with yesterday, or takes it back."""

    last = DateField(_l("Until"), [Optional()])
    do = SelectField(choices=["save", "end"])

    def validate_last(self, field: DateField) -> None:
        if self.do.data == "save" and field.data is None:
            raise ValidationError(_l("Choose the last day."))
