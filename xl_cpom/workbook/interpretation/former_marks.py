"""The marks of a previous control, left in the workbook that comes back.

A copy is annotated, corrected, sent: its pink cells, its notes and the lines of « Contrôles » still
speak of what was wrong. They are no fault; who opens the workbook must know that they are old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.reader import RawSheet, RawWorkbook
from xl_cpom.workbook.tabs import CONTROLES, CONTROLES_COLUMNS

_CODE = re.compile(r"[A-Z]{2,3}-\d{3}", re.ASCII)
"""What a listed line holds under the header « Code »."""


def former_marks(raw: RawWorkbook) -> Iterator[Notice]:
    """The one remark about the lines that a previous control has left."""
    for tab in raw.sheets:
        if fold(tab.name).startswith(fold(CONTROLES)) and (lines := _listed(tab)):
            yield Notice("STR-065", tab.name, values={"nombre": lines})
            return


def _listed(tab: RawSheet) -> int:
    """How many findings a tab « Contrôles » lists under its header."""
    header = fold(CONTROLES_COLUMNS["code"])
    heads = [place for place, cell in tab.cells.items()
             if isinstance(cell.value, str) and fold(cell.value) == header]  # fmt: skip
    if not heads:
        return 0
    row, col = min(heads)
    return sum(
        isinstance(cell.value, str) and _CODE.fullmatch(cell.value.strip()) is not None
        for (other, column), cell in tab.cells.items()
        if other > row and column == col
    )
