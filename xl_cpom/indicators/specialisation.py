"""Settle a tree: which inputs are given, what the référentiel says. Then nothing is left to choose.

Also tells which inputs a settled tree reads, so that Python and the Excel text guard the same ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar, cast

from .expressions import (
    NEVER,
    All,
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
    IfPresent,
    NotAmong,
    Number,
    OrDefault,
    Param,
    ParamValue,
    Ref,
    Rounded,
    SameAs,
    Scalar,
    ScalarBlank,
    Sum,
    SumByText,
    add,
    all_of,
    any_of,
    multiply,
)
from .node import Node

T = TypeVar("T", bound="Condition | Scalar")


ZERO = Number(0.0)
ONE = Number(1.0)


class _Specialiser:
    def __init__(self, presents: Collection[str], parametres: Mapping[str, ParamValue]) -> None:
        self.presents = presents
        self.parametres = parametres

    def texts(self, value: tuple[str, ...] | Param) -> tuple[str, ...]:
        if isinstance(value, Param):
            found = self.parametres[value.key]
            return (
                (found,)
                if isinstance(found, str)
                else tuple(str(v) for v in cast(tuple[str, ...], found))
            )
        return value

    def condition(self, node: Condition) -> Condition:
        match node:
            case IfPresent(key, alors, sinon):
                return self.condition(alors if key in self.presents else sinon)
            case All(conditions):
                return all_of(*(self.condition(c) for c in conditions))
            case AnyOf(conditions):
                return any_of(*(self.condition(c) for c in conditions))
            case Among(col, texts):
                found = self.texts(texts)
                return Among(col, found) if found else NEVER
            case NotAmong(col, texts):
                found = self.texts(texts)
                return NotAmong(col, found) if found else all_of()
            case Compare(col, op, value):
                return Compare(col, op, self.scalar(value))
            case _:
                return node

    def scalar(self, node: Scalar) -> Scalar:
        match node:
            case Number(Param(key)):
                return Number(float(cast(float, self.parametres[key])))
            case OrDefault(key, default):
                given = self.scalar(default)
                return OrDefault(key, given) if key in self.presents else given
            case Count(ou):
                return _sum((), self.condition(ou))
            case Sum(columns, ou):
                return _sum(columns, self.condition(ou))
            case SumByText(col, Param(key), columns, ou):
                table = cast(Mapping[str, float], self.parametres[key])
                where = self.condition(ou)
                parts = [
                    multiply(
                        *([] if k == 1 else [Number(float(k))]),
                        _sum(columns, all_of(where, Among(col, (text,)))),
                    )
                    for text, k in table.items()
                    if k and where != NEVER
                ]
                return add(*parts) if parts else ZERO
            case GroupCount(key, ou):
                return GroupCount(key, all_of(self.condition(ou), Filled(key)))
            case GroupShares(key, reussi, ou):
                return GroupShares(
                    key, self.condition(reussi), all_of(self.condition(ou), Filled(key))
                )
            case Arith("+", termes):
                kept = [t for t in map(self.scalar, termes) if t != ZERO]
                return add(*kept) if kept else ZERO
            case Arith("*", termes):
                factors = [t for t in map(self.scalar, termes) if t != ONE]
                return multiply(*factors) if factors else ONE
            case Arith(op, termes):
                return Arith(op, tuple(self.scalar(t) for t in termes))
            case Rounded(terme, decimales):
                if isinstance(decimales, Param):
                    decimales = int(cast(float, self.parametres[decimales.key]))
                return Rounded(self.scalar(terme), decimales)
            case Choose(rank, values):
                if isinstance(values, Param):
                    found = cast(tuple[float, ...], self.parametres[values.key])
                    values = tuple(float(v) for v in found)
                return Choose(self.scalar(rank), values)
            case If(left, op, right, alors, sinon):
                s = self.scalar
                return If(s(left), op, s(right), s(alors), s(sinon))
            case _:
                return node


def _sum(colonnes: tuple[str, ...], ou: Condition) -> Scalar:
    if ou == NEVER:
        return ZERO
    return Sum(colonnes, ou) if colonnes else Count(ou)


def specialise(node: T, presents: Collection[str], parametres: Mapping[str, ParamValue]) -> T:
    """The tree with every `IfPresent`, `Param` and `SumByText` settled.

    Raises KeyError when a parameter is missing from `parametres`.
    """
    worker = _Specialiser(presents, parametres)
    if isinstance(node, Condition):
        return cast(T, worker.condition(node))
    return cast(T, worker.scalar(node))


def nodes(tree: object) -> Iterator[object]:
    """Every node of a tree, the tree first."""
    yield tree
    if isinstance(tree, Node):
        for name in tree.__match_args__:
            value = getattr(tree, name)
            for child in value if isinstance(value, tuple) else (value,):
                if isinstance(child, Node):
                    yield from nodes(child)


def vectors_read(tree: Condition | Scalar) -> tuple[str, ...]:
    """Keys of the vector inputs a settled tree reads, in order of appearance."""
    seen: dict[str, None] = {}
    for n in nodes(tree):
        match n:
            case Among(col) | NotAmong(col) | SameAs(col) | Filled(col) | Blank(col) | Compare(col):
                seen[col] = None
            case Sum(columns):
                seen.update(dict.fromkeys(columns))
            case GroupCount(key) | GroupShares(key):
                seen[key] = None
    return tuple(seen)


def scalars_needed(tree: Condition | Scalar) -> tuple[str, ...]:
    """Keys of the scalar inputs without which a settled tree is sans objet."""
    return tuple(dict.fromkeys(n.key for n in nodes(tree) if isinstance(n, Ref)))


def scalars_optional(tree: Condition | Scalar) -> tuple[str, ...]:
    """Keys of the scalar inputs a settled tree reads and can do without."""
    keys = [
        n.key if isinstance(n, OrDefault) else n.scalar
        for n in nodes(tree)
        if isinstance(n, OrDefault | ScalarBlank | SameAs)
    ]
    return tuple(dict.fromkeys(keys))
