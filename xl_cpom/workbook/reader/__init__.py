"""Our own bounded reader of .xlsx workbooks: zip and expat, every limit explicit.

General libraries hang, abort or misread silently on files that people really send; this reader
keeps each cell as it stands in the file and says what was odd. It never writes, never follows a
link, and either returns a `RawWorkbook` or raises `UnreadableWorkbookError`.
"""

from __future__ import annotations

from xl_cpom.workbook.reader.limits import Limits
from xl_cpom.workbook.reader.model import (
    ArrayFormula,
    DefinedName,
    RawAutoFilter,
    RawSheet,
    RawTable,
    RawValidation,
    RawWorkbook,
    ReaderRemark,
)
from xl_cpom.workbook.reader.raw_cells import (
    ExcelError,
    Malformed,
    NonFinite,
    NumberFormat,
    RawCell,
    Value,
)
from xl_cpom.workbook.reader.read import read_workbook
from xl_cpom.workbook.reader.refs import Rect, Span, cell_name, parse_cell, parse_rect
from xl_cpom.workbook.reader.refusals import CATALOGUE, UnreadableWorkbookError
from xl_cpom.workbook.reader.serial_dates import serial_to_datetime

__all__ = [
    "CATALOGUE",
    "ArrayFormula",
    "DefinedName",
    "ExcelError",
    "Limits",
    "Malformed",
    "NonFinite",
    "NumberFormat",
    "RawAutoFilter",
    "RawCell",
    "RawSheet",
    "RawTable",
    "RawValidation",
    "RawWorkbook",
    "ReaderRemark",
    "Rect",
    "Span",
    "UnreadableWorkbookError",
    "Value",
    "cell_name",
    "parse_cell",
    "parse_rect",
    "read_workbook",
    "serial_to_datetime",
]
