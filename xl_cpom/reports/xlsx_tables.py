"""Tables of a report in an xlsx: one place where a text becomes a cell, never a formula.

XlsxWriter would turn « =1+1 » into a formula and « http://… » into a link: only `write_string` and
`write_number` are used here, and links are built from cells that were recognised as addresses.
Same reports, same bytes: no clock in the properties.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import xlsxwriter

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports import harmless
from xl_cpom.workbook.safe_sheet import SafeSheet

Cellule = str | float | int | None

CREATION = dt.datetime(2026, 1, 1)
MAX_ROWS = 1_048_575
MAX_LINKS = 60_000
"""Excel opens no more than 65 530 links on a sheet."""

ROW_HEIGHT, MAX_HEIGHT = 15.0, 405.0
NET = {"bottom": 1, "bottom_color": "#D3D9E2"}
HEADER = {"bold": True, "bg_color": "#17496B", "font_color": "#FFFFFF", "border": 1}

_ADRESSE = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_CLASSEUR_NAME = re.compile(r"[\w\-. ()'’]{1,120}\.xls[xm]")
_TAB_NAME = re.compile(r"[^\[\]:*?/\\#\x00-\x1f]{1,31}")


@dataclass(frozen=True, slots=True)
class XlsxColumn:
    """One column: its header, its width in characters, the Excel format of its numbers."""

    title: str
    width: float = 14
    format: str = ""


class XlsxBook:
    """A workbook being written in memory."""

    def __init__(self, titre: str) -> None:
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._out,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.worksheet_class = SafeSheet
        self._book.set_properties({"title": titre, "author": "xl_cpom", "created": CREATION})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **properties: Any) -> Any:
        """The cell format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"valign": "top", "text_wrap": True, **NET, **properties}
            )
        return self._formats[key]

    def table(
        self,
        tab: str,
        nom: str,
        colonnes: Sequence[XlsxColumn],
        lignes: Sequence[Sequence[Cellule]],
        *,
        liens: dict[tuple[int, int], str] | None = None,
        avertissement: str = "",
        choix: Mapping[int, Sequence[str]] | None = None,
    ) -> None:
        """One sheet holding one Excel table with filters, its first row frozen.

        liens: (row, column) of `lignes` -> address of a link; choix: rank of a column -> what a
        drop-down offers there. Rows that Excel cannot hold are
        counted in a last line rather than lost without a word.
        """
        sheet = self._book.add_worksheet(tab)
        rows = list(lignes)
        if len(rows) > MAX_ROWS - 2:
            left = len(rows) - (MAX_ROWS - 2)
            avertissement = f"{left} lignes de plus n'ont pas pu être écrites ici."
            rows = rows[: MAX_ROWS - 2]
        sheet.set_row(0, 2 * ROW_HEIGHT)
        for rank, column in enumerate(colonnes):
            sheet.set_column(rank, rank, column.width)
        for index, row in enumerate(rows, 1):
            sheet.set_row(index, _height(row, colonnes))
            for rank, value in enumerate(row):
                self.write(sheet, index, rank, value, colonnes[rank].format)
                link = (liens or {}).get((index - 1, rank))
                if link is not None and isinstance(value, str):
                    sheet.write_url(
                        index, rank, link, self.style(font_color="#17496B", underline=1), value
                    )
        last = max(len(rows), 1)
        for rank, offered in (choix or {}).items():
            sheet.data_validation(
                1, rank, last, rank, {"validate": "list", "source": list(offered)}
            )
        sheet.add_table(
            0,
            0,
            last,
            len(colonnes) - 1,
            {
                "name": nom,
                "style": "Table Style Light 9",
                "columns": [
                    {"header": c.title, "header_format": self.style(**HEADER)} for c in colonnes
                ],
            },
        )
        if avertissement:
            note = self.style(italic=True, text_wrap=False, bottom=0)
            sheet.write_string(last + 2, 0, harmless.cellule(avertissement), note)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def fiche(
        self,
        tab: str,
        largeurs: Sequence[float],
        lignes: Sequence[Sequence[Cellule]],
        *,
        heads: Sequence[int],
        titles: Sequence[int],
    ) -> None:
        """One sheet of lines to be copied, without a table.

        heads: rows that are headers; titles: rows whose first cell is a title.
        """
        sheet = self._book.add_worksheet(tab)
        columns = [XlsxColumn("", width) for width in largeurs]
        for rank, width in enumerate(largeurs):
            sheet.set_column(rank, rank, width)
        for index, row in enumerate(lignes):
            sheet.set_row(index, _height(row, columns[: len(row)]) if row else ROW_HEIGHT)
            for rank, value in enumerate(row):
                bold = index in titles and rank == 0
                if isinstance(value, str) and value and (bold or index in heads):
                    look = HEADER if index in heads else {"bold": True, "bottom": 0}
                    sheet.write_string(index, rank, harmless.cellule(value), self.style(**look))
                else:
                    self.write(sheet, index, rank, value, "#,##0.##")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def write(self, sheet: Any, row: int, column: int, value: Cellule, number: str) -> None:
        """The choke point: text as text, finite number as number, nothing for None."""
        if isinstance(value, str):
            sheet.write_string(row, column, harmless.cellule(value), self.style())
        elif value is not None and math.isfinite(value):
            style = self.style(num_format=number) if number else self.style()
            sheet.write_number(row, column, value, style)

    def content(self) -> bytes:
        """The file; nothing can be written afterwards."""
        self._book.close()
        return self._out.getvalue()


def _height(row: Sequence[Cellule], columns: Sequence[XlsxColumn]) -> float:
    """Height of a row whose texts wrap, in points: LibreOffice does not work it out on opening."""
    lines = max(
        math.ceil(len(value) / column.width) if isinstance(value, str) else 1
        for value, column in zip(row, columns, strict=True)
    )
    return min(max(lines, 1) * ROW_HEIGHT, MAX_HEIGHT)


def link_cell(fichier: str, tab: str, cellule: str) -> str | None:
    """Link to a cell of the workbook checked, which stands beside the report; None when unsafe.

    Only a plain file name makes a link: never a path, a network share, nor an Internet address.
    """
    if PurePosixPath(fichier).name != fichier or not _CLASSEUR_NAME.fullmatch(fichier):
        return None
    if harmless.propre(tab) != tab or not _TAB_NAME.fullmatch(tab):
        return None
    if not _ADRESSE.fullmatch(cellule):
        return None
    quoted = tab.replace("'", "''")
    return f"external:{fichier}#'{quoted}'!{cellule}"
