"""Papers are entered, missed, given out and struck out on PostgreSQL too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from ediary.core import clock
from tests.cast import make_cast
from tests.conftest import build_app, come_in, fresh_database
from tests.papers.test_routes import PDF
from tests.sheets.conftest import write_day

At = Callable[..., None]


@pytest.mark.postgres
def test_a_paper_goes_its_way_on_postgresql(tmp_path: Path, postgres_url: str, at: At) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()
        for day, signs in ((19, "l+++"), (20, "l+++")):
            write_day(app, cast, "Boružiukai", date(2026, 11, day), signs)

        log_in = partial(come_in, app, cast)
        at()
        rasa, lina = log_in("rasa"), log_in("lina")
        sheet, clock_page = f"/sheets/2026-11/{cast.boruziukai}", "/papers/2026-11"
        assert "l*" in rasa.get(sheet).get_data(as_text=True)
        assert "2026-11-19 – 2026-11-20" in lina.get(clock_page).get_data(as_text=True)
        said = {"kind": "note", "first": "2026-11-19", "last": "2026-11-20", "received_at": "2026-11-23T08:00"}
        path = f"/papers/children/{cast.children['Boružiukai'][0]}"
        assert rasa.post(path, data=said | {"file": (BytesIO(PDF), "a.pdf")}).status_code == 303
        assert lina.post(path, data=said).status_code == 422
        assert "l*" not in rasa.get(sheet).get_data(as_text=True)
        assert "2026-11-19" not in lina.get(clock_page).get_data(as_text=True)
        assert lina.get("/papers/1/file").data == PDF
        assert lina.post("/papers/1/strike", data={"why": "ne to vaiko"}).status_code == 303
        assert "l*" in rasa.get(sheet).get_data(as_text=True)
