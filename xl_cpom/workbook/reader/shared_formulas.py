"""Shared formulas: the master's text moved to each cell that shares it.

Excel writes the formula of a filled-down column once; every other cell only names it. Relative
references move with the cell, absolute ones stay, texts, sheet names and structured references
are left alone. A reference moved off the sheet is `#REF!`.
"""

from __future__ import annotations

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.workbook.reader.refs import MAX_COL, MAX_ROW, col_letters, col_number

_TOKEN = lazy_pattern(
    r'"(?:[^"]|"")*"'  # text
    r"|'(?:[^']|'')*'"  # quoted sheet name
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"  # structured or external reference
    r"|(?<![\w.\\$])(?P<c>\$?[A-Za-z]{1,3})(?P<r>\$?[0-9]{1,7})(?![\w.(!\[])"  # A1
    r"|(?<![\w.\\$:])(?P<c1>\$?[A-Za-z]{1,3}):(?P<c2>\$?[A-Za-z]{1,3})(?![\w.(!\[:])"  # A:C
    r"|(?<![\w.\\$:])(?P<r1>\$?[0-9]{1,7}):(?P<r2>\$?[0-9]{1,7})(?![\w.(!\[:])"  # 1:3
)


class SharedFormula:
    """A formula written for one cell, ready to be read from any other."""

    def __init__(self, text: str, row: int, col: int) -> None:
        self.text = text
        self.row = row
        self.col = col
        self._pieces: list[str | tuple[str | int, ...]] | None = None

    def at(self, row: int, col: int) -> str:
        """The formula as the cell (row, col) reads it."""
        if self._pieces is None:
            self._pieces = _split(self.text)
        if len(self._pieces) == 1:
            return self.text
        down, right = row - self.row, col - self.col
        return "".join(
            piece if isinstance(piece, str) else _move(piece, down, right) for piece in self._pieces
        )


def _split(text: str) -> list[str | tuple[str | int, ...]]:
    """Fixed texts and movable references; a reference is a tuple of strings and of marked
    numbers: ("col", n) and ("row", n) flattened as (kind, number, …)."""
    pieces: list[str | tuple[str | int, ...]] = []
    at = 0
    for match in _TOKEN.finditer(text):
        parts = [(kind[0], match[kind]) for kind in _GROUPS if match[kind] is not None]
        if not parts or all(part.startswith("$") for _, part in parts):
            continue
        pieces.append(text[at : match.start()])
        at = match.end()
        pieces.append((":" if match["c"] is None else "", *_flatten(parts)))
    pieces.append(text[at:])
    return pieces


_GROUPS = ("c", "r", "c1", "c2", "r1", "r2")


def _flatten(parts: list[tuple[str, str]]) -> list[str | int]:
    flat: list[str | int] = []
    for kind, part in parts:
        if part.startswith("$"):
            flat += ["fixed", part]
        elif kind == "c":
            flat += ["col", col_number(part)]
        else:
            flat += ["row", int(part)]
    return flat


def _move(piece: tuple[str | int, ...], down: int, right: int) -> str:
    joint, *flat = piece
    moved: list[str] = []
    for kind, what in zip(flat[::2], flat[1::2], strict=True):
        if isinstance(what, str):
            moved.append(what)
        elif kind == "col":
            col = what + right
            if not 1 <= col <= MAX_COL:
                return "#REF!"
            moved.append(col_letters(col))
        else:
            row = what + down
            if not 1 <= row <= MAX_ROW:
                return "#REF!"
            moved.append(str(row))
    return str(joint).join(moved)
