"""The memory that a reading may keep: texts are what really fills it."""

from __future__ import annotations

from sys import getsizeof

from xl_cpom.typographie import nombre
from xl_cpom.workbook.reader.errors import UnreadableWorkbook
from xl_cpom.workbook.reader.limits import MIB, Limits


class TextBudget:
    """The memory that kept texts may still take, all parts together."""

    def __init__(self, limits: Limits) -> None:
        self._limit = self._left = limits.text_bytes

    def spend(self, text: str) -> None:
        """Count a text that will be kept."""
        self._left -= getsizeof(text)
        if self._left < 0:
            raise UnreadableWorkbook("LEC-LIM-TEXTE", f"{nombre(self._limit / MIB)} Mio")
