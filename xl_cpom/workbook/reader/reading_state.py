"""What one reading shares between its parts: strings, formats, remarks and the running counts."""

from __future__ import annotations

from collections.abc import Sequence

from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import number_text
from xl_cpom.workbook.reader.container import Container
from xl_cpom.workbook.reader.limits import Limits
from xl_cpom.workbook.reader.memory import TextBudget
from xl_cpom.workbook.reader.raw_cells import GENERAL, NumberFormat
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError
from xl_cpom.workbook.reader.remarks import Remarks


@dataclass(slots=True)
class PackageReading:
    """The state of the reading of one workbook."""

    container: Container
    limits: Limits
    text: TextBudget
    remarks: Remarks = field(default_factory=Remarks)
    strings: Sequence[str] = ()
    formats: Sequence[NumberFormat] = (GENERAL,)
    date1904: bool = False
    formats_by_index: dict[str, NumberFormat] = field(default_factory=lambda: {"0": GENERAL})
    """the formats by the usual spelling of their index"""
    cells: int = 0
    elements: int = 0
    ranges: int = 0

    def set_formats(self, formats: Sequence[NumberFormat]) -> None:
        """Take the formats of the workbook."""
        self.formats = formats
        self.formats_by_index = {str(index): format_ for index, format_ in enumerate(formats)}

    def count_ranges(self, number: int) -> None:
        """Count rectangles that will be kept."""
        self.ranges += number
        if self.ranges > self.limits.ranges:
            raise UnreadableWorkbookError("LEC-LIM-PLAGES", number_text(self.limits.ranges))

    def check_cells(self, kept: int, seen: int) -> None:
        """Refuse when the sheets read so far, and this one's cells, pass a limit."""
        if self.cells + kept > self.limits.cells:
            raise UnreadableWorkbookError("LEC-LIM-CELLULES", number_text(self.limits.cells))
        if self.elements + seen > self.limits.elements:
            raise UnreadableWorkbookError("LEC-LIM-CELLULES", number_text(self.limits.elements))
