"""The site is built with no broken link, and is read without asking anything of the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytest.importorskip("material", reason="mkdocs-material absent : site non construit")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]


def build(config: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(target)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(ROOT / "mkdocs.yml", target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def test_every_page_is_built(site: Path) -> None:
    pages = {p.relative_to(ROOT / "docs").with_suffix("") for p in (ROOT / "docs").rglob("*.md")}
    built = {p.relative_to(site).with_suffix("") for p in site.rglob("*.html")}
    assert pages <= built


def test_no_page_names_an_outside_resource(site: Path) -> None:
    outside = re.compile(
        r"<(?:link|script|img|iframe|source)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//"
    )
    assert [p.name for p in site.rglob("*.html") if outside.search(p.read_text("utf-8"))] == []
    styles = [p for p in site.rglob("*.css") if re.search(r"url\([\"']?https?:", p.read_text())]
    assert styles == []


@pytest.mark.chromium
def test_a_reader_sends_no_request(site: Path, navigateur: Any) -> None:
    asked: list[str] = []
    page = navigateur.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index.html", "guides/gestionnaire.html", "regles/INS-002.html"):
        page.goto((site / name).as_uri())
        assert page.locator("h1").count() == 1
    page.close()
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_a_broken_link_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("[rien](absent.md)\n", encoding="utf-8")
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(text.partition("\nnav:")[0] + "\n", encoding="utf-8")
    done = build(tmp_path / "mkdocs.yml", tmp_path / "site")
    assert done.returncode != 0
    assert "absent.md" in done.stdout + done.stderr
