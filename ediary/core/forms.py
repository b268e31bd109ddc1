"""The one kind of form: it speaks Lithuanian also where WTForms speaks by itself, and takes only what can be stored."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import time
from typing import Any, TypeVar

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, DateTimeField, Field, HiddenField, IntegerField, PasswordField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError
from wtforms.widgets import FileInput, TextInput

from ediary.core.errors import BadInput
from ediary.core.orders import Order

#: the largest key a row can have, on both databases
LARGEST_ID = 2**31 - 1

#: what WTForms says by itself of a value it cannot read; it knows no Lithuanian
_SAID = {
    "Not a valid date value.": _l("Choose a day of the calendar."),
    "Not a valid datetime value.": _l("Choose a day and an hour."),
    "Not a valid integer value.": _l("Write a whole number."),
    "Not a valid choice.": _l("Choose one of those offered."),
}
_NONSENSE = _l("What was sent makes no sense. Nothing was changed.")


def row_id(value: str | int) -> int:
    """An id a row may have. ValueError for anything else: the databases cannot even look for it."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID):
        raise ValueError("not an id")
    return int(text)


def visible(text: str) -> str:
    """The text without signs nobody sees that turn letters round, hide or part them: names are to be what they look."""
    if text.isprintable():
        return text
    return "".join(
        sign for sign in text if sign in "\t\n\r" or unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cn", "Cs")
    )


def _countable(value: str) -> str:
    """A whole number as both databases can store it; anything else as what nobody takes for a number."""
    try:
        return value if len(value) <= 20 and abs(int(value)) <= LARGEST_ID else "–"
    except ValueError:
        return value


def _within_reach(value: str) -> str:
    """A day between 1900 and 2199; of another, counting a day on or back would leave the calendar for good."""
    year = re.match(r"\s*(\d{4})-", value)
    return "–" if year and not 1900 <= int(year[1]) < 2200 else value


#: fields that can read more than can be stored or counted with
_READ = {IntegerField: _countable, DateTimeField: _within_reach}


class Words:
    """WTForms's own sentences in ours. Lengths are said with their number, all else unreadable in one sentence."""

    def gettext(self, text: str) -> str:
        return str(_SAID.get(text, _NONSENSE))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return ngettext("Write at most %(num)s character.", "Write at most %(num)s characters.", n)


class Form(FlaskForm):
    """Base of all forms. Raises BadInput for a NUL in any value: PostgreSQL stores none.

    Text is all that a field gets but those made for files, and what browsers' forms send is all that is read.
    """

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: FlaskForm) -> Any:
            return Words()

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            wrapped = super().wrap_formdata(form, None if request.is_json else formdata)
            if wrapped is None:
                return None
            for_files = {field.name for field in form if isinstance(field.widget, FileInput)}
            pairs = [(name, value) for name in wrapped for value in wrapped.getlist(name)]
            if any("\0" in value for _, value in pairs if isinstance(value, str)):
                raise BadInput(_NONSENSE)
            read: dict[str, Callable[[str], str]] = {
                field.name: visible for field in form if not isinstance(field, PasswordField)
            }
            read |= {field.name: _READ[kind] for field in form for kind in _READ if isinstance(field, kind)}
            return MultiDict(
                (name, read[name](value) if name in read and isinstance(value, str) else value)
                for name, value in pairs
                if isinstance(value, str) or name in for_files
            )


class HourField(Field):
    """An hour as people write it: 8:30, 8.30, 08:30, 8. Browsers' own hour fields speak the device's language."""

    widget = TextInput()
    data: Any

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.required = required

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.data.strftime("%-H:%M")

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not self.required and not any(str(value).strip() for value in valuelist):
            return
        found = re.fullmatch(r"\s*(\d{1,2})(?:\s*[:.,]\s*(\d{2}))?\s*", str(valuelist[0])) if valuelist else None
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            raise ValueError(_l("Write an hour, for example 8:30."))
        self.data = time(int(found[1]), int(found[2] or 0))


class SureForm(Form):
    """What cannot be brought back by a tap is done by a second button, in a menu that says what it does."""

    sure = HiddenField(validators=[AnyOf(["yes"], message=_l("Confirm it first. Nothing was changed."))])


#: of an order's number
NUMBER_LENGTH = 40
_LONG_NUMBER = Length(max=NUMBER_LENGTH, message=_l("The number is too long."))


class OrderedForm(Form):
    """What is done by the director's order names it: number and day. Drawn by `_shared/order.html`."""

    order_number = StringField(
        _l("Order No."), validators=[DataRequired(_l("Write the number of the director's order.")), _LONG_NUMBER]
    )
    order_day = DateField(
        _l("Order signed on"), validators=[DataRequired(_l("Choose the day the order was signed on."))]
    )

    def order(self, by: str) -> Order:
        """The order, of a form that makes sense; `by`: who writes it down."""
        return Order(self.order_number.data.strip(), self.order_day.data, by)


class MaybeOrderedForm(Form):
    """What may be done by an order: both its number and its day, or neither."""

    order_number = StringField(_l("Order No."), validators=[_LONG_NUMBER])
    order_day = DateField(_l("Order signed on"), validators=[Optional()])

    def validate_order_number(self, field: StringField) -> None:
        """Both here: `Optional` asks nothing more of a day that is left empty."""
        number = (field.data or "").strip()
        if self.order_day.data and not number:
            raise ValidationError(_l("Write the order's number too, or leave its day empty."))
        if number and self.order_day.data is None:
            raise ValidationError(_l("Choose the day the order was signed on, or leave its number empty."))

    def order(self, by: str) -> Order | None:
        """The order, if the form names one; `by`: who writes it down."""
        number = (self.order_number.data or "").strip()
        return Order(number, self.order_day.data, by) if number else None


AnyForm = TypeVar("AnyForm", bound=FlaskForm)


def checked(form: AnyForm) -> AnyForm:
    """The form, if all its fields make sense. Raises BadInput with the first sentence it has to say."""
    if not form.validate():
        raise BadInput(next((errors[0] for errors in form.errors.values() if errors), ""))
    return form
