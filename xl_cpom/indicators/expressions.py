"""The small typed tree in which an indicator is written down, once.

The same tree is computed in Python (`evaluation`) and written as Excel text (`excel`), so that a
rate cannot mean two things. Three families of nodes:

* `Condition`: one truth value per row of the vector inputs;
* `Scalar`: one number (or one text, for the functions that answer with a word);
* `IfPresent` and `Param`: choices settled *before* anything is computed, by `specialise`, from the
  inputs the caller gave and from the parameters of the référentiel.

Row semantics, chosen so that Excel, LibreOffice and Python agree:

* text equality ignores case, keeps accents, trims nothing (Excel's ``=``); a blank equals "" only;
* blank means an empty cell or the empty text a formula returned;
* a comparison (`Compare`) is never satisfied by a blank, whatever Excel would say of ""≥1;
* a blank in a summed column counts 0; a text or a boolean there is an error (#VALUE!) when its row
  belongs to the indicator, and is not looked at otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from .node import Node

Operator: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]
ParamValue: TypeAlias = "float | str | tuple[str, ...] | tuple[float, ...] | Mapping[str, float]"


class Param(Node):
    """A value of the référentiel, named; settled by `specialise`."""

    key: str


# --- conditions: one truth value per row -----------------------------------------------------


class Condition(Node):
    """One truth value per row."""


class Always(Condition):
    """True on every row."""


class Never(Condition):
    """False on every row."""


class Among(Condition):
    """The text of the column is one of `textes` (case ignored)."""

    col: str
    texts: tuple[str, ...] | Param


class NotAmong(Condition):
    """The text of the column is none of `textes`; a blank satisfies it."""

    col: str
    texts: tuple[str, ...] | Param


class SameAs(Condition):
    """The text of the column equals a scalar text input, which a blank never does."""

    col: str
    scalar: str


class Filled(Condition):
    """The cell is not blank."""

    col: str


class Blank(Condition):
    """The cell is blank."""

    col: str


class Compare(Condition):
    """A filled number of the column compared with a scalar; a blank never satisfies it."""

    col: str
    op: Operator
    value: Scalar


class ScalarBlank(Condition):
    """The optional scalar input is blank (the same answer on every row)."""

    scalar: str


class All(Condition):
    """Every condition holds."""

    conditions: tuple[Condition, ...]


class AnyOf(Condition):
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


# --- scalars -----------------------------------------------------------------------------------


class Scalar(Node):
    """One number, or one text for the functions that answer with a word."""


class Number(Scalar):
    """A constant, or a number of the référentiel."""

    value: float | Param


class Text(Scalar):
    """A constant text."""

    value: str


class NotApplicable(Scalar):
    """Sans objet: None in Python, NA() in a cell."""


class Ref(Scalar):
    """A scalar input the computation needs: blank makes the whole thing sans objet."""

    key: str


class OrDefault(Scalar):
    """An optional scalar input, with its value when absent or blank."""

    key: str
    default: Scalar


class Count(Scalar):
    """Number of rows that satisfy the condition."""

    where: Condition


class Sum(Scalar):
    """Sum, over the rows that satisfy the condition, of the product of the number columns."""

    columns: tuple[str, ...]
    where: Condition


class GroupCount(Scalar):
    """Number of distinct texts of `cle` (filled) among the rows that satisfy the condition."""

    key: str
    where: Condition


class GroupShares(Scalar):
    """Sum over the groups of `cle` of the share of their rows that satisfies `reussi`."""

    key: str
    passed: Condition
    where: Condition


class Arith(Scalar):
    """Sum, difference, product, quotient, max or min of scalars."""

    op: Literal["+", "-", "*", "/", "max", "min"]
    terms: tuple[Scalar, ...]


class Rounded(Scalar):
    """Half away from zero, as ARRONDI does."""

    term: Scalar
    decimals: int | Param


class Choose(Scalar):
    """The `rang`-th value, counted from 1; the rank is truncated, then kept within the list."""

    rank: Scalar
    values: tuple[float, ...] | Param


class If(Scalar):
    """`alors` when ``gauche op droite``, else `sinon`."""

    left: Scalar
    op: Operator
    right: Scalar
    then: Scalar
    otherwise: Scalar


# --- choices settled before computing ----------------------------------------------------------


class IfPresent(Condition):
    """`alors` when the caller gives the input, else `sinon`."""

    key: str
    then: Condition
    otherwise: Condition


class SumByText(Scalar):
    """Sum over (text → coefficient) of coefficient × Sum(colonnes, ou and col = text).

    The table comes from the référentiel: it is how a status stands in for a missing percentage.
    """

    col: str
    coefficients: Param
    columns: tuple[str, ...]
    where: Condition


ALWAYS = Always()
NEVER = Never()


def all_of(*conditions: Condition) -> Condition:
    """Conjunction, flattened; `Always` disappears."""
    flat: list[Condition] = []
    for c in conditions:
        flat.extend(c.conditions if isinstance(c, All) else [] if isinstance(c, Always) else [c])
    if any(isinstance(c, Never) for c in flat):
        return NEVER
    unique = tuple(dict.fromkeys(flat))
    return ALWAYS if not unique else unique[0] if len(unique) == 1 else All(unique)


def any_of(*conditions: Condition) -> Condition:
    """Disjunction, flattened; `Never` disappears."""
    flat: list[Condition] = []
    for c in conditions:
        flat.extend(c.conditions if isinstance(c, AnyOf) else [] if isinstance(c, Never) else [c])
    if any(isinstance(c, Always) for c in flat):
        return ALWAYS
    unique = tuple(dict.fromkeys(flat))
    return NEVER if not unique else unique[0] if len(unique) == 1 else AnyOf(unique)


def add(*termes: Scalar) -> Scalar:
    """Sum of scalars."""
    return termes[0] if len(termes) == 1 else Arith("+", termes)


def subtract(left: Scalar, right: Scalar) -> Scalar:
    """Difference of two scalars."""
    return Arith("-", (left, right))


def multiply(*termes: Scalar) -> Scalar:
    """Product of scalars."""
    return termes[0] if len(termes) == 1 else Arith("*", termes)


def divide(left: Scalar, right: Scalar) -> Scalar:
    """Quotient of two scalars."""
    return Arith("/", (left, right))
