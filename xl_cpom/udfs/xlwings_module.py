"""The functions of the registry as xlwings functions: COM on Windows, Server and Lite alike.

Name this module in « UDF Modules » (COM) or import it from ``custom_functions`` (Server, Lite).
Nothing here computes: each function hands its arguments to `xl_cpom.udfs.core.invoke`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from xl_cpom.udfs.core import FONCTIONS, Fonction, invoke

CATEGORIE = "CPOM"


def _publish(function: Fonction) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return invoke(function.name, args)

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


globals().update({name: _publish(function) for name, function in FONCTIONS.items()})
