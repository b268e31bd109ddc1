"""The city's file: every odd row has its line and its cause, and a small city goes through the program whole."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from benchmarks import vilnius
from benchmarks.names import name_of
from benchmarks.reader import ReadSheet
from benchmarks.vilnius_file import month_of, read_city, read_text

HEAD = (
    'Nr.;"Darželio pavadinimas";"Grupės pavadinimas";"Vaiko Identifikacinis Nr.";"Deklaruotas mieste";'
    '"Pateisintos dėl ligos";"Pateisintos dėl kitų priežasčių";"Nepateisintos dienos";"Praleistos dienos Viso"'
)
ROWS = [
    '1;Aitvaras;"VIJURKAI (ALERG.)";101;Taip;9;0;0;9',
    '2;Aitvaras;"VIJURKAI (ALERG.)";102;Taip;0;0;0;0',
    '3;Aitvaras;"VIJURKAI (ALERG.)";103;Ne;1;2;3;6',
    '4;Aitvaras;"VIJURKAI (ALERG.)";102;Taip;0;0;0;0',  # line 5: the same again
    '5;Aitvaras;"Ąžuoliukai / Š";102;Taip;0;0;0;0',  # line 6: in two groups
    '6;Aitvaras;"Ąžuoliukai / Š";104;Taip;21;0;0;21',
    '7;Aitvaras;"Ąžuoliukai / Š";105;Taip;22;1;0;23',  # line 8: more than 22
    '8;Varpelis;"VIJURKAI (ALERG.) ";101;Taip;0;0;22;22',  # the same number elsewhere is another child
    '9;Varpelis;"VIJURKAI (ALERG.)";106;Taip;1;1;1;4',  # line 10: does not add up
    '10;Varpelis;"VIJURKAI (ALERG.)";107;Taip;-1;1;1;1',  # line 11
    '11;Varpelis;"VIJURKAI (ALERG.)";108;Taip;1',  # line 12
    '12;;"VIJURKAI (ALERG.)";109;Taip;0;0;0;0',  # line 13
    "",
    '13;Varpelis;"VIJURKAI (ALERG.)";101;Taip;1;0;0;1',  # line 15: other days of the same child
    '14;Varpelis;"Tušti";110;Taip;0;0;0;x',  # line 16
]
TEXT = "\n".join([HEAD, *ROWS]) + "\n"


def test_odd_rows_are_left_out_each_with_its_line_and_cause() -> None:
    city = read_city(TEXT, 22)
    assert {(one.line, one.cause) for one in city.left_out} == {
        (5, "duplicate"),
        (6, "second_group"),
        (8, "too_many"),
        (10, "nonsense"),
        (11, "nonsense"),
        (12, "nonsense"),
        (13, "nonsense"),
        (15, "conflict"),
        (16, "nonsense"),
    }
    told = {one.line: one.detail for one in city.left_out}
    assert told[10] == "1 + 1 + 1 is not 4"
    assert told[12] == "6 fields where the head has 9"
    assert "Darželio pavadinimas" in told[13]
    assert city.rows == 14
    assert {
        (row.kindergarten, row.group, row.child)
        for groups in city.kindergartens.values()
        for rows in groups.values()
        for row in rows
    } == {
        ("Aitvaras", "VIJURKAI (ALERG.)", "101"),
        ("Aitvaras", "VIJURKAI (ALERG.)", "102"),
        ("Aitvaras", "VIJURKAI (ALERG.)", "103"),
        ("Aitvaras", "Ąžuoliukai / Š", "104"),
        ("Varpelis", "VIJURKAI (ALERG.)", "101"),
    }


def test_a_file_with_another_head_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Pateisintos dėl ligos"):
        read_city(TEXT.replace("Pateisintos dėl ligos", "Liga"), 22)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("lankomumo_ziniarasciai_2019-01-01-2019-01-31.csv.gz", (2019, 1)),
        ("ziniarasciai_2024-02.csv", (2024, 2)),
        ("ziniarasciai_2019-01-01-2019-02-28.csv", None),
        ("ziniarasciai.csv", None),
    ],
)
def test_the_month_is_told_by_the_files_name(name: str, month: tuple[int, int] | None) -> None:
    assert month_of(name) == month


def test_the_file_may_be_packed_or_plain_and_in_an_older_alphabet(tmp_path: Path) -> None:
    for number, content in enumerate(
        [TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("cp1257"), gzip.compress(TEXT.encode())]
    ):
        path = tmp_path / str(number)
        path.write_bytes(content)
        assert read_text(path) == TEXT


def test_names_are_the_same_every_time_and_no_two_alike_in_a_group() -> None:
    names = [name_of(number, salt=3) for number in range(200)]
    assert len(set(names)) == 200
    assert names == [name_of(number, salt=3) for number in range(200)]


def test_a_small_city_goes_in_and_comes_out_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ziniarasciai_2019-01-01-2019-01-31.csv"
    path.write_text(TEXT, encoding="utf-8")
    assert vilnius.main([str(path), "--pdf", str(tmp_path / "printed"), "--verbose"]) == 0
    told = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in told.splitlines()]
    for line in ("kindergartens 2", "groups 3", "children 5", "sheets 3 each as PDF and XLSX", "differences 0"):
        assert line in lines
    assert "2019-01: 22 working days" in lines
    assert "line 10: makes no sense – 1 + 1 + 1 is not 4" in lines
    assert sorted(file.suffix for file in (tmp_path / "printed").iterdir()) == [".pdf", ".pdf", ".xlsx", ".xlsx"]


def test_a_difference_is_found_by_child_and_by_column() -> None:
    city = read_city(TEXT, 22)
    groups = {"VIJURKAI (ALERG.)": city.kindergartens["Varpelis"]["VIJURKAI (ALERG.)"]}
    loaded = vilnius.Loaded(1, "Varpelis", groups, {("VIJURKAI (ALERG.)", "101"): "Ūla Ūsaitė"})
    assert vilnius.compare(loaded, [], "PDF", 22) == ["Varpelis, PDF: groups ['VIJURKAI (ALERG.)']"]
    wrong = ReadSheet("VIJURKAI (ALERG.)", [], {}, (0,) * 7)
    found = vilnius.compare(loaded, [wrong], "PDF", 22)
    assert any("no row of Ūla Ūsaitė" in one for one in found)
    assert any("columns (0, 0, 0, 0, 0, 0, 0)" in one for one in found)


def test_a_file_whose_month_is_not_known_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vilnius.main([str(tmp_path / "ziniarasciai.csv")]) == 2
    assert "--month" in capsys.readouterr().err
