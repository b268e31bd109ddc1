"""What the documents name is there: tests that hold a promise, files that are pointed at."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THREATS = ROOT / "docs/threats.md"
#: made when the program runs, or the operator's own
MADE = ("instance/", "static/vendor/", ".venv/", "look/")


def quoted(path: Path) -> list[str]:
    """What stands between backticks, code blocks left out."""
    prose = re.sub(r"^(```.*?^```|(?: {4}.*\n)+)", "", path.read_text(), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", prose)


def names_in(path: Path) -> set[str]:
    return set(re.findall(r"^def (test_\w+)", path.read_text(), re.M))


def test_every_test_named_in_the_threats_exists() -> None:
    named = [one.split("::") for one in quoted(THREATS) if one.startswith("tests/")]
    assert len(named) > 60, "the table is not read"
    for file, *test in named:
        assert (ROOT / file).exists(), file
        if test:
            assert test[0] in names_in(ROOT / file), f"{file} has no {test[0]}"


def test_every_line_of_the_standard_names_what_holds_it_or_says_why_nothing_does() -> None:
    lines = [line for line in THREATS.read_text().partition("# Against")[2].splitlines() if line.startswith("| ")][2:]
    assert len(lines) > 35, "the table is not read"
    for line in lines:
        met, held = line.split("|")[3:5]
        excused = "not met" in met.lower() or "appl" in met
        assert "tests/" in held or (held.strip() == "-" and excused), line


def test_every_file_named_in_the_documents_exists() -> None:
    for document in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]:
        for name in quoted(document):
            if re.fullmatch(r"(?:\w[\w.-]*/)+[\w.-]*", name) and not name.startswith(MADE):
                top = name.partition("/")[0]
                if (ROOT / top).is_dir():
                    assert (ROOT / name).exists(), f"{document.name} names {name}"
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name} leads to {target}"
        for name in re.findall(r"\bdocs/[\w-]+\.md", document.read_text()):
            assert (ROOT / name).exists(), f"{document.name} names {name}"
