"""A workbook made again from the ranges that Excel shows, where it does not hand over its file.

Values, formulas with their results, and the formats by which a number is a date: what the control
reads. Drop-downs, notes and merged cells are not in ranges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ERRORS = ("#N/A", "#VALUE!", "#NUM!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!")
"""As Office.js gives them, whatever the language of Excel."""

LOST_HERE = ("STR-052", "STR-055")
"""Findings about tables and drop-downs, which ranges do not show: they accuse nobody here."""

Ranges = Sequence[Mapping[str, Any]]
"""One object a sheet: `nom`, `ligne` and `colonne` of its first cell (from 0), and, row by row,
`valeurs`, `formules` and `formats`, as `Range.values`, `.formulas` and `.numberFormat`."""


def write_ranges(sheets: Ranges, path: Path) -> None:
    """Write the sheets as a workbook, in their order."""
    from xlsxwriter import Workbook

    with Workbook(path) as book:
        formats: dict[str, Any] = {"General": None}
        for sheet in sheets:
            tab = book.add_worksheet(sheet["nom"])
            for row, line in enumerate(sheet["valeurs"], sheet["ligne"]):
                at = row - sheet["ligne"]
                formulas, codes = sheet["formules"][at], sheet["formats"][at]
                for col, value in enumerate(line):
                    code = str(codes[col])
                    if code not in formats:
                        formats[code] = book.add_format({"num_format": code})
                    _write(tab, (row, sheet["colonne"] + col), formulas[col], value, formats[code])


def _write(tab: Any, place: tuple[int, int], formula: Any, value: Any, look: Any) -> None:
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        tab.write_formula(*place, formula, look, value)
    elif isinstance(value, bool):
        tab.write_boolean(*place, value, look)
    elif isinstance(value, int | float):
        tab.write_number(*place, value, look)
    elif value in ERRORS:
        tab.write_formula(*place, f"={value}", look, value)
    elif value not in ("", None):
        tab.write_string(*place, str(value), look)
