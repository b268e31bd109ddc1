"""The demonstration kindergarten on a November morning, for the tests of the frame and of the look.

Tests that use it belong to the group "look" (`pytest.mark.xdist_group`): one process, so that it is made once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stage import MORNING, Stage, prepare, stage


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The instance folder, and what `Stage` must know of it."""
    folder = tmp_path_factory.mktemp("look")
    return folder, prepare(folder)


@pytest.fixture(scope="session")
def morning(prepared: tuple[Path, dict[str, Any]]) -> Iterator[Stage]:
    """8:36: the day is open."""
    with stage(*prepared, MORNING) as scene:
        yield scene
