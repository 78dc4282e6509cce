"""What the trade asks to check in a return, rule by rule: the page that says what does it.

The list is in `couverture.toml`; a test refuses a code that no longer exists, and a demand that no
rule answers and no reason explains.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.markdown import cellule
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import FAMILIES, RULES

LISTING = Path(__file__).with_name("couverture.toml")


@dataclass(frozen=True)
class Request:
    """One thing to check: the rules that do, or the reason why none does (or not wholly)."""

    id: str
    demande: str
    regles: Sequence[str]
    raison: str = ""


def requests() -> Mapping[str, Sequence[Request]]:
    """What is asked, by chapter."""
    with LISTING.open("rb") as stream:
        given = tomllib.load(stream)
    return {chapter: [Request(**one) for one in wanted] for chapter, wanted in given.items()}


def page_de_la_couverture() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the page."""
    wanted = requests()
    listed = [one for chapter in wanted.values() for one in chapter]
    answered = [one for one in listed if one.regles]
    lines = [
        "# Ce qui doit être contrôlé, et la règle qui le fait",
        "",
        f"{len(listed)} contrôles demandés ; {len(answered)} ont au moins une règle. Pour les "
        "autres, et là où une règle n'en fait qu'une partie, la raison est dite.",
        "",
    ]
    for chapter, some in wanted.items():
        lines += [f"## {chapter}", "", "| | À contrôler | Règles |", "|---|---|---|"]
        lines += [_row(one) for one in some] + [""]
    yield "regles/couverture.md", typeset("\n".join([*lines, *_au_dela(listed)]))


def _row(one: Request) -> str:
    links = ", ".join(_link(code) for code in one.regles)
    answer = " ".join(part for part in (links + "." if links else "", one.raison) if part)
    return f"| {one.id} | {cellule(one.demande)} | {cellule(answer)} |"


def _link(code: str) -> str:
    return f"[{code}]({code}.md)"


def _au_dela(listed: Sequence[Request]) -> Iterator[str]:
    """The rules that nobody had asked for, by family."""
    asked = {code for one in listed for code in one.regles}
    more = [rule for rule in RULES.values() if rule.code not in asked]
    yield from ("## Au-delà", "", f"{len(more)} autres règles :", "")
    for family, (_, name) in FAMILIES.items():
        codes = ", ".join(_link(rule.code) for rule in more if rule.family == family)
        if codes:
            yield f"- {name} : {codes}"
