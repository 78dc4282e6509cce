"""One worksheet part: everything around the rows, and the rows by `sheet_rows`."""

from __future__ import annotations

from xl_cpom.typography import number_text
from xl_cpom.workbook.reader.model import RawAutoFilter, RawSheet, RawValidation
from xl_cpom.workbook.reader.reading_state import PackageReading
from xl_cpom.workbook.reader.refs import MAX_COL, Rect, Span, parse_rect
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workbook.reader.rows.plain_rows import PlainRows
from xl_cpom.workbook.reader.rows.row_state import RowState
from xl_cpom.workbook.reader.rows.sheet_rows import take_rows
from xl_cpom.workbook.reader.sheet_formulas import SheetFormulas
from xl_cpom.workbook.reader.side_parts import FILTER_CRITERIA, filters
from xl_cpom.workbook.reader.skim import Items, skim
from xl_cpom.workbook.reader.xml import Attributes, PartParser, TextRun

_TRUE = ("1", "true")


class NotAWorksheetError(Exception):
    """The part is a chart sheet, a dialog or a macro sheet: `args[0]` is its root element."""


class SheetPart:
    """Reads one worksheet part into a `RawSheet`."""

    def __init__(self, reading: PackageReading, sheet: RawSheet, plain_rows: PlainRows) -> None:
        self._reading = reading
        self._plain_rows = plain_rows
        self._sheet = sheet
        self._merges: list[Rect] = []
        self._hidden_cols: list[Span] = []
        self._validations: list[RawValidation] = []
        self._filter: RawAutoFilter | None = None
        self._filtering = False
        self._validation: Attributes = {}
        self._formula1: str | None = None
        self._sqref = ""
        self._formulas = SheetFormulas(reading, sheet)
        self._rows = RowState(reading, sheet)
        self._text = TextRun(reading.limits.token_bytes, sheet.part)
        self._parser = PartParser(
            sheet.part, reading.limits, self._start, self._end, self._text.add
        )

    def read(self) -> None:
        """Fill the sheet; raises `MalformedPartError`, `NotAWorksheetError` or
        `UnreadableWorkbookError`.
        """
        sheet, reading = self._sheet, self._reading
        chunks = reading.container.stream(sheet.part)
        take = self._plain_rows.taker(sheet.cells, self._rows)
        rows = Items(b"<sheetData>", True, "</row>", self._between_rows, take)
        self._parser.feed(skim(chunks, rows, reading.limits.token_bytes))
        self._formulas.finish()
        reading.cells += len(sheet.cells)
        reading.elements += self._rows.seen
        sheet.merges = tuple(self._merges)
        sheet.hidden_rows = tuple(self._rows.hidden)
        sheet.hidden_cols = tuple(self._hidden_cols)
        sheet.validations = tuple(self._validations)
        sheet.arrays = tuple(self._formulas.arrays)
        if self._filter is not None:
            sheet.autofilter = self._filter._replace(active=self._filtering)

    def _between_rows(self) -> bool:
        return self._rows.open and self._parser.as_text

    def _start(self, name: str, attributes: Attributes) -> None:
        self._text.clear()
        handler = _STARTS.get((self._parser.depth, name)) or _ANYWHERE.get(name)
        if handler is not None:
            handler(self, attributes)
        elif self._parser.depth == 1 and name != "worksheet":
            raise NotAWorksheetError(name.rpartition(":")[2])

    def _end(self, name: str) -> None:
        if name in ("formula1", "x14:formula1", "xm:f"):
            if self._formula1 is None:
                self._formula1 = self._text.take()
        elif name == "xm:sqref":
            self._sqref = self._text.take()
        elif name in ("dataValidation", "x14:dataValidation"):
            self._add_validation(x14=name.startswith("x14:"))

    def _read_rows(self, _attributes: Attributes) -> None:
        take_rows(self._parser, self._reading, self._sheet, self._formulas, self._rows)

    def _format(self, attributes: Attributes) -> None:
        self._sheet.rows_hidden_by_default = attributes.get("zeroHeight") in _TRUE

    def _column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE:
            first, last = (attributes.get(key, "") for key in ("min", "max"))
            rect = parse_rect(f"{first}:{last}")  # same spelling as rows, smaller bound
            if rect is None or rect.row2 > MAX_COL:
                self._remark_range(f"{first}:{last}")
                return
            self._reading.count_ranges(1)
            self._hidden_cols.append(Span(rect.row1, rect.row2))

    def _protection(self, attributes: Attributes) -> None:
        self._sheet.protected = attributes.get("sheet") in _TRUE

    def _autofilter(self, attributes: Attributes) -> None:
        rect = self._rect(attributes.get("ref", ""))
        if rect is not None:
            self._filter = RawAutoFilter(rect, active=False)

    def _filter_column(self, attributes: Attributes) -> None:
        self._filtering = self._filtering or filters(attributes)

    def _criterion(self, _attributes: Attributes) -> None:
        self._filtering = True

    def _merge(self, attributes: Attributes) -> None:
        rect = self._rect(attributes.get("ref", ""))
        if rect is not None:
            self._merges.append(rect)
            limit = self._reading.limits.merges
            if len(self._merges) > limit:
                raise UnreadableWorkbookError("LEC-LIM-FUSIONS", number_text(limit))

    def _hyperlink(self, _attributes: Attributes) -> None:
        self._sheet.hyperlinks += 1

    def _start_validation(self, attributes: Attributes) -> None:
        self._validation = attributes
        self._formula1 = None
        self._sqref = attributes.get("sqref", "")

    def _add_validation(self, *, x14: bool) -> None:
        ranges = [rect for ref in self._sqref.split() if (rect := self._rect(ref)) is not None]
        self._reading.count_ranges(len(ranges) + 1)
        if self._formula1:
            self._reading.text.spend(self._formula1)
        kind = self._validation.get("type", "none")
        self._reading.text.spend(kind)
        self._validations.append(RawValidation(tuple(ranges), kind, self._formula1, x14))

    def _rect(self, ref: str) -> Rect | None:
        rect = parse_rect(ref)
        if rect is None:
            self._remark_range(ref)
        return rect

    def _remark_range(self, ref: str) -> None:
        self._reading.remarks.add("PLAGE", self._sheet.name, None, ref)


_STARTS = {
    (2, "sheetFormatPr"): SheetPart._format,
    (2, "sheetProtection"): SheetPart._protection,
    (2, "autoFilter"): SheetPart._autofilter,
    (2, "sheetData"): SheetPart._read_rows,
    (3, "col"): SheetPart._column,
    (3, "filterColumn"): SheetPart._filter_column,
    **dict.fromkeys(((4, name) for name in FILTER_CRITERIA), SheetPart._criterion),
    (3, "mergeCell"): SheetPart._merge,
    (3, "hyperlink"): SheetPart._hyperlink,
    (3, "dataValidation"): SheetPart._start_validation,
}
_ANYWHERE = {"x14:dataValidation": SheetPart._start_validation}
