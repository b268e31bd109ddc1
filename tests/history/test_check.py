"""A printed paper is checked by its short form: what it is, is it kept whole, has the diary changed since."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from ediary.core import store
from ediary.core.db import db
from ediary.core.seals import Paper
from ediary.core.session import acting_for
from ediary.history.contents import KINDS, tidy
from tests.cast import Cast
from tests.conftest import DAY, HTMX, less_tokens

LogIn = Callable[[str], FlaskClient]
At = Callable[..., None]
ROOT = Path(__file__).resolve().parents[2]


def read(answer: Any) -> str:
    assert answer.mimetype == "application/pdf", answer.status_code
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())


def code_in(said: str) -> str:
    found = re.search(
        r"Patikrai: ([0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4})\. Dienyno antspaudas Nr\. \d+: [0-9a-f ]{14}\.", said
    )
    assert found, said
    return found[1]


def scanned(content: bytes, folder: Path) -> list[str]:
    """What a telephone reads on the printed pages."""
    (folder / "paper.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "150", "-png", folder / "paper.pdf", folder / "page"], check=True)
    return [
        found.text for page in sorted(folder.glob("page*.png")) for found in zxingcpp.read_barcodes(Image.open(page))
    ]


def tap(client: FlaskClient, cast: Cast, wanted: str, seen: str, child: int = 0) -> None:
    path = f"/attendance/{DAY}/{cast.boruziukai}/children/{cast.children['Boružiukai'][child]}"
    assert client.post(path, data={"wanted": wanted, "seen": seen}, headers=HTMX).status_code == 200


@pytest.fixture
def sheet(cast: Cast, as_person: LogIn) -> Any:
    """The month sheet of the Boružiukai as a PDF."""
    lina = as_person("lina")
    made = lina.post(f"/sheets/2026-11/{cast.boruziukai}/print", data={"format": "pdf"})
    assert made.status_code == 303, made.text
    return lina.get(made.location)


def test_a_printed_sheet_is_found_by_its_digits_and_by_its_code(
    cast: Cast, sheet: Any, as_person: LogIn, tmp_path: Path
) -> None:
    code = code_in(read(sheet))
    (leads_to,) = set(scanned(sheet.data, tmp_path))
    assert leads_to == f"http://localhost/history/check?code={code.replace(' ', '')}"
    lina = as_person("lina")
    for asked in (
        leads_to.partition("localhost")[2],
        f"/history/check?code={code}",
        f"/history/check?code={code.upper()}",
    ):
        page = lina.get(asked).text
        assert "Lankomumo žiniaraštis: Boružiukai, 2026 m. lapkritis" in page
        assert "Dienyne šiandien parašyta tas pats" in page
        assert "Sveikas, koks buvo išspausdintas; pateks į kitą antspaudą" in page
    kept = re.search(r'href="(/history/prints/\d+)"', page)
    assert kept is not None
    assert lina.get(kept[1]).data == sheet.data


def test_a_change_after_the_print_is_told(cast: Cast, sheet: Any, as_person: LogIn) -> None:
    asked = f"/history/check?code={code_in(read(sheet))}"
    tap(as_person("rasa"), cast, "present", "unmarked")
    assert "Dienynas nuo to laiko pasikeitė" in as_person("lina").get(asked).text


def test_the_file_is_in_the_seal_made_next(app: Flask, sheet: Any, as_person: LogIn) -> None:
    app.test_cli_runner().invoke(args=["history", "seal"])
    page = as_person("lina").get(f"/history/check?code={code_in(read(sheet))}").text
    assert re.search(r"Sveikas, koks buvo išspausdintas; antspaude Nr\. \d+\.", page)


def test_a_damaged_file_is_told(app: Flask, cast: Cast, sheet: Any, as_person: LogIn) -> None:
    with app.app_context(), acting_for(cast.saulute):
        sha256 = db.session.scalars(select(Paper.file_sha256)).one()
        store._path(sha256).write_bytes(b"%PDF something else")
    assert "Sugadinta arba dingo" in as_person("lina").get(f"/history/check?code={code_in(read(sheet))}").text


@pytest.mark.parametrize("typed", ["zzzz", "3f2a", "3f2a91bc07de3f2a91bc07de", "<script>"])
def test_what_is_no_short_form_is_told_so(as_person: LogIn, typed: str) -> None:
    assert "Tai ne tokie ženklai" in as_person("lina").get("/history/check", query_string={"code": typed}).text


def test_another_kindergartens_paper_is_no_paper(sheet: Any, as_person: LogIn) -> None:
    ona, code = as_person("ona"), code_in(read(sheet))
    pages = [ona.get(f"/history/check?code={one}").text.replace(one, "") for one in (code, "0000 0000 0000")]
    assert "Nė vienas šio darželio lapas" in pages[0]
    assert less_tokens(pages[0]) == less_tokens(pages[1])


def test_who_does_not_read_what_a_paper_tells_of_learns_only_that_it_is_ours(
    cast: Cast, sheet: Any, as_person: LogIn
) -> None:
    code = code_in(read(sheet))
    for login in ("ieva", "tomas"):
        page = as_person(login).get(f"/history/check?code={code}").text
        assert "Šį lapą išspausdino dienynas" in page
        assert "Boružiukai" not in page
        assert "/history/prints/" not in page
    assert as_person("greta").get(f"/history/check?code={code}").status_code == 403
    paper = re.search(r'href="(/history/prints/\d+)"', as_person("rasa").get(f"/history/check?code={code}").text)
    assert paper is not None
    assert [as_person(login).get(paper[1]).status_code for login in ("tomas", "aldona", "ona")] == [404, 404, 404]


def test_the_daily_report_and_a_pledge_print_their_seal(cast: Cast, as_person: LogIn, tmp_path: Path) -> None:
    jonas = as_person("jonas")
    report = jonas.get(f"/kitchen/{DAY}/daily-report.pdf")
    code = code_in(read(report))
    assert set(scanned(report.data, tmp_path)) == {f"http://localhost/history/check?code={code.replace(' ', '')}"}
    page = jonas.get(f"/history/check?code={code}").text
    assert "Dienyne šiandien parašyta tas pats" in page
    tap(as_person("rasa"), cast, "present", "unmarked")
    assert "Dienynas nuo to laiko pasikeitė" in jonas.get(f"/history/check?code={code}").text


def test_a_short_form_is_tidied() -> None:
    assert tidy(" 3F2A-91bc 07de ") == "3f2a91bc07de"
    assert tidy("3f2a 91bc 07d") == ""


def test_every_paper_with_a_mark_can_be_checked() -> None:
    """A kind of paper that comes gets its line in history/contents.py."""
    made = set()
    for path in (ROOT / "ediary").rglob("*.py"):
        source = path.read_text()
        made |= set(re.findall(r'\bDraft\(\s*"([\w.]+)"', source)) | set(re.findall(r'_SHEET = "([\w.]+)"', source))
        made |= set(re.findall(r'proof\.mark\("([\w.]+)"', source))
    assert made == set(KINDS)
