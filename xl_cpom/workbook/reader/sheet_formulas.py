"""The formulas of one sheet: normal, shared, array and data table."""

from __future__ import annotations

from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.model import ArrayFormula, RawSheet
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import parse_rect
from xl_cpom.workbook.reader.shared_formulas import SharedFormula
from xl_cpom.workbook.reader.xml import Attributes


class SheetFormulas:
    """Turns each `<f>` into the formula its cell reads."""

    def __init__(self, reading: PackageReading, sheet: RawSheet) -> None:
        self.arrays: list[ArrayFormula] = []
        self._reading = reading
        self._sheet = sheet
        self._shared: dict[str, SharedFormula] = {}
        self._orphans: dict[tuple[int, int], str] = {}

    def resolve(self, row: int, col: int, text: str, attributes: Attributes) -> str:
        """The formula of a cell; empty for a shared formula that has not been met (yet)."""
        if text:
            text = decode(text)
            self._reading.text.spend(text)
        if not attributes:
            return text
        kind = attributes.get("t")
        if kind == "shared":
            return self._resolve_shared(row, col, text, attributes)
        if kind == "array":
            rect = parse_rect(attributes.get("ref", ""))
            if rect is not None:
                self._reading.count_ranges(1)
                self.arrays.append(ArrayFormula(row, col, rect))
        elif kind == "dataTable" and not text:
            return f"TABLE({attributes.get('r1', '')},{attributes.get('r2', '')})"
        return text

    def finish(self) -> None:
        """Give their formula to the cells that came before the one that holds it."""
        cells = self._sheet.cells
        for (row, col), index in self._orphans.items():
            shared = self._shared.get(index)
            if shared is None:
                self._reading.remarks.add("CEL-FORMULE", self._sheet.name, (row, col), index)
                continue
            cell = cells.get((row, col))
            if cell is not None and cell.formula == "":
                cells[row, col] = cell._replace(formula=self._translate(shared, row, col))

    def _resolve_shared(self, row: int, col: int, text: str, attributes: Attributes) -> str:
        index = attributes.get("si", "")
        if text:
            if "ref" in attributes or index not in self._shared:
                self._reading.count_ranges(1)
                self._shared[index] = SharedFormula(text, row, col)
            return text
        shared = self._shared.get(index)
        if shared is None:
            self._orphans[row, col] = index
            return ""
        return self._translate(shared, row, col)

    def _translate(self, shared: SharedFormula, row: int, col: int) -> str:
        text = shared.at(row, col)
        if text is not shared.text:
            self._reading.text.spend(text)
        return text
