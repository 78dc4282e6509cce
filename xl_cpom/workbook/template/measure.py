"""How many lines a text takes in a column: heights that look right before Excel adjusts them."""

from __future__ import annotations

import math

LINE = 12.75
"""Height of one line of Arial 10, in points."""


def lines(text: str, width: float, *, bold: bool = False, margin: float = 2.0) -> int:
    """Lines of a wrapped text in a column of this width (in Excel's units of width).

    Arial 10 holds about one lower-case letter in each unit, a little less in bold; margin: units
    taken by the indent, the borders or the arrow of a filter.
    """
    room = max(3.0, (width - margin) * (1.0 if bold else 1.12))
    count = 0
    for paragraph in text.split("\n"):
        count += 1
        used = 0.0
        for word in paragraph.split(" "):
            length = len(word)
            if used and used + 1 + length > room:
                count += 1
                used = float(length)
            else:
                used += length + (1 if used else 0)
            if length > room:
                count += math.ceil(length / room) - 1
    return count


def height(count: int, padding: float = 3.0) -> float:
    """Height of a row of `count` lines, in points."""
    return LINE * count + padding
