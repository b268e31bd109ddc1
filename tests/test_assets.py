"""Front-end files come out of a pinned wheel, or not at all. Nothing is downloaded here."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ediary import assets
from ediary.assets import Asset, AssetError, Wheel, fetch_assets, unpack

CONTENT = b"var htmx = 1"


@pytest.fixture
def asset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asset:
    """One asset whose wheel lies in `tmp_path`."""
    with zipfile.ZipFile(tmp_path / "w.whl", "w") as archive:
        archive.writestr("in/x.js", CONTENT)
    one = Asset(Wheel("w", "1", "-"), "in/x.js", "x.js", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(assets, "ASSETS", (one,))
    monkeypatch.setattr(assets, "download", lambda wheel, scratch: tmp_path / "w.whl")
    return one


def test_asset_is_written_once(asset: Asset, tmp_path: Path) -> None:
    target = tmp_path / "static" / "vendor"
    assert fetch_assets(target) == [target / "x.js"]
    assert (target / "x.js").read_bytes() == CONTENT
    assert fetch_assets(target) == []


def test_changed_asset_is_put_right(asset: Asset, tmp_path: Path) -> None:
    (tmp_path / "x.js").write_bytes(b"something else")
    assert fetch_assets(tmp_path) == [tmp_path / "x.js"]
    assert (tmp_path / "x.js").read_bytes() == CONTENT


def test_file_with_another_hash_is_not_taken(asset: Asset, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"in/x\.js in w\.whl has a wrong SHA-256"):
        unpack(replace(asset, sha256="0" * 64), tmp_path / "w.whl", tmp_path)
    assert not (tmp_path / "x.js").exists()
