"""The inputs of an indicator: what they are, and how the values given for them are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass

from .cell_values import EvaluationContext, number, number_column, same_text
from .computation_method import MethodRule
from .evaluation import Registers


class InvalidInputError(XlCpomError, ValueError):
    """An input cannot be used: wrong type, unknown name, unequal lengths. The message is French.

    `entree` is the key of the input at fault, `index` the row (from 0) when it is one cell.
    """

    def __init__(self, message: str, entree: str = "", index: int | None = None) -> None:
        super().__init__(message)
        self.entree = entree
        self.index = index


@dataclass(frozen=True, slots=True)
class Input:
    """One input of an indicator."""

    key: str
    """Its name for a program."""
    libelle: str
    """Its French name."""
    kind: Literal["vector", "scalar"]
    """One value per row, or one value."""
    nature: Literal["texte", "nombre", "date"]
    """What its cells hold."""
    unite: str
    """Unit of its values; "" when they have none."""
    example: str
    """A value, as one types it."""
    optional: bool = False
    """May it be left out?"""
    column: str | None = None
    """Key of the column of the workbook that feeds it, on the sheet of the indicator's module; None
    when another place does (the perimeter asked, the date looked from), or when the column is made
    from the input (those of the ANAP)."""


def check_input_names(code: str, by_key: Mapping[str, Input], given: Iterable[str]) -> None:
    """Raise InvalidInputError when a name is not an input of the indicator."""
    unknown = sorted(set(given) - by_key.keys())
    if unknown:
        raise InvalidInputError(
            f"entrée inconnue pour {code}\u00a0: {', '.join(unknown)}", unknown[0]
        )


def sort_inputs(
    code: str, by_key: Mapping[str, Input], data: Mapping[str, object]
) -> tuple[dict[str, list[object]], dict[str, object]]:
    """The vectors given (a single value is one row) and the scalars given (blanks left out)."""
    vectors: dict[str, list[object]] = {}
    scalars: dict[str, object] = {}
    for key, value in data.items():
        entry = by_key.get(key)
        if entry is None:
            check_input_names(code, by_key, (key,))
        elif entry.kind == "vector":
            if value is not None:
                vectors[key] = list(value) if isinstance(value, list | tuple) else [value]
        elif value is not None and value != "":
            scalars[key] = value
    return vectors, scalars


def compute_inputs(
    rule: MethodRule,
    by_key: Mapping[str, Input],
    vectors: Mapping[str, list[object]],
    scalars: Mapping[str, object],
) -> Registers:
    """Run a settled rule; registers are told by `regle.plan`.

    Raises InvalidInputError on a text or a boolean where a number is needed (on the rows that
    belong to the indicator only), and on unequal lengths.
    """
    context = _read(rule, by_key, vectors, scalars)
    plan, rows, *_ = rule.plan
    registers = plan.run(context)
    kept = registers[rows]
    for key, column in context.numbers.items():
        for index, reason in column.refuses:
            if kept[index]:
                where = f"{by_key[key].libelle}, ligne {index + 1}"
                raise InvalidInputError(f"{where}\u00a0: {reason}", key, index)
    return registers


def _read(
    rule: MethodRule,
    by_key: Mapping[str, Input],
    vectors: Mapping[str, list[object]],
    scalars: Mapping[str, object],
) -> EvaluationContext:
    rows = {len(vectors[key]) for key in rule.vectors}
    if len(rows) > 1:
        sizes = ", ".join(f"{key} {len(vectors[key])}" for key in rule.vectors)
        raise InvalidInputError(f"les plages n'ont pas la même hauteur\u00a0: {sizes}")
    read: dict[str, object] = {}
    for key in rule.scalaires:
        value = scalars.get(key)
        if value is not None and by_key[key].nature != "texte":
            try:
                value = number(value)
            except ValueError as refusal:
                raise InvalidInputError(f"{by_key[key].libelle}\u00a0: {refusal}", key) from refusal
        read[key] = value
    texts: dict[str, list[object]] = {}
    numbers = {}
    for key in rule.vectors:
        if by_key[key].nature == "texte":
            texts[key] = [same_text(v) for v in vectors[key]]
        else:
            numbers[key] = number_column(vectors[key])
    return EvaluationContext(rows.pop() if rows else 0, texts, numbers, read)
