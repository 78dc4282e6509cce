"""Each function as a LAMBDA defined name: Excel 365, nothing to install, the same formulas.

The body is the plain formula, its references being the parameters. Optional parameters are tested
with ISOMITTED; when all the bodies do not fit in one formula, each goes to a helper name
(``_CPOM_…``) that takes exactly what is given. A function that answers cell by cell spreads its
body with MAP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from xl_cpom.indicators.excel_text import FORMULA_LENGTH, NoExcelFormError

from .model import VALUE, CellFunction
from .registry import FUNCTIONS

AU_PLUS = 4
"""Beyond, a function's optional arguments can only be left out from the last one."""

_Body = Callable[[CellFunction, "tuple[str, ...]"], str]

SHORT = "abdefghij"
"""Parameters of the helpers: one letter each, not C nor R, which are references in Excel."""


def lambda_definitions() -> Mapping[str, str]:
    """Defined name → text (without "="), helpers first; « Listes » must hold the nomenclatures."""
    defined: dict[str, str] = {}
    for function in FUNCTIONS.values():
        defined.update(_definitions(function))
    return defined


def _definitions(function: CellFunction) -> Iterator[tuple[str, str]]:
    helpers: dict[str, str] = {}
    try:
        written = _fitting(function.name, _lambda(function, _inline))
    except NoExcelFormError:

        def hoisted(function: CellFunction, given: tuple[str, ...]) -> str:
            short = [f"_xlpm.{letter}" for letter in SHORT[: len(given)]]
            body = function.body(dict(zip(given, short, strict=True)))
            text = f"_xlfn.LAMBDA({','.join((*short, body))})"
            name = helpers.setdefault(text, f"_{function.name}_{len(helpers) + 1}")
            return f"{name}({','.join(map(_parameter, given))})"

        written = _lambda(function, hoisted)
    for text, name in helpers.items():
        yield name, _fitting(name, text)
    yield function.name, _fitting(function.name, written)


def _fitting(name: str, text: str) -> str:
    if len(text) > FORMULA_LENGTH:
        raise NoExcelFormError(f"{name} : {len(text)} caractères, trop longue pour Excel")
    return text


def _parameter(name: str) -> str:
    return f"_xlpm.{name}"


def _inline(function: CellFunction, given: tuple[str, ...]) -> str:
    refs = {name: _parameter(name) for name in given}
    return _spread(function, refs) if function.array else function.body(refs)


def _spread(function: CellFunction, refs: dict[str, str]) -> str:
    """MAP over the ranges of several cells; a single cell is repeated."""
    ranges = [p.name for p in function.params if p.kind == "range"]
    written = ""
    for size in range(len(ranges), -1, -1):
        for many in combinations(ranges, size):
            inner = {n: f"_xlpm.{letter}" for n, letter in zip(many, SHORT, strict=False)}
            body = function.body({**refs, **inner})
            if many:
                params = ",".join(inner.values())
                over = ",".join(refs[n] for n in many)
                body = f"_xlfn.MAP({over},_xlfn.LAMBDA({params},{body}))"
            alone = [f"ROWS({refs[n]})*COLUMNS({refs[n]})=1" for n in ranges if n not in many]
            test = f"AND({','.join(alone)})" if len(alone) > 1 else "".join(alone)
            written = f"IF({test},{body},{written})" if written else body
    return written


def _lambda(function: CellFunction, write: _Body) -> str:
    required = tuple(p.name for p in function.params if not p.optional)
    optional = tuple(p.name for p in function.params if p.optional)
    head = [_parameter(n) for n in required] + [f"_xlop.{n}" for n in optional]
    if len(optional) > AU_PLUS:
        body = _from_the_end(function, write, required, optional)
    else:
        body = _any_subset(function, write, required, optional)
    return f"_xlfn.LAMBDA({','.join((*head, body))})"


def _any_subset(
    function: CellFunction, write: _Body, given: tuple[str, ...], rest: tuple[str, ...]
) -> str:
    if not rest:
        order = [p.name for p in function.params if p.name in given]
        return write(function, tuple(order))
    first, *others = rest
    without = _any_subset(function, write, given, tuple(others))
    with_it = _any_subset(function, write, (*given, first), tuple(others))
    if without == with_it:
        return with_it
    return f"IF(_xlfn.ISOMITTED({_parameter(first)}),{without},{with_it})"


def _from_the_end(
    function: CellFunction, write: _Body, required: tuple[str, ...], optional: tuple[str, ...]
) -> str:
    body = write(function, required)
    for count in range(1, len(optional) + 1):
        with_it = write(function, (*required, *optional[:count]))
        if with_it == body:
            continue
        skipped = [f"_xlfn.ISOMITTED({_parameter(n)})" for n in optional[: count - 1]]
        if skipped:
            test = f"OR({','.join(skipped)})" if len(skipped) > 1 else skipped[0]
            with_it = f"IF({test},{VALUE},{with_it})"
        body = f"IF(_xlfn.ISOMITTED({_parameter(optional[count - 1])}),{body},{with_it})"
    return body
