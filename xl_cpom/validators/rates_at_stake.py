"""Which rates a finding will change once it is corrected.

A measure « Levée » without its letter, a system that no line gives, a row typed twice: the row is
to be corrected, and the rate with it. To say at the same time that the declared rate is not the
recomputed one would give the same cause twice, and a figure to copy that will be wrong. The rules
that compare a declared rate with a recomputed one (`Rule.on_rates`) therefore run last, and wait
for the blocking findings on the rows of that rate. A warning may be kept and justified, a finding
that a dérogation lifts stays as it is: nothing waits for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from xl_cpom.indicators import BY_MODULE
from xl_cpom.validators.dependencies import FaultPlace, place_of
from xl_cpom.validators.facts.whole_workbook import entries_of_the_rate
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.sheets import ETABLISSEMENTS, SI
from xl_cpom.workbook.sheets.indicateurs import INDICATEURS, SECTEURS, module_sheet


def rates_changed(
    classeur: Classeur, sheet: Sheet | None, rows: Sequence[Row], columns: Collection[str]
) -> Iterator[tuple[str, FaultPlace]]:
    """The modules, and their rows of « Indicateurs », whose rate this fault bears on.

    rows: the rows at fault, or those that name an ESMS without a row; none for a fault of the
    whole sheet. columns: what is said of them.
    """
    if sheet is None or sheet not in _FED:
        return
    for one in classeur.tables[INDICATEURS.key].rows:
        module, secteur = one.values["module"], one.values["secteur"]
        if module not in BY_MODULE:
            continue
        feeding = module_sheet(module)
        if sheet is ETABLISSEMENTS:
            if _SAYS_THE_SECTEUR.isdisjoint(columns) or "secteur" in feeding.by_key:
                continue
            numbers = {row.values["finess_et"] for row in rows if row.table.sheet is sheet}
            cited = {row.values["finess_et"] for row in classeur.tables[feeding.key].rows}
            orphans = any(row.table.sheet is feeding for row in rows)
            changed = orphans or not numbers.isdisjoint(cited)
        elif feeding is sheet:
            read = {*entries_of_the_rate(module, classeur.parameters), *sheet.identity}
            counted = any(_may_count(row, module, secteur, classeur) for row in rows)
            changed = not read.isdisjoint(columns) and (counted or not rows)
        else:
            continue
        if changed:
            yield module, place_of(one)


_FED = frozenset((ETABLISSEMENTS, *map(module_sheet, BY_MODULE)))
"""The sheets that a rate is made of: the rows it counts, the ESMS that gives them a secteur."""

_SAYS_THE_SECTEUR = frozenset({"finess_et", "secteur"})
"""Columns of « Établissements » through which a row without a secteur finds its own."""


def _may_count(row: Row, module: str, secteur: str, classeur: Classeur) -> bool:
    """May a row, once corrected, count for this rate? Its secteur, or that of its ESMS, says so."""
    values = row.values
    if values.get("module", module) not in (module, None):
        return False
    number = values["entite"] if row.table.sheet is SI else values.get("finess_et")
    said = {values.get("secteur")}
    if isinstance(number, str) and (esms := classeur.etablissements.get(number)) is not None:
        said.add(esms.values["secteur"])
    known = said & set(SECTEURS)
    return secteur in known or not known
