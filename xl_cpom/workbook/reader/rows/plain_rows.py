"""The grammar of a plain row: known attributes in their usual order, values, plain formulas.

See `skim` for what becomes of the rows that follow it and of those that do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.raw_cells import NumberFormat, RawCell, Value
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import COLUMNS, MAX_ROW
from xl_cpom.workbook.reader.rows.alike_rows import AlikeRows
from xl_cpom.workbook.reader.rows.row_state import RowState
from xl_cpom.workbook.reader.skim import plain_text
from xl_cpom.workbook.reader.stored_values import to_value

_ROW = re.compile(
    r'<row r="([1-9][0-9]{0,6})"(?: spans="[0-9: ]*")?(?: s="[0-9]*")?'
    r'(?: customFormat="[a-z01]*")?(?: ht="[0-9.]*")?(?: hidden="([a-z01]*)")?'
    r'(?: customHeight="[a-z01]*")?(?: outlineLevel="[0-9]")?(?: collapsed="[a-z01]*")?'
    r'(?: thickTop="[a-z01]*")?(?: thickBot="[a-z01]*")?>'
)
_HEAD = re.compile(r'(?: s="(0|[1-9][0-9]{0,4})")?(?: t="(n|s|str|b|e)")?(/>|></c>|>)')
_LONG = 64  # characters per cell from which a row's text is counted
_MEMO = 20_000  # spellings remembered, of heads and of indexes of strings

_Head = tuple[str, NumberFormat, str | None]


class PlainRows:
    """Takes the plain rows of a workbook's sheets; what it learns of one serves the next."""

    def __init__(self, reading: PackageReading) -> None:
        self._reading = reading
        self._heads: dict[str, _Head] = {}
        self._strings = {str(i): text for i, text in enumerate(reading.strings[:_MEMO])}

    def taker(
        self, cells: dict[tuple[int, int], RawCell], state: RowState
    ) -> Callable[[str], bool]:
        """A function that takes one row without its end tag, or says that it is not plain."""
        heads, strings, columns = self._heads, self._strings, COLUMNS
        learn, find_string = self._learn, self._find_string
        reading, new_cell = self._reading, tuple.__new__
        alike = AlikeRows(cells, state)

        def take(text: str) -> bool:
            if alike.take(text):
                return True
            start, *pieces = text.split('<c r="')
            opening = _ROW.fullmatch(start)
            if opening is None or state.disorder:
                return False
            row_text = opening[1]
            row = int(row_text)
            if not state.last_row < row <= MAX_ROW:
                return False
            if len(text) - len(start) > _LONG * len(pieces):
                reading.text.spend(text)
            plain_numbers = text.isascii() and "_" not in text
            row_quote = row_text + '"'
            kept = len(cells)
            col = 0
            for piece in pieces:
                letters, _, rest = piece.partition(row_quote)
                at = columns.get(letters, 0)
                if at <= col:
                    break
                col = at
                head, mark, rest = rest.partition("<v>")
                known = heads.get(head) or learn(head)
                if known is None:
                    break
                kind, format_, formula = known
                if not kind:
                    if mark:
                        break
                    continue
                value_text, end, more = rest.partition("</v></c>")
                if more or not end:
                    break
                value: Value
                if kind == "n":
                    try:
                        value = float(value_text)
                    except ValueError:
                        break
                    if value - value != 0.0 or not (plain_numbers or _is_number(value_text)):
                        break
                elif kind == "s":
                    value = strings.get(value_text)
                    if value is None:
                        value = find_string(value_text)
                        if value is None:
                            break
                    value_text = value
                else:
                    plain = plain_text(value_text)
                    if plain is None or not (plain or kind == "str"):
                        break
                    value_text, value, code = to_value(reading, kind, plain)
                    if code is not None:
                        break
                cells[row, col] = new_cell(
                    RawCell, (row, col, kind, value_text, value, formula, True, format_)
                )
            else:
                state.take(row, len(pieces) + 1, opening[2])
                alike.remember(text, row_text, len(pieces) + 1, kept, opening[2])
                return True
            while len(cells) > kept:
                cells.popitem()
            return False

        return take

    def _learn(self, head: str) -> _Head | None:
        """Type, format and formula told by what stands between a cell's reference and its value.

        The type is empty for a cell without value. The formulas of a table's column are one text,
        which is worth remembering; those that name cells are all different.
        """
        before, has_formula, inside = head.partition("<f")
        match = _HEAD.fullmatch(before)
        style, formats = int(match[1] or 0) if match else 0, self._reading.formats
        if match is None or style >= len(formats):
            return None
        kind = (match[2] or "n") if match[3] == ">" else ""
        formula = _plain_formula(inside) if has_formula else None
        if has_formula and not (kind and formula):
            return None
        known = (kind, formats[style], formula)
        if len(self._heads) < _MEMO and (formula is None or "[" in formula):
            self._heads[head] = known
        return known

    def _find_string(self, index: str) -> str | None:
        """The shared string of that index, as spelled in the sheet."""
        strings = self._reading.strings
        if not (index.isascii() and index.isdigit() and len(index) < 10):
            return None
        return strings[int(index)] if int(index) < len(strings) else None


def _is_number(text: str) -> bool:
    return text.isascii() and "_" not in text


def _plain_formula(text: str) -> str | None:
    """The formula of `>SUM(A1:A3)</f>`, what follows `<f`; None when it is not plain."""
    if text[:1] != ">":
        text = text.removeprefix(' aca="false"')
    if text[:1] != ">" or text[-4:] != "</f>":
        return None
    formula = plain_text(text[1:-4])
    return formula and decode(formula)
