"""What a control leaves for the page: its report, and the annotated copy that goes with it."""

from __future__ import annotations

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.model import Report

CLASSEUR = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.12"


@dataclass(frozen=True)
class ReportPiece:
    """A report, and the annotated copy that goes with it (base64, or why there is none)."""

    report: Report
    copy: str = ""
    copy_type: str = ""
    without_copy: str = ""
