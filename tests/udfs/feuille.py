"""The calls of the table in a workbook, with the hidden lists that CPOM_LIBELLE reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.indicators.classeur import Feuille
from xl_cpom.functions import is_error
from xl_cpom.functions.labels import block, nomenclatures

from .cases import EMPTY


def feuille(path: Path) -> Feuille:
    """A workbook for calls, its nomenclatures in the sheet « Listes »."""
    sheet = Feuille(path)
    lists = sheet.book.add_worksheet("Listes")
    for number, (name, table) in enumerate(nomenclatures().items()):
        column = 2 * number
        for row, (code, label) in enumerate(table.items(), start=1):
            lists.write_string(row, column, code)
            lists.write_string(row, column + 1, label)
        left, right = _column(column), _column(column + 1)
        sheet.book.define_name(block(name), f"=Listes!${left}$2:${right}${len(table) + 1}")
    return sheet


def compute(sheet: Feuille, text: str, rows: int) -> int:
    """Write a formula whose answer takes `rows` cells; number of its first row, from 1."""
    if rows == 1:
        return sheet.compute(text)
    first = sheet.row
    sheet.formules.write_dynamic_array_formula(first, 0, first + rows - 1, 0, "=" + text)
    sheet.row += rows
    return first + 1


def _column(index: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index]


def texts(sheet: Feuille, args: tuple[Any, ...], *, constants: bool = False) -> list[str]:
    """Write the arguments of a call, return the text of each; texts as constants if asked."""
    found = []
    for rank, value in enumerate(args):
        if value is None:
            found.append("")
        elif constants and isinstance(value, str) and not is_error(value):
            found.append('"' + value.replace('"', '""') + '"')
        else:
            data: Mapping[str, Any] = {str(rank): None if value is EMPTY else value}
            vectors = [str(rank)] if isinstance(value, list) else []
            found.append(sheet.put(data, vectors)[str(rank)])
    return found
