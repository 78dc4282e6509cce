"""xl_cpom: the standard workbook « CPOM socle », its indicators and its control.

The names below are loaded on first use (PEP 562): Excel and LibreOffice import this
package to compute a cell and must not pay for pandas, pandera or openpyxl.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xl_cpom.version import __version__

if TYPE_CHECKING:
    from xl_cpom.batch.check_files import check_batch
    from xl_cpom.errors import XlCpomError
    from xl_cpom.indicators import INDICATORS
    from xl_cpom.validators.catalogue import RULES
    from xl_cpom.validators.check import check
    from xl_cpom.validators.model import Finding, Report, Severity, Verdict

__all__ = [
    "INDICATORS",
    "RULES",
    "Finding",
    "Report",
    "Severity",
    "Verdict",
    "XlCpomError",
    "__version__",
    "check",
    "check_batch",
]

_HOMES = {
    "INDICATORS": "xl_cpom.indicators",
    "RULES": "xl_cpom.validators.catalogue",
    "Finding": "xl_cpom.validators.model",
    "Report": "xl_cpom.validators.model",
    "Severity": "xl_cpom.validators.model",
    "Verdict": "xl_cpom.validators.model",
    "XlCpomError": "xl_cpom.errors",
    "check": "xl_cpom.validators.check",
    "check_batch": "xl_cpom.batch.check_files",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
