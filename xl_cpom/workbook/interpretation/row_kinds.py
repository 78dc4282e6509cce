"""What a line of a table is: a record, or a total, a title, headers pasted again, a note, nothing.

People add lines that are no record: subtotals, titles of sections, sources, legends, a signature,
a formula copied too far. A line is judged by what its cells are worth for the columns they stand
in. An identity that can be read makes it a record, whatever it lacks: its holes are then faults.
Without one, the cells that read as what their column declares speak for a record; a text that its
column cannot hold, or that reads as a label, speaks against it. Sums, errors and zeros of formulas
say nothing. In doubt the line is a record, since what is not read is not judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import fold
from xl_cpom.workbook.interpretation.coercion import CellReading, coerce
from xl_cpom.workbook.interpretation.coercion.codes import shape_of
from xl_cpom.workbook.interpretation.coercion.identifiers import looks_like_a_number
from xl_cpom.workbook.interpretation.row_cells import (
    WORD,
    is_label,
    is_lost,
    is_nothing,
    is_sum,
    is_total_label,
    number_in,
)
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.reader import RawCell
from xl_cpom.workbook.records import NON_LU

Cells = Mapping[str, RawCell]

_SHORTEST = 1_000_000
"""No identifier is written with fewer digits, whatever zeros it lost."""


class RowKind(Enum):
    """What a line is."""

    RECORD = "enregistrement"
    TOTAL = "total"
    HEADERS = "en-têtes"
    NOTE = "note"
    PHANTOM = "rien"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table: its cells by key, those of the columns nobody declared, its filled keys.

    `filled` are the entry columns that hold something, in the order of the sheet.
    """

    number: int
    cells: Cells
    others: tuple[RawCell, ...]
    filled: tuple[str, ...]


class RowReader:
    """Tells the kinds of the lines of one table."""

    def __init__(self, sheet: Sheet, reading: CellReading, headers: frozenset[str]) -> None:
        self._sheet = sheet
        self._reading = reading
        self._headers = headers
        self._numbered: dict[str, bool] = {}

    def kinds(self, lines: Sequence[TableLine], totals: frozenset[int]) -> dict[int, RowKind]:
        """The kind of each line. totals: the rows that the table itself declares as totals."""
        shapes = self._shapes(lines)
        self._numbered = self._numbering(lines)
        found = {line.number: self._kind(line, shapes, totals) for line in lines}
        self._begun_record(lines, found)
        self._pasted_totals(lines, found)
        self._end_of_the_sheet(lines, found)
        return found

    # --- one line

    def _kind(self, line: TableLine, shapes: Counter[str], totals: frozenset[int]) -> RowKind:
        if self._is_plain_record(line, shapes, totals):
            return RowKind.RECORD
        if self._headers_again(line):
            return RowKind.HEADERS
        sums = {key for key in line.filled if is_sum(line.cells[key])}
        alive = [key for key in line.filled if key not in sums and not is_nothing(line.cells[key])]
        identified = any(
            self._identifies(key, line.cells[key], shapes, alone=len(alive) == 1)
            for key in self._sheet.identity
            if key in alive and not is_total_label(line.cells[key])
        )
        worth = Counter(self._worth(key, line.cells[key]) for key in alive)
        if self._is_total(line, sums, alive, identified=identified, declared=line.number in totals):
            return RowKind.TOTAL
        if identified or self._is_broken(line):
            return RowKind.RECORD
        if not alive or self._only_formulas(line, alive):
            return RowKind.TOTAL if sums else RowKind.PHANTOM
        if self._is_labelled(line, alive):
            return RowKind.NOTE
        near, against, named = worth["near"], worth["misfit"], worth["required"]
        for_it = worth["fits"] + near / 2
        speaks = for_it + named / 2 > against if for_it >= 1 else not against and named > 1
        return RowKind.RECORD if speaks else RowKind.NOTE

    def _is_plain_record(
        self, line: TableLine, shapes: Counter[str], totals: frozenset[int]
    ) -> bool:
        """The common case, told fast: typed cells, an identity, no total declared there."""
        return (
            line.number not in totals
            and any(
                key in line.filled
                and not is_nothing(line.cells[key])
                and not is_total_label(line.cells[key])
                and self._identifies(key, line.cells[key], shapes, alone=len(line.filled) == 1)
                for key in self._sheet.identity
            )
            and all(line.cells[key].formula is None for key in line.filled)
        )

    def _is_broken(self, line: TableLine) -> bool:
        """Was it a record, of which a broken link or a formula never calculated hides the cells?

        A line of errors alone, without its identity, is a formula copied too far.
        """
        lost = [key for key in line.filled if is_lost(line.cells[key])]
        required = [column.key for column in self._sheet.columns if column.required]
        return bool(lost) and (
            any(key in lost for key in self._sheet.identity[:1])
            or (
                len(lost) < len(line.filled)
                and 4 * sum(key in lost for key in required) > len(required)
            )
        )

    def _is_labelled(self, line: TableLine, alive: Sequence[str]) -> bool:
        """Does it say what it is before numbers that people add up: « Rappel 2026 », 10, 12?"""
        first, rest = alive[0], alive[1:]
        text = line.cells[first].value
        return (
            isinstance(text, str)
            and is_label(text)
            and all(self._adds(key) and self._is_number(key, line.cells[key]) for key in rest)
        )

    def _headers_again(self, line: TableLine) -> bool:
        texts = [
            fold(cell.value).removesuffix(" *")
            for cell in (*line.cells.values(), *line.others)
            if isinstance(cell.value, str) and cell.value.strip()
        ]
        same = sum(text in self._headers for text in texts)
        return same > 1 and same * 2 > len(texts)

    def _is_total(
        self, line: TableLine, sums: set[str], alive: list[str], *, identified: bool, declared: bool
    ) -> bool:
        labels = [
            key
            for key in alive
            if is_total_label(line.cells[key], short=not sums and self._names(key))
        ]
        labelled = bool(labels) or any(is_total_label(cell) for cell in line.others)
        rest = [key for key in alive if key not in labels]
        numbers = [key for key in rest if self._adds(key)]
        others = [key for key in rest if key not in numbers]
        worth = [self._worth(key, line.cells[key]) for key in others]
        if identified and worth.count("fits") + worth.count("required") > 2:
            return False
        if declared:
            return True
        if labelled and not identified:
            most = 2 if numbers or sums else 0
            return worth.count("fits") <= most and "required" not in worth
        if identified:
            return bool(labels) and bool(sums) and not numbers
        return bool(sums) and not numbers and not others

    def _names(self, key: str) -> bool:
        """Is it a column where one writes what the record is: its name, its title?"""
        column = self._sheet[key]
        return column.required and _is_free(column) and key not in self._sheet.identity

    def _adds(self, key: str) -> bool:
        """Is it a column that people add up? A year is none."""
        kind = self._sheet[key].kind
        return kind.is_number and kind is not Kind.ANNEE

    def _is_number(self, key: str, cell: RawCell) -> bool:
        """Is it a number, also one that its column would refuse?"""
        return isinstance(cell.value, float) or self._worth(key, cell) == "fits"

    def _only_formulas(self, line: TableLine, alive: Sequence[str]) -> bool:
        """Is nothing typed, and hardly anything there: a formula copied down too far?"""
        if any(line.cells[key].formula is None for key in alive):
            return False
        required = [column.key for column in self._sheet.columns if column.required]
        return 4 * sum(key in alive for key in required) <= len(required)

    def _worth(self, key: str, cell: RawCell) -> str:
        """`fits`, `near` or `misfit` for its column; `required` or `free` where any text may be."""
        column = self._sheet[key]
        if _is_free(column):
            if isinstance(cell.value, str) and (
                is_label(cell.value) or (self._numbered.get(key) and not _has_digit(cell))
            ):
                return "misfit"
            return "required" if column.required else "free"
        read = coerce(cell, column, self._reading)
        if read.value is not NON_LU:
            return "fits"
        if isinstance(cell.value, str):
            if column.list_name is None and len(WORD.findall(cell.value)) > 2:
                return "misfit"  # a sentence, whatever number or date it holds
            if looks_like_a_number(cell.value, column.kind):
                return "near"
            near = any(remark.values.get("suggestion") for remark in read.remarks)
            return "near" if near else "misfit"
        if isinstance(cell.value, float) and column.kind.is_identifier:
            return "near" if abs(cell.value) >= _SHORTEST else "misfit"
        return "misfit" if column.kind is Kind.LISTING else "near"

    # --- identities

    def _identifies(
        self, key: str, cell: RawCell, shapes: Counter[str], *, alone: bool = False
    ) -> bool:
        """Does the cell name a record by itself? Alone on its line, words make it a title."""
        column = self._sheet[key]
        if column.kind in (Kind.TEXT, Kind.CODE):
            shape = _shape(cell)
            if shape == "" or (alone and _is_year(cell)):
                return False
            if isinstance(cell.value, float) and self._numbered.get(key) is False:
                return False  # a number among names
            lonely = max(shapes.values()) == 1 and self._is_like_the_others(key, cell, alone=alone)
            return shapes[shape] > 1 or lonely
        if column.kind in (Kind.DATE, Kind.ANNEE):
            return False
        if column.kind is Kind.LISTING and key != self._sheet.identity[0]:
            return False
        worth = self._worth(key, cell)
        titled = alone and isinstance(cell.value, str) and WORD.search(cell.value) is not None
        return worth == "fits" or (worth == "near" and not titled)

    def _is_like_the_others(self, key: str, cell: RawCell, *, alone: bool) -> bool:
        """Where no two identities are written alike: numbered as the fullest line is, no title."""
        text = cell.value if isinstance(cell.value, str) else ""
        titled = is_label(text) or (alone and WORD.search(text) is not None)
        return not titled and self._numbered.get(key) == _has_digit(cell)

    def _numbering(self, lines: Sequence[TableLine]) -> dict[str, bool]:
        """For each identity of free text, does that of the fullest line hold a digit?"""
        found: dict[str, bool] = {}
        for key in self._sheet.identity:
            holding = [line for line in lines if key in line.filled]
            if holding and self._sheet[key].kind in (Kind.TEXT, Kind.CODE):
                found[key] = _has_digit(max(holding, key=lambda n: len(n.filled)).cells[key])
        return found

    def _shapes(self, lines: Sequence[TableLine]) -> Counter[str]:
        """How the identities of the sheet are written, and how many are written so."""
        keys = [
            key for key in self._sheet.identity if self._sheet[key].kind in (Kind.TEXT, Kind.CODE)
        ]
        return Counter(
            shape
            for line in lines
            for key in keys
            if key in line.filled and (shape := _shape(line.cells[key]))
        )

    # --- what the other lines say of one

    def _begun_record(self, lines: Sequence[TableLine], found: dict[int, RowKind]) -> None:
        """A name alone right under the last record, with none after it, begins one more."""
        numbers = [line.number for line in lines if found[line.number] is RowKind.RECORD]
        for line in lines:
            if found[line.number] is RowKind.NOTE and line.number == max(numbers, default=-1) + 1:
                (first, *more) = line.filled
                worth = self._worth(first, line.cells[first])
                if not more and self._names(first) and worth == "required":
                    found[line.number] = RowKind.RECORD

    def _pasted_totals(self, lines: Sequence[TableLine], found: dict[int, RowKind]) -> None:
        """A line of bare numbers, each the sum of the records above: a total pasted as values."""
        above: list[TableLine] = []
        for line in lines:
            if found[line.number] is RowKind.RECORD:
                numbers = [key for key in line.filled if self._adds(key)]
                if numbers and len(numbers) == len(line.filled) and len(above) > 2:
                    sums = [
                        sum(number_in(other.cells.get(key)) for other in above) for key in numbers
                    ]
                    read = [number_in(line.cells[key]) for key in numbers]
                    if all(
                        abs(a - b) <= 1e-9 * max(1.0, abs(a))
                        for a, b in zip(sums, read, strict=True)
                    ):
                        found[line.number] = RowKind.TOTAL
                        continue
                above.append(line)

    def _end_of_the_sheet(self, lines: Sequence[TableLine], found: dict[int, RowKind]) -> None:
        """Under the last full record, a date or a number alone beside a note belongs to it."""
        full = [n.number for n in lines if found[n.number] is RowKind.RECORD and len(n.filled) > 1]
        last = max(full, default=0)
        notes = {n for n, kind in found.items() if kind is RowKind.NOTE and n > last}
        for line in lines:
            if found[line.number] is not RowKind.RECORD or line.number <= last:
                continue
            cell = line.cells[line.filled[0]]
            near = any(abs(line.number - n) <= 2 for n in notes)
            if (
                near
                and not isinstance(cell.value, str)
                and line.filled[0] not in self._sheet.identity[:1]
            ):
                found[line.number] = RowKind.NOTE


def _is_free(column: Column) -> bool:
    return column.kind.is_free_text and column.list_name is None


def _has_digit(cell: RawCell) -> bool:
    value = cell.value
    return isinstance(value, float) or (
        isinstance(value, str) and any(character.isdigit() for character in value)
    )


def _is_year(cell: RawCell) -> bool:
    """A year alone on its line is a title, where a reference is awaited."""
    return isinstance(cell.value, float) and 1990 <= cell.value <= 2100 and cell.value % 1 == 0


def _shape(cell: RawCell) -> str:
    """« A21 » -> « a9 », « 2026-BFC-0142 » -> « 9-aaa-9 »; "" when it is no reference."""
    value = cell.value
    if isinstance(value, float):
        return "9"
    return shape_of(value) if isinstance(value, str) and not is_total_label(cell) else ""
