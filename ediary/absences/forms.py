"""Shapes of what the settings of reasons send."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from ediary.absences import words
from ediary.absences.rules import Counted, NoticeBy, PaperBy, PaperDue, ReasonKind, Rule, Terms, is_letter
from ediary.core.forms import Form, HourField
from ediary.groups.rules import Programme

NAME_LENGTH = 80
#: no rule counts more days
MOST_DAYS = 60
#: due so many working days after something
_AFTER = (PaperDue.AFTER_RETURN, PaperDue.AFTER_RECEIPT)


def _tidy(value: Any) -> Any:
    """Without spaces around, and each letter one sign: some keyboards write š as two."""
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else value


def _month_day(value: Any) -> Any:
    """6-1, 06.01 -> 06-01, as it is stored; what is no day of a year stays as written."""
    return _read(value) or _tidy(value)


def _read(value: Any) -> str | None:
    """A day of any year; None = it is none."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*[-. ]\s*(\d{1,2})\s*", value) if isinstance(value, str) else None
    try:
        return f"{date(2000, int(found[1]), int(found[2])):%m-%d}" if found else None
    except ValueError:
        return None


def _choices(said: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(code.value, label) for code, label in said.items()]


def _days(label: Any) -> IntegerField:
    message = _l("Write a number from 1 to %(most)s.", most=MOST_DAYS)
    return IntegerField(label, [Optional(), NumberRange(1, MOST_DAYS, message=message)])


class RuleForm(Form):
    """What must be so for the reason to count: in words that `absences.words.rule_words` says back."""

    paper = RadioField(_l("Is a paper needed?"), choices=_choices(words.PAPERS), default=PaperBy.NONE.value)
    paper_due = SelectField(_l("When the paper must be in"), choices=_choices(words.DUE), default=PaperDue.NEVER.value)
    paper_days = _days(_l("So many working days"))
    paper_hour = HourField(_l("By which hour of that day"), required=False)
    notice = RadioField(_l("When the parents must tell"), choices=_choices(words.NOTICES), default=NoticeBy.NONE.value)
    notice_hour = HourField(_l("By which hour of the first day"), required=False)
    notice_days = _days(_l("So many working days ahead"))
    least_days = _days(_l("Days on end, at least"))
    least_in = SelectField(_l("Which days are counted"), choices=_choices(words.COUNTED), default=Counted.WORKING.value)
    first_days_paid = _days(_l("First days that are paid for all the same"))
    season_first = StringField(_l("Each year from"), filters=[_month_day])
    season_last = StringField(_l("Each year until"), filters=[_month_day])
    programme = SelectField(
        _l("For which children"),
        choices=[SelectChoice("", _l("for all")), *_choices(words.PROGRAMMES)],
        default="",
    )

    def validate_paper_due(self, field: SelectField) -> None:
        """Here, as `Optional` asks nothing more of a number that is left empty."""
        if self._has_paper and field.data in _AFTER and not self.paper_days.data:
            raise ValidationError(_l("Write how many working days there are for it."))

    def validate_notice(self, field: RadioField) -> None:
        if field.data == NoticeBy.AHEAD and not self.notice_days.data:
            raise ValidationError(_l("Write how many working days ahead."))

    def validate_season_first(self, field: StringField) -> None:
        """Of both days: a season has a first and a last one."""
        said = (field.data, self.season_last.data)
        if any(said) and not all(said):
            raise ValidationError(_l("Write both the first and the last day of the season, or neither."))
        if any(one and not _read(one) for one in said):
            raise ValidationError(_l("Write the month and the day, for example 06-01."))

    @property
    def has_rule(self) -> bool:
        """Is anything asked for? A value that no menu offers is something too: it is shown with what is wrong."""
        try:
            return self.rule != Rule()
        except ValueError:
            return True

    @property
    def _has_paper(self) -> bool:
        return self.paper.data != PaperBy.NONE

    @property
    def rule(self) -> Rule:
        """What is asked for; what a choice does not ask for is left out."""
        due = PaperDue(self.paper_due.data) if self._has_paper else PaperDue.NEVER
        notice = NoticeBy(self.notice.data)
        return Rule(
            paper=PaperBy(self.paper.data),
            paper_due=due,
            paper_days=self.paper_days.data if due in _AFTER else None,
            paper_hour=self.paper_hour.data if due is not PaperDue.NEVER else None,
            notice=notice,
            notice_hour=self.notice_hour.data if notice is NoticeBy.FIRST_DAY else None,
            notice_days=self.notice_days.data if notice is NoticeBy.AHEAD else None,
            least_days=self.least_days.data,
            least_in=Counted(self.least_in.data) if self.least_days.data else Counted.WORKING,
            first_days_paid=self.first_days_paid.data,
            season_first=self.season_first.data or None,
            season_last=self.season_last.data or None,
            programme=Programme(self.programme.data) if self.programme.data else None,
        )


class TermsForm(RuleForm):
    """What a reason says, and from when on."""

    first = DateField(_l("From"), [InputRequired(_l("Choose the day from which it is so."))])
    letter = StringField(_l("Letter on the sheet"), [DataRequired(_l("Write one or two letters."))], filters=[_tidy])
    name = StringField(
        _l("What it is called"),
        [
            DataRequired(_l("Write what the reason is called.")),
            Length(max=NAME_LENGTH, message=_l("The name is too long. Make it shorter.")),
        ],
        filters=[_tidy],
    )
    kind = RadioField(
        _l("The sheet counts it as"),
        [InputRequired(_l("Choose what it counts as."))],
        choices=_choices(words.KINDS),
    )
    waives_food = BooleanField(_l("Food is not paid for"))
    waives_education = BooleanField(_l("The education part is not paid for"))

    def validate_letter(self, field: StringField) -> None:
        if not is_letter(field.data or ""):
            raise ValidationError(_l("Write one or two letters."))

    @property
    def terms(self) -> Terms:
        """An absence that is never justified asks for nothing."""
        kind = ReasonKind(self.kind.data)
        return Terms(
            letter=self.letter.data,
            name=self.name.data,
            kind=kind,
            waives_food=self.waives_food.data,
            waives_education=self.waives_education.data,
            rule=Rule() if kind is ReasonKind.UNJUSTIFIED else self.rule,
        )


class EndForm(Form):
    """The last day on which the reason is given."""

    last = DateField(_l("Last day"), [InputRequired(_l("Choose the last day."))])

    def validate_last(self, field: DateField) -> None:
        if field.data == date.max:  # no day comes after it
            raise ValidationError(_l("Choose a day of the calendar."))


class MoveForm(Form):
    """A place higher or lower."""

    to = SelectField(choices=["up", "down"])
