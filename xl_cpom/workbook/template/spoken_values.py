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
from xl_cpom.workbook.template.lists_sheet import year_told

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.template.looks import TemplateStyles

_LONGEST = 200
"""Characters of a number format: Excel refuses more than 255."""


def say_codes(
    styles: TemplateStyles,
    referentiel: Referentiel,
    tab: Any,
    column: Column,
    area: tuple[int, int, int, int],
    written: Iterable[Any],
) -> None:
    """Show each code written in an area (0-based) with its label."""
    labels = lists.spoken(column, referentiel)
    for code in sorted({value for value in written if value in labels}):
        _say(styles, tab, area, f'"{code}"', labels[code].removeprefix(code))


def say_year(
    styles: TemplateStyles, tab: Any, years: tuple[str, ...], at: tuple[str, int, int],
    annee_n1: Any,
) -> None:  # fmt: skip
    """Show the year followed with its civil year. at: its cell, its 0-based row and column."""
    if not isinstance(annee_n1, int):
        return
    cell, row, col = at
    for value in years:
        if value[1:]:
            criteria = f'=AND({cell}="{value}",id_annee_n1={annee_n1})'
            shown = year_told(value, annee_n1)[1].removeprefix(value)
            tab.conditional_format(row, col, row, col, {
                "type": "formula", "criteria": criteria, "format": _format(styles, shown),
            })  # fmt: skip


def _say(styles: TemplateStyles, tab: Any, area: Any, value: str, suffix: str) -> None:
    tab.conditional_format(*area, {
        "type": "cell", "criteria": "==", "value": value, "format": _format(styles, suffix),
    })  # fmt: skip


def _format(styles: TemplateStyles, suffix: str) -> Any:
    said = suffix.replace('"', "”")[:_LONGEST]
    return styles.difference(num_format=f'@"{said}"')
