"""Cells of big grids as escaped fragments, several times faster than a template's loop."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def attributes(pairs: Iterable[tuple[str, object]]) -> str:
    """` name="value"` of each pair; True gives the bare name, None and False nothing. Values are escaped."""
    parts = []
    for name, value in pairs:
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False:
            parts.append(f' {name}="{escape(value)}"')
    return "".join(parts)


def cell(text: object, tag: str = "td", **named: object) -> str:
    """One cell as an escaped fragment. `class_` stands for class, `data_x` for data-x."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in named.items())
    return f"<{tag}{attributes(pairs)}>{escape(text)}</{tag}>"


def joined(fragments: Iterable[str]) -> Markup:
    """Fragments made by `cell` (escaped already) as one piece of markup for a template."""
    return Markup("".join(fragments))  # noqa: S704  (every fragment came out of `cell`)
