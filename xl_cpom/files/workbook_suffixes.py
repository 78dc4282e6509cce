"""The extensions of the standard workbook: what says of a file, by its name, that it may be one."""

from __future__ import annotations

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm"})
"""In lower case: without macros, with macros."""
