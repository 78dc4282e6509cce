"""IND: the rate declared for the year followed, against the one recomputed from the rows.

Two rules per module indicator, from one definition: a difference beyond the tolerance of rounding
refuses the return, a smaller one is only to be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xl_cpom.indicators import BY_MODULE, Indicator, IndicatorResult
from xl_cpom.typography import number_text, rate_text
from xl_cpom.validators.declaration import table_rule
from xl_cpom.validators.facts.whole_workbook import decompte_certain
from xl_cpom.validators.model import AVERTISSEMENT, Fault, Severity, fault
from xl_cpom.validators.reported_indicators import declared
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import RuleSource
from xl_cpom.validators.rules.indicateurs.contenus_exemples import ATTENDU, BY_CHOICE, CONTENTS
from xl_cpom.workbook.computation import parametres
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import INDICATEURS

CONTRADICTIONS = ("DIF-003", "DIF-007", "INS-012", "SI-011", "SUI-024")
"""Warnings on a row that contradicts itself: its rate is not compared before it is corrected."""

_DIFFERENT, _ARRONDI = "différent", "arrondi"


def _example(indicator: Indicator, realise: float | None, **content: Any) -> list[dict[str, Any]]:
    row: dict[str, Any] = {
        "code": f"{indicator.module}/PA",
        "@": {**_content(indicator), **content},
    }
    return [row if realise is None else {**row, "realise_n2": realise}]


def _other(indicator: Indicator) -> Indicator:
    """Another indicator: its difference is the business of another rule."""
    return next(other for other in BY_MODULE.values() if other is not indicator)


def _content(indicator: Indicator) -> dict[str, Any]:
    assert indicator.module is not None
    return dict(CONTENTS[indicator.module])


def _examples(indicator: Indicator, concordance: str) -> tuple[list[Any], list[Any]]:
    """Examples (ok, ko) on each side of both tolerances, 0.1 and 1 point."""
    without_annee = {"identification": [{"annee_n1": 2026}]}
    conformes = [ATTENDU, ATTENDU - 0.001, ATTENDU + 0.001]
    arrondis = [ATTENDU + 0.0011, ATTENDU - 0.002, ATTENDU - 0.01, ATTENDU + 0.01]
    different = [ATTENDU + 0.0101, ATTENDU - 0.011, 0.0, 1.0]
    wrong, right = (different, arrondis) if concordance == _DIFFERENT else (arrondis, different)
    ok = [_example(indicator, value) for value in (*conformes, *right)]
    ok.append(_example(indicator, None))
    ok.append(_example(indicator, wrong[0], **without_annee))
    ok.append([{"code": f"{indicator.module}/PA", "realise_n2": wrong[0]}])
    ok.append(_example(_other(indicator), wrong[0]))
    if indicator.module in BY_CHOICE:
        inactif = {"modules": [{"code": indicator.module, "actif": "Non"}]}
        ok.append(_example(indicator, wrong[0], **inactif))
    return ok, [_example(indicator, value) for value in wrong]


def _faults(
    indicator: Indicator, concordance: str, rows: list[Row], context: RuleContext
) -> Iterator[Fault]:
    classeur = context.classeur
    for row in rows:
        if row.module != indicator.module or not classeur.actif(row.module):
            continue
        result, declare = classeur.results[row.module, row.secteur], declared(row, classeur)
        if result.value is None or declare is None:
            continue
        if not decompte_certain(context, row.module, row.secteur):
            continue
        found = indicator.concordance(declare, result.value, parametres(classeur.referentiel))
        if found == concordance:
            realise = f"realise_n{classeur.followed_rank}"
            yield fault(
                row,
                columns=(realise,),
                colonne=INDICATEURS[realise].header,
                declare=rate_text(declare, 2),
                recalcule=rate_text(result.value, 2),
                calcul=_computation(indicator, result),
            )


def _computation(indicator: Indicator, result: IndicatorResult) -> str:
    assert result.numerateur is not None
    assert result.denominateur is not None
    return (
        f"{indicator.numerateur_libelle} : {_counted(result.numerateur)} ; "
        f"{indicator.denominateur_libelle} : {_counted(result.denominateur)}"
    )


def _counted(value: float) -> str:
    return number_text(value, 0 if float(value).is_integer() else 2)


def _declare(indicator: Indicator, code: str, severity: Severity, concordance: str) -> None:
    ok, ko = _examples(indicator, concordance)

    module = indicator.module or ""

    def check(rows: list[Row], context: RuleContext) -> Iterator[Fault]:
        return _faults(indicator, concordance, rows, context)

    check.__name__ = f"{indicator.code.lower()}_{concordance}"
    check.__doc__ = _doc(indicator, concordance)
    register: Callable[[Callable[..., Iterator[Fault]]], Any] = table_rule(
        code,
        severity,
        on=INDICATEURS,
        columns=("code",),
        title=f"{_TITLES[concordance]} ({_MODULES[indicator.module or '']})",
        message="le taux déclaré de l'indicateur {code} est de {declare}, mais les lignes donnent "
        "{recalcule} ({calcul})",
        fix=_FIXES[concordance],
        expected="{recalcule}",
        source=RuleSource(
            indicator.source,
            indicator.certitude,
            formula=_FORMULAS[indicator.module or ""],
            blocks=concordance == _DIFFERENT,
        ),
        requires=("IDE-024", *CONTRADICTIONS),
        on_rates=(module,),
        ok=ok,
        ko=ko,
    )
    register(check)


_TITLES = {
    _DIFFERENT: "Taux déclaré différent du taux calculé",
    _ARRONDI: "Taux déclaré à moins d'un point du calcul",
}
_MODULES = {
    "TRANSFO": "transformation de l'offre",
    "UNESANTE": "une seule santé",
    "PREVENTION": "prévention",
    "EFFICIENCE": "points de fragilité",
    "SI": "systèmes d'information",
    "HAS": "évaluation HAS",
    "INSPECTION": "inspection – contrôle",
    "DIFFICULTE": "résorption du déficit",
}
"""What a heading calls the module of an indicator: the name of the module is too long for it."""

_FORMULAS = {
    "TRANSFO": "AVANCEMENT",
    "UNESANTE": "AVANCEMENT",
    "PREVENTION": "AVANCEMENT",
    "EFFICIENCE": "FRAGILITES",
    "SI": "SI",
    "HAS": "AMELIORATION",
    "INSPECTION": "LEVEE",
    "DIFFICULTE": "RESORPTION",
}
"""Module -> the formula of its rate, in the table of formulas to be confirmed."""

_FIXES = {
    _DIFFERENT: "Corrigez « {colonne} », ou les lignes du module dont le statut a changé depuis "
    "que vous l'avez recopié.",
    _ARRONDI: "Reportez dans « {colonne} » le taux calculé, avec une décimale ; si l'écart "
    "vient d'une ligne changée depuis, vérifiez-la.",
}
_ECARTS = {
    _DIFFERENT: "L'écart dépasse ce qu'un arrondi explique : l'un des deux est faux, et c'est le "
    "taux déclaré qui serait entré dans e-CARS.",
    _ARRONDI: "L'écart est petit, un arrondi ou une ligne changée depuis : le taux entré dans "
    "e-CARS doit être celui des lignes, à un dixième de point près.",
}


_DEGRES = {
    _DIFFERENT: "celui des lignes, à l'arrondi près",
    _ARRONDI: "exactement celui des lignes",
}


def _doc(indicator: Indicator, concordance: str) -> str:
    libelle = indicator.libelle[0].lower() + indicator.libelle[1:]
    return (
        f"Le taux déclaré est {_DEGRES[concordance]} : {libelle}.\n\n"
        f"{indicator.explication}\n\n{_ECARTS[concordance]}"
    )


def _two_rules(different: str, arrondi: str, module: str) -> None:
    """The two rules of the indicator of a module. Codes are written: a code is never reused."""
    indicator = BY_MODULE[module]
    _declare(indicator, different, AVERTISSEMENT, _DIFFERENT)
    _declare(indicator, arrondi, AVERTISSEMENT, _ARRONDI)


_two_rules("IND-001", "IND-101", "TRANSFO")
_two_rules("IND-002", "IND-102", "UNESANTE")
_two_rules("IND-003", "IND-103", "PREVENTION")
_two_rules("IND-004", "IND-104", "EFFICIENCE")
_two_rules("IND-005", "IND-105", "SI")
_two_rules("IND-006", "IND-106", "HAS")
_two_rules("IND-007", "IND-107", "INSPECTION")
_two_rules("IND-008", "IND-108", "DIFFICULTE")
