"""One page for the sheets of the standard workbook: every column, from its declaration."""

from __future__ import annotations

from collections.abc import Iterator

from tools.markdown import cellule
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.model import Column, Sheet
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT


def sheet_pages() -> Iterator[tuple[str, str]]:
    """(path, Markdown) of the page."""
    lines = [
        "# Le classeur standard",
        "",
        f"Version {VERSION_GABARIT} du modèle : {len(SHEETS)} feuilles de données. "
        "Les colonnes marquées d'un astérisque sont obligatoires sur chaque ligne commencée.",
        "",
    ]
    for sheet in SHEETS.values():
        lines += _sheet(sheet)
    yield "classeur/index.md", "\n".join(lines)


def _sheet(sheet: Sheet) -> list[str]:
    return [
        f"## {sheet.name}",
        "",
        sheet.purpose,
        "",
        f"Source : {load_referentiel().cite(sheet.guide)}." if sheet.guide else "",
        "",
        "| Colonne | Type | Ce qu'on y met |",
        "|---|---|---|",
        *(_column(column) for column in sheet.columns),
        "",
    ]


def _column(column: Column) -> str:
    mark = " *" if column.required else ""
    kind = "calculée" if column.formula is not None else column.kind.value
    return f"| {cellule(column.header)}{mark} | {kind} | {cellule(column.help)} |"
