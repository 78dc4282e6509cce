"""Rows that hold nothing unusual, taken from the text without going through expat.

Calling Python for every element is what reading a sheet costs. Nearly all rows of nearly all
workbooks are written the same way, so each row is first held against a strict grammar, a small
part of XML with one meaning: known attributes in their usual order, numbers, shared strings,
plain formulas, no comment, no markup inside a text. A row that follows it to the last character
is taken; any other goes to expat untouched, at its place in the stream, so both ways see the
same document. Tests hold the two ways against each other on every file they make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from xl_cpom.workbook.reader.cells import NumberFormat, RawCell
from xl_cpom.workbook.reader.reading import Reading
from xl_cpom.workbook.reader.row_state import RowState
from xl_cpom.workbook.reader.values import to_value

_OPENING = b"<sheetData>"
_END = "</row>"
_BYTES_END = _END.encode()
_ROW = re.compile(
    r'<row r="([1-9][0-9]{0,6})"(?: spans="[0-9: ]*")?(?: s="[0-9]*")?'
    r'(?: customFormat="[a-z01]*")?(?: ht="[0-9.]*")?(?: hidden="([a-z01]*)")?'
    r'(?: customHeight="[a-z01]*")?(?: outlineLevel="[0-9]")?(?: collapsed="[a-z01]*")?'
    r'(?: thickTop="[a-z01]*")?(?: thickBot="[a-z01]*")?>'
)
_HEAD = re.compile(r'(?: s="([0-9]{1,5})")?(?: t="(n|s|str|b|e)")?>')
_BLANK = re.compile(r'(?: s="([0-9]{1,5})")? ?(?:/>|></c>)')
_FORMULA_STARTS = ("", ' aca="false"')
_LONG = 64
_VALUE_END = "</v></c>"
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))


def skim(chunks: Iterator[bytes], state: RowState, take: Callable[[str], bool]) -> Iterator[bytes]:
    """Pass the part on to expat, without its plain rows, which `take` keeps.

    Expat must have dealt with what was yielded before the next piece is asked for. From the
    first oddity that could make a row mean something else (a comment, a processing instruction,
    rows that do not close), everything goes to expat.
    """
    pending = b""
    for chunk in chunks:
        if state.skim_over:
            yield chunk
            continue
        if not state.open:
            head, opening, chunk = chunk.partition(_OPENING)
            yield head + opening
            state.skim_over = not (opening and state.open)
        pending += chunk
        whole, end, rest = pending.rpartition(_BYTES_END)
        if not end and len(pending) < state.longest and not state.skim_over:
            continue
        try:
            rows = (whole + end).decode() if not state.skim_over else ""
        except UnicodeDecodeError:
            rows = ""
        if not rows:
            state.skim_over = True
            yield pending
            pending = b""
            continue
        at = 0
        while not state.skim_over and at < len(rows):
            stop = rows.index(_END, at)
            row = rows[at:stop]
            at = stop + len(_END)
            if not take(row):
                state.skim_over = "<!" in row or "<?" in row
                yield (row + _END).encode()
                state.skim_over = state.skim_over or not state.open
        if at < len(rows):
            yield rows[at:].encode()
        pending = rest
    yield pending


def plain_row_taker(
    reading: Reading,
    cells: dict[tuple[int, int], RawCell],
    columns: dict[str, int],
    state: RowState,
) -> Callable[[str], bool]:
    """A function that takes one row without its end tag, or says that it is not plain."""
    strings, string_count = reading.strings, len(reading.strings)
    formats = reading.formats
    new_cell = tuple.__new__
    heads: dict[str, tuple[str, NumberFormat]] = {}
    blanks: set[str] = set()

    def learn_head(head: str) -> tuple[str, NumberFormat] | None:
        match = _HEAD.fullmatch(head)
        if match is None or int(match[1] or 0) >= len(formats):
            return None
        heads[head] = found = (match[2] or "n", formats[int(match[1] or 0)])
        return found

    def learn_blank(tail: str) -> bool:
        match = _BLANK.fullmatch(tail)
        if match is None or int(match[1] or 0) >= len(formats):
            return False
        blanks.add(tail)
        return True

    def take(text: str) -> bool:
        start, *pieces = text.split('<c r="')
        opening = _ROW.fullmatch(start)
        if opening is None or state.disorder:
            return False
        row_text = opening[1]
        row = int(row_text)
        if not state.last_row < row <= state.max_row:
            return False
        row_tail = -len(row_text)
        kept = len(cells)
        col = 0
        for piece in pieces:
            ref, _, rest = piece.partition('"')
            at = columns.get(ref[:row_tail], 0)
            if at <= col or ref[row_tail:] != row_text:
                break
            col = at
            head, found, tail = rest.partition("<v>")
            if not found:
                if rest in blanks or learn_blank(rest):
                    continue
                break
            if tail[-8:] != _VALUE_END:
                break
            value_text = tail[:-8]
            kind_format = heads.get(head) or learn_head(head)
            if kind_format is None:
                cell = formula_cell(row, col, head, value_text)
                if cell is None:
                    break
                cells[row, col] = cell
                continue
            kind, format_ = kind_format
            if kind == "s":
                if not value_text.isdigit() or not value_text.isascii() or len(value_text) > 9:
                    break
                index = int(value_text)
                if index >= string_count:
                    break
                string = strings[index]
                cells[row, col] = new_cell(
                    RawCell, (row, col, "s", string, string, None, True, format_)
                )
            elif kind == "n":
                try:
                    number = float(value_text)
                except ValueError:
                    break
                if (
                    number - number != 0.0
                    or len(value_text) >= _LONG
                    or not value_text.isascii()
                    or "_" in value_text
                ):
                    break
                cells[row, col] = new_cell(
                    RawCell, (row, col, "n", value_text, number, None, True, format_)
                )
            else:
                break
        else:
            state.take(row, len(pieces) + 1, opening[2])
            return True
        while len(cells) > kept:
            cells.popitem()
        return False

    def formula_cell(row: int, col: int, head: str, value_text: str) -> RawCell | None:
        """A cell with a plain formula: ` s="4"><f>SUM(A1:A3)</f>` before its value."""
        before, found, formula = head.partition("<f")
        kind_format = heads.get(before) or learn_head(before)
        if not found or kind_format is None:
            return None
        attributes, _, formula = formula.partition(">")
        if attributes not in _FORMULA_STARTS or formula[-4:] != "</f>":
            return None
        plain = _plain_text(formula[:-4])
        if not plain or len(value_text) >= _LONG:
            return None
        kind, format_ = kind_format
        text = _plain_text(value_text) if kind == "str" else value_text
        if text is None or not (text or kind == "str"):
            return None
        stored, value, code = to_value(reading, kind, text)
        if code is not None:
            return None
        reading.text.spend(plain)
        return RawCell(row, col, kind, stored, value, plain, True, format_)

    return take


def _plain_text(text: str) -> str | None:
    """Character data with the predefined entities resolved; None when anything else is in it."""
    if "<" in text or "]]>" in text or "_x" in text or not text.isprintable():
        return None
    if "&" in text:
        for entity, char in _ENTITIES:
            text = text.replace(entity, char)
        if text.count("&") != text.count("&amp;"):
            return None
        text = text.replace("&amp;", "&")
    return text
