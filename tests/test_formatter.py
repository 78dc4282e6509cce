"""The formatter is rarely silenced: a `# fmt: skip` is for a table that reads by its columns.

Numbers only go down. A shape that ruff keeps (one item a line behind a trailing comma, a table as
data) needs no comment; a rule never does.
"""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SILENCED = "# fmt: " + "skip"
ALLOWED = {
    "xl_cpom/validators/rules": 3,
    "xl_cpom": 330,
    "tests": 420,
    "tools": 230,
    "benchmarks": 15,
}
"""Folder -> how many may stand in it."""


@pytest.mark.parametrize(("folder", "most"), ALLOWED.items())
def test_the_formatter_is_rarely_silenced(folder: str, most: int) -> None:
    found = sum(
        path.read_text(encoding="utf-8").count(SILENCED)
        for path in (REPOSITORY / folder).rglob("*.py")
    )
    assert found <= most
