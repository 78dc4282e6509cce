"""The indicators of a workbook as the report shows them: recomputed, beside what was declared."""

from __future__ import annotations

from typing import Any

from xl_cpom.indicators import PAR_MODULE
from xl_cpom.indicators.cibles import atteinte
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.workbook.records import NON_LU, Classeur, Row
from xl_cpom.workbook.sheets.indicateurs import RANGS


def computed_indicators(classeur: Classeur) -> tuple[ComputedIndicator, ...]:
    """One indicator per active module and secteur of the workbook, in the order of the guide.

    A (module, secteur) that has no row to count and nothing declared is left out.
    """
    rows = {(row.module, row.secteur): row for row in classeur["indicateurs"]}
    found = []
    for (module, secteur), resultat in classeur.resultats.items():
        row = rows.get((module, secteur))
        declare = None if row is None else declared(row, classeur)
        if module not in PAR_MODULE or (resultat.valeur is None and declare is None):
            continue
        if not classeur.actif(module):
            continue
        indicator = PAR_MODULE[module]
        cible = None if row is None else target(row, classeur)
        found.append(
            ComputedIndicator(
                code=indicator.code,
                module=module,
                libelle=indicator.libelle,
                secteur=secteur,
                annee=classeur.annee_suivie,
                numerateur=resultat.numerateur,
                denominateur=resultat.denominateur,
                taux=resultat.valeur,
                declare=declare,
                cible=cible,
                atteinte=atteinte(resultat.valeur, cible, parametres=classeur.parametres),
                cellule=None if row is None else row.cell("taux"),
                certitude=indicator.certitude,
                cibles=_series(row, "cible"),
                realises=_series(row, "realise"),
            )
        )
    return tuple(found)


def declared(row: Row, classeur: Classeur) -> float | None:
    """The rate the gestionnaire declared for the year followed (None for N and N6)."""
    rang = classeur.rang_suivi
    return _number(row.values.get(f"realise_n{rang}")) if rang in RANGS else None


def target(row: Row, classeur: Classeur) -> float | None:
    """The target of the year followed (None for N and N6)."""
    rang = classeur.rang_suivi
    return _number(row.values.get(f"cible_n{rang}")) if rang in RANGS else None


def _series(row: Row | None, prefix: str) -> tuple[float | None, ...]:
    if row is None:
        return ()
    return tuple(_number(row.values.get(f"{prefix}_n{rang}")) for rang in RANGS)


def _number(value: Any) -> float | None:
    return None if value is None or value is NON_LU else float(value)
