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

    def textes(self, value: tuple[str, ...] | Param) -> tuple[str, ...]:
        if isinstance(value, Param):
            found = self.parametres[value.cle]
            return (
                (found,)
                if isinstance(found, str)
                else tuple(str(v) for v in cast(tuple[str, ...], found))
            )
        return value

    def condition(self, node: Condition) -> Condition:
        match node:
            case IfPresent(cle, alors, sinon):
                return self.condition(alors if cle in self.presents else sinon)
            case All(conditions):
                return all_of(*(self.condition(c) for c in conditions))
            case AnyOf(conditions):
                return any_of(*(self.condition(c) for c in conditions))
            case Among(col, textes):
                found = self.textes(textes)
                return Among(col, found) if found else NEVER
            case NotAmong(col, textes):
                found = self.textes(textes)
                return NotAmong(col, found) if found else all_of()
            case Compare(col, op, valeur):
                return Compare(col, op, self.scalar(valeur))
            case _:
                return node

    def scalar(self, node: Scalar) -> Scalar:
        match node:
            case Number(Param(cle)):
                return Number(float(cast(float, self.parametres[cle])))
            case OrDefault(cle, defaut):
                given = self.scalar(defaut)
                return OrDefault(cle, given) if cle in self.presents else given
            case Count(ou):
                return _sum((), self.condition(ou))
            case Sum(colonnes, ou):
                return _sum(colonnes, self.condition(ou))
            case SumByText(col, Param(cle), colonnes, ou):
                table = cast(Mapping[str, float], self.parametres[cle])
                where = self.condition(ou)
                parts = [
                    multiply(
                        *([] if k == 1 else [Number(float(k))]),
                        _sum(colonnes, all_of(where, Among(col, (texte,)))),
                    )
                    for texte, k in table.items()
                    if k and where != NEVER
                ]
                return add(*parts) if parts else ZERO
            case GroupCount(cle, ou):
                return GroupCount(cle, all_of(self.condition(ou), Filled(cle)))
            case GroupShares(cle, reussi, ou):
                return GroupShares(
                    cle, self.condition(reussi), all_of(self.condition(ou), Filled(cle))
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
                    decimales = int(cast(float, self.parametres[decimales.cle]))
                return Rounded(self.scalar(terme), decimales)
            case Choose(rang, valeurs):
                if isinstance(valeurs, Param):
                    found = cast(tuple[float, ...], self.parametres[valeurs.cle])
                    valeurs = tuple(float(v) for v in found)
                return Choose(self.scalar(rang), valeurs)
            case If(gauche, op, droite, alors, sinon):
                s = self.scalar
                return If(s(gauche), op, s(droite), s(alors), s(sinon))
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
            case Sum(colonnes):
                seen.update(dict.fromkeys(colonnes))
            case GroupCount(cle) | GroupShares(cle):
                seen[cle] = None
    return tuple(seen)


def scalars_needed(tree: Condition | Scalar) -> tuple[str, ...]:
    """Keys of the scalar inputs without which a settled tree is sans objet."""
    return tuple(dict.fromkeys(n.cle for n in nodes(tree) if isinstance(n, Ref)))


def scalars_optional(tree: Condition | Scalar) -> tuple[str, ...]:
    """Keys of the scalar inputs a settled tree reads and can do without."""
    keys = [
        n.cle if isinstance(n, OrDefault) else n.scalaire
        for n in nodes(tree)
        if isinstance(n, OrDefault | ScalarBlank | SameAs)
    ]
    return tuple(dict.fromkeys(keys))
