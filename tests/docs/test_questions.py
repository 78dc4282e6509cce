"""The fifteen questions are answered where the page says; the drawing is that of today's code."""

from __future__ import annotations

import re
from pathlib import Path

from tools.imports import arrows, contents, in_a_circle
from xl_cpom.typography import number_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/questions.md").read_text(encoding="utf-8")
ROWS = [[c.strip() for c in line.split("|")[1:-1]] for line in PAGE.splitlines() if "` |" in line]
GOAL = 1.3


def test_each_answer_stands_in_the_last_file_named() -> None:
    assert len(ROWS) == 15
    for question, way, answer, count in ROWS:
        files = [one for one in re.findall(r"`([^`]+)`", way) if not one.startswith("xl-cpom ")]
        assert answer.strip("`") in (ROOT / files[-1]).read_text(encoding="utf-8"), question
        assert len(files) == int(count), question


def test_fewer_files_are_opened_than_the_goal() -> None:
    mean = sum(int(row[-1]) for row in ROWS) / len(ROWS)
    assert mean <= GOAL
    assert f"**{number_text(mean, 2)}**" in PAGE


def test_the_drawing_is_that_of_the_code() -> None:
    assert all(other < floor for floor, other in arrows())
    assert not in_a_circle()
    stale = [
        path
        for path, text in contents().items()
        if (ROOT / "docs" / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run « python -m tools.imports »"
