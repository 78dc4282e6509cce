"""Which variant of the template an old workbook was, so that the new one is the same."""

from __future__ import annotations

from xl_cpom.workbook.formulas.canonical import calls_cpom, canonical
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.mark import VARIANTE_KEY, read_mark
from xl_cpom.workbook.reader import RawWorkbook


def detected_variante(raw: RawWorkbook) -> Variante:
    """The variant the workbook says it is, else the one its formulas and its names show."""
    said = read_mark(raw, VARIANTE_KEY)
    if said in {variante.value for variante in Variante}:
        return Variante(said)
    if any(name.name.upper().startswith("CPOM_") for name in raw.defined_names):
        return Variante.LAMBDA
    formulas = [cell.formula for sheet in raw.sheets for cell in sheet.cells.values()]
    called = [f for f in formulas if f and "CPOM" in f and calls_cpom(f)]
    if not called:
        return Variante.NATIVE if any(formulas) else Variante.MIXTE
    falls_back = any("IFERROR(CPOMTAUX(" in canonical(formula) for formula in called)
    return Variante.MIXTE if falls_back else Variante.XLWINGS
