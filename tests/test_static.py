"""Styles say nothing that no page uses."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLASS = re.compile(r"[a-zA-Z][\w-]*")

STYLES = re.sub(
    r"/\*.*?\*/", "", "".join(path.read_text() for path in (ROOT / "static").glob("*.css")), flags=re.DOTALL
)
SELECTORS = " ".join(re.findall(r"([^{}]+)\{", STYLES))


def _words_of_pages() -> tuple[set[str], set[str]]:
    """Every word in a template's `class` and in a quoted text of a script or a module; beginnings of composed ones."""
    words, begun = set(), set()
    for path in (ROOT / "templates").rglob("*.html"):
        for found in re.findall(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', path.read_text()):
            words |= set(CLASS.findall(found))
            begun |= set(re.findall(r"([a-z]+-)\{\{", found))
        begun |= set(re.findall(r'"class": "([a-z]+-)" ~', path.read_text()))
    for path in [*(ROOT / "static").glob("*.js"), *(ROOT / "ediary").rglob("*.py")]:
        words |= set(CLASS.findall(" ".join(re.findall(r"""["'`]([^"'`\n]*)["'`]""", path.read_text()))))
    return words, begun


def test_every_class_of_the_styles_is_on_some_page() -> None:
    words, begun = _words_of_pages()
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", SELECTORS))
    tones = re.findall(r'"(tile-[a-z]+)"', (ROOT / "templates/kitchen/parts.html").read_text())
    unused = {name for name in styled - words - set(tones) if not name.startswith(tuple(begun))}
    assert unused == set()


def test_every_variable_of_the_styles_is_used() -> None:
    assert {name for name in re.findall(r"(--[\w-]+):", STYLES) if f"var({name})" not in STYLES} == set()
