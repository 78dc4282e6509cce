"""Is a typed value what its column declares? The entry part of the pandera schemas.

In a control the coercion has already said what is wrong with each cell; whoever validates a frame
of his own has only the schema.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook import lists
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.records import NON_LU, Row

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.DATE: (dt.date,),
    Kind.FINESS_LIST: (tuple,),
    Kind.INTEGER: (int,),
    Kind.ANNEE: (int,),
    Kind.TAUX: (float, int),
    Kind.RATIO: (float, int),
    Kind.NUMBER: (float, int),
    Kind.MONTANT: (float, int),
    Kind.COTATION: (float, int, str),
}
"""Python types of the kinds; the others hold text."""


def row_is_well_entered(row: Row, sheet: Sheet, referentiel: Referentiel) -> bool:
    """Types, compulsory cells, lists and bounds of a row (an unread value has been said)."""
    values = row.values
    return all(valid(values[key]) for key, valid in entry_checks(sheet, referentiel))


@lru_cache(maxsize=64)
def entry_checks(
    sheet: Sheet, referentiel: Referentiel
) -> tuple[tuple[str, Callable[[Any], bool]], ...]:
    """Key of each entry column, and whether a value is what the column declares."""
    return tuple(
        (column.key, _check(column, referentiel)) for column in sheet.columns if column.is_entry
    )


def _check(column: Column, referentiel: Referentiel) -> Callable[[Any], bool]:
    types = _TYPES.get(column.kind, (str,))
    admitted = frozenset(lists.admitted(column, referentiel))
    required, (low, high) = column.required, column.bounds(referentiel)

    def valid(value: Any) -> bool:
        if value is None:
            return not required
        if value is NON_LU:
            return True
        if not isinstance(value, types) or isinstance(value, bool):
            return False
        if admitted and value not in admitted:
            return False
        if not isinstance(value, int | float):
            return True
        return (low is None or value >= low) and (high is None or value <= high)

    return valid
