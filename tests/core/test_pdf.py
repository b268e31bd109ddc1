"""Paper takes whatever people typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from ediary.core.pdf import NEEDED, drawable
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
