"""The build: from npm by version and hash, the same bytes each time, and of a size one can send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.navigateur import build, page

LOCK = Path(build.__file__).parent / "runtime" / "package-lock.json"


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    text = LOCK.read_text("utf-8")
    assert "http" not in text and "resolved" not in text
    for name, package in json.loads(text)["packages"].items():
        assert not name or package["integrity"].startswith("sha512-")


def test_what_is_written_can_be_sent(construit: Any) -> None:
    content = construit.page.read_text("utf-8")
    assert len(content.encode()) <= 15 * 1024 * 1024
    assert "src=" not in content.split("<body>")[0] and "http-equiv" in content
    for name in ("Pyodide", "jinja2", "rapidfuzz", "xlsxwriter"):
        assert name in page.licences(construit.moteur)


@pytest.mark.long
def test_the_same_sources_give_the_same_bytes(construit: Any, tmp_path: Path) -> None:
    build.build(tmp_path)
    for name in (build.SINGLE, "engine/memory.bin", "engine/files.pack", "site/sw.js"):
        assert (tmp_path / name).read_bytes() == (construit.dossier / name).read_bytes()
