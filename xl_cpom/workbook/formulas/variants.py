"""From the formula of a declaration to the text stored in the cell, in each variant.

| variant | what a `CPOM_…` call becomes |
|---|---|
| mixte | itself, and its plain formula where nobody knows it: right with or without add-in |
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

    MIXTE = "mixte"
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
    """The formula with its CPOM calls as the variant wants them."""
    if variante is Variante.NATIVE:
        return _plain(text)
    if variante is Variante.MIXTE:
        return _with_fallback(text)
    return text


def _plain(text: str) -> str:
    """The formula with each call replaced by what it computes, innermost first."""
    from xl_cpom.functions import native

    while (found := _calls_outside_quotes(text)) != []:
        last = found[-1]  # it has no other call among its arguments
        close = _closing(text, last.end() - 1)
        arguments = tuple(_arguments(text[last.end() : close]))
        text = text[: last.start()] + native(last[1], arguments) + text[close + 1 :]
    return text


def _with_fallback(text: str) -> str:
    """Each outermost call, then what it computes for a program that does not know it.

    An unknown function is an error like another to IFERROR, in Excel (#NAME?), LibreOffice,
    Gnumeric and IronCalc alike. A call that answers #N/A (sans objet) is computed again by the
    plain formula, which answers #N/A too.
    """
    done, at = [], 0
    for call in _calls_outside_quotes(text):
        if call.start() < at:
            continue  # an argument of the call before: it went with it
        close = _closing(text, call.end() - 1) + 1
        whole = text[call.start() : close]
        done.append(f"{text[at : call.start()]}IFERROR({whole},{_plain(whole)})")
        at = close
    return "".join([*done, text[at:]])


def define_lambdas(workbook: Any) -> None:
    """Define every CPOM function as a LAMBDA of the workbook (Excel 365)."""
    from xl_cpom.functions.lambdas import lambda_definitions

    for name, text in lambda_definitions().items():
        workbook.define_name(name, f"={text}")


def _calls_outside_quotes(text: str) -> list[re.Match[str]]:
    """The calls of a formula in order, those that only a text quotes left out."""
    quoted = [match.span() for match in re.finditer(r'"[^"]*"', text)]
    return [
        match
        for match in _CALL.finditer(text)
        if not any(start < match.start() < end for start, end in quoted)
    ]


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
