"""The sheet « Non repris »: one line per content without a place, and where it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from xl_cpom.typography import fold
from xl_cpom.workbook.cell_limits import cut_text
from xl_cpom.workbook.reader import RawSheet
from xl_cpom.workbook.template import sheet_page
from xl_cpom.workbook.template.looks import DATE, NAVY, RULE, WHITE, TemplateStyles
from xl_cpom.workbook.template.measure import height, lines
from xl_cpom.workbook.transfer.cell_values import is_writable
from xl_cpom.workbook.transfer.origin import contenu
from xl_cpom.workbook.transfer.outcome import NotTransferred

NOM = "Non repris"
OBJET = (
    "Ce que l'ancien classeur contenait et qui n'a pas de place dans celui-ci. Reportez ce qui "
    "doit l'être, puis supprimez cette feuille avant de transmettre le classeur."
)
HEADERS = ("Feuille", "Cellule", "Colonne", "Ligne concernée", "Contenu", "Formule", "Pourquoi")
HEADERS_AT = 5
_MOST_LINES = 25
_WIDTHS = (26.0, 10.0, 24.0, 30.0, 60.0, 40.0, 46.0)


def write(workbook: Any, lignes: Sequence[NotTransferred], organisme: str, libelle: str) -> None:
    """Add the sheet to a workbook being written; there is none when nothing was left aside."""
    if not lignes:
        return
    styles = TemplateStyles(workbook)
    tab = workbook.add_worksheet(NOM)
    sheet_page.head(tab, styles, NOM, OBJET, organisme)
    header = styles(bold=True, bg_color=NAVY, font_color=WHITE, valign="vcenter")
    for col, (text, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
        tab.set_column(col, col, width)
        tab.write_string(HEADERS_AT - 1, col, text, header)
    body = {"text_wrap": True, "valign": "top", "align": "left", "border": 1, "border_color": RULE}
    looks = {
        "texte": styles(**body),
        "date": styles(num_format=DATE, **body),
        "instant": styles(num_format=f"{DATE} hh:mm", **body),
    }
    row = HEADERS_AT
    for this_row in lignes:
        for part in _parts(this_row.content):
            _write(tab, row, this_row, part, looks)
            row += 1
    tab.autofilter(HEADERS_AT - 1, 0, row - 1, len(HEADERS) - 1)
    tab.freeze_panes(HEADERS_AT, 0)
    sheet_page.print_setup(tab, organisme, libelle)
    tab.repeat_rows(HEADERS_AT - 1)


def _parts(content: Any) -> Iterator[Any]:
    """A text too long for a cell takes several lines."""
    if not isinstance(content, str):
        yield content
        return
    text = is_writable(content)
    while True:
        part = cut_text(text)
        yield part
        text = text[len(part) :]
        if not text:
            return


def _write(tab: Any, row: int, this_row: NotTransferred, part: Any, looks: dict[str, Any]) -> None:
    texts = (this_row.sheet, this_row.cell, this_row.column, this_row.record, part,
             this_row.formula, this_row.reason)  # fmt: skip
    tallest = max(
        lines(text, width)
        for text, width in zip(texts, _WIDTHS, strict=True)
        if isinstance(text, str)
    )
    tab.suggest_height(row, height(min(tallest, _MOST_LINES)))
    for col, text in enumerate(texts):
        if isinstance(text, bool):
            tab.write_boolean(row, col, text, looks["texte"])
        elif isinstance(text, dt.datetime):
            whole = text.time() == dt.time()
            tab.write_datetime(row, col, text, looks["date" if whole else "instant"])
        elif isinstance(text, int | float):
            tab.write_number(row, col, text, looks["texte"])
        elif text:
            tab.write_string(row, col, cut_text(is_writable(str(text))), looks["texte"])
        else:
            tab.write_blank(row, col, None, looks["texte"])


def is_our_sheet(tab: RawSheet) -> bool:
    """Is this tab a sheet « Non repris » of a former transfer?"""
    if fold(tab.name) != fold(NOM):
        return False
    cells = (tab.cells.get((HEADERS_AT, col)) for col in range(1, len(HEADERS) + 1))
    return tuple(cell and cell.value for cell in cells) == HEADERS


def read_sheet_again(tab: RawSheet, date1904: bool) -> Iterator[NotTransferred]:
    """The lines of a former transfer, carried over with their first origin."""
    rows = sorted({row for row, _ in tab.cells if row > HEADERS_AT})
    for row in rows:
        cells = [tab.cells.get((row, col)) for col in range(1, len(HEADERS) + 1)]
        texts = ["" if cell is None or cell.value is None else str(cell.value) for cell in cells]
        content = cells[4] and contenu(cells[4], date1904)
        yield NotTransferred(
            texts[0], texts[1], content or "", texts[6], texts[2], texts[3], texts[5]
        )
    known = {(row, col) for row in rows for col in range(1, len(HEADERS) + 1)}
    for place, cell in sorted(tab.cells.items()):
        if place[0] > HEADERS_AT and place not in known and cell.value is not None:
            yield NotTransferred(
                tab.name, cell.ref, contenu(cell, date1904), "texte ajouté à la main"
            )
