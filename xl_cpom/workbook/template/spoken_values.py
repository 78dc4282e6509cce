"""Values written as codes and shown as the drop-downs say them: « N2 » as « N2 (2027) ».

The cell keeps its code, which everything reads; a conditional format gives it its label. Only the
codes that a workbook is written with have one, since a format cannot look a label up. The years of
the contract all do, for as long as its first year is the one it was written with.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook import lists
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.template.lists_sheet import YEARS, year_told

if TYPE_CHECKING:
    from xl_cpom.workbook.template.tables import TemplateContext

_LONGEST = 200
"""Characters of a number format: Excel refuses more than 255."""


def say_codes(
    context: TemplateContext,
    tab: Any,
    column: Column,
    area: tuple[int, int, int, int],
    written: Iterable[Any],
) -> None:
    """Show each code written in an area (0-based) with its label."""
    labels = lists.spoken(column, context.referentiel)
    for code in sorted({value for value in written if value in labels}):
        _say(context, tab, area, f'"{code}"', labels[code].removeprefix(code))


def say_year(
    context: TemplateContext, tab: Any, column: Column, cell: str, row: int, col: int,
    annee_n1: Any,
) -> None:  # fmt: skip
    """Show the year followed with its civil year, in the cell of the fiche (0-based row, col)."""
    if column.list_name != YEARS or not isinstance(annee_n1, int):
        return
    for value in context.referentiel.listes[YEARS]:
        if value[1:]:
            criteria = f'=AND({cell}="{value}",id_annee_n1={annee_n1})'
            shown = year_told(value, annee_n1)[1].removeprefix(value)
            tab.conditional_format(row, col, row, col, {
                "type": "formula", "criteria": criteria, "format": _format(context, shown),
            })  # fmt: skip


def _say(context: TemplateContext, tab: Any, area: Any, value: str, suffix: str) -> None:
    tab.conditional_format(*area, {
        "type": "cell", "criteria": "==", "value": value, "format": _format(context, suffix),
    })  # fmt: skip


def _format(context: TemplateContext, suffix: str) -> Any:
    said = suffix.replace('"', "”")[:_LONGEST]
    return context.styles.difference(num_format=f'@"{said}"')
