"""What happened to the calculated cells of a tab: overwritten, never calculated, in error.

Their values are recomputed anyway; a cell nothing could compute where the file was saved (no
add-in there, or a program without LAMBDA) is told apart from a formula that was broken.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from xl_cpom.typography import visible
from xl_cpom.workbook.computation import used_keys
from xl_cpom.workbook.formulas.canonical import calls_cpom
from xl_cpom.workbook.formulas.expected import copied_from_elsewhere, formula_to_restore
from xl_cpom.workbook.formulas.variants import Variante
from xl_cpom.workbook.interpretation.coercion import shown
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.programs import is_excel
from xl_cpom.workbook.interpretation.rows import TabReading
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import ExcelError, RawCell
from xl_cpom.workbook.records import Row

SANS_OBJET = "#N/A"
NOM = "#NAME?"
WRONG_TYPE = "#VALUE!"
EN_ATTENTE = frozenset({"#BUSY!", "#CONNECT!", "#GETTING_DATA", "#BLOCKED!", "#UNKNOWN!"})
"""What Excel shows of a function whose add-in does not answer."""

_LINK = re.compile(r"!(?:_xldudf_\w*?)?CPOM_", re.IGNORECASE)


_EMPTY_ENOUGH = 5


def drops_empty_results(tabs: Iterable[TabReading]) -> bool:
    """Did the program keep the results, but for those that are an empty text (ExcelJS)?

    No empty text is then left anywhere, and cells whose result is one have nothing.
    """
    kept = dropped = 0
    for tab in tabs:
        for row, column, cell in tab.calculated:
            if cell is None or cell.formula is None:
                continue
            if cell.cached and cell.value in (None, ""):
                return False
            kept += cell.cached
            dropped += not cell.cached and row.values[column.key] is None
    return kept > 0 and dropped >= _EMPTY_ENOUGH


def formula_remarks(
    tab: TabReading, variante: Variante, programme: str, *, drops_empty: bool = False
) -> Iterable[Notice]:
    """Notices about the calculated cells of a tab. programme: what saved the file.

    drops_empty: a result that is not there may be an empty text, where the tab has others.
    """
    name = tab.table.name
    calculated = any(cell and cell.formula and cell.cached for _, _, cell in tab.calculated)
    uncached: list[str] = []
    absent: defaultdict[str, list[str]] = defaultdict(list)
    unknown: set[tuple[int, str, str]] = set()  # (row, column, error) of what nothing computed
    misread = {ref for n in tab.notices if n.code.startswith("FMT-") for ref in n.cells}
    for row, column, cell in tab.calculated:
        if cell is None:
            continue
        if cell.formula is None:
            if cell.value is not None:
                yield _ecrasee(name, cell, row, column, variante)
        elif not cell.cached:
            empty = row.values[column.key] is None or (drops_empty and calculated)
            if not empty:  # an empty result needs no calculation
                uncached.append(cell.ref)
        elif isinstance(cell.value, ExcelError) and cell.value.code != SANS_OBJET:
            error = cell.value.code
            used = used_keys(column)
            if error == WRONG_TYPE and any(row.cell(key) in misread for key in used):
                continue  # « 12 ETP » is told in its cell, and what reads it follows
            follows = any((row.number, key, error) in unknown for key in used)
            if follows or _without_complement(cell.formula, error, variante, programme):
                unknown.add((row.number, column.key, error))
                absent[visible(str(cell.value))].append(cell.ref)
            else:
                yield _in_error(name, cell, row, column, variante)
    if uncached:
        yield Notice("STR-015", name, tuple(uncached), values={"feuille": name})
    for error, cells in absent.items():
        yield Notice("STR-017", name, tuple(cells), error, {"feuille": name, "erreur": error})


def _without_complement(formula: str, error: str, variante: Variante, programme: str) -> bool:
    """Does the error tell that nothing computes our functions, rather than a broken formula?"""
    if error == NOM:
        return True
    if not calls_cpom(formula):
        return False
    if variante is Variante.LAMBDA and not is_excel(programme):
        return True  # LibreOffice has no LAMBDA: #VALEUR!
    lost_link = error == "#REF!" and "#REF!" not in formula and _LINK.search(formula) is not None
    return lost_link or error in EN_ATTENTE


def _ecrasee(name: str, cell: RawCell, row: Row, column: Column, variante: Variante) -> Notice:
    attendu = formula_to_restore(column, row, variante)
    values = {"colonne": column.header, "lu": shown(cell), "attendu": attendu,
              "copie": copied_from_elsewhere(column)}  # fmt: skip
    return Notice("STR-008", name, (cell.ref,), shown(cell), values)


def _in_error(name: str, cell: RawCell, row: Row, column: Column, variante: Variante) -> Notice:
    error = visible(str(cell.value))
    attendu = formula_to_restore(column, row, variante)
    values = {"colonne": column.header, "erreur": error, "ligne": row.number, "attendu": attendu,
              "copie": copied_from_elsewhere(column)}  # fmt: skip
    return Notice("STR-034", name, (cell.ref,), error, values)
