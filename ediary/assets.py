"""Third-party front-end files: taken out of a pinned PyPI wheel, checked by hash, never committed.

`flask --app app assets`, or `python -m ediary.assets` where there is no app yet. Which index pip asks is
pip's own setting. Costs a download of 220 kB the first time, one hash of 51 kB afterwards.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from click import ClickException

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


class AssetError(ClickException):
    """What went wrong, as one sentence; the `assets` command says it and ends with status 1."""


@dataclass(frozen=True)
class Wheel:
    """A package on PyPI that carries front-end files; only unpacked, never installed."""

    package: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Asset:
    """One file inside a wheel, and its name in static/vendor/."""

    wheel: Wheel
    member: str
    name: str
    sha256: str


DJANGO_HTMX = Wheel("django-htmx", "1.29.0", "0ec5be1645ed71e6787bd75e0250624f00274ac3bb1730f07b6629a95688929b")

ASSETS = (
    Asset(  # htmx 2.0.10
        DJANGO_HTMX,
        "django_htmx/static/django_htmx/htmx-2.min.js",
        "htmx.min.js",
        "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de",
    ),
)


def fetch_assets(target_dir: Path = VENDOR) -> list[Path]:
    """Put every asset into `target_dir`; files already there with the right hash are left alone.

    Returns the files written. Raises AssetError.
    """
    missing = [asset for asset in ASSETS if not is_right(target_dir / asset.name, asset.sha256)]
    if not missing:
        return []
    try:
        target_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="ediary-assets-") as scratch:
            wheels = {wheel: download(wheel, Path(scratch)) for wheel in {asset.wheel for asset in missing}}
            return [unpack(asset, wheels[asset.wheel], target_dir) for asset in missing]
    except OSError as error:
        raise AssetError(f"Cannot write front-end files to {target_dir}: {error.strerror}.") from error


def is_right(path: Path, sha256: str) -> bool:
    """Whether the file is there with this hash."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False


def download(wheel: Wheel, scratch: Path) -> Path:
    """The wheel's file in `scratch`; pip checks the hash, and so do we."""
    pinned = f"{wheel.package}=={wheel.version}"
    wanted = scratch / f"{wheel.package}.txt"
    wanted.write_text(f"{pinned} --hash=sha256:{wheel.sha256}\n")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
    # S603: the command is made of the constants above.
    done = subprocess.run(  # noqa: S603
        [*pip, "--only-binary", ":all:", "--require-hashes", "--dest", str(scratch), "-r", str(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")] or done.stderr.splitlines()
        reason = reasons[-1].removeprefix("ERROR:").strip() if reasons else "pip said nothing"
        raise AssetError(f"Cannot download {pinned}: {reason}")
    files = list(scratch.glob(f"{wheel.package.replace('-', '_')}-{wheel.version}-*.whl"))
    if len(files) != 1 or not is_right(files[0], wheel.sha256):
        raise AssetError(f"The downloaded {pinned} is not the file this program was tested with (wrong SHA-256).")
    return files[0]


def unpack(asset: Asset, wheel: Path, target_dir: Path) -> Path:
    """Write the asset by rename, so that a server never reads half a file."""
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(asset.member)
    if hashlib.sha256(content).hexdigest() != asset.sha256:
        raise AssetError(f"{asset.member} in {wheel.name} has a wrong SHA-256.")
    target = target_dir / asset.name
    partial = target.with_suffix(f".{os.getpid()}")
    partial.write_bytes(content)
    return partial.replace(target)


if __name__ == "__main__":
    try:
        for path in fetch_assets():
            print(f"fetched {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
    except AssetError as error:
        sys.exit(str(error))
