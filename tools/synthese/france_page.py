"""The figures of a run over all France, put in a page by the command that printed them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xl_cpom.typography import number_text, typeset

BEGIN, END = "<!-- france : début -->", "<!-- france : fin -->"


def put_in_page(page: Path, table: Mapping[str, float]) -> None:
    """Replace what stands between the two marks of a page. Raises ValueError without them."""
    text = page.read_text("utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{page} : {BEGIN} et {END} attendus, une fois chacun")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    rows = [f"| {name} | {shown(value)} |" for name, value in table.items()]
    said = typeset("\n".join(("| mesure | valeur |", "|---|---|", *rows)))
    page.write_text(f"{before}{BEGIN}\n\n{said}\n\n{END}{after}", "utf-8")


def shown(value: float) -> str:
    """A figure as it is printed."""
    return number_text(round(value, 2))
