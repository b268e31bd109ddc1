"""What comes out of the printer: read back as a person would, never by the program's own words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pypdf
import pytest
from flask import Flask

from benchmarks import reader
from ediary.absences.delivered import DELIVERED_REASONS
from ediary.absences.rules import Reason
from ediary.core.dates import Month, days_between
from ediary.core.pdf import register_fonts, render_pdf
from ediary.sheets import paper, rules, workbook
from ediary.sheets.course import Course, Done
from ediary.sheets.queries import GroupSheet
from ediary.sheets.rules import Day, Mark, Place, make_sheet
from ediary.sheets.signers import Signers
from tests.conftest import MORNING

LONG = "Žygimanta Ąžuolė Konstancija Petrauskaitė-Vaitiekūnienė-Čiurlionienė"
ALL_LETTERS = "Ąčęėįšųūž ĄČĘĖĮŠŲŪŽ"
VERSION = paper.Version(3, MORNING, "Patikrai: 3f2a 91bc 07de. Dienyno antspaudas Nr. 7: 1111 2222 3333.")


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    register_fonts()  # some tests lay out without printing
    with app.test_request_context():
        yield


def group(
    children: int,
    *,
    name: str = "Boružiukai",
    course: Course | None = None,
    first_name: str = "Vaikas",
) -> GroupSheet:
    """A month with every sign in it, all delivered reasons in its legend."""
    month = Month(2026, 10)
    reasons = [
        Reason(
            number, one.letter, one.name, one.kind, one.waives_food, one.waives_education, one.rule,
            date(2026, 9, 1), None,
        )
        for number, one in enumerate(DELIVERED_REASONS, start=1)
    ]  # fmt: skip
    days = [Day(day, "" if day.weekday() > 4 else None) for day in days_between(month.first, month.last)]
    places = [Place(n, f"{first_name} {n:02d}", ((date(2026, 9, 1), None),)) for n in range(1, children + 1)]
    marks = {}
    for place in places:
        for day in days:
            at = (place.child_id * 5 + day.day.day) % 17
            marks[(place.child_id, day.day)] = Mark(at > 12, at if 0 < at <= len(reasons) else None)
    sheet = make_sheet(days, places, marks, reasons, {n: n % 20 for n in range(children + 1)}, month.last)
    return GroupSheet(
        "Lopšelis-darželis „Saulutė“", "190000001", 1, name, month, sheet, tuple(reasons), None, course or Course()
    )


def read(content: bytes, folder: Path, suffix: str) -> list[reader.ReadSheet]:
    path = folder / f"sheet{suffix}"
    path.write_bytes(content)
    return reader.read_pdf(path) if suffix == ".pdf" else reader.read_xlsx(path)


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx"])
@pytest.mark.parametrize("children", [1, 25, 52])
def test_every_letter_and_total_is_read_back(tmp_path: Path, suffix: str, children: int) -> None:
    made = group(children)
    content = paper.pdf([made], VERSION) if suffix == ".pdf" else workbook.xlsx([made], VERSION)
    [sheet] = read(content, tmp_path, suffix)
    assert [child.name for child in sheet.children] == [row.name for row in made.sheet.rows]
    for child, row in zip(sheet.children, made.sheet.rows, strict=True):
        assert child.totals == row.totals.printed
        wanted = {day.day.day: paper.letter(cell) for day, cell in zip(made.sheet.days, row.cells, strict=True)}
        assert child.letters == {day: letter for day, letter in wanted.items() if letter}
    assert sheet.totals == made.sheet.totals.printed
    assert sheet.present == {
        day.day.day: count for day, count in zip(made.sheet.days, made.sheet.present, strict=True) if count is not None
    }


def test_lithuanian_letters_come_back_out(tmp_path: Path) -> None:
    content = paper.pdf([group(1, first_name=ALL_LETTERS, name="Ąžuoliukai „Š“")], VERSION)
    [text] = texts(content)
    for words in (ALL_LETTERS, "Lopšelis-darželis „Saulutė“", "Grupė: Ąžuoliukai „Š“", "žiniaraštis (tabelis)"):
        assert words in text


def test_the_fonts_are_embedded_and_from_their_package() -> None:
    page = pypdf.PdfReader(io.BytesIO(paper.pdf([group(3)], VERSION))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    used = [font for font in fonts if "PTSans" in str(font["/BaseFont"])]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)


def test_52_children_of_31_days_are_two_pages_with_the_head_on_both() -> None:
    pages = texts(paper.pdf([group(52)], VERSION))
    assert len(pages) == 2
    for number, text in enumerate(pages, start=1):
        assert "Grupė: Boružiukai" in text
        assert "Lankyta" in text
        assert "\n31" in text
        assert f"{number} / 2" in text
    assert "Direktorius" not in pages[0]
    assert "Direktorius" in pages[1]


def test_pages_are_counted_over_the_whole_file() -> None:
    groups = [group(2, name=f"Grupė {n}") for n in range(1, 12)] + [group(52, name="Didžioji"), group(5)]
    pages = texts(paper.pdf(groups, VERSION))
    assert len(pages) == 14
    assert all(f"{number} / 14" in text for number, text in enumerate(pages, start=1))


def test_signatures_never_stand_alone() -> None:
    for children in range(1, 61):
        counts, _notes = paper._lay_out(group(children))
        assert sum(counts) == children
        assert all(counts)
        assert counts[-1] >= min(children, 3)


@pytest.mark.parametrize(("full", "last"), [(35, 27), (35, 4), (10, 10), (5, 4)])
def test_rows_are_split_so_that_each_page_holds_them(full: int, last: int) -> None:
    for rows in range(130):
        counts = paper.split_rows(rows, full=full, last=last)
        assert sum(counts) == rows
        assert all(0 < count <= full for count in counts[:-1])
        assert min(rows, 3) <= counts[-1] <= last


def test_a_paper_says_whether_it_is_final_which_version_and_how_to_check_it() -> None:
    [text] = texts(paper.pdf([group(3)], VERSION))
    assert "JUODRAŠTIS: dar pildomas" in text
    assert "Versija 3, sudaryta 2026-11-23 8:10" in text
    assert "Patikrai: 3f2a 91bc 07de." in text
    done = Done(datetime.fromisoformat("2026-11-30T13:00:00+00:00"), "mokytoja Rasa Petraitienė")
    [text] = texts(paper.pdf([group(3, course=Course(done))], VERSION))
    assert "Pateiktas 2026-11-30 15:00, mokytoja Rasa Petraitienė" in text
    assert "JUODRAŠTIS: dar nepatikrintas" in text
    later = Done(datetime.fromisoformat("2026-12-02T08:05:00+00:00"), "socialinė pedagogė Lina Stankutė")
    [text] = texts(paper.pdf([group(3, course=Course(done, later, Done(later.at)))], VERSION))
    assert "Patikrintas 2026-12-02 10:05, socialinė pedagogė Lina Stankutė" in text
    assert "Užsirakino savaime 2026-12-02 10:05" in text
    assert "JUODRAŠTIS" not in text


def test_signature_lines_name_who_signs_when_the_diary_knows() -> None:
    [text] = texts(paper.pdf([group(3)], VERSION))
    assert text.count("(vardas, pavardė, parašas, data)") == 3
    who = Signers(("Rasa Petraitienė", "Tomas Gudaitis"), "", "Jonas Rimkus")
    [text] = texts(paper.pdf([group(3)], replace(VERSION, signers={1: who})))
    for words in ("Rasa Petraitienė, Tomas Gudaitis", "Jonas Rimkus", "(parašas, data)"):
        assert words in text
    assert text.count("(vardas, pavardė, parašas, data)") == 1
    [text] = texts(paper.pdf([group(3)], replace(VERSION, signers={1: Signers((LONG, LONG))})))
    assert LONG not in text, "a line too short for the names stays empty"


def test_the_legend_says_what_each_letter_does_to_the_fee() -> None:
    [text] = texts(paper.pdf([group(3)], VERSION))
    told = " ".join(text.split())
    assert "l – Liga (maistas nemokamas, ugdymo dalis mokama, reikia dokumento)" in told
    assert "k – Karantinas, ekstremali padėtis (maistas ir ugdymas nemokami)" in told
    assert "Šaltis (−20 °C ir žemesnė)" in told
    assert "reikia dokumento; tik kasmet nuo 06-01 iki 08-31)" in told
    assert "tik priešmokyklinio ugdymo vaikams" in told


def test_a_long_name_is_whole_on_paper(tmp_path: Path) -> None:
    made = group(2, first_name=LONG)
    [sheet] = read(paper.pdf([made], VERSION), tmp_path, ".pdf")
    assert [child.name.replace(" ", "") for child in sheet.children] == [
        row.name.replace(" ", "") for row in made.sheet.rows
    ]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert paper.pdf([group(25)], VERSION) == paper.pdf([group(25)], VERSION)
    assert workbook.xlsx([group(25)], VERSION) == workbook.xlsx([group(25)], VERSION)


def test_a_kitchen_paper_made_before_changes_nothing() -> None:
    """Both kinds of paper share reportlab's table of fonts; a name in both made every legend bold."""
    before = paper.pdf([group(25)], VERSION)
    render_pdf("_shared/paper.html")
    assert paper.pdf([group(25)], VERSION) == before


# --- the workbook --------------------------------------------------------------------------------------------------


def test_text_is_never_a_formula_in_the_workbook() -> None:
    made = group(2, first_name='=HYPERLINK("http://x.invalid")', name="=1+1")
    content = workbook.xlsx([made], VERSION)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_names_and_heads_stay_in_sight_in_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx([group(30)], VERSION)))
    assert book.worksheets[0].freeze_panes == "C7"


def test_a_workbook_of_groups_with_awkward_names_opens() -> None:
    groups = [group(2, name=name) for name in ("A/B", "a b", "", "Ilgas " * 20)]
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx(groups, VERSION)))
    assert len(book.worksheets) == 4


def test_a_sheet_with_nobody_can_be_printed_too() -> None:
    assert rules.make_sheet([Day(date(2026, 10, 1))], [], {}, [], {}, date(2026, 10, 1)).totals == rules.Totals()
    assert len(texts(paper.pdf([group(0)], VERSION))) == 1
    assert workbook.xlsx([group(0)], VERSION)
