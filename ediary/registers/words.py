"""What the lists' columns, faults, doubts and troubles are called, and how their values are said to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from ediary.children.words import RELATIONS
from ediary.groups.looks import language_name
from ediary.groups.rules import LANGUAGES, AgeBand, Programme
from ediary.registers.reading import Encoding, Separator, Trouble, TroubleCode
from ediary.registers.rules import Change, DayOrder, Doubt, Fault, FaultCode, Field, Kind, NameOrder

F = Field

#: the list's own name, and what it is a list of
KINDS: Mapping[Kind, Any] = {
    Kind.CHILDREN: _l("Children"),
    Kind.EMPLOYEES: _l("Employees"),
    Kind.GROUPS: _l("Groups"),
}
REGISTERS: Mapping[Kind, Any] = {
    Kind.CHILDREN: _l("Register of Pupils"),
    Kind.EMPLOYEES: _l("Register of Teachers"),
    Kind.GROUPS: _l("the institution's list of groups"),
}

#: headings of our own templates and exports; `headings.py` reads each of them back
HEADINGS: Mapping[Field, Any] = {
    F.NAME: _l("First name, last name"),
    F.FIRST_NAME: _l("First name"),
    F.LAST_NAME: _l("Last name"),
    F.BIRTH_DATE: _l("Date of birth"),
    F.PERSONAL_CODE: _l("Personal code"),
    F.GROUP: _l("Group"),
    F.SINCE: _l("From"),
    F.ADDRESS: _l("Address"),
    F.LANGUAGES: _l("Languages at home"),
    F.G1_NAME: _l("First guardian's first name, last name"),
    F.G1_FIRST_NAME: _l("First guardian's first name"),
    F.G1_LAST_NAME: _l("First guardian's last name"),
    F.G1_RELATION: _l("First guardian's relation"),
    F.G1_PHONE: _l("First guardian's telephone"),
    F.G1_EMAIL: _l("First guardian's e-mail"),
    F.G2_NAME: _l("Second guardian's first name, last name"),
    F.G2_FIRST_NAME: _l("Second guardian's first name"),
    F.G2_LAST_NAME: _l("Second guardian's last name"),
    F.G2_RELATION: _l("Second guardian's relation"),
    F.G2_PHONE: _l("Second guardian's telephone"),
    F.G2_EMAIL: _l("Second guardian's e-mail"),
    F.EMAIL: _l("E-mail"),
    F.PHONE: _l("Telephone"),
    F.POSITION: _l("Position"),
    F.TITLE: _l("Group's name"),
    F.AGE_BAND: _l("Age band"),
    F.PROGRAMME: _l("Programme"),
    F.HOURS: _l("Hours a day"),
    F.LANGUAGE: _l("Language of teaching"),
    F.ROOM: _l("Room"),
    F.KITCHEN: _l("Kitchen"),
    F.PLACES: _l("Places"),
}

CHOICES: Mapping[Field, Mapping[str, Any]] = {
    F.AGE_BAND: {AgeBand.NURSERY: _l("Nursery"), AgeBand.KINDERGARTEN: _l("Kindergarten")},
    F.PROGRAMME: {Programme.PRESCHOOL: _l("Pre-school"), Programme.PREPRIMARY: _l("Pre-primary")},
    F.G1_RELATION: {one.value: label for one, label in RELATIONS.items()},
    F.G2_RELATION: {one.value: label for one, label in RELATIONS.items()},
}

ENCODINGS: Mapping[Encoding, str] = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16: "UTF-16",
    Encoding.WINDOWS_1257: "Windows-1257",
}
SEPARATORS: Mapping[Separator, Any] = {
    Separator.SEMICOLON: _l("semicolon ;"),
    Separator.TAB: _l("tab"),
    Separator.COMMA: _l("comma ,"),
    Separator.BAR: _l("bar |"),
}
NAME_ORDERS: Mapping[NameOrder, Any] = {
    NameOrder.FIRST_LAST: _l("first name, then last name"),
    NameOrder.LAST_FIRST: _l("last name, then first name"),
}
DAY_ORDERS: Mapping[DayOrder, Any] = {
    DayOrder.DAY_FIRST: _l("the day goes first"),
    DayOrder.MONTH_FIRST: _l("the month goes first"),
}


def said(field: Field, value: str) -> str:
    """A value as people read it: „darželis“, „10 val. 30 min.“, „+370 612 34567“."""
    if field in CHOICES:
        return str(CHOICES[field].get(value, value))
    if field is F.LANGUAGE and value:
        return language_name(value)
    if field is F.HOURS and value.isdigit():
        return f"{int(value) // 60}:{int(value) % 60:02d}"
    if field in (F.PHONE, F.G1_PHONE, F.G2_PHONE) and value.startswith("+370") and len(value) == 12:
        return f"{value[:4]} {value[4:7]} {value[7:]}"
    return value


def change(one: Change) -> str:
    """„Telefonas: – → +370 612 34567“. A personal code is never shown."""
    heading = HEADINGS[one.field]
    if one.field is F.PERSONAL_CODE:
        return _("Personal code: becomes another") if one.old else _("Personal code: is added")
    if one.field is F.SINCE:
        return _("Works here again")
    if not one.old:
        return _("%(column)s: %(new)s is added", column=heading, new=said(one.field, one.new))
    return f"{heading}: {said(one.field, one.old)} → {said(one.field, one.new)}"


def doubt(one: Doubt) -> str:
    """Why a row may be somebody the diary has."""
    return {
        Doubt.SPELLING: _("The name is the same but for some letters."),
        Doubt.BIRTH_DATE: _("The name is the same, the date of birth is another."),
        Doubt.LAST_NAME: _("The first name and the date of birth are the same, the last name is another."),
        Doubt.CODE: _("The name and the date of birth are the same, the personal code is another."),
        Doubt.SEVERAL: _("The diary has several with this name and date of birth."),
        Doubt.NAME: _("The name is the same, the e-mail address is another."),
    }[one]


def fault(one: Fault) -> str:
    """What is wrong in a cell, and what to do."""
    heading = HEADINGS[one.field] if one.field else ""
    return {
        FaultCode.MISSING: lambda: _("„%(column)s“ is empty. Every row needs it.", column=heading),
        FaultCode.ONE_WORD: lambda: _("One word only: a first and a last name are needed."),
        FaultCode.NAME_STRANGE: lambda: _("A name is written with letters."),
        FaultCode.NAME_GARBLED: lambda: _("Letters were lost here: save the file anew as XLSX, or as CSV in UTF-8."),
        FaultCode.TOO_LONG: lambda: ngettext(
            "Longer than %(num)s character.", "Longer than %(num)s characters.", one.number
        ),
        FaultCode.DAY_UNREADABLE: lambda: _("This is no day. Write it as 2021-03-05."),
        FaultCode.DAY_SHORT_YEAR: lambda: _("The year has two digits. Write the day as 2021-03-05."),
        FaultCode.DAY_NOT_ASKED: lambda: _("This may be two days. Say in the columns how days are written."),
        FaultCode.DAY_IMPOSSIBLE: lambda: _("There is no such day in the calendar."),
        FaultCode.BORN_LATER: lambda: _("The child is not born yet on this day."),
        FaultCode.BORN_LONG_AGO: lambda: _("This is nobody of kindergarten age."),
        FaultCode.CODE_SHAPE: lambda: _(
            "This is no Lithuanian personal code. Leave a foreigner's empty here and enter it on the child's card."
        ),
        FaultCode.CODE_CHECK: lambda: _(
            "The last digit of the personal code does not fit the others: a slip of a digit."
        ),
        FaultCode.CODE_BIRTH: lambda: _("The personal code says another day of birth than %(day)s.", day=one.value),
        FaultCode.CODE_CUT: lambda: _(
            "The spreadsheet has rounded the personal code. Give the column the format “Text” and enter it again."
        ),
        FaultCode.EMAIL_SHAPE: lambda: _("This is no e-mail address."),
        FaultCode.PHONE_SHAPE: lambda: _("This is no telephone number."),
        FaultCode.NUMBER_SHAPE: lambda: _("A number from 1 to %(most)s is needed.", most=one.number),
        FaultCode.CHOICE: lambda: _("Not understood. Write one of: %(choices)s.", choices=_choices(one.field)),
        FaultCode.SINCE_OUTSIDE: lambda: _("This day is after the end of the school year."),
        FaultCode.FORMULA: lambda: _("The spreadsheet shows a fault instead of a value here."),
        FaultCode.TWICE: lambda: _("The same one stands in row %(row)s already.", row=one.number),
        FaultCode.GUARDIAN_NAMELESS: lambda: _(
            "A guardian needs a first and a last name. Or leave the guardian's other columns out."
        ),
        FaultCode.HAS_LEFT: lambda: _(
            "This child has left. With a group in the file it comes back; or leave the row out."
        ),
        FaultCode.TAKEN: lambda: _("The diary has another with the same one."),
    }[one.code]()


def _choices(field: Field | None) -> str:
    if field is F.LANGUAGE:
        return ", ".join(language_name(code) for code in LANGUAGES)
    return ", ".join(str(label) for label in CHOICES[field].values()) if field is not None and field in CHOICES else ""


def trouble(one: Trouble) -> str:
    """Why a file cannot be read as a list, and what to do instead."""
    save_as = _("Open it in your spreadsheet program and save it as XLSX or CSV.")
    return {
        TroubleCode.EMPTY: lambda: _("The file is empty. Nothing was changed."),
        TroubleCode.NO_TABLE: lambda: _("There is no table in this file."),
        TroubleCode.TOO_MANY_ROWS: lambda: _(
            "The file has more than %(most)s rows. Send it in parts.", most=one.detail
        ),
        TroubleCode.TOO_LARGE_INSIDE: lambda: _(
            "Unpacked, this workbook is too large. Copy only the list itself into a new one."
        ),
        TroubleCode.OLD_WORKBOOK: lambda: (
            _("This is a workbook of the old kind (XLS), or one with a password.") + " " + save_as
        ),
        TroubleCode.BINARY_WORKBOOK: lambda: _("This is a binary workbook (XLSB).") + " " + save_as,
        TroubleCode.OPEN_DOCUMENT: lambda: _("This is a workbook of LibreOffice (ODS).") + " " + save_as,
        TroubleCode.WEB_PAGE: lambda: (
            _("This is a web page saved under a workbook's name: some registers export so.") + " " + save_as
        ),
        TroubleCode.XML: lambda: _("This is an XML file.") + " " + save_as,
        TroubleCode.PDF: lambda: _("This is a PDF: its rows cannot be read safely. Export the list as XLSX or CSV."),
        TroubleCode.PICTURE: lambda: _("This is a picture. Export the list as XLSX or CSV."),
        TroubleCode.DOCUMENT: lambda: _(
            "This is a text document. Copy its table into a spreadsheet and save it as XLSX or CSV."
        ),
        TroubleCode.ARCHIVE: lambda: _("This is an archive. Unpack it and send the list inside."),
        TroubleCode.DAMAGED: lambda: _("The workbook is damaged and cannot be read.") + " " + save_as,
        TroubleCode.ENCODING: lambda: _(
            "The file is not written in %(encoding)s. What was found before still holds.",
            encoding=ENCODINGS[Encoding(one.detail)],
        ),
        TroubleCode.UNKNOWN: lambda: _("This file is no list. Export it as XLSX or CSV."),
    }[one.code]()


def no_file() -> str:
    return _("The file is no longer kept. Send it again.")


def gone_further() -> str:
    return _("This list has gone further meanwhile. Nothing was changed; open it anew.")


#: what may depend on a list's rows; what is not named here is „other records“
_DEPENDENTS: Mapping[str, Any] = {
    "accounts_membership": _l("roles"),
    "accounts_session": _l("log-ins"),
    "accounts_slip": _l("printed slips"),
    "accounts_user": _l("log-in names"),
    "attendance_announcement": _l("announced absences"),
    "absences_announcement": _l("announced absences"),
    "attendance_child_day": _l("attendance marks"),
    "attendance_submission": _l("submitted days"),
    "children_child": _l("children's names or birth dates"),
    "children_consent": _l("consents"),
    "children_departure": _l("leavings"),
    "children_enrolment": _l("places in groups"),
    "children_file": _l("children's documents"),
    "children_guardian": _l("guardians"),
    "children_particulars": _l("children's cards"),
    "children_payer_code": _l("payer's codes"),
    "children_personal_code": _l("personal codes"),
    "groups_group": _l("groups"),
    "groups_staff": _l("educators' assignments"),
    "meals_order": _l("meal orders"),
    "meals_child_diet": _l("diets"),
    "portions_portion": _l("portions the kitchen has counted"),
    "portions_locked_group": _l("portions the kitchen has counted"),
    "sheets_printed": _l("printed month sheets"),
    "staff_employee": _l("employees"),
}


def dependents(tables: Iterable[str]) -> str:
    """„attendance marks, meal orders“."""
    other = _l("other records")
    return ", ".join(dict.fromkeys(str(_DEPENDENTS.get(table, other)) for table in tables))
