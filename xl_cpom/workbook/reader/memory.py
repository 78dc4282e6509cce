"""The memory that a reading may keep: texts are what really fills it."""

from __future__ import annotations

from sys import getsizeof

from xl_cpom.typography import number_text
from xl_cpom.workbook.reader.limits import MIB, Limits
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError


class TextBudget:
    """The memory that kept texts may still take, all parts together."""

    def __init__(self, limits: Limits) -> None:
        self._limit = self._left = limits.text_bytes

    def spend(self, text: str) -> None:
        """Count a text that will be kept."""
        self._left -= getsizeof(text)
        if self._left < 0:
            raise UnreadableWorkbookError("LEC-LIM-TEXTE", f"{number_text(self._limit / MIB)} Mio")
