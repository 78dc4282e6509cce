"""Values written into the cells of a worksheet part, everything around them left as it stands.

A cell keeps its place and its looks; only its value changes, and its number format where the old
one would hide what it now is (a date shown as a number, an identifier that Excel would take for
one). Formulas are never replaced: only the result stored beside one may be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.annotate.controles_fill import numbered
from xl_cpom.reports.annotate.draft import Draft
from xl_cpom.reports.annotate.mark_styles import AnnotationStyles
from xl_cpom.reports.annotate.sheetscan import SheetPartEditor
from xl_cpom.reports.annotate.splice import literal, text_xml
from xl_cpom.reports.annotate.xmlscan import XmlNode
from xl_cpom.workbook.reader import parse_cell
from xl_cpom.workbook.reader.refs import cell_name
from xl_cpom.workbook.template.cell_writing import serial
from xl_cpom.workbook.transfer.cell_values import DAYS_1904
from xl_cpom.workbook.transfer.pouring import CellPlace


@dataclass(frozen=True, slots=True)
class NewValue:
    """What a cell is to hold. number_format: the code its looks must take; "": those it has."""

    value: str | float | bool | dt.date
    number_format: str = ""


def write_cells(
    draft: Draft,
    part: str,
    values: Mapping[CellPlace, NewValue],
    styles: AnnotationStyles,
    *,
    date1904: bool = False,
) -> set[CellPlace]:
    """Write values into cells of a sheet; returns the places where it was done.

    values: by (row, column), 1-based. A cell with a formula keeps it, and only its stored result
    changes. A place where the part has no cell is left alone.
    """
    sheet = SheetPartEditor(draft, part, rows=True)
    data = sheet.root.find("sheetData")
    if data is None:
        return set()
    wanted = {row for row, _ in values}
    done: set[CellPlace] = set()
    for number, row in numbered(data):
        if number not in wanted:
            continue
        for place, cell in _cells(number, row):
            if (new := values.get(place)) is None:
                continue
            xml = _cell_xml(sheet, place, cell, new, styles, date1904=date1904)
            sheet.editor.replace(cell.start, cell.end, xml)
            done.add(place)
    return done


def _cells(number: int, row: XmlNode) -> Iterator[tuple[CellPlace, XmlNode]]:
    """The cells of a row with their places; one without address follows the one before it."""
    place = (number, 0)
    for cell in row.all("c"):
        place = parse_cell(cell.get("r")) or (number, place[1] + 1)
        yield place, cell


def _cell_xml(
    sheet: SheetPartEditor,
    place: CellPlace,
    cell: XmlNode,
    new: NewValue,
    styles: AnnotationStyles,
    *,
    date1904: bool,
) -> str:
    p = sheet.editor.prefix
    style = cell.get("s")
    if new.number_format:
        style = str(styles.formatted(style, new.number_format))
    looks = f' s="{style}"' if style else ""
    formula = cell.find("f")
    kept = "" if formula is None else sheet.editor.data[formula.start : formula.end].decode()
    kind, content = _content(new.value, p, inline=not kept, date1904=date1904)
    array = f' cm="{cell.get("cm")}"' if kept and cell.get("cm") else ""
    head = f'<{p}c r="{cell_name(*place)}"{looks}{kind}{array}>'
    return f"{head}{kept}{content}</{p}c>"


def _content(
    value: str | float | bool | dt.date, p: str, *, inline: bool, date1904: bool
) -> tuple[str, str]:
    """The type attribute and the inside of a cell that holds this value."""
    if isinstance(value, str):
        text = text_xml(literal(value))
        if not inline:
            return ' t="str"', f"<{p}v>{text}</{p}v>"
        return ' t="inlineStr"', f'<{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is>'
    if isinstance(value, bool):
        return ' t="b"', f"<{p}v>{int(value)}</{p}v>"
    if isinstance(value, dt.date):
        value = serial(value) - (DAYS_1904 if date1904 else 0)
    number = int(value) if float(value).is_integer() else value
    return "", f"<{p}v>{number!r}</{p}v>"
