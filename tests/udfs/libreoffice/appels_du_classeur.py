"""What the core answers for the CPOM cells of a workbook, from the values its file holds.

Reads the few shapes the standard workbook writes: a call alone, or inside IFNA, IFERROR, IF, after
a test that leaves the cell blank. Arguments are constants, table columns, cells of the same row
and names. A formula of another shape is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from xl_cpom.functions import invoke
from xl_cpom.workbook.reader import ExcelError, RawSheet, RawTable, RawWorkbook

TEXT = r'"((?:[^"]|"")*)"'
COLUMN = r"(\w+)\[((?:[^\[\]]|'.)+)\]"
CELL = r"(\w+)\[\[#This Row\],\[((?:[^\[\]]|'.)+)\]\]"
CALL = re.compile(r"(CPOM_\w+)\(")
SHAPES = (
    re.compile(r"^@$"),
    re.compile(r'^_xlfn\.IFNA\(@,"(?P<sinon>[^"]*)"\)$'),
    re.compile(r'^IFERROR\(@,"(?P<sinon>[^"]*)"\)$'),
    re.compile(r'^IF\(@,"(?P<vrai>[^"]*)","(?P<faux>[^"]*)"\)$'),
)
"""What stands around the call, itself written @."""

EMPTY = re.compile(rf'^IF\((?P<test>(?:OR\()?{CELL}=""(?:,{CELL}=""\))?),"",(?P<reste>.*)\)$')


class IllisibleError(ValueError):
    """An argument this module does not read."""


def arguments(formula: str, start: int) -> tuple[list[str], int]:
    """Arguments of the call whose parenthesis is open at `start`, and where it ends."""
    found, depth, quoted = [""], 0, False
    for place in range(start, len(formula)):
        letter = formula[place]
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "([":
            depth += 1
        elif not quoted and letter in ")]":
            if depth == 0:
                return found, place + 1
            depth -= 1
        if letter == "," and depth == 0 and not quoted:
            found.append("")
        else:
            found[-1] += letter
    raise IllisibleError(formula)


class Classeur:
    """A workbook read, its tables and names by name."""

    def __init__(self, raw: RawWorkbook) -> None:
        self.raw = raw
        self.sheets = {sheet.name: sheet for sheet in raw.sheets}
        self.tables = {t.name: (sheet, t) for sheet in raw.sheets for t in sheet.tables}
        self.names = {name.name: name.text for name in raw.defined_names}

    def reponses(self) -> Iterator[tuple[tuple[str, int, int], Any]]:
        """(sheet, row, column) → what the core says the cell shows."""
        for sheet in self.raw.sheets:
            for (row, column), cell in sheet.cells.items():
                if cell.formula and "CPOM_" in cell.formula:
                    try:
                        yield (sheet.name, row, column), self._answer(cell.formula, row)
                    except IllisibleError:
                        continue

    def _answer(self, formula: str, row: int) -> Any:
        blank = EMPTY.match(formula)
        if blank:
            cells = re.findall(CELL, blank["test"])
            if any(self._cell(table, name, row) in (None, "") for table, name in cells):
                return ""
            formula = blank["reste"]
        call = CALL.search(formula)
        assert call is not None
        args, end = arguments(formula, call.end())
        around = f"{formula[: call.start()]}@{formula[end:]}"
        found = next((m for m in (form.match(around) for form in SHAPES) if m), None)
        if found is None:
            raise IllisibleError(formula)
        value = invoke(call[1], [self._argument(a, row) for a in args if a])
        return self._envelope(value, found.groupdict())

    @staticmethod
    def _envelope(value: Any, parts: dict[str, Any]) -> Any:
        if "vrai" in parts:
            return {True: parts["vrai"], False: parts["faux"]}[value]
        return parts["sinon"] if "sinon" in parts and value == "#N/A" else value

    def _argument(self, text: str, row: int) -> Any:
        if found := re.fullmatch(TEXT, text):
            return found[1].replace('""', '"')
        if found := re.fullmatch(CELL, text):
            return self._cell(found[1], found[2], row)
        if found := re.fullmatch(COLUMN, text):
            sheet, table = self.tables[found[1]]
            column = _column(table, found[2])
            first = table.ref.row1 + table.header_rows
            return [[_value(sheet, r, column)] for r in range(first, table.ref.row2 + 1)]
        if text in self.names:
            sheet_name, _, place = self.names[text].partition("!")
            letters, digits = re.fullmatch(r"\$([A-Z]+)\$(\d+)", place).groups()
            sheet = self.sheets[sheet_name.strip("'")]
            return _value(sheet, int(digits), _numero(letters))
        raise IllisibleError(text)

    def _cell(self, table: str, column: str, row: int) -> Any:
        sheet, found = self.tables[table]
        return _value(sheet, row, _column(found, column))


def _column(table: RawTable, name: str) -> int:
    return table.ref.col1 + table.columns.index(re.sub(r"'(.)", r"\1", name))


def _value(sheet: RawSheet, row: int, column: int) -> Any:
    cell = sheet.cells.get((row, column))
    value = None if cell is None else cell.value
    return value.code if isinstance(value, ExcelError) else value


def _numero(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
