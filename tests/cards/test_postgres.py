"""Lists and cards are read and kept on PostgreSQL too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ediary.core import clock
from tests.cast import make_cast
from tests.conftest import DAY, HTMX, build_app, come_in, fresh_database

At = Callable[..., None]


@pytest.mark.postgres
def test_every_list_and_card_is_read_and_kept_on_postgresql(tmp_path: Path, postgres_url: str, at: At) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()

        log_in = partial(come_in, app, cast)
        kid = cast.children["Boružiukai"][0]
        aldona, jonas, rasa = log_in("aldona"), log_in("jonas"), log_in("rasa")
        lists = ["", "?stay=coming", "?stay=gone", "?stay=nowhere", f"birthdays/{DAY}", "no-access"]
        for path in [*(f"/children/{one}" for one in lists), f"/cards/{kid}", "/cards/new"]:
            for client in (aldona, jonas, rasa):
                assert client.get(path).status_code == 200, path
        assert aldona.get("/cards/payer-codes").status_code == 200
        tomorrow = (DAY + timedelta(days=1)).isoformat()
        for path, data in (
            (f"/cards/payer-codes/{kid}", {"code": "20001"}),
            (f"/cards/{kid}/personal-codes/child", {"code": "52203140012"}),
            (f"/cards/{kid}/meals", {"kinds": [cast.meals["Pietūs"]], "diet_id": "", "day": tomorrow}),
            (f"/cards/{kid}/place", {"group_id": cast.drugeliai, "day": tomorrow}),
        ):
            assert aldona.post(path, data=data, headers=HTMX).status_code == 200, path
        other = cast.children["Boružiukai"][1]
        assert aldona.post(f"/cards/payer-codes/{other}", data={"code": "20001"}, headers=HTMX).status_code == 422
        assert rasa.post(f"/cards/{kid}/needs", headers=HTMX).status_code == 200
