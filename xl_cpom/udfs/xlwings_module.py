"""The functions of the registry as xlwings functions: COM on Windows, Server and Lite alike.

Name this module in « UDF Modules » (COM) or import it from ``custom_functions`` (Server, Lite).
Nothing here computes: each function hands its arguments to `xl_cpom.functions.invoke`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from xl_cpom.functions import FUNCTIONS, CellFunction, invoke

CATEGORIE = "CPOM"
RECENT_ERRORS = {
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}
"""Error cells that xlwings leaves as whole numbers on the COM path: no rate must be made of them.

Excel hands its numbers over as floats, so that such a whole number is nothing else.
"""


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(cell) for cell in value]
    return RECENT_ERRORS.get(value, value) if type(value) is int else value


def _publish(function: CellFunction) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return invoke(function.name, [_read(value) for value in args])

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.description
    call.__module__ = __name__
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                p.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if p.optional else inspect.Parameter.empty,
            )
            for p in function.params
        ]
    )
    published: Callable[..., Any] = call
    for p in function.params:
        options: dict[str, Any] = {"ndim": 2} if p.kind == "range" else {}
        published = xw.arg(p.name, doc=p.doc, err_to_str=True, **options)(published)
    # last: each `xw.arg` puts the category back to xlwings' own
    return xw.func(category=CATEGORIE)(published)


globals().update({name: _publish(function) for name, function in FUNCTIONS.items()})
