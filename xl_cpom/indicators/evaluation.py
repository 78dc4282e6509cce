"""A settled tree computed in Python on plain sequences.

The tree is turned once into a straight list of steps (each distinct sub-expression computed once,
on whole columns), then run as often as wanted: about ten microseconds a call on ten rows.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .cell_values import EvaluationContext, same_text
from .expressions import (
    All,
    Always,
    Among,
    AnyOf,
    Arith,
    Blank,
    Choose,
    Compare,
    Condition,
    Count,
    Filled,
    GroupCount,
    GroupShares,
    If,
    Never,
    NotAmong,
    NotApplicable,
    Number,
    OrDefault,
    Param,
    Ref,
    Rounded,
    SameAs,
    Scalar,
    ScalarBlank,
    Sum,
    Text,
)
from .rounding import arrondi

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class SansObjetError(Exception):
    """Raised inside a computation that has nothing to compute; never leaves this package."""


Registers: TypeAlias = list[Any]
Step: TypeAlias = Callable[[EvaluationContext, Registers], Any]


class EvaluationPlan:
    """Steps of one or several trees sharing their sub-expressions."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._slots: dict[object, int] = {}

    def add(self, node: Condition | Scalar) -> int:
        """Register of the node's value, adding the steps it needs."""
        slot = self._slots.get(node)
        if slot is None:
            step = self._condition(node) if isinstance(node, Condition) else self._scalar(node)
            slot = self._slots[node] = len(self.steps)
            self.steps.append(step)
        return slot

    def run(self, context: EvaluationContext) -> Registers:
        """Value of every register; a scalar that is sans objet is None."""
        registers: Registers = []
        for step in self.steps:
            try:
                registers.append(step(context, registers))
            except SansObjetError:
                registers.append(None)
        return registers

    # -- conditions: list[bool], one per row

    def _condition(self, node: Condition) -> Step:
        match node:
            case Always():
                return lambda c, r: [True] * c.rows
            case Never():
                return lambda c, r: [False] * c.rows
            case Among(col, texts):
                return _among(col, texts, inside=True)
            case NotAmong(col, texts):
                return _among(col, texts, inside=False)
            case SameAs(col, scalaire):
                return _same_as(col, scalaire)
            case Filled(col):
                return lambda c, r: _filled(c, col)
            case Blank(col):
                return lambda c, r: [not f for f in _filled(c, col)]
            case Compare(col, op, value):
                return _compare(col, OPERATORS[op], self.add(value))
            case ScalarBlank(key):
                return lambda c, r: [c.scalaires.get(key) is None] * c.rows
            case All(conditions):
                return _fold([self.add(n) for n in conditions], operator.and_)
            case AnyOf(conditions):
                return _fold([self.add(n) for n in conditions], operator.or_)
        raise TypeError(f"unsettled condition {node!r}")

    # -- scalars: int, float or str

    def _scalar(self, node: Scalar) -> Step:
        match node:
            case Number(constant) if not isinstance(constant, Param):
                return lambda c, r: constant
            case Text(text):
                return lambda c, r: text
            case NotApplicable():
                return _nothing
            case Ref(key):
                return lambda c, r: _needed(c.scalaires.get(key))
            case OrDefault(key, default):
                other = self.add(default)
                return lambda c, r: _either(c.scalaires.get(key), r[other])
            case Count(ou):
                where = self.add(ou)
                return lambda c, r: sum(r[where])
            case Sum(columns, ou):
                return _sum(columns, self.add(ou))
            case GroupCount(key, ou):
                where = self.add(ou)
                return lambda c, r: len(_groups(c.texts[key], r[where]))
            case GroupShares(key, reussi, ou):
                return _shares(key, self.add(reussi), self.add(ou))
            case Arith(op, termes):
                return _arith(op, [self.add(t) for t in termes])
            case Rounded(terme, decimales) if not isinstance(decimales, Param):
                slot = self.add(terme)
                return lambda c, r: arrondi(_needed(r[slot]), decimales)
            case Choose(rank, tuple() as values):
                slot = self.add(rank)
                last = len(values)
                return lambda c, r: values[max(1, min(last, int(_needed(r[slot])))) - 1]
            case If(left, op, right, alors, sinon):
                return _if(OPERATORS[op], *map(self.add, (left, right, alors, sinon)))
        raise TypeError(f"unsettled scalar {node!r}")


def _among(col: str, texts: object, *, inside: bool) -> Step:
    if not isinstance(texts, tuple):
        raise TypeError("unsettled list of texts")
    wanted = frozenset(t.lower() for t in texts)
    if inside:
        return lambda c, r: [v in wanted for v in c.texts[col]]
    return lambda c, r: [v not in wanted for v in c.texts[col]]


def _same_as(col: str, scalaire: str) -> Step:
    def step(c: EvaluationContext, r: Registers) -> list[bool]:
        wanted = same_text(c.scalaires.get(scalaire))
        if wanted == "":
            return [False] * c.rows
        return [v == wanted for v in c.texts[col]]

    return step


def _filled(c: EvaluationContext, col: str) -> list[bool]:
    found = c.numbers.get(col)
    return found.filled if found is not None else [v != "" for v in c.texts[col]]


def _compare(col: str, op: Callable[[Any, Any], bool], slot: int) -> Step:
    def step(c: EvaluationContext, r: Registers) -> list[bool]:
        limit = r[slot]
        column = c.numbers[col]
        if limit is None:
            return [False] * c.rows
        return [f and op(v, limit) for v, f in zip(column.values, column.filled, strict=True)]

    return step


def _fold(slots: list[int], op: Callable[[bool, bool], bool]) -> Step:
    first, *rest = slots

    def step(c: EvaluationContext, r: Registers) -> list[bool]:
        found: list[bool] = r[first]
        for slot in rest:
            found = list(map(op, found, r[slot]))
        return found

    return step


def _sum(colonnes: tuple[str, ...], where: int) -> Step:
    first, *rest = colonnes

    def step(c: EvaluationContext, r: Registers) -> float:
        values = c.numbers[first].values
        for col in rest:
            values = list(map(operator.mul, values, c.numbers[col].values))
        return math.fsum(v for v, w in zip(values, r[where], strict=True) if w)

    return step


def _groups(keys: list[object], where: list[bool]) -> dict[object, int]:
    sizes: dict[object, int] = {}
    for key, kept in zip(keys, where, strict=True):
        if kept:
            sizes[key] = sizes.get(key, 0) + 1
    return sizes


def _shares(cle: str, reussi: int, where: int) -> Step:
    def step(c: EvaluationContext, r: Registers) -> float:
        keys = c.texts[cle]
        sizes = _groups(keys, r[where])
        done = _groups(keys, list(map(operator.and_, r[where], r[reussi])))
        return math.fsum(done.get(key, 0) / size for key, size in sizes.items())

    return step


def _arith(op: str, slots: list[int]) -> Step:
    def step(c: EvaluationContext, r: Registers) -> float:
        values: list[float] = [_needed(r[s]) for s in slots]
        match op:
            case "+":
                return sum(values)
            case "-":
                return values[0] - values[1]
            case "*":
                return math.prod(values)
            case "/":
                if values[1] == 0:
                    raise SansObjetError
                return values[0] / values[1]
            case "max":
                return max(values)
        return min(values)

    return step


def _if(op: Callable[[Any, Any], bool], left: int, right: int, yes: int, no: int) -> Step:
    def step(c: EvaluationContext, r: Registers) -> Any:
        return _needed(r[yes] if op(_needed(r[left]), _needed(r[right])) else r[no])

    return step


def _needed(value: Any) -> Any:
    if value is None:
        raise SansObjetError
    return value


def _either(value: Any, other: Any) -> Any:
    return _needed(other) if value is None else value


def _nothing(c: EvaluationContext, r: Registers) -> Any:
    raise SansObjetError
