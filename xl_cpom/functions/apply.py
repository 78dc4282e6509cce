"""Giving a function its arguments: what every call has in common, whoever names the function."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .host_values import bind
from .model import NUM, VALUE, CellFunction, ExcelFunctionError


def apply(function: CellFunction, args: Sequence[Any]) -> Any:
    """Value of a function for its arguments, in order; raises ExcelFunctionError with its
    reason.
    """
    try:
        found = function.compute(bind(function, args))
    except ArithmeticError as overflow:
        raise ExcelFunctionError(
            NUM, "un nombre dépasse ce qu'un tableur sait calculer"
        ) from overflow
    except (TypeError, ValueError) as refusal:
        raise ExcelFunctionError(VALUE, "une valeur n'est pas du type attendu") from refusal
    if isinstance(found, float) and not math.isfinite(found):
        raise ExcelFunctionError(NUM, "le résultat dépasse ce qu'un tableur sait écrire")
    return found
