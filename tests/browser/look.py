"""Screenshots of every page: `python -m tests.browser.look [WORD…]`, with words only pages whose name has one.

On a tablet, the same held upright, a phone and a desktop, into the ignored look/. Whole pages are named *-whole.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.stage import LOCKED, MORNING, Stage, prepare, stage
from tests.browser.stage_month import MONTH_OVER, end_month
from tests.browser.views import View, locked_views, month_over_views, views
from tests.services.browser import DEVICES, browser, page_on
from tests.services.server import ROOT

LOOK = ROOT / "look"


def look(scene: Stage, pages: Iterable[View], folder: Path) -> int:
    """Take the pictures; returns how many."""
    by_login: dict[str, list[View]] = {}
    for view in pages:
        by_login.setdefault(view.login, []).append(view)
    taken = 0
    with browser() as running:
        for device in DEVICES:
            for login, mine in by_login.items():
                with page_on(running, device) as page:
                    if login:
                        scene.log_in(page, login)
                    for view in mine:
                        scene.show(page, view.path)
                        if view.act:
                            view.act(page)
                        taken += picture(page, folder / f"{view.name}-{device}")
                        page.unroute_all()
    return taken


def picture(page: Page, path: Path) -> int:
    """What is on the screen, and the whole page where it is longer."""
    page.wait_for_load_state("networkidle")  # signs are drawn
    page.wait_for_timeout(150)  # colours have moved to where they go
    page.screenshot(path=f"{path}.png")
    if page.evaluate("document.documentElement.scrollHeight <= innerHeight + 8"):
        return 1
    page.screenshot(path=f"{path}-whole.png", full_page=True)
    return 2


def main(words: list[str]) -> None:
    """All of it, about two minutes."""
    LOOK.mkdir(exist_ok=True)
    for old in LOOK.glob("*.png"):
        if not words:
            old.unlink()
    with tempfile.TemporaryDirectory(prefix="ediary-look-") as folder:
        known = prepare(Path(folder))
        taken = 0
        over = Path(folder, "over")
        for start, choose in ((MORNING, views), (LOCKED, locked_views), (MONTH_OVER, month_over_views)):
            there = end_month(Path(folder), over) if start == MONTH_OVER else Path(folder)
            with stage(there, known, start) as scene:
                chosen = [view for view in choose(scene) if not words or any(w in view.name for w in words)]
                taken += look(scene, chosen, LOOK)
    print(f"{taken} pictures in {LOOK.relative_to(ROOT)}/")


if __name__ == "__main__":
    main(sys.argv[1:])
