"""The rows of a sheet: the one loop that runs for every cell, hence written for speed.

The handlers are closures over plain local variables; they dispatch on depth first (worksheet 1,
sheetData 2, row 3, c 4, v 5) and compare raw interned names. Everything unusual leaves for
`odd_cells`. A cell without value nor formula costs a few comparisons and is not kept.
"""

from __future__ import annotations

from xl_cpom.workbook.reader.model import RawSheet
from xl_cpom.workbook.reader.raw_cells import GENERAL, RawCell
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import COLUMNS
from xl_cpom.workbook.reader.rows.odd_cells import LONG, NOWHERE, OddCells, RowPlace
from xl_cpom.workbook.reader.rows.row_state import RowState
from xl_cpom.workbook.reader.sheet_formulas import SheetFormulas
from xl_cpom.workbook.reader.xml import SEPARATOR, Attributes, PartParser

_CHECK_EVERY = 0xFFFF  # elements between two looks at the limits, inside a row


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
    row_text, row_tail = NOWHERE.text, NOWHERE.tail  # what every reference of the row ends with
    in_row = in_cell = in_inline = phonetic = False
    state.disorder = bool(cells)
    state.open = True
    text = kind = ""
    value_text: str | None = None
    formula_text: str | None = None
    formula_attributes: Attributes = {}
    inline: list[str] = []
    format_ = GENERAL
    odd = OddCells(reading, sheet, formulas, state)
    keep = odd.keep

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth, text, in_row, in_cell, in_inline, phonetic, kind, format_
        nonlocal row, col, row_text, row_tail
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
                    odd.meet(row, new_col, col)
                col = new_col
                in_cell = True
            else:
                here = RowPlace(row, row_text, row_tail)
                in_cell, (row, row_text, row_tail), col = odd.find(ref, here, col)
            kind = attributes.get("t", "n")
            try:
                format_ = formats[attributes.get("s", "0")]
            except KeyError:
                format_ = GENERAL
                if in_cell:
                    odd.remark(row, col, "CEL-STYLE", attributes.get("s", "0"))
        elif depth == 3:
            state.open = False
            col = 0
            in_row = name == row_name
            if in_row:
                row, row_text, row_tail = odd.start_row(attributes)
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
                if value_text is not None and in_cell:
                    odd.remark(row, col, "CEL-VALEURS", text)
                value_text = text
            elif name == f_name:
                if formula_text is not None and in_cell:
                    odd.remark(row, col, "CEL-VALEURS", text)
                formula_text = text
            elif name == is_name:
                in_inline = False
        elif depth == 3:
            if formula_text is None and not inline:
                if value_text is None or not in_cell:
                    return
                if kind == "s":
                    if len(value_text) < LONG and value_text.isdigit() and value_text.isascii():
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
                        and len(value_text) < LONG
                        and value_text.isascii()
                        and "_" not in value_text
                    ):
                        cells[row, col] = new_cell(
                            RawCell, (row, col, "n", value_text, number, None, True, format_)
                        )
                        return
                keep(row, col, kind, value_text, None, formula_attributes, inline, format_)
            else:
                if in_cell:
                    keep(
                        row, col, kind, value_text, formula_text, formula_attributes, inline,
                        format_,
                    )  # fmt: skip
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

    raw.StartElementHandler = start
    raw.EndElementHandler = end
    raw.CharacterDataHandler = characters
