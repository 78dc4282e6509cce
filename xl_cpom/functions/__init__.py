"""The functions in cells, independent of any host: standard library only.

>>> from xl_cpom.functions import invoke, native
>>> invoke("CPOM_RESORPTION", [250_000, -100_000])
0.6
>>> invoke("CPOM_OCCUPATION", [27_740, None, 365])
'#N/A'
>>> native("CPOM_RESOLUTION", ["A2:A9"]).startswith("IF(SUMPRODUCT(")
True
"""

from __future__ import annotations

from .calls import evaluate, invoke, native
from .host_values import is_error
from .lambdas import lambda_definitions
from .model import ERRORS, CellFunction, ExcelFunctionError, FunctionParam
from .registry import FUNCTIONS

__all__ = [
    "ERRORS",
    "FUNCTIONS",
    "CellFunction",
    "ExcelFunctionError",
    "FunctionParam",
    "evaluate",
    "invoke",
    "is_error",
    "lambda_definitions",
    "native",
]
