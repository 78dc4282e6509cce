"""A line of a terminal with its colours: all that the console report asks of rich.

rich takes longer to import than a workbook takes to judge, and there is no table nor layout of its
own here. Codes: ECMA-48, « Select Graphic Rendition ».
"""

from __future__ import annotations

from itertools import pairwise

_CODES = {
    "bold": "1", "dim": "2", "underline": "4", "red": "31", "green": "32", "yellow": "33",
    "blue": "34", "magenta": "35", "cyan": "36",
}  # fmt: skip


class TerminalText:
    """A text and the styles of its parts; a style is words such as « bold red »."""

    def __init__(self, text: str = "", style: str = "") -> None:
        self.text = text
        self._spans: list[tuple[int, int, str]] = []
        self.stylize(style)

    def __len__(self) -> int:
        return len(self.text)

    def stylize(self, style: str, start: int = 0, end: int | None = None) -> None:
        """Give a style to a part of the text (all of it by default)."""
        end = len(self.text) if end is None else min(end, len(self.text))
        if style and start < end:
            self._spans.append((start, end, style))

    def rendu(self, *, color: bool) -> str:
        """What the terminal is sent. Raises KeyError for a style it has no word for."""
        if not color or not self._spans:
            return self.text
        edges = sorted({0, len(self.text), *(edge for span in self._spans for edge in span[:2])})
        return "".join(self._part(start, end) for start, end in pairwise(edges))

    def _part(self, start: int, end: int) -> str:
        words = [
            word for a, b, style in self._spans if a <= start and end <= b for word in style.split()
        ]
        if not words:
            return self.text[start:end]
        codes = ";".join(dict.fromkeys(_CODES[word] for word in words))
        return f"\x1b[{codes}m{self.text[start:end]}\x1b[0m"
