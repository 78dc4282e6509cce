"""Rewrites a module of the core for the older Pythons LibreOffice carries.

The house is written for Python 3.11; LibreOffice for Windows and macOS brings its own interpreter,
as old as Python 3.8 before its 24.8. Rather than holding the whole core back, the packer replaces
in the text, and only there, what those interpreters lack: `match`, dataclass slots,
``zip(strict=)``, unions of types at run time, union of dicts, subscripted builtins. Comments and
layout stay: what is packed reads like what is written here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass, field

from .match_patterns import condition

OLDEST = (3, 8)
"""Oldest Python the rewritten text is meant for."""

TYPES_ABSENTS = {"TypeAlias"}
CACHE = ("from functools import cache", "from functools import lru_cache")


class RewriteError(XlCpomError, ValueError):
    """A construction the rewriter does not know; the packer must not guess."""


def rewrite(source: str, ou: str = "<module>") -> str:
    """The same module for older Pythons. Raises RewriteError, with the line."""
    tree = ast.parse(source)
    editor = _Editor(source)
    for node in ast.walk(tree):
        editor.visit(node)
    written = editor.text()
    try:
        ast.parse(written, feature_version=OLDEST)
    except SyntaxError as refused:
        raise RewriteError(f"{ou}, line {refused.lineno}: {refused.msg}") from refused
    return written


@dataclass
class _Editor:
    """Replacements in a text, by byte offsets: those of `ast` count UTF-8 bytes."""

    source: str
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bytes = self.source.encode("utf-8")
        self.lines = [0]
        for line in self.bytes.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def visit(self, node: ast.AST) -> None:
        """Note what must change in one node."""
        if isinstance(node, ast.Match):
            self._match(node)
        elif isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.ImportFrom):
            self._import(node)
        elif isinstance(node, ast.ClassDef):
            for base in node.bases:
                if isinstance(base, ast.Subscript):
                    self._replace(base, self._text(base.value))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            self._alias(node)
        elif isinstance(node, ast.BinOp):
            self._dicts(node)

    def text(self) -> str:
        """The text with every replacement made, the inner ones being lost to the outer ones."""
        kept: list[tuple[int, int, str]] = []
        for edit in sorted(self.edits, key=lambda e: (e[0], -e[1])):
            if not kept or edit[0] >= kept[-1][1]:
                kept.append(edit)
        written = self.bytes
        for start, end, new in reversed(kept):
            written = written[:start] + new.encode("utf-8") + written[end:]
        return written.decode("utf-8")

    # --- what changes

    def _match(self, node: ast.Match) -> None:
        """`match x:` → `if True:`; `case P if g:` → `if …:`, `elif …:`, `else:`."""
        subject = self._text(node.subject)
        if not isinstance(node.subject, ast.Name):
            raise RewriteError(f"line {node.lineno}: match on an expression")
        self._replace_to_colon(self._start(node), self._end(node.subject), "if True:")
        for rank, case in enumerate(node.cases):
            start = self.bytes.rindex(b"case", 0, self._start(case.pattern))
            last = case.guard if case.guard is not None else case.pattern
            tests = condition(case.pattern, subject)
            if case.guard is not None:
                tests.append(f"({self._text(case.guard)})")
            if not tests:
                header = "else:" if rank else "if True:"
            else:
                header = f"{'elif' if rank else 'if'} {' and '.join(tests)}:"
            self._replace_to_colon(start, self._end(last), header)

    def _call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        unwanted = {"dataclass": "slots", "zip": "strict"}.get(name)
        for keyword in node.keywords:
            if keyword.arg == unwanted and unwanted:
                start = self.bytes.rfind(b",", 0, self._start(keyword))
                only = len(node.args) + len(node.keywords) == 1
                self.edits.append((self._start(keyword) if only else start, self._end(keyword), ""))
        if name == "isinstance" and isinstance(node.args[1], ast.BinOp):
            classes = ", ".join(self._text(c) for c in _union(node.args[1]))
            self._replace(node.args[1], f"({classes})")
        if name == "cast" and not isinstance(node.args[0], ast.Constant):
            self._replace(node.args[0], "object")

    def _import(self, node: ast.ImportFrom) -> None:
        text = self._text(node)
        if node.module == "typing" and (
            missing := [a for a in node.names if a.name in TYPES_ABSENTS]
        ):
            names = [a.name for a in node.names if a not in missing]
            self._replace(node, f"from typing import {', '.join(names) or 'Any'}")
        elif text == CACHE[0]:
            self._replace(node, f"{CACHE[1]}\n\ncache = lru_cache(maxsize=None)")

    def _alias(self, node: ast.Assign | ast.AnnAssign) -> None:
        """An alias of types is only read by type checkers: any object stands for it."""
        value = node.value
        alias = isinstance(node, ast.AnnAssign) and self._text(node.annotation) == "TypeAlias"
        if isinstance(node, ast.Assign) and isinstance(value, ast.Subscript):
            alias = self._text(value.value) in {"dict", "list", "tuple", "Callable", "Mapping"}
        if alias and value is not None:
            name = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            self._replace(node, f"{self._text(name)} = object")

    def _dicts(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.BitOr) and any(
            isinstance(found, ast.Dict | ast.DictComp)
            for side in (node.left, node.right)
            for found in ast.walk(side)
        ):
            left, right = self._text(node.left), self._text(node.right)
            self._replace(node, f"{{**({left}), **({right})}}")

    # --- places

    def _start(self, node: ast.AST) -> int:
        return int(self.lines[node.lineno - 1] + node.col_offset)  # type: ignore[attr-defined]

    def _end(self, node: ast.AST) -> int:
        line, column = node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
        return int(self.lines[line - 1] + column)

    def _text(self, node: ast.AST) -> str:
        return self.bytes[self._start(node) : self._end(node)].decode("utf-8")

    def _replace(self, node: ast.AST, new: str) -> None:
        self.edits.append((self._start(node), self._end(node), new))

    def _replace_to_colon(self, start: int, end: int, new: str) -> None:
        self.edits.append((start, self.bytes.index(b":", end) + 1, new))


def _union(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _union(node.left)
        yield from _union(node.right)
    else:
        yield node
