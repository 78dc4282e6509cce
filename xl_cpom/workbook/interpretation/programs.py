"""Which program saved a workbook, by the name it gives itself."""

from __future__ import annotations

_ELSE = ("compatible", "openpyxl")


def is_excel(application: str) -> bool:
    """Is it Excel? Libraries borrow its name: « Microsoft Excel Compatible / Openpyxl 3.1.5 »."""
    folded = application.casefold()
    return folded.startswith("microsoft") and not any(word in folded for word in _ELSE)


def program_name(application: str) -> str:
    """The name to show: « LibreOffice », « Openpyxl 3.1.5 »."""
    first, _, last = application.partition("/")
    if first.casefold().startswith("microsoft") and last:
        return last.strip()
    return first.strip()
