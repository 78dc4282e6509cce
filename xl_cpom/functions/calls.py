"""Calling a function by its name, as a cell does: values in, value or error out, never raises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .host_values import apply
from .model import VALUE, ExcelFunctionError
from .registry import FUNCTIONS


def invoke(name: str, args: Sequence[Any] = ()) -> Any:
    """Value of a call: number, text, boolean, rows of values, or the text of an Excel error.

    args, in order: cells (None = empty or not given, error values as text) or rows of cells.
    An unknown name is "#NAME?".
    """
    try:
        return evaluate(name, args)
    except ExcelFunctionError as error:
        return error.code


def evaluate(name: str, args: Sequence[Any] = ()) -> Any:
    """Like `invoke`, but an error is raised: ExcelFunctionError, with its reason in French."""
    function = FUNCTIONS.get(name.upper())
    if function is None:
        raise ExcelFunctionError("#NAME?", f"la fonction « {name} » n'existe pas")
    return apply(function, args)


def native(name: str, argument_texts: Sequence[str] = ()) -> str:
    """Plain Excel formula of a call, without its "=", in the grammar files store.

    argument_texts: text of each argument ("" = left out). Raises KeyError on an unknown name,
    NoExcelFormError (a ValueError) when the call has no plain form.
    """
    function = FUNCTIONS[name.upper()]
    if len(argument_texts) > len(function.params):
        return VALUE
    given = {p.name: t for p, t in zip(function.params, argument_texts, strict=False) if t}
    return function.write(given)
