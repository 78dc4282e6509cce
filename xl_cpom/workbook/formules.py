"""The formula the template expects in a cell: as files store it, and as one types it back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xl_cpom.workbook.formule_francaise import en_francais
from xl_cpom.workbook.model import Column, Sheet
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template.formulas import Variante, expand_calls, resolve
from xl_cpom.workbook.template.marque import CLE_VARIANTE, lire_marque

if TYPE_CHECKING:
    from xl_cpom.workbook.reader import RawWorkbook


def variante_de(raw: RawWorkbook) -> Variante:
    """How the functions of a returned workbook are computed; by the add-in when it does not say."""
    told = lire_marque(raw, CLE_VARIANTE)
    return next((v for v in Variante if v.value == told), Variante.XLWINGS)


def formule_stockee(column: Column, row: Row, variante: Variante) -> str:
    """The formula that the template writes on this row (the same on all, but on fixed rows)."""
    assert column.formula is not None
    return _ecrite(column.formula.text(row.values), row.table.sheet, variante)


def formule_a_remettre(column: Column, row: Row, variante: Variante) -> str:
    """The same as one types it in a French Excel: ``=SI([@Produits]="";"";…)``."""
    return f"={en_francais(formule_stockee(column, row, variante))}"


@lru_cache(maxsize=2048)
def _ecrite(text: str, sheet: Sheet, variante: Variante) -> str:
    return expand_calls(resolve(text, sheet, SHEETS), variante)
