"""From the formula of a declaration to the text stored in the cell, in each variant.

| variant | what a `CPOM_…` call becomes |
|---|---|
| xlwings | itself: the add-in computes it |
| lambda | itself: the name is a LAMBDA defined in the workbook |
| native | the plain Excel formula of the function: nothing to install |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from xl_cpom.workbook.geometry import column_reference, fiche_name, row_reference
from xl_cpom.workbook.model import Layout, Sheet


class Variante(Enum):
    """How the functions of the workbook are computed."""

    XLWINGS = "xlwings"
    LAMBDA = "lambda"
    NATIVE = "native"


_PLACEHOLDER = re.compile(r"\{([a-z][a-z_0-9]*)(?:\.([a-z][a-z_0-9]*))?\}")
_CALL = re.compile(r"(?<![\w.])(CPOM_[A-Z_0-9]+)\(")


def resolve(text: str, sheet: Sheet, sheets: Mapping[str, Sheet]) -> str:
    """Replace the placeholders of a formula by references. Raises KeyError on an unknown one.

    `{key}` is this row's cell (or the name of the value, on a fiche), `{sheet.key}` a whole column
    of another table, `{identification.key}` the name of a value of the fiche.
    """

    def reference(match: re.Match[str]) -> str:
        name, key = match.groups()
        if key is None:
            if sheet.layout is Layout.FICHE:
                return fiche_name(sheet, sheet[name].key)
            return row_reference(sheet, sheet[name])
        other = sheets[name]
        if other.layout is Layout.FICHE:
            return fiche_name(other, other[key].key)
        return column_reference(other, other[key])

    return _PLACEHOLDER.sub(reference, text)


def calls(text: str) -> tuple[str, ...]:
    """Names of the CPOM functions a formula calls, in order."""
    return tuple(_CALL.findall(text))


def expand_calls(text: str, variante: Variante) -> str:
    """The formula with its CPOM calls as the variant wants them (innermost first)."""
    if variante is not Variante.NATIVE:
        return text
    from xl_cpom.functions import native

    while (match := _last_call(text)) is not None:
        close = _closing(text, match.end() - 1)
        arguments = tuple(_arguments(text[match.end() : close]))
        text = text[: match.start()] + native(match[1], arguments) + text[close + 1 :]
    return text


def define_lambdas(workbook: Any) -> None:
    """Define every CPOM function as a LAMBDA of the workbook (Excel 365)."""
    from xl_cpom.functions.lambdas import lambda_definitions

    for name, text in lambda_definitions().items():
        workbook.define_name(name, f"={text}")


def _last_call(text: str) -> re.Match[str] | None:
    """The last call outside quotes: it has no other call among its arguments."""
    quoted = [match.span() for match in re.finditer(r'"[^"]*"', text)]
    found = None
    for match in _CALL.finditer(text):
        if not any(start < match.start() < end for start, end in quoted):
            found = match
    return found


def _closing(text: str, opening: int) -> int:
    depth, quoted = 0, False
    for index in range(opening, len(text)):
        char = text[index]
        if char == '"':
            quoted = not quoted
        elif not quoted and char == "(":
            depth += 1
        elif not quoted and char == ")":
            depth -= 1
            if depth == 0:
                return index
    raise ValueError(f"unbalanced parentheses: {text}")


def _arguments(text: str) -> Iterator[str]:
    """Split at the commas of the first level, outside quotes, parentheses and braces."""
    depth, quoted, start = 0, False, 0
    for index, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char in "({[":
            depth += 1
        elif char in ")}]":
            depth -= 1
        elif char == "," and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    if text.strip():
        yield text[start:].strip()
