"""The indicators of a workbook as the report shows them: recomputed, beside what was declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xl_cpom.indicators import BY_MODULE, IndicatorResult
from xl_cpom.indicators import SANS_OBJET as NO_RESULT
from xl_cpom.indicators.cibles import atteinte
from xl_cpom.validators.facts.whole_workbook import coherent, entries_of_the_rate
from xl_cpom.validators.recomputed import (
    NON_CALCULABLE,
    SANS_OBJET,
    WITHOUT_CIBLE,
    ComputedIndicator,
)
from xl_cpom.validators.unlooked import named
from xl_cpom.workbook.computation import ModuleResults, counted_elsewhere
from xl_cpom.workbook.records import COMPULSORY, NON_LU, Classeur, Row
from xl_cpom.workbook.sheets.indicateurs import RANKS, SUIVIS, module_sheet
from xl_cpom.workbook.unread import UnreadPlace


def computed_indicators(classeur: Classeur) -> tuple[ComputedIndicator, ...]:
    """One indicator per active module and secteur of the workbook, in the order of the guide.

    A (module, secteur) that has no row to count and nothing declared is left out; one that could
    not be computed never is.
    """
    rows = {(row.module, row.secteur): row for row in classeur["indicateurs"]}
    unread = unread_results(classeur)
    found = []
    for (module, secteur), result in classeur.results.items():
        row = rows.get((module, secteur))
        declare = None if row is None else declared(row, classeur)
        places = unread.get((module, secteur))
        if places is None and result.value is None and declare is not None:
            places = _kept_out(module, secteur, classeur) or None
        if row is not None and declared_without_rows(row, classeur):
            key = f"realise_n{classeur.followed_rank}"
            places = frozenset({("indicateurs", row.number, key)})
        if module not in BY_MODULE or not classeur.peut_etre_actif(module):
            continue
        if result.value is None and declare is None and places is None:
            continue
        indicator = BY_MODULE[module]
        if places is not None:
            result = NO_RESULT
        cible = None if row is None else target(row, classeur)
        prevented = places if places is not None else _unknown_target(row, cible, classeur)
        found.append(
            ComputedIndicator(
                code=indicator.code,
                module=module,
                libelle=indicator.libelle,
                secteur=secteur,
                annee=classeur.annee_suivie,
                numerateur=result.numerateur,
                denominateur=result.denominateur,
                taux=result.value,
                declare=declare,
                cible=cible,
                atteinte=_state(result, cible, prevented, classeur),
                cell=None if row is None else row.cell("taux"),
                certitude=indicator.certitude,
                cibles=_series(row, "cible"),
                realises=_series(row, "realise"),
                prevented_by=() if prevented is None else named(prevented, classeur),
            )
        )
    return tuple(found)


def unread_results(classeur: Classeur) -> Mapping[tuple[str, str], frozenset[UnreadPlace]]:
    """(module, secteur) of the indicators that could not be computed -> what prevents each."""
    results = classeur.results
    unread = results.unread if isinstance(results, ModuleResults) else {}
    if classeur.tables["identification"].doubted:  # the year is not believed
        year = frozenset({("identification", 0, "annee_suivie")})
        return {key: year for key, one in results.items() if key in unread or one.value is not None}
    return unread


def _kept_out(module: str, secteur: str, classeur: Classeur) -> frozenset[UnreadPlace]:
    """The cells that keep out of a declared rate every row it should count.

    A compulsory value left empty, a deficit typed with its sign: a rule says it, and there is
    something to count. A rate that nobody declares is sans objet.
    """
    sheet = module_sheet(module)
    keys = [k for k in entries_of_the_rate(module, classeur.parameters) if sheet[k].required]
    found: set[UnreadPlace] = set()
    for row in classeur.tables[sheet.key].rows:
        if row.values["perimetre"] not in (None, f"{module}/{secteur}"):
            continue
        if counted_elsewhere(row, f"{module}/{secteur}", classeur):
            continue
        if empty := {(sheet.key, row.number, key) for key in keys if row.values[key] is None}:
            found |= empty
        elif row.values["perimetre"] and not coherent(row):
            found.add((sheet.key, row.number, "deficit_reference"))
    return frozenset(found)


def _unknown_target(
    row: Row | None, cible: float | None, classeur: Classeur
) -> frozenset[UnreadPlace] | None:
    """Why the target of the year could not be read; None when it was, or when there is none."""
    if cible is not None:
        return None
    if row is None:
        return frozenset({("indicateurs", 0, "")})
    if classeur.followed_rank is None:
        return frozenset({("identification", 0, "annee_suivie")})
    key = f"cible_n{classeur.followed_rank}"
    return frozenset({("indicateurs", row.number, key)}) if row.values.get(key) is NON_LU else None


def _state(
    result: IndicatorResult,
    cible: float | None,
    prevented: frozenset[UnreadPlace] | None,
    classeur: Classeur,
) -> str:
    """The one word for the state of an indicator."""
    if prevented is not None:
        return NON_CALCULABLE
    if result.value is None:  # no denominator at all: a value it needs is missing
        return NON_CALCULABLE if result.denominateur is None else SANS_OBJET
    if cible is None:
        return WITHOUT_CIBLE
    return atteinte(result.value, cible, parametres=classeur.parameters)


def declared(row: Row, classeur: Classeur) -> float | None:
    """The rate the gestionnaire declared for the year followed (None for N)."""
    rank = classeur.followed_rank
    return _number(row.values.get(f"realise_n{rank}")) if rank in SUIVIS else None


def declared_without_rows(row: Row, classeur: Classeur) -> bool:
    """Is a rate other than zero declared for an active optional module whose sheet has no row?

    The workbook then contradicts itself: the rate counts rows that are gone. A compulsory module
    without a row has its own rule, and a sheet that was not found is said as such.
    """
    table = classeur[module_sheet(row.module).key]
    optional = classeur.referentiel.modules[row.module].statut != COMPULSORY
    if not optional or not classeur.actif(row.module) or not table.present or table.rows:
        return False
    rank = classeur.followed_rank
    if rank not in SUIVIS:
        return False
    return (_number(row[f"realise_n{rank}"]) or 0) > 0  # row[…]: a column not found is heard


def may_lack_its_rows(module: str, classeur: Classeur) -> bool:
    """May a rate of this module be declared without rows, in either secteur?

    True too where the year followed, or the rate, could not be read: it could be declared.
    """
    rows = [row for row in classeur["indicateurs"].rows if row.module == module]
    rank = classeur.followed_rank
    keys = [f"realise_n{one}" for one in (SUIVIS if rank is None else (rank,)) if one in SUIVIS]
    values = [row[key] for row in rows for key in keys]
    return any(value is NON_LU or (value or 0) > 0 for value in values)


def target(row: Row, classeur: Classeur) -> float | None:
    """The target of the year followed (None for N)."""
    rank = classeur.followed_rank
    return _number(row.values.get(f"cible_n{rank}")) if rank in SUIVIS else None


def _series(row: Row | None, prefix: str) -> tuple[float | None, ...]:
    """The years of the contract, the one of its prorogation when it says something."""
    if row is None:
        return ()
    found = [_number(row.values.get(f"{prefix}_n{rank}")) for rank in SUIVIS]
    return tuple(found if found[-1] is not None else found[: len(RANKS)])


def _number(value: Any) -> float | None:
    return None if value is None or value is NON_LU else float(value)
