"""Many come in at once: the count of tries is one row that several workers want to make."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from ediary.core import clock
from tests.races.client import Tablet
from tests.races.kindergartens import PASSWORD, make_people, make_small
from tests.services.server import server

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]


def come_in(port: int) -> None:
    Tablet(port, "mokytoja", PASSWORD)


def test_first_log_ins_at_the_same_moment_all_succeed(database: tuple[Flask, str | None], tmp_path: Path) -> None:
    app, url = database
    with app.app_context(), clock.frozen(datetime(2026, 8, 31, 12, tzinfo=UTC)):
        make_small(1, make_people(), 1)
    start = {"EDIARY_CLOCK_START": "2026-11-23T06:05:00+00:00"}
    with (
        server(tmp_path, url, environment=start) as running,
        multiprocessing.get_context("fork").Pool(4) as pool,
    ):
        for _ in range(5):
            pool.map(come_in, [running.port] * 4, chunksize=1)
