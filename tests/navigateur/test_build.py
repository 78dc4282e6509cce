"""The build: from npm by version and hash, the same bytes each time, and of a size one can send."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.navigateur import build, engine, page
from tools.navigateur.sample import write_sample

LOCK = Path(build.__file__).parent / "runtime" / "package-lock.json"


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    text = LOCK.read_text("utf-8")
    assert "http" not in text and "resolved" not in text
    for name, package in json.loads(text)["packages"].items():
        assert not name or package["integrity"].startswith("sha512-")


def test_what_is_written_can_be_sent(construit: Any) -> None:
    content = construit.page.read_text("utf-8")
    # an ordinary run compresses less: the same content then weighs 3.6 % more
    best = construit.moteur.level == page.BEST
    assert len(content.encode()) <= (15_000_000 if best else 15_500_000)
    assert (construit.dossier / build.LIGHT).stat().st_size <= 9_000_000
    assert "src=" not in content.split("<body>")[0] and "http-equiv" in content
    for name in ("Pyodide", "jinja2", "msoffcrypto", "olefile", "rapidfuzz", "xlsxwriter"):
        assert name in page.licences(construit.moteur)


WITHOUT = ("click", "numpy", "openpyxl", "pandas", "pandera", "rich", "sqlite3")
"""What the page does not have: one import of these on the way, and it controls nothing."""


def test_the_staged_sources_are_enough(tmp_path: Path) -> None:
    engine.stage(tmp_path / "staged")
    write_sample(build.ROOT / "workbooks" / "exemple_fautif.xlsx", tmp_path / "exemple.xlsx")
    script = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({WITHOUT!r}))\n"
        "from xl_cpom.browser import rehearsal\n"
        "rehearsal._forget_places = lambda: None\n"
        f"assert rehearsal.__file__.startswith({str(tmp_path)!r})\n"
        f"rehearsal.rehearse({str(tmp_path / 'exemple.xlsx')!r})\n"
    )
    environment = os.environ | {
        "PYTHONPATH": str(tmp_path / "staged"),
        "RAPIDFUZZ_IMPLEMENTATION": "python",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_the_same_sources_give_the_same_bytes(construit: Any, tmp_path: Path) -> None:
    build.build(tmp_path)
    for name in (build.SINGLE, "engine/memory.bin", "engine/files.pack", "site/sw.js"):
        assert (tmp_path / name).read_bytes() == (construit.dossier / name).read_bytes()
