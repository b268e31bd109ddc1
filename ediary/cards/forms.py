"""Shapes of what a card sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from ediary.children.rules import Relation, SpecialNeeds, tidy
from ediary.children.words import NEEDS, RELATIONS
from ediary.core.forms import Form, MaybeOrderedForm, row_id
from ediary.core.uploads import DOCUMENTS, UploadField

#: nobody who comes here was born before, and no day of a card lies later
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

_NAME = [Length(max=80)]
_LINE = [Length(max=200)]
_PHONE = [
    Optional(),
    Length(max=40),
    Regexp(r"^[0-9+() \-/.]*$", message=_l("Write the number with digits, for example +370 600 00000.")),
]
_EMAIL = [
    Optional(),
    Length(max=120),
    Regexp(r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$", message=_l("This is no e-mail address.")),
]
_WRITE_NAME = DataRequired(_l("Write the first name."))
_WRITE_SURNAME = DataRequired(_l("Write the last name."))


def id_or_none(value: str | int | None) -> int | None:
    """An id out of a list's option; the empty option is None."""
    return row_id(value) if value not in (None, "", "None") else None


def _line(label: Any, validators: Sequence[Any]) -> StringField:
    """One line of words, without spaces around."""
    return StringField(label, validators, filters=[tidy])


def _within(form: Any, field: DateField) -> None:
    if field.data is not None and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(_l("Choose a day of the calendar."))


def _day(label: Any, validators: Sequence[Any]) -> DateField:
    """A day of the calendar that a card may hold."""
    return DateField(label, [*validators, _within])


def _relations() -> list[SelectChoice]:
    return [SelectChoice(one.value, RELATIONS[one]) for one in Relation]


class ParticularsForm(Form):
    """About the child."""

    first_name = _line(_l("First name"), [_WRITE_NAME, *_NAME])
    last_name = _line(_l("Last name"), [_WRITE_SURNAME, *_NAME])
    birth_date = _day(_l("Birth date"), [InputRequired(_l("Choose the birth date."))])
    address = _line(_l("Address"), _LINE)
    languages = _line(_l("Languages spoken at home"), _LINE)
    family_note = TextAreaField(_l("About the family"), [Length(max=2000)])
    seen = HiddenField()


class SpanForm(Form):
    """Something that holds from-to."""

    valid_from = _day(_l("From"), [InputRequired(_l("Choose the first day."))])
    valid_to = _day(_l("Until"), [Optional()])

    def validate_valid_to(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_l("The last day is before the first."))


class PersonForm(SpanForm):
    """Somebody around the child."""

    first_name = _line(_l("First name"), [_WRITE_NAME, *_NAME])
    last_name = _line(_l("Last name"), [_WRITE_SURNAME, *_NAME])
    phone = _line(_l("Telephone"), _PHONE)
    seen = HiddenField()


class GuardianForm(PersonForm):
    """A parent or guardian."""

    relation = SelectField(_l("Who"), choices=_relations())
    email = _line(_l("E-mail"), _EMAIL)
    address = _line(_l("Address, if not the child's"), _LINE)
    may_collect = BooleanField(_l("May collect the child"), default=True)


class CollectorForm(PersonForm):
    """Another who may collect."""

    relation = _line(_l("Who this is to the child"), [DataRequired(_l("Write who this is.")), Length(max=80)])


class ConsentForm(SpanForm):
    """What the parents answered."""

    answer = RadioField(
        _l("Answer"),
        [InputRequired(_l("Choose the answer."))],
        choices=[SelectChoice("yes", _l("Agrees")), SelectChoice("no", _l("Does not agree"))],
    )
    said_by = _line(_l("Who said so"), [DataRequired(_l("Write who said so.")), Length(max=120)])
    said_on = _day(_l("When"), [InputRequired(_l("Choose when it was said."))])


class MealsForm(Form):
    """Which meals, by which diet, from when."""

    kinds = SelectMultipleField(_l("Eats"), coerce=row_id, validate_choice=False)
    diet_id = SelectField(_l("Diet"), [Optional()], coerce=id_or_none, validate_choice=False)
    day = _day(_l("From"), [InputRequired(_l("Choose the first day."))])


class NeedsForm(Form):
    """Special needs and health."""

    special_needs = SelectField(
        _l("Special educational needs"), choices=[SelectChoice(one.value, NEEDS[one]) for one in SpecialNeeds]
    )
    needs_note = TextAreaField(_l("What to know"), [Length(max=2000)])
    must_not_eat = _line(_l("Must not eat"), _LINE)
    seen = HiddenField()


class PayerForm(Form):
    """A child's code in accounting; empty = none."""

    code = _line(
        _l("Payer's code"),
        [Length(max=20), Regexp(r"^[0-9A-Za-z \-]*$", message=_l("A code has letters and digits only."))],
    )


class PersonalCodeForm(Form):
    """A personal code. It is asked for by itself, so that no other fault shows it anew."""

    code = _line(_l("Personal code"), [DataRequired(_l("Write the code.")), Length(max=30)])
    is_foreign = BooleanField(_l("It is a foreigner's code"))


class FileForm(Form):
    """A document of the child's."""

    title = _line(_l("What it is"), [DataRequired(_l("Write what it is.")), Length(max=120)])
    day = _day(_l("Its day"), [InputRequired(_l("Choose the day of the document."))])
    file = UploadField(_l("File"), DOCUMENTS)


class PlaceForm(MaybeOrderedForm):
    """Another group from a day on, or the first one."""

    group_id = SelectField(
        _l("Group"), [InputRequired(_l("Choose the group."))], coerce=id_or_none, validate_choice=False
    )
    day = _day(_l("From"), [InputRequired(_l("Choose the first day."))])
    #: the latest orders, for `_shared/order.html`
    orders: Sequence[Any] = ()

    def offer(self, groups: list[tuple[int, str]], orders: Sequence[Any]) -> None:
        """Fill the choices a page prints."""
        self.group_id.choices = [("", "–"), *groups]
        self.orders = orders


class NewcomerForm(Form):
    """A child who comes: name, group, first day, meals, one parent."""

    first_name = _line(_l("First name"), [_WRITE_NAME, *_NAME])
    last_name = _line(_l("Last name"), [_WRITE_SURNAME, *_NAME])
    birth_date = _day(_l("Birth date"), [InputRequired(_l("Choose the birth date."))])
    group_id = SelectField(
        _l("Group"), [InputRequired(_l("Choose the group."))], coerce=id_or_none, validate_choice=False
    )
    first_day = _day(_l("First day"), [InputRequired(_l("Choose the first day."))])
    kinds = SelectMultipleField(_l("Eats"), coerce=row_id, validate_choice=False)
    diet_id = SelectField(_l("Diet"), [Optional()], coerce=id_or_none, validate_choice=False)
    relation = SelectField(_l("Who"), choices=_relations())
    parent_first = _line(_l("First name"), _NAME)
    parent_last = _line(_l("Last name"), _NAME)
    phone = _line(_l("Telephone"), _PHONE)
    email = _line(_l("E-mail"), _EMAIL)
    #: the doubles that were shown, and that it is another child all the same
    confirmed = HiddenField()

    def offer(self, groups: list[tuple[int, str]], diets: list[tuple[int, str]]) -> None:
        """Fill the choices a page prints."""
        self.group_id.choices = groups if len(groups) == 1 else [("", "–"), *groups]
        self.diet_id.choices = [("", _l("the common table")), *diets]

    @property
    def names_parent(self) -> bool:
        return bool(self.parent_first.data or self.parent_last.data)

    def validate_birth_date(self, field: DateField) -> None:
        if field.data and self.first_day.data and field.data > self.first_day.data:
            raise ValidationError(_l("The child is born after the first day here."))

    def validate_parent_last(self, field: StringField) -> None:
        if self.names_parent and not (self.parent_first.data and field.data):
            raise ValidationError(_l("Write both names of the parent, or neither."))
        if not self.names_parent and (self.phone.data or self.email.data):
            raise ValidationError(_l("Write whose telephone or e-mail this is."))
