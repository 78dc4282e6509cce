"""The rows of a sheet: the one loop that runs for every cell, hence written for speed.

The handlers are closures over plain local variables; they dispatch on depth first (worksheet 1,
sheetData 2, row 3, c 4, v 5) and compare raw interned names. Everything unusual leaves for a
function of its own. A cell without value nor formula costs a few comparisons and is not kept.
"""

from __future__ import annotations

from xl_cpom.workbook.reader.model import RawSheet
from xl_cpom.workbook.reader.raw_cells import GENERAL, RawCell, Value
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import COLUMNS, MAX_COL, MAX_ROW, col_letters, parse_cell
from xl_cpom.workbook.reader.row_state import RowState
from xl_cpom.workbook.reader.sheet_formulas import SheetFormulas
from xl_cpom.workbook.reader.stored_values import to_value
from xl_cpom.workbook.reader.xml import SEPARATOR, Attributes, PartParser

_TYPES = {kind: kind for kind in ("n", "s", "str", "inlineStr", "b", "e", "d")}
_TEXT_TYPES = frozenset(("str", "inlineStr"))
_CHECK_EVERY = 0xFFFF  # elements between two looks at the limits, inside a row
_LONG = 64  # texts from this length on are counted one by one
_NOWHERE = "\0"  # a row number that ends no reference


def take_rows(
    parser: PartParser,
    reading: PackageReading,
    sheet: RawSheet,
    formulas: SheetFormulas,
    state: RowState,
) -> None:
    """Take the parser over from the start of `sheetData`, at depth 2, to its end."""
    raw = parser.raw
    uri = parser.root.rpartition(SEPARATOR)[0] + SEPARATOR
    row_name, c_name, v_name, f_name, is_name, t_name, rph_name = (
        parser.intern.setdefault(uri + local, uri + local)
        for local in ("row", "c", "v", "f", "is", "t", "rPh")
    )
    cells, columns, new_cell = sheet.cells, COLUMNS, tuple.__new__
    strings, string_count = reading.strings, len(reading.strings)
    formats = reading.formats_by_index
    max_text, max_depth = reading.limits.token_bytes, reading.limits.depth

    depth = parser.depth
    row = col = inline_size = 0
    row_text, row_tail = _NOWHERE, -1  # what every reference of the row ends with
    in_row = in_cell = in_inline = phonetic = False
    state.disorder = bool(cells)
    state.open = True
    text = kind = ""
    value_text: str | None = None
    formula_text: str | None = None
    formula_attributes: Attributes = {}
    inline: list[str] = []
    format_ = GENERAL

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth, text, in_cell, in_inline, phonetic, col, kind, format_
        nonlocal value_text, formula_attributes
        depth += 1
        text = ""
        state.seen += 1
        if not state.seen & _CHECK_EVERY:
            reading.check_cells(len(cells), state.seen)
        if depth == 5:
            if name == f_name:
                formula_attributes = attributes
            elif name == is_name:
                in_inline = in_cell
        elif depth == 4:
            value_text = None
            if name != c_name or not in_row:
                in_cell = False
                return
            ref = attributes.get("r", "")
            if ref[row_tail:] == row_text and (new_col := columns.get(ref[:row_tail], 0)) > col:
                if state.disorder:
                    in_cell = place(row, new_col)
                else:
                    col = new_col
                    in_cell = True
            else:
                in_cell = find_place(ref)
            kind = attributes.get("t", "n")
            try:
                format_ = formats[attributes.get("s", "0")]
            except KeyError:
                format_ = GENERAL
                remark("CEL-STYLE", attributes.get("s", "0"))
        elif depth == 3:
            start_row(name, attributes)
        elif depth > max_depth:
            raise parser.too_deep()
        elif name == rph_name:
            phonetic = True

    def characters(data: str) -> None:
        nonlocal text
        text += data
        if len(text) > max_text:
            raise parser.too_long()

    def end(name: str) -> None:
        nonlocal depth, value_text, formula_text, formula_attributes, in_inline, phonetic
        nonlocal inline_size
        depth -= 1
        if depth == 4:
            if name == v_name:
                if value_text is not None:
                    remark("CEL-VALEURS", text)
                value_text = text
            elif name == f_name:
                if formula_text is not None:
                    remark("CEL-VALEURS", text)
                formula_text = text
            elif name == is_name:
                in_inline = False
        elif depth == 3:
            if formula_text is None and not inline:
                if value_text is None or not in_cell:
                    return
                if kind == "s":
                    if len(value_text) < _LONG and value_text.isdigit() and value_text.isascii():
                        index = int(value_text)
                        if index < string_count:
                            string = strings[index]
                            cells[row, col] = new_cell(
                                RawCell, (row, col, "s", string, string, None, True, format_)
                            )
                            return
                elif kind == "n":
                    try:
                        number = float(value_text)
                    except ValueError:
                        number = float("nan")
                    if (
                        number - number == 0.0
                        and len(value_text) < _LONG
                        and value_text.isascii()
                        and "_" not in value_text
                    ):
                        cells[row, col] = new_cell(
                            RawCell, (row, col, "n", value_text, number, None, True, format_)
                        )
                        return
                unusual_cell()
            else:
                if in_cell:
                    unusual_cell()
                formula_text = None
                formula_attributes = {}
                inline.clear()
                inline_size = 0
        elif depth == 2:
            reading.check_cells(len(cells), state.seen)
            state.open = True
        elif depth > 4:
            if name == t_name:
                if in_inline and not phonetic:
                    inline.append(text)
                    inline_size += len(text) + 1
                    if inline_size > max_text:
                        raise parser.too_long()
            elif name == rph_name:
                phonetic = False
        else:  # the end of sheetData
            state.open = False
            parser.depth = depth
            parser.take_back()

    def start_row(name: str, attributes: Attributes) -> None:
        nonlocal in_row, row, col, row_text, row_tail
        state.open = False
        col = 0
        in_row = name == row_name
        if not in_row:
            return
        ref = attributes.get("r")
        if ref is None:
            row = state.declared_row + 1
        elif ref.isascii() and ref.isdigit() and len(ref) < 8:
            row = int(ref)
        else:
            row = 0
        if not 0 < row <= MAX_ROW:  # its cells are found by their own references
            reading.remarks.add("LIG-REF", sheet.name, None, ref or str(row))
            row, row_text, row_tail = 0, _NOWHERE, -1
            state.disorder = True
            return
        if row <= state.last_row:
            reading.remarks.add("LIG-ORDRE", sheet.name, None, str(row))
            state.disorder = True
        state.last_row = max(row, state.last_row)
        state.declared_row = row
        row_text = str(row)
        row_tail = -len(row_text)
        if attributes.get("hidden") in ("1", "true"):
            state.hide(row)

    def find_place(ref: str) -> bool:
        """Where a cell goes when its reference is absent, unexpected or impossible."""
        nonlocal row, row_text, row_tail
        reading.check_cells(len(cells), state.seen)
        if not ref:
            if row and col < MAX_COL:
                return place(row, col + 1)
            reading.remarks.add("CEL-REF", sheet.name, None, ref)
            return False
        found = parse_cell(ref)
        if found is None:
            reading.remarks.add("CEL-REF", sheet.name, None, ref)
            return False
        if found[0] != row:
            if row:
                reading.remarks.add("CEL-LIGNE", sheet.name, found)
            row, row_text, row_tail = found[0], _NOWHERE, -1
            state.disorder = True
        elif row_text != _NOWHERE:
            columns.setdefault(col_letters(found[1]), found[1])
        return place(*found)

    def place(at_row: int, at_col: int) -> bool:
        nonlocal col
        if (at_row, at_col) in cells:
            reading.remarks.add("CEL-DOUBLON", sheet.name, (at_row, at_col))
        elif at_col <= col:
            reading.remarks.add("CEL-ORDRE", sheet.name, (at_row, at_col))
        col = at_col
        return True

    def unusual_cell() -> None:
        stored, stored_kind = value_text, kind
        if inline and stored is not None and kind != "inlineStr":
            remark("CEL-VALEURS", stored)
        if inline or (stored is None and kind == "inlineStr"):
            stored, stored_kind = "".join(inline), "inlineStr"
        formula = None
        if formula_text is not None:
            formula = formulas.resolve(row, col, formula_text, formula_attributes)
        value: Value = None
        if stored is not None and (stored.strip() or stored_kind in _TEXT_TYPES):
            stored, value, code = to_value(reading, stored_kind, stored)
            if code:
                remark(code, stored)
            if len(stored) >= _LONG:
                reading.text.spend(stored)
        elif formula is None:
            return
        elif stored_kind == "str":
            stored = value = ""  # an empty text, which some programs write without its element
        else:
            stored = None
        stored_kind = _TYPES.get(stored_kind) or stored_kind[:_LONG]
        cells[row, col] = RawCell(
            row, col, stored_kind, stored, value, formula, value is not None, format_
        )

    def remark(code: str, detail: str) -> None:
        if in_cell:
            reading.remarks.add(code, sheet.name, (row, col), detail)

    raw.StartElementHandler = start
    raw.EndElementHandler = end
    raw.CharacterDataHandler = characters
