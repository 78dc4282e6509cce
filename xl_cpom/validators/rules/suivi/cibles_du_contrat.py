"""SUI: the targets of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from xl_cpom.indicators.cibles import trajectoire
from xl_cpom.typography import listing, rate_text
from xl_cpom.validators.declaration import rule, table_rule
from xl_cpom.validators.facts.whole_workbook import filled, secteurs_a_suivre, some
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Guide, Usage
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import INDICATEURS
from xl_cpom.workbook.sheets.indicateurs import RANKS

_CIBLES = tuple(f"cible_n{rank}" for rank in RANKS)
_FINALE = _CIBLES[-1]
_TRAJECTOIRE = dict(zip(_CIBLES, (0.2, 0.4, 0.6, 0.8, 1.0), strict=True))
_PLATE = dict.fromkeys(_CIBLES, 1.0)
_UNE_ACTION = {"actions": [{"numero": "A1", "module": "TRANSFO", "secteur": "PA"}]}
_ACTIF = {"modules": [{"code": "INSPECTION", "actif": "Oui"}]}
_INACTIF = {"modules": [{"code": "INSPECTION", "actif": "Non"}]}
_ROR = {"si": "ROR par ET", "secteur": "PA"}


def _critere(cotation: float) -> dict[str, Any]:
    """A standard criterion of an ESMS, the module being active."""
    return {
        "modules": [{"code": "HAS", "actif": "Oui"}],
        "etablissements": [{"finess_et": "210781456", "secteur": "PA"}],
        "has": [{"finess_et": "210781456", "type": "standard", "cotation": cotation}],
    }


def _baisse_finale(indicateur: Row) -> bool:
    """The last target, filled in, is below the one before it: the trajectory falls."""
    before, finale = indicateur[_CIBLES[-2]], indicateur[_FINALE]
    return filled(before) and bool(finale < before)


def _imposee(indicateur: Row, context: RuleContext) -> bool:
    return indicateur.module in context.parameter("modules_cible_finale_imposee")


@table_rule(
    "SUI-008",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=_CIBLES,
    title="Cible en baisse d'une année à l'autre",
    message="les cibles de l'indicateur {code} baissent de {avant} en N{rang_avant} à {apres} en "
    "N{rang_apres}",
    fix="Corrigez « Cible N{rang_avant} » ou « Cible N{rang_apres} » : une cible ne baisse pas "
    "d'une année à l'autre.",
    expected="au moins {avant}",
    source=Usage("Trajectoire d'un contrat : les cibles progressent"),
    ok=[
        [{"code": "TRANSFO/PA", **_TRAJECTOIRE}],
        [{"code": "TRANSFO/PA", **_PLATE}],
        [{"code": "TRANSFO/PA", "cible_n1": 0.4, "cible_n3": 0.4}],
        [{"code": "INSPECTION/PA", **_TRAJECTOIRE, "cible_n5": 0.7, "@": _ACTIF}],
    ],
    ko=[
        [{"code": "TRANSFO/PA", **_TRAJECTOIRE, "cible_n2": 0.1}],
        [{"code": "TRANSFO/PA", "cible_n1": 0.4, "cible_n3": 0.39}],
        [{"code": "TRANSFO/PA", **_TRAJECTOIRE, "cible_n5": 0.79}],
        [{"code": "INSPECTION/PA", **_TRAJECTOIRE, "cible_n4": 0.5, "@": _ACTIF}],
    ],
)
def cibles_croissantes(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Les cibles ne baissent pas d'une année à l'autre.

    Les taux se cumulent sur la durée du contrat. La cible finale imposée d'un module a sa propre
    règle.
    """
    for row in indicateurs:
        filled = [rank for rank in RANKS if row[f"cible_n{rank}"] is not None]
        if _imposee(row, context):
            filled = [rank for rank in filled if f"cible_n{rank}" != _FINALE]
        for before, after in pairwise(filled):
            keys = (f"cible_n{before}", f"cible_n{after}")
            if row[keys[1]] < row[keys[0]]:
                yield fault(
                    row,
                    columns=keys,
                    avant=rate_text(row[keys[0]]),
                    apres=rate_text(row[keys[1]]),
                    rang_avant=str(before),
                    rang_apres=str(after),
                )
                break


@rule(
    "SUI-009",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=("cible_n5",),
    title="Cible de la dernière année différente de 100 %",
    message="la cible finale de l'indicateur {code} est de {cible_n5}, et non de 100 %",
    together="la cible finale de {nombre} indicateurs n'est pas de 100 %",
    fix="Saisissez 100 % dans « Cible N5 », ou expliquez l'objectif retenu dans « Commentaire ou "
    "justification ».",
    expected="100 %",
    source=Usage("Un plan d'actions vise la réalisation de toutes ses actions"),
    ok=[
        {"code": "TRANSFO/PA", **_TRAJECTOIRE},
        {"code": "TRANSFO/PA", "cible_n4": 0.8},
        {"code": "TRANSFO/PA", **_TRAJECTOIRE, "cible_n5": 0.7},
        {"code": "INSPECTION/PA", "cible_n5": 0.9, "@": _ACTIF},
        {"code": "HAS/PA", "cible_n5": 0.9},
    ],
    ko=[
        {"code": "TRANSFO/PA", "cible_n5": 0.99},
        {"code": "TRANSFO/PA", "cible_n4": 0.9, "cible_n5": 0.9},
    ],
)
def cible_finale(indicateur: Row, context: RuleContext) -> bool | None:
    """La cible de la dernière année est de 100 %.

    Un plan vise la réalisation de tout ce qu'il contient. Une cible finale en baisse, ou imposée
    par le guide, est signalée à part.
    """
    suivi = context.classeur.actif(indicateur.module) and not _imposee(indicateur, context)
    if indicateur.cible_n5 is None or not suivi or _baisse_finale(indicateur):
        return None
    return bool(indicateur.cible_n5 >= context.parameter("cible_finale"))


@rule(
    "SUI-020",
    BLOQUANT,
    on=INDICATEURS,
    columns=("cible_n5",),
    title="Cible finale de levée des mesures différente de 100 %",
    message="la cible finale de l'indicateur {code} est de {cible_n5} ; le guide impose 100 %",
    fix="Saisissez 100 % dans « Cible N5 » : toutes les mesures notifiées doivent être levées.",
    expected="100 %",
    source=Guide("module Inspection – Contrôle", "100 % des mesures levées"),
    ok=[
        {"code": "INSPECTION/PA", "cible_n5": 1.0, "@": _ACTIF},
        {"code": "INSPECTION/PA", "@": _ACTIF},
        {"code": "INSPECTION/PA", "cible_n5": 0.9, "@": _INACTIF},
        {"code": "TRANSFO/PA", "cible_n5": 0.9},
    ],
    ko=[{"code": "INSPECTION/PA", "cible_n5": 0.99, "@": _ACTIF}],
)
def cible_finale_imposee(indicateur: Row, context: RuleContext) -> bool | None:
    """Le guide impose que toutes les mesures d'inspection soient levées en fin de CPOM."""
    suivi = context.classeur.actif(indicateur.module) and _imposee(indicateur, context)
    if indicateur.cible_n5 is None or not suivi:
        return None
    return bool(indicateur.cible_n5 >= context.parameter("cible_finale"))


@table_rule(
    "SUI-031",
    AVERTISSEMENT,
    on=INDICATEURS,
    columns=_CIBLES,
    title="Cibles absentes pour un module actif",
    message="la feuille « Indicateurs » est à compléter : il manque {cibles} pour {indicateurs}",
    fix="Saisissez dans chaque colonne « Cible » le taux visé pour l'année (de 0 % à 100 %).",
    expected="un taux (de N1 à N5, à défaut d'un autre accord : {proposees})",
    source=Guide("généralités", "cibles et suivi annuel des indicateurs"),
    ok=[
        [{"code": "TRANSFO/PA", **_TRAJECTOIRE, "@": _UNE_ACTION}],
        [{"code": "TRANSFO/PH", "@": {"actions": []}}],
        [
            {
                "code": "INSPECTION/PA",
                "@": {
                    **_INACTIF,
                    "etablissements": [{"finess_et": "210781456", "secteur": "PA"}],
                    "mesures": [{"finess_et": "210781456", "type": "injonction"}],
                },
            }
        ],
        [
            {
                "code": "INSPECTION/PA",
                "@": {
                    **_ACTIF,
                    "etablissements": [{"finess_et": "210781456", "secteur": "PA"}],
                    "mesures": [{"finess_et": "210781456", "type": "recommandation"}],
                },
            }
        ],
        [{"code": "HAS/PA", "@": _critere(3.0)}],
        [{"code": "SI/PA", "@": {"si": [{**_ROR, "exigible": "Non"}]}}],
    ],
    ko=[
        [{"code": "TRANSFO/PA", "@": _UNE_ACTION}],
        [{"code": "TRANSFO/PA", **_TRAJECTOIRE, "cible_n4": None, "@": _UNE_ACTION}],
        [
            {
                "code": "INSPECTION/PA",
                "@": {
                    **_ACTIF,
                    "etablissements": [{"finess_et": "210781456", "secteur": "PA"}],
                    "mesures": [{"finess_et": "210781456", "type": "injonction"}],
                },
            }
        ],
        [{"code": "HAS/PA", "@": _critere(2.5)}],
        [{"code": "SI/PA", "@": {"si": [{**_ROR, "exigible": "Oui"}]}}],
    ],
)
def cibles_saisies(indicateurs: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un module actif qui a des lignes a une cible pour chaque année du contrat.

    Sans cible, l'atteinte de l'objectif ne peut être dite. Une obligation annuelle se remplit
    chaque année : sa cible n'est pas de 20 % la première. Les indicateurs auxquels il manque les
    mêmes cibles sont signalés ensemble.
    """
    missing: dict[tuple[str, ...], list[Row]] = {}
    for row in indicateurs:
        empty = tuple(key for key in _CIBLES if row[key] is None)
        if empty and row.secteur in secteurs_a_suivre(context, row.module):
            missing.setdefault(empty, []).append(row)
    for keys, rows in missing.items():
        cibles = listing(f"« {INDICATEURS[key].header} »" for key in keys)
        codes = some(row.code for row in rows)
        yield fault(
            *rows,
            columns=keys,
            cibles=cibles,
            indicateurs=codes,
            proposees=_proposees((row.module for row in rows), context),
        )


def _proposees(modules: Iterable[str], context: RuleContext) -> str:
    """The targets proposed for these modules; those of the first two that differ."""
    known = context.classeur.parameters
    found = dict.fromkeys(
        ", ".join(rate_text(step, 0) for step in trajectoire(module, known)) for module in modules
    )
    return " ou ".join([*found][:2])
