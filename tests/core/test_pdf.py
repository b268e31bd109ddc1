"""Paper takes whatever people typed."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from PIL import Image

from ediary.config import ROOT
from ediary.core.pdf import NEEDED, PaperError, drawable, html_to_pdf, render_pdf
from tests.conftest import DAY


@pytest.mark.parametrize(
    ("typed", "drawn"), [(NEEDED, NEEDED), ("s\u030cirdis 😀", "širdis ?"), ("a\u202eb\x01", "a?b?"), ("a\nb", "a\nb")]
)
def test_what_the_font_cannot_draw_is_a_question_mark(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn


def test_a_smile_in_a_reason_does_not_cost_the_kitchen_its_papers(as_person: Callable[[str], FlaskClient]) -> None:
    ieva = as_person("ieva")
    assert ieva.post(f"/kitchen/{DAY}/lock", data={"reason": "Grupė išvykoje 😀 ✓"}).status_code == 303
    for paper in ("kitchen-sheet", "daily-report"):
        assert ieva.get(f"/kitchen/{DAY}/{paper}.pdf").status_code == 200


# --- the maker reaches nothing --------------------------------------------------------------------------------------


def picture(folder: Path) -> Path:
    Image.new("RGB", (5, 5), "red").save(folder / "secret.png")
    return folder / "secret.png"


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the maker reached for each hostile paper (tests/core/reaching.py)."""
    folder = tmp_path_factory.mktemp("reaching")
    picture(folder)
    (folder / "secret.css").write_text("p { color: red }")
    command = [sys.executable, "-m", "tests.core.reaching", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_no_hostile_paper_reaches_a_file_or_an_address(reached: dict[str, dict[str, Any]]) -> None:
    papers = {name: one for name, one in reached.items() if not name.startswith("let through")}
    assert len(papers) > 150
    assert {name: one["reached"] for name, one in papers.items() if one["reached"]} == {}
    # left out of the paper, or no paper at all
    assert {one["came"] for one in papers.values()} <= {"drawn", "PaperError"}


def test_the_proof_is_not_deaf(reached: dict[str, dict[str, Any]]) -> None:
    heard = {name: " ".join(one["reached"]) for name, one in reached.items() if name.startswith("let through")}
    assert "/secret.png" in heard["let through: <img>, a path"]
    assert "socket.connect" in heard["let through: <img>, http"]
    assert "/secret.css" in heard["let through: @import of a sheet"]


def test_a_picture_from_a_file_costs_the_paper_and_one_inside_it_is_drawn(tmp_path: Path) -> None:
    secret = picture(tmp_path)
    with pytest.raises(PaperError, match="1 warnings"):
        html_to_pdf(f'<img src="{secret}">')
    inside = base64.b64encode(secret.read_bytes()).decode()
    made = pypdf.PdfReader(io.BytesIO(html_to_pdf(f'<img src="data:image/png;base64,{inside}">')))
    assert len(made.pages[0].images) == 1


HOSTILE = [
    '<img src="{secret}">',
    '<style>p {{ background-image: url("{secret}") }}</style>',
    '"><link rel="stylesheet" href="{secret}">',
    '<pdf:insertpdf src="{secret}">',
    "</td></table><pdf:nextpage>",
    "{{{{ config }}}}",
    "&lt;img&gt;",
]


PAPER = """{% extends "_shared/paper.html" %}{% block title %}x{% endblock %}
{% block paper %}<p>{{ typed }}</p>{% endblock %}"""


def paper(application: Flask, typed: object) -> pypdf.PdfReader:
    with application.test_request_context():
        template: Any = application.jinja_env.from_string(PAPER)
        return pypdf.PdfReader(io.BytesIO(render_pdf(template, typed=typed, foot="")))


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_people_type_is_drawn_as_they_typed_it(application: Flask, tmp_path: Path, typed: str) -> None:
    typed = typed.format(secret=picture(tmp_path))
    made = paper(application, typed)
    drawn = "".join("".join(page.extract_text() for page in made.pages).split())
    assert "".join(typed.split()) in drawn
    assert not made.pages[0].images


@pytest.mark.parametrize("typed", HOSTILE[:4])
def test_markup_let_through_by_mistake_still_reaches_nothing(application: Flask, tmp_path: Path, typed: str) -> None:
    """The second wall: were a text once not escaped, the maker would leave out what it names, or make no paper."""
    try:
        made = paper(application, Markup(typed.format(secret=picture(tmp_path))))
    except PaperError:
        return
    assert not any(page.images for page in made.pages)


def test_a_paper_of_endless_boxes_is_given_up() -> None:
    with pytest.raises(PaperError):
        html_to_pdf("<div>" * 300)
