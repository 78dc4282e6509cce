"""The page of the data team is run from top to bottom; what it shows is what comes out.

`python -m tests.docs.test_donnees` writes the outputs anew: read them before committing.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commande import run

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "guides" / "donnees.md"
BLOC = re.compile(r"```(sh|python|text)\n(.*?)```", re.S)


def play(page: str, folder: Path) -> Iterator[tuple[re.Match[str], str]]:
    """(block of output, what was really printed before it), in the order of the page."""
    (folder / "workbooks").symlink_to(ROOT / "workbooks")
    names: dict[str, Any] = {}
    said = ""
    for block in BLOC.finditer(page):
        if block[1] == "text":
            yield block, said
            continue
        if block[1] == "sh":
            for line in block[2].splitlines():
                program, *arguments = shlex.split(line)
                assert program == "xl-cpom"
                assert run(*arguments, cwd=folder).returncode in (0, 1)
            continue
        out = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(out):
            exec(compile(block[2], str(PAGE), "exec"), names)
        said = out.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="a link to the examples")
def test_the_page_shows_what_comes_out(tmp_path: Path) -> None:
    for name in ("duckdb", "frictionless", "openpyxl"):
        pytest.importorskip(name)
    shown = 0
    with warnings.catch_warnings():
        for block, said in play(PAGE.read_text(encoding="utf-8"), tmp_path):
            assert said == block[2]
            shown += 1
    assert shown >= 9


def _write() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for block, said in reversed(list(play(page, Path(folder)))):
            page = page[: block.start(2)] + said + page[block.end(2) :]
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    _write()
