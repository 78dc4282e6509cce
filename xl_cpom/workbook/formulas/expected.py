"""The formula the template expects in a cell: as files store it, and as one types it back."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xl_cpom.workbook.formulas.french import french_formula
from xl_cpom.workbook.formulas.variants import Variante, expand_calls, resolve
from xl_cpom.workbook.mark import VARIANTE_KEY, read_mark
from xl_cpom.workbook.model import Column, Sheet
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.workbook.reader import RawWorkbook


def recorded_variante(raw: RawWorkbook) -> Variante:
    """How the functions of a returned workbook are computed; by the add-in when it does not say."""
    told = read_mark(raw, VARIANTE_KEY)
    return next((v for v in Variante if v.value == told), Variante.XLWINGS)


def stored_formula(column: Column, row: Row, variante: Variante) -> str:
    """The formula that the template writes on this row (the same on all, but on fixed rows)."""
    assert column.formula is not None
    return _written(column.formula.text(row.values), row.table.sheet, variante)


def formula_to_restore(column: Column, row: Row, variante: Variante) -> str:
    """The same as one types it in a French Excel: ``=SI([@Produits]="";"";…)``.

    Of a « mixte » workbook, the half that computes everywhere: it is short enough to be typed.
    """
    typed = Variante.NATIVE if variante is Variante.MIXTE else variante
    return f"={french_formula(stored_formula(column, row, typed))}"


def copied_from_elsewhere(column: Column) -> str:
    """The other way to have a formula back, where every row has the same; "" where none has."""
    assert column.formula is not None
    shared = isinstance(column.formula.excel, str)
    return ", ou recopiez une cellule intacte de la même colonne" if shared else ""


@lru_cache(maxsize=2048)
def _written(text: str, sheet: Sheet, variante: Variante) -> str:
    return expand_calls(resolve(text, sheet, SHEETS), variante)
