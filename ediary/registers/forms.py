"""Shapes of what people send about a list."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import FileInput

from ediary.core.errors import BadInput
from ediary.core.forms import Form, row_id
from ediary.core.permissions import Role
from ediary.core.uploads import LIMITS, clean_name, too_large, too_large_before
from ediary.core.uploads import Kind as FileKind
from ediary.registers import words
from ediary.registers.compare import Decided
from ediary.registers.kept import ListFile
from ediary.registers.reading import MOST_COLUMNS, ZIP, Encoding, Separator, Trouble
from ediary.registers.rules import COLUMNS, DayOrder, Decision, Kind, NameOrder
from ediary.registers.rules import Field as ListField
from ediary.registers.workbook import read

#: bytes of a list
LARGEST = LIMITS[FileKind.XLSX]


class FileField(Field):
    """A list in a form: what it is, its content says. A refusal says what to do instead."""

    widget = FileInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        said = {"data-most": LARGEST, "data-too-large": too_large_before(LARGEST)}
        super().__init__(label, render_kw=said, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        sent = next((value for value in valuelist if isinstance(value, FileStorage)), None)
        if sent is None or not sent.filename:
            raise ValueError(_("Choose a file."))
        size = sent.stream.seek(0, io.SEEK_END)
        sent.stream.seek(0)
        if size > LARGEST:
            raise ValueError(too_large(size, LARGEST))
        content = sent.stream.read()
        found = read(content)
        if isinstance(found, Trouble):
            raise ValueError(words.trouble(found))
        kind = FileKind.XLSX if content.startswith(ZIP) else FileKind.CSV
        self.data = ListFile(clean_name(sent.filename, kind), content, found)

    def pre_validate(self, form: Any) -> None:
        if self.data is None and not self.process_errors:  # sent as a form without files
            raise ValidationError(_("Choose a file."))

    def _value(self) -> bool:
        return False


class UploadForm(Form):
    file = FileField(_l("File"))
    school_year = SelectField(_l("School year"), coerce=row_id)

    def offer(self, years: list[int]) -> None:
        self.school_year.choices = [SelectChoice(year, f"{year}–{year + 1}") for year in years]

    @property
    def sent(self) -> ListFile:
        return cast(ListFile, self.file.data)


class WayForm(Form):
    """The file is read in another way; empty = as found."""

    encoding = SelectField(
        _l("Encoding"),
        choices=[
            SelectChoice("", _l("as found")),
            *(SelectChoice(one.value, label) for one, label in words.ENCODINGS.items()),
        ],
        validators=[MayBeEmpty(), AnyOf(list(Encoding))],
    )
    separator = SelectField(
        _l("Separator"),
        choices=[
            SelectChoice("", _l("as found")),
            *(SelectChoice(one.value, label) for one, label in words.SEPARATORS.items()),
        ],
        validators=[MayBeEmpty(), AnyOf(list(Separator))],
    )
    sheet = StringField(_l("Worksheet"), validators=[MayBeEmpty(), Length(max=31)])
    head_row = IntegerField(_l("Headings are in row"), validators=[MayBeEmpty(), NumberRange(min=0, max=10**5)])

    @property
    def separator_chosen(self) -> Separator | None:
        return next((one for one in Separator if one == self.separator.data), None)

    @property
    def encoding_chosen(self) -> Encoding | None:
        return next((one for one in Encoding if one == self.encoding.data), None)


class ColumnsForm(Form):
    """Which column is what: `column-3`, `names-3`, `days-3`, read from whatever columns the file has."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        super().__init__()
        self.sent = sent

    def columns(self, kind: Kind) -> dict[int, ListField]:
        """Column -> what it is. Two may say the same: `mapping.gaps` names them."""
        return self._chosen("column", {field.value: field for field in COLUMNS[kind]})

    def name_orders(self) -> dict[int, NameOrder]:
        return self._chosen("names", {one.value: one for one in NameOrder})

    def day_orders(self) -> dict[int, DayOrder]:
        return self._chosen("days", {one.value: one for one in DayOrder})

    def _chosen(self, name: str, codes: Mapping[str, Any]) -> dict[int, Any]:
        return {
            index: codes[value]
            for index in range(MOST_COLUMNS)
            if (value := self.sent.get(f"{name}-{index}", "")) in codes
        }


class DecideForm(Form):
    """What a doubtful or faulty row is: somebody of the diary (`same_as`), another one, left out; empty = undecided."""

    decision = StringField(validators=[MayBeEmpty(), AnyOf([Decision.ANOTHER, Decision.LEFT_OUT])])
    same_as = StringField(validators=[MayBeEmpty(), Length(max=15)])

    @property
    def decided(self) -> Decided | None:
        """Raises BadInput for an id that is none."""
        if (self.same_as.data or "").strip():
            try:
                return Decided(Decision.SAME_ONE, row_id(self.same_as.data))
            except ValueError:
                raise BadInput(_("Choose one of those offered.")) from None
        return next((Decided(one) for one in Decision if one == self.decision.data), None)


class ApartForm(Form):
    """Whom a register need not have: one, or all who are missing; `back`: it need after all."""

    known_id = StringField(validators=[MayBeEmpty(), Length(max=15)])
    all = BooleanField()
    back = BooleanField()

    @property
    def ids(self) -> tuple[int, ...]:
        """Raises BadInput for what is no id."""
        try:
            return (row_id((self.known_id.data or "").strip()),)
        except ValueError:
            raise BadInput(_("Choose one of those offered.")) from None


class ApplyForm(Form):
    """What is chosen when a list is written. `seen`: the comparison the person saw."""

    seen = StringField(validators=[InputRequired(_l("Look at the differences first.")), Length(max=64)])
    starts_on = DateField(_l("From which day"), validators=[InputRequired(_l("Choose a day."))])
    meals = SelectMultipleField(_l("New children eat"), coerce=row_id, validate_choice=False)

    @staticmethod
    def roles(sent: Mapping[str, str], keys: list[str]) -> dict[str, Role]:
        """Position -> role: `role-<place of the position in the list>`."""
        codes = {role.value: role for role in Role}
        return {
            key: codes[value] for place, key in enumerate(keys) if (value := sent.get(f"role-{place}", "")) in codes
        }
