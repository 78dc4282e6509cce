"""A worksheet being written, in which the texts of others stay texts.

XlsxWriter keeps rich texts as XML in the same table as plain ones, and tells them apart by their
ends: a cell in which somebody typed « <r>…</r> » would be written as XML, and break the workbook.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_cpom.workbook.cell_limits import cut_text


class SafeSheet(Worksheet):  # type: ignore[misc]
    """A worksheet in which every text is written as a text."""

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        text = cut_text(string)
        code: int
        if text.startswith("<r>") and text.endswith("</r>"):
            looks = () if cell_format is None else (cell_format,)
            pieces = (text[:1], cell_format or Format(), text[1:], *looks)
            code = self._write_rich_string(row, col, *pieces)
        else:
            code = super()._write_string(row, col, text, cell_format)
        return code
