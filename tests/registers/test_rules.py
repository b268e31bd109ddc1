"""Headings, names, days and values of lists; what is an entry and what is not; who is who."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from ediary.children.rules import Relation, check_digit
from ediary.core.permissions import Role
from ediary.registers.compare import Decided, compare
from ediary.registers.days import day, day_question
from ediary.registers.entries import Answers, Context, entries
from ediary.registers.headings import Meaning, meaning
from ediary.registers.layout import LINE_ABOVE, layout, likely_kind
from ediary.registers.mapping import gaps
from ediary.registers.names import name, name_order_of, whole_name
from ediary.registers.positions import role_of
from ediary.registers.reading import Row, Table, read_text
from ediary.registers.rules import (
    DayOrder,
    Decision,
    Doubt,
    Entry,
    FaultCode,
    Field,
    Kind,
    Known,
    KnownGuardian,
    NameOrder,
    Verdict,
    Wrong,
)
from ediary.registers.values import age_band, email, group_key, hours, language, personal_code, phone, programme
from ediary.registers.vocabulary import TABLE

F, C = Field, FaultCode
YEAR = (date(2026, 9, 1), date(2027, 8, 31))
CONTEXT = Context(date(2026, 9, 3), YEAR)
FIRST_LAST, LAST_FIRST = NameOrder.FIRST_LAST, NameOrder.LAST_FIRST

# --- headings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field", "order", "relation"),
    [
        ("Vardas, pavardė", F.NAME, FIRST_LAST, None),
        ("VARDAS PAVARDĖ", F.NAME, FIRST_LAST, None),
        ("Pavardė Vardas", F.NAME, LAST_FIRST, None),
        ("Pavardė, vardas (-ai)", F.NAME, LAST_FIRST, None),
        ("Mokinys", F.NAME, None, None),
        ("Vaiko vardas", F.FIRST_NAME, None, None),
        ("vardas", F.FIRST_NAME, None, None),
        ("Last name", F.LAST_NAME, None, None),
        ("Gimimo data (metai-mėnuo-diena)", F.BIRTH_DATE, None, None),
        ("Date of birth", F.BIRTH_DATE, None, None),
        ("Asmens kodas*", F.PERSONAL_CODE, None, None),
        ("A. k.", F.PERSONAL_CODE, None, None),
        ("Grupė / klasė", None, None, None),
        ("Klasė (grupė)", F.GROUP, None, None),
        ("Priėmimo data", F.SINCE, None, None),
        ("Gyvenamoji vieta", F.ADDRESS, None, None),
        ("Motinos tel. nr.", F.G1_PHONE, None, Relation.MOTHER),
        ("Tėčio el. paštas", F.G2_EMAIL, None, Relation.FATHER),
        ("1 tėvo (globėjo) vardas, pavardė", F.G1_NAME, FIRST_LAST, None),
        ("II globėjo pavardė", F.G2_LAST_NAME, None, None),
        ("Tėvų (globėjų) telefonas", F.G1_PHONE, None, None),
        ("Vieno iš tėvų el. p.", F.G1_EMAIL, None, None),
        ("Telefonas 2", F.G2_PHONE, None, None),
        ("Globėjo ryšys su vaiku", F.G1_RELATION, None, None),
        ("Mother's first name", F.G1_FIRST_NAME, None, Relation.MOTHER),
        ("Guardian 2 e-mail", F.G2_EMAIL, None, None),
        ("Eil. Nr.", None, None, None),
        ("Lytis", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_heading_of_a_childrens_list(
    heading: str, field: Field | None, order: NameOrder | None, relation: Relation | None
) -> None:
    assert meaning(heading, Kind.CHILDREN) == (Meaning(field, order, relation) if field else None)


@pytest.mark.parametrize(
    ("kind", "heading", "field"),
    [
        (Kind.EMPLOYEES, "Darbuotojo vardas", F.FIRST_NAME),
        (Kind.EMPLOYEES, "El. pašto adresas", F.EMAIL),
        (Kind.EMPLOYEES, "E-MAIL", F.EMAIL),
        (Kind.EMPLOYEES, "Mob. tel.", F.PHONE),
        (Kind.EMPLOYEES, "Pareigos", F.POSITION),
        (Kind.EMPLOYEES, "Dirba nuo", F.SINCE),
        (Kind.EMPLOYEES, "Asmens kodas", None),
        (Kind.GROUPS, "Grupės pavadinimas", F.TITLE),
        (Kind.GROUPS, "Vietų sk.", F.PLACES),
        (Kind.GROUPS, "Darbo laikas", F.HOURS),
        (Kind.GROUPS, "Age group", F.AGE_BAND),
    ],
)
def test_a_heading_of_the_other_lists(kind: Kind, heading: str, field: Field | None) -> None:
    found = meaning(heading, kind)
    assert (found.field if found else None) is field


def test_a_spelling_stands_for_one_field_of_a_list() -> None:
    for kind, fields in TABLE.items():
        spellings = [one for own in fields.values() for one in own]
        assert len(spellings) == len(set(spellings)), kind


# --- where things stand in a file -----------------------------------------------------------------------------------


def table(text: str) -> Table:
    found = read_text(text.encode())
    assert isinstance(found, Table)
    return found


def test_titles_above_totals_below_and_headings_repeated_are_no_entries() -> None:
    found = layout(
        table(
            "Lopšelis-darželis „Saulutė“;;\nVaikų sąrašas 2026-09-01;;\n;;\nEil. Nr.;Vardas, pavardė;Gimimo data\n"
            "1;Ona Onaitė;2021-03-05\nEil. Nr.;Vardas, pavardė;Gimimo data\n2;Jonas Jonaitis;2022-01-31\n;Iš viso: 2;\n"
        ),
        Kind.CHILDREN,
    )
    assert (found.head, [row.number for row in found.body]) == ((4,), [5, 7])
    assert [row.number for row in found.skipped] == [1, 2, 6, 8]
    assert {column.letter: column.meaning.field for column in found.columns if column.meaning} == {
        "B": F.NAME,
        "C": F.BIRTH_DATE,
    }


def test_two_rows_of_headings_are_one() -> None:
    found = layout(
        table(
            ";;Mama;;Tėtis;\nVardas, pavardė;Gimimo data;Vardas, pavardė;Telefonas;Vardas, pavardė;Telefonas\n"
            "Ona Onaitė;2021-03-05;Rasa Onienė;861234567;;\n"
        ),
        Kind.CHILDREN,
    )
    fields = [column.meaning.field for column in found.columns if column.meaning]
    assert fields == [F.NAME, F.BIRTH_DATE, F.G1_NAME, F.G1_PHONE, F.G2_NAME, F.G2_PHONE]


def test_lines_between_the_rows_are_the_group_where_the_list_has_no_column_of_groups() -> None:
    found = layout(
        table(
            "Vardas, pavardė;Gimimo data\nBoružiukai;\nOna Onaitė;2021-03-05\nJonas Jonaitis;2022-01-31\n"
            "Drugeliai;\nUla Ulaitė;2021-07-07\n"
        ),
        Kind.CHILDREN,
    )
    line = found.columns[-1]
    assert (line.heading, line.meaning) == (LINE_ABOVE, Meaning(F.GROUP))
    assert [(row.number, row.cell(line.index)) for row in found.body] == [
        (3, "Boružiukai"),
        (4, "Boružiukai"),
        (6, "Drugeliai"),
    ]


def test_a_row_with_a_name_alone_is_an_entry_where_there_is_a_column_of_groups() -> None:
    found = layout(
        table("Vardas, pavardė;Gimimo data;Grupė\nOna Onaitė;2021-03-05;Boružiukai\nUla Ulaitė;;\n"), Kind.CHILDREN
    )
    assert [row.number for row in found.body] == [2, 3]


def test_a_name_in_two_columns_beats_one_in_one() -> None:
    found = layout(
        table("Vardas;Pavardė;Vardas, pavardė;Gimimo data\nOna;Onaitė;Ona Onaitė;2021-03-05\n"), Kind.CHILDREN
    )
    fields = [column.meaning.field if column.meaning else None for column in found.columns]
    assert fields == [F.FIRST_NAME, F.LAST_NAME, None, F.BIRTH_DATE]


def test_the_row_a_person_names_is_the_row_of_headings_and_none_is_none() -> None:
    whole = table("a;b\nVardas;Pavardė\nOna;Onaitė\n")
    assert layout(whole, Kind.CHILDREN, 1).head == (1,)
    assert layout(whole, Kind.CHILDREN, 0).head == ()
    assert len(layout(whole, Kind.CHILDREN, 0).body) == 3


def test_a_file_is_told_to_be_of_another_list() -> None:
    staff = table("Vardas, pavardė;Pareigos;El. paštas;Dirba nuo\nOna Onienė;mokytoja;ona@example.lt;2020-09-01\n")
    assert likely_kind(staff) is Kind.EMPLOYEES


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ona", "Ona"),
        ("ŽEMYNA", "Žemyna"),
        ("ONA MARIJA", "Ona Marija"),
        ("KAZLAUSKAITĖ-PETRAUSKIENĖ", "Kazlauskaitė-Petrauskienė"),
        ("Kazlauskaitė – Petrauskienė", "Kazlauskaitė-Petrauskienė"),
        ("jonas", "Jonas"),
        ("O'Brien", "O'Brien"),
        ("McDonald", "McDonald"),
        ("Dž.", "Dž."),
    ],
)
def test_a_name_in_one_spelling(text: str, kept: str) -> None:
    assert name(text) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jonas2", C.NAME_STRANGE),
        ("---", C.NAME_STRANGE),
        ("Å½ukauskas", C.NAME_GARBLED),
        ("?ukauskas", C.NAME_GARBLED),
        ("\ufffdukauskas", C.NAME_GARBLED),
        ("Jonas@darzelis", C.NAME_STRANGE),
    ],
)
def test_what_is_no_name(text: str, code: FaultCode) -> None:
    with pytest.raises(Wrong) as wrong:
        name(text)
    assert wrong.value.code is code


@pytest.mark.parametrize(
    ("text", "order", "first", "last"),
    [
        ("Ona Onaitė", FIRST_LAST, "Ona", "Onaitė"),
        ("Onaitė Ona", LAST_FIRST, "Ona", "Onaitė"),
        ("Jonas Petras Jonaitis", FIRST_LAST, "Jonas Petras", "Jonaitis"),
        ("Jonaitis Jonas Petras", LAST_FIRST, "Jonas Petras", "Jonaitis"),
        ("Onaitė, Ona", FIRST_LAST, "Ona", "Onaitė"),
        ("ONAITĖ - ONIENĖ ONA", LAST_FIRST, "Ona", "Onaitė-Onienė"),
    ],
)
def test_first_and_last_name_in_one_cell(text: str, order: NameOrder, first: str, last: str) -> None:
    assert whole_name(text, order) == (first, last)


def test_the_order_of_names_is_seen_by_the_endings_of_last_names() -> None:
    assert name_order_of(["Onaitė Ona", "Jonaitis Jonas", "Žukauskas Petras"]) is LAST_FIRST
    assert name_order_of(["Ona Onaitė", "Jonas Jonaitis", "Petras Žukauskas"]) is FIRST_LAST
    assert name_order_of(["Li Wang", "Ann Smith", "Bo Lee"]) is None


# --- days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05", "2021.03.05", "2021 03 05", "2021/03/05", "2021-3-5", "2021-03-05.", "2021 m. kovo 5 d.",
        "20210305",
        "2021-03-05 00:00", "2021-03-05T00:00:00", "2021. 03. 05", "44260",
    ],
)  # fmt: skip
def test_a_day_that_can_be_one_day_only(text: str) -> None:
    assert day(text) == date(2021, 3, 5)


@pytest.mark.parametrize("text", ["05/03/2021", "5.3.2021", "05-03-2021", "05 03 2021"])
def test_a_day_that_may_be_two_days_is_asked_about(text: str) -> None:
    with pytest.raises(Wrong) as wrong:
        day(text)
    assert wrong.value.code is C.DAY_NOT_ASKED
    assert day(text, DayOrder.DAY_FIRST) == date(2021, 3, 5)
    assert day(text, DayOrder.MONTH_FIRST) == date(2021, 5, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021-02-30", C.DAY_IMPOSSIBLE),
        ("21-03-05", C.DAY_SHORT_YEAR),
        ("05.03.21", C.DAY_SHORT_YEAR),
        ("kovo 5", C.DAY_UNREADABLE),
        ("2021", C.DAY_UNREADABLE),
        ("0000-01-01", C.DAY_IMPOSSIBLE),
    ],
)
def test_what_is_no_day(text: str, code: FaultCode) -> None:
    with pytest.raises(Wrong) as wrong:
        day(text)
    assert wrong.value.code is code


def test_a_column_of_days_is_asked_about_once_and_shows_both_readings() -> None:
    question = day_question(2, ["2021-01-01", "05/03/2021", "07/08/2021"])
    assert question is not None
    assert (question.example, question.proven) == ("05/03/2021", None)
    assert list(question.readings.values()) == [date(2021, 3, 5), date(2021, 5, 3)]


def test_a_column_proves_its_reading_when_only_one_fits_all_its_days() -> None:
    proven = [
        question.proven
        for texts in (["05/03/2021", "25/03/2021"], ["05/03/2021", "03/25/2021"], ["25/03/2021", "03/25/2021"])
        if (question := day_question(0, texts)) is not None
    ]
    assert proven == [DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST, None]


def test_a_column_of_plain_days_asks_nothing() -> None:
    assert day_question(0, ["2021-03-05", "", "2021.03.05"]) is None


# --- other values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("8 612 34567", "+37061234567"),
        ("+370 612 34567", "+37061234567"),
        ("861234567", "+37061234567"),
        ("37061234567", "+37061234567"),
        ("(8-612) 34567", "+37061234567"),
        ("0 612 34567", "+37061234567"),
        ("612 34567", "+37061234567"),
        ("+48 22 123 45 67", "+48221234567"),
    ],
)
def test_a_telephone_in_one_spelling(text: str, kept: str) -> None:
    assert phone(text) == kept


@pytest.mark.parametrize("text", ["nėra", "12345", "+370", "8 612 34567, 8 698 76543", "++37061234567"])
def test_what_is_no_telephone(text: str) -> None:
    with pytest.raises(Wrong):
        phone(text)


@pytest.mark.parametrize(
    ("text", "kept"), [("Ona@Example.LT", "ona@example.lt"), ("mailto:ona@example.lt", "ona@example.lt")]
)
def test_an_email_in_one_spelling(text: str, kept: str) -> None:
    assert email(text) == kept


@pytest.mark.parametrize(
    "text", ["ona", "ona@", "ona@example", "ona ona@example.lt", "ąžuolas@example.lt", "a..b@example.lt"]
)
def test_what_is_no_email(text: str) -> None:
    with pytest.raises(Wrong):
        email(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("10,5", "630"), ("10.5", "630"), ("10:30", "630"), ("10 val. 30 min.", "630"), ("7:30–18:00", "630"),
        ("7.30 - 18.00 val.", "630"), ("12", "720"), ("10,5 val.", "630"), ("4", "240"),
    ],
)  # fmt: skip
def test_hours_a_day(text: str, minutes: str) -> None:
    assert hours(text) == minutes


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Lopšelis", "nursery"), ("lopšelio gr.", "nursery"), ("1,5–3 m.", "nursery"), ("Nuo 1 iki 2 metų", "nursery"),
        ("Darželis", "kindergarten"), ("3-4", "kindergarten"), ("Nuo 5 iki 7 metų", "kindergarten"),
        ("priešmokyklinė", "kindergarten"),
    ],
)  # fmt: skip
def test_the_age_band_in_words_and_in_years(text: str, band: str) -> None:
    assert age_band(text) == band


def test_programme_and_language() -> None:
    assert [programme(text) for text in ("Ikimokyklinio ugdymo", "PRIEŠMOKYKLINIS")] == ["preschool", "preprimary"]
    assert [language(text) for text in ("Lietuvių", "lt", "lenkų k.")] == ["lt", "lt", "pl"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("3,9E+10", C.CODE_CUT), ("1234", C.CODE_SHAPE), ("52103050009", C.CODE_CHECK), ("ABC12345", C.CODE_SHAPE)],
)
def test_what_is_no_personal_code(text: str, code: FaultCode) -> None:
    with pytest.raises(Wrong) as wrong:
        personal_code(text)
    assert wrong.value.code is code


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Boružiukai", "BORUŽIUKAI", True),
        ("Boružiukai", "Boruziukai", True),
        ("Boružiukų grupė", "Boružiukų gr.", True),
        ("Boružiukai", "Boružiukų grupė", False),
    ],
)
def test_when_two_names_are_of_one_group(one: str, other: str, same: bool) -> None:
    assert (group_key(one) == group_key(other)) is same


@pytest.mark.parametrize(
    ("position", "role"),
    [
        ("ikimokyklinio ugdymo mokytoja", Role.EDUCATOR),
        ("auklėtoja", Role.EDUCATOR),
        ("mokytojo padėjėja", None),
        ("Logopedė metodininkė", Role.SPEECH_THERAPIST),
        ("meninio ugdymo mokytoja (muzika)", Role.ARTS_TEACHER),
        ("socialinė pedagogė", Role.SOCIAL_PEDAGOGUE),
        ("vyr. buhalterė", Role.ACCOUNTANT),
        ("dietistė", Role.DIETITIAN),
        ("direktorė", None),
        ("direktoriaus pavaduotoja ugdymui", None),
        ("valytoja", None),
    ],
)
def test_the_role_a_position_is_likely_to_go_with(position: str, role: Role | None) -> None:
    assert role_of(position) is role


# --- rows -----------------------------------------------------------------------------------------------------------

#: of nobody: born 2021-03-05
CODE = "5210305001" + str(check_digit("5210305001"))


def row(*cells: str, number: int = 2) -> Row:
    return Row(number, cells)


def read(kind: Kind, columns: Mapping[int, Field], *cells: str, answers: Answers | None = None) -> Entry:
    return entries([row(*cells)], kind, answers or Answers(columns), CONTEXT)[0]


def faults(one: Entry) -> list[tuple[FaultCode, Field | None, int | None]]:
    return [(fault.code, fault.field, fault.column) for fault in one.faults]


NAMES = {0: F.FIRST_NAME, 1: F.LAST_NAME, 2: F.BIRTH_DATE}


def test_every_fault_of_a_row_is_at_its_column() -> None:
    columns = {**NAMES, 3: F.PERSONAL_CODE, 4: F.G1_FIRST_NAME, 5: F.G1_LAST_NAME, 6: F.G1_EMAIL}
    found = read(Kind.CHILDREN, columns, "On4", "", "2021-13-05", "1234", "Rasa", "Onienė", "rasa")
    assert faults(found) == [
        (C.NAME_STRANGE, F.FIRST_NAME, 0),
        (C.DAY_IMPOSSIBLE, F.BIRTH_DATE, 2),
        (C.CODE_SHAPE, F.PERSONAL_CODE, 3),
        (C.EMAIL_SHAPE, F.G1_EMAIL, 6),
        (C.MISSING, F.LAST_NAME, 1),
    ]


def test_a_personal_code_is_never_repeated_in_a_fault() -> None:
    found = read(Kind.CHILDREN, {**NAMES, 3: F.PERSONAL_CODE}, "Ona", "Onaitė", "2021-03-06", "52103050019")
    assert [fault.code for fault in found.faults] == [C.CODE_CHECK]
    assert "5210305" not in repr(found.faults)


def test_the_personal_code_says_the_day_of_birth_where_the_list_has_no_column_of_it() -> None:
    found = read(Kind.CHILDREN, {0: F.FIRST_NAME, 1: F.LAST_NAME, 2: F.PERSONAL_CODE}, "Jonas", "Jonaitis", CODE)
    assert (found.faults, found.values[F.BIRTH_DATE]) == ((), "2021-03-05")


def test_a_personal_code_that_says_another_day_of_birth_is_a_fault() -> None:
    found = read(Kind.CHILDREN, {**NAMES, 3: F.PERSONAL_CODE}, "Jonas", "Jonaitis", "2021-03-06", CODE)
    assert faults(found) == [(C.CODE_BIRTH, F.PERSONAL_CODE, 3)]


@pytest.mark.parametrize(("born", "code"), [("2027-01-01", C.BORN_LATER), ("2012-05-05", C.BORN_LONG_AGO)])
def test_nobody_of_kindergarten_age_is_a_fault(born: str, code: FaultCode) -> None:
    assert faults(read(Kind.CHILDREN, NAMES, "Ona", "Onaitė", born)) == [(code, F.BIRTH_DATE, 2)]


def test_a_dash_is_nothing_and_a_blank_cell_says_nothing() -> None:
    found = read(Kind.CHILDREN, {**NAMES, 3: F.G1_EMAIL, 4: F.ADDRESS}, "Ona", "Onaitė", "2021-03-05", "-", "nėra")
    assert (found.faults, set(found.values)) == ((), set(NAMES.values()))


def test_a_guardian_needs_a_name() -> None:
    found = read(Kind.CHILDREN, {**NAMES, 3: F.G1_PHONE}, "Ona", "Onaitė", "2021-03-05", "861234567")
    assert [fault.code for fault in found.faults] == [C.GUARDIAN_NAMELESS]


def test_mama_in_a_heading_says_who_the_guardian_is() -> None:
    answers = Answers({**NAMES, 3: F.G1_NAME}, {3: FIRST_LAST}, relations={1: Relation.MOTHER})
    found = read(Kind.CHILDREN, {}, "Ona", "Onaitė", "2021-03-05", "Rasa Onienė", answers=answers)
    assert found.values[F.G1_RELATION] == "mother"


def test_an_employee_needs_a_name_and_an_email_only() -> None:
    columns = {0: F.NAME, 1: F.EMAIL}
    assert read(Kind.EMPLOYEES, columns, "Ona Onienė", "ona@example.lt").faults == ()
    assert faults(read(Kind.EMPLOYEES, columns, "Ona Onienė", "")) == [(C.MISSING, F.EMAIL, 1)]


def test_a_formulas_fault_is_a_fault() -> None:
    assert faults(read(Kind.GROUPS, {0: F.TITLE}, "#REF!")) == [(C.FORMULA, F.TITLE, 0)]


def test_an_apostrophe_that_kept_a_text_from_being_a_formula_is_taken_off() -> None:
    found = read(Kind.CHILDREN, {**NAMES, 3: F.ADDRESS}, "Ona", "Onaitė", "2021-03-05", "'=A1")
    assert found.values[F.ADDRESS] == "=A1"


# --- enough to read the rows ----------------------------------------------------------------------------------------


def test_what_every_row_needs_must_be_some_column() -> None:
    nothing: dict[int, NameOrder] = {}
    found = gaps(Kind.CHILDREN, {0: F.FIRST_NAME, 1: F.GROUP}, names=(), named=nothing, days=(), said_days=())
    assert found.missing == (F.LAST_NAME, F.BIRTH_DATE)


def test_a_whole_name_and_a_personal_code_are_enough() -> None:
    assert not gaps(Kind.CHILDREN, {0: F.NAME, 1: F.PERSONAL_CODE}, names=(0,), named=(0,), days=(), said_days=())


def test_two_columns_that_say_the_same_and_unanswered_questions_stand_in_the_way() -> None:
    columns = {0: F.NAME, 1: F.NAME, 2: F.BIRTH_DATE}
    found = gaps(Kind.CHILDREN, columns, names=(0, 1), named=(0,), days=(2,), said_days=())
    assert (found.doubles, found.names, found.days) == ((F.NAME,), (1,), (2,))


# --- who is who -----------------------------------------------------------------------------------------------------


def child(number: int, first: str, last: str, born: str = "2021-03-05", **more: str) -> Entry:
    values = {F.FIRST_NAME: first, F.LAST_NAME: last, F.BIRTH_DATE: born}
    return Entry(number, values | {Field(field): value for field, value in more.items()})


def had(
    child_id: int,
    first: str,
    last: str,
    born: str = "2021-03-05",
    *,
    code: str = "",
    current: bool = True,
    guardians: tuple[KnownGuardian, ...] = (),
    **more: str,
) -> Known:
    return Known(child_id, child(0, first, last, born, **more).values, code, current, guardians)


def verdicts(rows: list[Entry], known: list[Known], **kwargs: object) -> list[tuple[Verdict, int | None]]:
    found = compare(Kind.CHILDREN, rows, known, **kwargs)  # type: ignore[arg-type]
    return [(one.verdict, one.matched_id) for one in found.outcomes]


def test_a_child_is_known_by_name_and_day_of_birth() -> None:
    rows = [child(2, "Ona", "Onaitė"), child(3, "Jonas", "Jonaitis")]
    found = compare(Kind.CHILDREN, rows, [had(1, "Ona", "ONAITĖ"), had(7, "Ula", "Ulaitė")])
    assert [(one.verdict, one.matched_id) for one in found.outcomes] == [(Verdict.SAME, 1), (Verdict.NEW, None)]
    assert found.missing == (7,)
    assert found.differences == 2


def test_a_child_is_known_by_the_code_before_the_name() -> None:
    known = [had(1, "Ona", "Onaitė", code="x"), had(2, "Onutė", "Petraitė", code="y")]
    found = compare(Kind.CHILDREN, [child(2, "Ona", "Onaitė")], known, codes={2: "y"})
    assert found.outcomes[0].matched_id == 2
    assert {(one.field, one.old, one.new) for one in found.outcomes[0].changes} == {
        (F.FIRST_NAME, "Onutė", "Ona"),
        (F.LAST_NAME, "Petraitė", "Onaitė"),
    }


@pytest.mark.parametrize(
    ("entry", "doubt"),
    [
        (child(2, "Zemyna", "Zukauskaite"), Doubt.SPELLING),
        (child(2, "Žemyna", "Žukauskaitė", "2021-03-06"), Doubt.BIRTH_DATE),
        (child(2, "Žemyna", "Petraitė"), Doubt.LAST_NAME),
    ],
)
def test_who_is_alike_but_not_the_same_is_doubtful(entry: Entry, doubt: Doubt) -> None:
    found = compare(Kind.CHILDREN, [entry], [had(1, "Žemyna", "Žukauskaitė")])
    one = found.outcomes[0]
    assert (one.verdict, one.doubt, one.candidates) == (Verdict.DOUBTFUL, doubt, (1,))
    assert found.missing == (), "who may be the one is not missing"


def test_another_code_with_the_same_name_and_birthday_is_doubtful() -> None:
    found = compare(Kind.CHILDREN, [child(2, "Ona", "Onaitė")], [had(1, "Ona", "Onaitė", code="x")], codes={2: "y"})
    assert (found.outcomes[0].verdict, found.outcomes[0].doubt) == (Verdict.DOUBTFUL, Doubt.CODE)


def test_two_different_codes_are_two_children_however_alike_their_names() -> None:
    rows = [child(2, "Ona", "Petraitė")]
    assert verdicts(rows, [had(1, "Ona", "Onaitė", code="x")], codes={2: "y"}) == [(Verdict.NEW, None)]


def test_who_is_surely_somebody_else_is_nobodys_doubt() -> None:
    rows = [child(2, "Ona", "Onaitė"), child(3, "Ona", "Petraitė")]
    assert verdicts(rows, [had(1, "Ona", "Onaitė")]) == [(Verdict.SAME, 1), (Verdict.NEW, None)]


@pytest.mark.parametrize(
    ("decided", "outcome"),
    [
        (Decided(Decision.SAME_ONE, 1), (Verdict.CHANGED, 1)),
        (Decided(Decision.ANOTHER), (Verdict.NEW, None)),
        (Decided(Decision.SAME_ONE, 99), (Verdict.DOUBTFUL, None)),
    ],
)
def test_a_person_decides_who_a_doubtful_row_is(decided: Decided, outcome: tuple[Verdict, int | None]) -> None:
    rows = [child(2, "Zemyna", "Zukauskaite")]
    assert verdicts(rows, [had(1, "Žemyna", "Žukauskaitė")], decided={2: decided}) == [outcome]


def test_a_row_left_out_is_counted_apart() -> None:
    found = compare(Kind.CHILDREN, [child(2, "Ona", "Onaitė")], [], decided={2: Decided(Decision.LEFT_OUT)})
    assert (found.count(Verdict.NEW), found.left_out) == (0, 1)


def test_the_same_child_twice_in_a_file_is_a_fault_that_names_the_first_row() -> None:
    found = compare(Kind.CHILDREN, [child(2, "Ona", "Onaitė"), child(9, "ONA", "Onaitė")], [])
    assert found.outcomes[1].faults[0].code is C.TWICE
    assert found.outcomes[1].faults[0].number == 2


def test_a_code_that_is_another_childs_is_a_fault() -> None:
    known = [had(1, "Ona", "Onaitė"), had(2, "Ula", "Ulaitė", code="y")]
    rows = [child(2, "Zemyna", "Onaite")]
    found = compare(Kind.CHILDREN, rows, known, codes={2: "y"}, decided={2: Decided(Decision.SAME_ONE, 1)})
    assert found.outcomes[0].faults[0].code is C.TAKEN


def test_who_has_left_is_not_missing_and_comes_back_with_a_group() -> None:
    known = [had(1, "Ona", "Onaitė", current=False)]
    assert compare(Kind.CHILDREN, [], known).missing == ()
    found = compare(Kind.CHILDREN, [child(2, "Ona", "Onaitė", group="Boružiukai")], known)
    assert [(one.field, one.old, one.new) for one in found.outcomes[0].changes] == [(F.GROUP, "", "Boružiukai")]


def test_guardians_are_known_by_email_name_or_telephone_and_others_are_added() -> None:
    mother = KnownGuardian(5, {"first_name": "Rasa", "last_name": "Onienė", "phone": "+37061234567", "email": ""})
    row = child(2, "Ona", "Onaitė", g1_first_name="Jonas", g1_last_name="Onaitis", g2_first_name="Rasa")
    row = Entry(2, {**row.values, F.G2_LAST_NAME: "Petraitienė", F.G2_PHONE: "+37061234567"})
    one = compare(Kind.CHILDREN, [row], [had(1, "Ona", "Onaitė", guardians=(mother,))]).outcomes[0]
    assert one.guardians == (None, 5)
    assert [(change.field, change.old, change.new) for change in one.changes] == [
        (F.G1_NAME, "", "Jonas Onaitis"),
        (F.G2_LAST_NAME, "Onienė", "Petraitienė"),
    ]


def test_an_employee_is_known_by_email_and_doubtful_by_name() -> None:
    known = [Known(1, {F.FIRST_NAME: "Ona", F.LAST_NAME: "Onienė", F.EMAIL: "ona@example.lt"})]
    same = Entry(2, {F.FIRST_NAME: "Ona", F.LAST_NAME: "Petraitė", F.EMAIL: "ona@example.lt"})
    like = Entry(2, {F.FIRST_NAME: "Ona", F.LAST_NAME: "Onienė", F.EMAIL: "kita@example.lt"})
    assert compare(Kind.EMPLOYEES, [same], known).outcomes[0].matched_id == 1
    assert compare(Kind.EMPLOYEES, [like], known).outcomes[0].doubt is Doubt.NAME


def test_a_new_group_needs_its_age_band_and_a_known_one_does_not() -> None:
    known = [Known(1, {F.TITLE: "Boružiukai", F.AGE_BAND: "nursery"})]
    rows = [Entry(2, {F.TITLE: "BORUŽIUKAI"}), Entry(3, {F.TITLE: "Drugeliai"})]
    found = compare(Kind.GROUPS, rows, known).outcomes
    assert (found[0].matched_id, found[1].verdict) == (1, Verdict.FAULTY)
