"""What is asked of the analysis: months, a group, from when on a child stands out."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from ediary.analysis.rules import LONG_DAYS, MOST_MONTHS, OFTEN_PERCENT, UNJUSTIFIED_DAYS
from ediary.core.dates import Month
from ediary.core.forms import Form, row_id

#: months back from this one that are shown when nothing is asked
MONTHS_BACK = 2


class MonthField(StringField):
    """A calendar month, `2026-11`. Data: Month or None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0]:
            try:
                month = Month.parse(valuelist[0])
            except ValueError:
                raise ValueError(_("Choose a month of the calendar.")) from None
            if not 1900 <= month.year < 2200:
                raise ValueError(_("Choose a month of the calendar."))
            self.data = month

    def _value(self) -> str:
        return str(self.data or "")


def _id_or_none(value: str | int | None) -> int | None:
    return row_id(value) if value not in (None, "", "None") else None


class AskForm(Form):
    """Read out of the address: nothing is written."""

    first = MonthField(_l("From"))
    last = MonthField(_l("Until"))
    group = SelectField(_l("Group"), coerce=_id_or_none, validate_choice=False)
    long = IntegerField(
        _l("Missing more working days running than"),
        [Optional(), NumberRange(1, 200, message=_l("Write 1 to %(most)s.", most=200))],
    )
    often = IntegerField(
        _l("Often: so many percent of the days"),
        [Optional(), NumberRange(1, 100, message=_l("Write 1 to %(most)s.", most=100))],
    )
    unjustified = IntegerField(
        _l("Unjustified days or more"),
        [Optional(), NumberRange(1, 200, message=_l("Write 1 to %(most)s.", most=200))],
    )
    all = BooleanField(_l("Show all children"))

    @classmethod
    def asked(cls, this_month: Month) -> AskForm:
        """The form of this request's address; what it does not say is as delivered."""
        form = cls(request.args, meta={"csrf": False})
        form.this_month = this_month
        delivered: dict[str, Any] = {
            "long": LONG_DAYS,
            "often": OFTEN_PERCENT,
            "unjustified": UNJUSTIFIED_DAYS,
        }
        for name, value in delivered.items():
            if not request.args.get(name):
                form[name].data = value
        return form

    this_month: Month

    def months(self) -> tuple[Month, Month]:
        """First and last month, of a form that makes sense."""
        last = self.last.data or max(self.first.data or self.this_month, self.this_month)
        first = self.first.data
        if first is None:
            first = last
            for _step in range(MONTHS_BACK):
                first = first.previous
        return first, last

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        first, last = self.months()
        if first > last:
            self.last.errors = [_("The last month is before the first.")]
        elif (last.year - first.year) * 12 + last.number - first.number >= MOST_MONTHS:
            self.last.errors = [_("At most %(most)s months are looked at together.", most=MOST_MONTHS)]
        return not self.last.errors
