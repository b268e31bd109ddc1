"""The history is read, opened, paged and sealed on PostgreSQL too; a printed paper is checked there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from ediary.core import clock
from ediary.core.audit import AuditEntry
from ediary.core.db import db
from ediary.core.session import acting_for
from tests.cast import make_cast
from tests.conftest import DAY, HTMX, build_app, come_in, fresh_database
from tests.history.test_check import code_in, read
from tests.history.test_routes import deeds, of_day, tap

At = Callable[..., None]


@pytest.mark.postgres
def test_the_history_and_its_papers_on_postgresql(tmp_path: Path, postgres_url: str, at: At) -> None:
    app = build_app(postgres_url, tmp_path)
    with fresh_database(app):
        with clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)), app.app_context():
            cast = make_cast()

        log_in = partial(come_in, app, cast)
        rasa, tomas, jonas = log_in("rasa"), log_in("tomas"), log_in("jonas")
        tap(rasa, cast, "present", "unmarked")
        for reader in (rasa, jonas):
            for url in (
                of_day(cast),
                f"/history/?since={DAY}",
                f"/history/?person={cast.users['rasa']}",
                f"/history/?child={cast.children['Boružiukai'][0]}&since={DAY}",
            ):
                assert len(deeds(reader.get(url).text)) == 1, url
        assert deeds(tomas.get(f"/history/?since={DAY}").text) == []
        first = jonas.get("/history/?since=2026-08-01").text
        older = re.search(r'rel="next" href="([^"]+)"', first)
        assert older is not None
        second = jonas.get(older[1].replace("&amp;", "&")).text
        assert not set(re.findall(r'id="entry-\d+"', first)) & set(re.findall(r'id="entry-\d+"', second))
        with app.app_context(), acting_for(cast.saulute):
            covered = db.session.scalars(select(AuditEntry.id).where(AuditEntry.is_sensitive)).first()
        assert "riešutų" in jonas.post(f"/history/{covered}/open", headers=HTMX).text
        made = jonas.post(f"/sheets/2026-11/{cast.boruziukai}/print", data={"format": "pdf"})
        asked = f"/history/check?code={code_in(read(jonas.get(made.location)))}"
        assert "Dienyne šiandien parašyta tas pats" in jonas.get(asked).text
        tap(rasa, cast, "absent", "present")
        assert "Dienynas nuo to laiko pasikeitė" in jonas.get(asked).text
        for command in ("seal", "verify"):
            assert app.test_cli_runner().invoke(args=["history", command]).exit_code == 0
