"""Two formulas that compute the same from the same cells, however their references are written.

Excel keeps `tActions[[#This Row],[Module]]`; a program without tables writes
`'Plan d''actions'!$B6` in its place, another `$B$6`, a third a lower-case name. Each formula is
cut into tokens in which a reference is the place it leads to: the same cell, the same column of
data, the same value of the fiche. Two formulas are equivalent when their trees are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.typography import fold
from xl_cpom.workbook.formulas.canonical import outside
from xl_cpom.workbook.formulas.tree import Token, tree_of
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader.refs import Rect, parse_rect
from xl_cpom.workbook.records import Table

_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_TOKEN = lazy_pattern(
    rf"""(?P<blank>\s+)
      | (?P<text>"(?:[^"]|"")*")
      | (?P<area>(?:(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^\W\d][\w.]*))!)?
          (?P<ref>{_CELL}(?::(?:(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?{_CELL})?)(?![\w(!]))
      | (?P<book>(?:\[\d+\]|'[^']*'|[\w.]+\.XLAM)!(?=\w))
      | (?P<structured>(?P<table>\w*)\[(?P<inside>(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\])
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)
      | (?P<error>\#[A-Z/0]+[!?A]?)
      | (?P<name>[^\W\d][\w.\\]*)
      | (?P<operator><>|<=|>=|.)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ESCAPED = re.compile(r"'(.)")
_PARTS = re.compile(r"\[((?:[^\[\]']|'.)*)\]")


class Places:
    """Where the references of a workbook lead: its tables, its tabs, the values of its fiche.

    lasts: by sheet key, the last row of the table, under which records may have been typed.
    """

    def __init__(self, tables: Mapping[str, Table], lasts: Mapping[str, int]) -> None:
        self._lasts = lasts
        self._by_table = {t.sheet.table.casefold(): t for t in tables.values()}
        self._by_tab = {fold(t.name): t for t in tables.values()}
        self._names: dict[str, Token] = {}
        for table in tables.values():
            if table.sheet.layout is Layout.FICHE:
                for key, address in table.anchors.items():
                    rect = parse_rect(address)
                    name = f"{table.sheet.table}_{key}".casefold()
                    if rect is not None:
                        self._names[name] = ("cell", table.sheet.key, rect.col1, rect.row1)

    def tree(self, formula: str, home: Table, row: int) -> Any:
        """What the formula of a cell on a row of `home` computes, to be compared with another."""
        return tree_of(self.tokens(formula, home, row))

    def tokens(self, formula: str, home: Table, row: int) -> list[Token]:
        """The formula as tokens, its references as places."""
        found: list[Token] = []
        for token in self._scan(formula.removeprefix("="), home, row):
            if token == ("op", ")") and found[-2:] in (
                [("name", "TRUE"), ("op", "(")],
                [("name", "FALSE"), ("op", "(")],
            ):
                found.pop()  # TRUE() is TRUE
            else:
                found.append(token)
        return found

    def _scan(self, formula: str, home: Table, row: int) -> Iterator[Token]:
        for match in _TOKEN.finditer(formula):
            match match.lastgroup and next(
                k for k in ("blank", "text", "area", "book", "structured", "number", "error",
                            "name", "operator") if match[k] is not None
            ):  # fmt: skip
                case "text":
                    yield ("text", match["text"])
                case "area":
                    yield self._area(match, home)
                case "structured":
                    yield self._structured(match, home, row)
                case "number":
                    yield ("number", float(match["number"]))
                case "error":
                    yield ("error", match["error"].upper())
                case "name":
                    yield self._name(match["name"])
                case "operator" if match[0] != "@":
                    yield ("op", match[0])

    def _name(self, name: str) -> Token:
        place = self._names.get(name.casefold())
        return place or ("name", outside(name + "(").removesuffix("(").replace("CPOM_", "CPOM"))

    def _area(self, match: re.Match[str], home: Table) -> Token:
        tab = match["quoted"].replace("''", "'") if match["quoted"] else match["plain"]
        table = home if tab is None else self._by_tab.get(fold(tab))
        first, _, last = match["ref"].partition(":")
        rect = parse_rect(f"{first}:{last.rpartition('!')[2]}" if last else first)
        if table is None or rect is None:
            return ("elsewhere", fold(tab or ""), match["ref"].replace("$", "").upper())
        if (rect.row1, rect.col1) == (rect.row2, rect.col2):
            return ("cell", table.sheet.key, rect.col1, rect.row1)
        return self._column(table, rect)

    def _structured(self, match: re.Match[str], home: Table, row: int) -> Token:
        table = self._by_table.get(match["table"].casefold()) if match["table"] else home
        inside = match["inside"]
        parts = [_ESCAPED.sub(r"\1", part) for part in _PARTS.findall(inside)]
        here = inside.startswith("@") or any(part.casefold() == "#this row" for part in parts)
        header = parts[-1] if parts else _ESCAPED.sub(r"\1", inside.removeprefix("@"))
        if table is None:
            return ("elsewhere", match[0].casefold())
        names = {fold(c.header): c.key for c in table.sheet.columns}
        key = names.get(fold(header))
        col = table.columns.get(key) if key else None
        if col is None:
            return ("elsewhere", match[0].casefold())
        return ("cell", table.sheet.key, col, row) if here else ("column", table.sheet.key, col)

    def _column(self, table: Table, rect: Rect) -> Token:
        """A range, which is the whole column when it holds every record of the table."""
        end = self._lasts.get(table.sheet.key)
        rows = [row.number for row in table.rows if end is None or row.number <= end]
        starts = table.header_row <= rect.row1 <= table.header_row + 1
        if rect.col1 == rect.col2 and starts and rect.row2 >= max(rows, default=rect.row1):
            return ("column", table.sheet.key, rect.col1)
        return ("area", table.sheet.key, *rect)
