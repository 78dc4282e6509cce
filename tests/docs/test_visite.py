"""The pages that guide a developer name files that exist: a map with a wrong street misleads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "xl_cpom"
PAGES = ("docs/visite.md", "docs/vocabulaire.md", "docs/guides/developpeur.md", "CONTRIBUTING.md")
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")


def named(page: str) -> list[str]:
    """What a page names as a file or a folder: it ends in « / » or in a known ending."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        name for name in NAMED.findall(text) if name.endswith(("/", ".py", ".md", ".toml", ".csv"))
    ]


def exists(name: str) -> bool:
    if "/" in name.rstrip("/") or name.endswith("/"):
        return any((root / name).exists() for root in (ROOT, PACKAGE, PACKAGE / "workbook")) or any(
            path.is_dir() for path in PACKAGE.rglob(name.rstrip("/"))
        )
    return (ROOT / name).exists() or any(PACKAGE.rglob(name))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_named_exists(page: str) -> None:
    assert [name for name in named(page) if not exists(name)] == []


def test_the_pages_do_name_files() -> None:
    assert len(named("docs/visite.md")) > 40
