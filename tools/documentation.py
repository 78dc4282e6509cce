"""Generate the pages of `docs/` that come from the code: rules, indicators, functions, sheets,
glossary.

`python -m tools.documentation` writes them; `--verifier` only says which ones are out of date (a
test does the same). What is generated is committed, so that it can be read without any tool.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.couverture import page_de_la_couverture
from tools.pages_complements import page_des_complements
from tools.pages_feuilles import sheet_pages
from tools.pages_fonctions import function_pages
from tools.pages_glossaire import pages_du_glossaire
from tools.pages_indicateurs import indicateur_pages
from tools.pages_messages import page_des_messages
from tools.pages_regles import rule_pages
from tools.pages_sources import page_des_sources

DOCS = Path(__file__).resolve().parent.parent / "docs"

GENERE = "<!-- Page produite par « make docs » d'après le code : ne pas modifier à la main. -->\n\n"


GENERATORS = (
    rule_pages,
    page_de_la_couverture,
    indicateur_pages,
    function_pages,
    page_des_complements,
    sheet_pages,
    pages_du_glossaire,
    page_des_sources,
    page_des_messages,
)


def pages() -> Mapping[str, str]:
    """Every generated page: path under docs/ -> Markdown."""
    return dict(_pages())


def _pages() -> Iterator[tuple[str, str]]:
    for generator in GENERATORS:
        for path, text in generator():
            yield path, GENERE + text.rstrip() + "\n"


def perimees(docs: Path = DOCS) -> list[str]:
    """Pages that differ from what the code says, pages that should no longer exist included."""
    wanted = pages()
    stale = [
        path
        for path, text in wanted.items()
        if not (docs / path).is_file() or (docs / path).read_text(encoding="utf-8") != text
    ]
    for folder in {Path(path).parent for path in wanted}:
        for found in sorted((docs / folder).glob("*.md")):
            path = found.relative_to(docs).as_posix()
            if path not in wanted and GENERE.strip() in found.read_text(encoding="utf-8"):
                stale.append(path)
    return stale


def write(docs: Path = DOCS) -> None:
    """Write the pages, remove those the code no longer knows."""
    wanted = pages()
    for path in perimees(docs):
        if path not in wanted:
            (docs / path).unlink()
    for path, text in wanted.items():
        target = docs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Command line of the tool."""
    if "--verifier" not in sys.argv[1:]:
        write()
        return
    stale = perimees()
    for path in stale:
        print(f"à régénérer : docs/{path}")
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
