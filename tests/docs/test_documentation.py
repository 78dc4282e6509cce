"""The generated pages say what the code says, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from tools.documentation import DOCS, pages, perimees

LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")


def test_generated_pages_are_up_to_date() -> None:
    assert perimees() == [], "run « make docs »"


def test_a_stale_page_is_seen(tmp_path: Path) -> None:
    """The test above can fail: a page changed by hand, one missing, one too many."""
    for path, text in pages().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert perimees(tmp_path) == []
    first, second = list(pages())[1:3]
    (tmp_path / first).write_text("autre chose", encoding="utf-8")
    (tmp_path / second).rename(tmp_path / "regles" / "ZZZ-999.md")
    assert perimees(tmp_path) == [first, second, "regles/ZZZ-999.md"]


def test_links_between_pages_exist() -> None:
    broken = [
        (page.relative_to(DOCS).as_posix(), target)
        for page in DOCS.rglob("*.md")
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []
