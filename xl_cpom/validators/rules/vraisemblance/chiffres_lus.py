"""VRA: how the figures of one line of « Activité et ressources » agree. Never blocking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from xl_cpom.indicators.anap import INPUTS
from xl_cpom.typography import guillemets
from xl_cpom.validators.declaration import rule, table_rule
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, RuleSource
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE

_TDB = RuleSource("ANAP, tableau de bord de la performance", "trouvé")
_ET = "210780581"
_ROW = {"finess_et": _ET, "exercice": 2027}

DAYS_OF_A_YEAR = 366
"""Days of the longest year."""

_MAY_BE_NEGATIVE = ("caf", "frng", "financements_stables")
MONTANTS = tuple(
    key for key, entry in INPUTS.items() if entry.unite == "€" and key not in _MAY_BE_NEGATIVE
)
"""Amounts that are never negative."""


def count_read(value: Any) -> TypeGuard[float]:
    """Is this a number (neither empty, nor unread)?"""
    return isinstance(value, int | float) and not isinstance(value, bool)


def negative_montants(row: Row, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of these columns that hold a negative amount where none can be."""
    return tuple(key for key in keys if key in MONTANTS and count_read(row[key]) and row[key] < 0)


def entetes(keys: Iterable[str]) -> str:
    """Headers of these columns in words: « A », « B » et 3 autres."""
    return some((guillemets(ACTIVITE[key].header) for key in keys), 2)


def _autorise(jour: dt.date | None) -> dict[str, Any]:
    return {"etablissements": [{"finess_et": _ET, "date_autorisation": jour}]}


@rule(
    "VRA-020",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("jours_ouverture",),
    title="Plus de 366 jours d'ouverture dans l'année",
    message="l'établissement {finess_et} serait ouvert {jours_ouverture} jours en {exercice}",
    fix="Corrigez « Jours d'ouverture dans l'année » : ce sont des jours, et non des journées de "
    "présence.",
    expected="au plus 366 jours",
    source=Casf("R. 314-43-2"),
    ok=[{**_ROW, "jours_ouverture": 366.0}, _ROW],
    ko=[{**_ROW, "jours_ouverture": 367.0}, {**_ROW, "jours_ouverture": 27_740.0}],
)
def jours_dans_l_annee(row: Row) -> bool | None:
    """Un établissement n'est pas ouvert plus de 366 jours par an.

    Le nombre de jours d'ouverture est souvent confondu avec le nombre de journées.
    """
    return None if row.jours_ouverture is None else row.jours_ouverture <= DAYS_OF_A_YEAR


@rule(
    "VRA-021",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("effectif_reel_n1", "finess_et", "exercice"),
    title="Effectif réel nul l'année précédente",
    message="l'effectif réel de l'établissement {finess_et} au 31 décembre de l'année qui précède "
    "{exercice} est de 0",
    fix="Saisissez dans « Effectif réel au 31 décembre de l'année N-1 » les CDI et titulaires "
    "présents, ou videz la cellule si la donnée n'est pas connue.",
    expected="un effectif positif",
    source=_TDB,
    ok=[
        {**_ROW, "effectif_reel_n1": 1.0, "@": _autorise(None)},
        {**_ROW, "@": _autorise(None)},
        {**_ROW, "effectif_reel_n1": 0.0, "@": _autorise(dt.date(2027, 1, 1))},
        {**_ROW, "effectif_reel_n1": 0.0},  # établissement inconnu
    ],
    ko=[
        {**_ROW, "effectif_reel_n1": 0.0, "@": _autorise(dt.date(2026, 12, 31))},
        {**_ROW, "effectif_reel_n1": 0.0, "@": _autorise(None)},
    ],
)
def effectif_precedent(row: Row, context: RuleContext) -> bool | Fault | None:
    """L'effectif réel au 31 décembre de l'année précédente est positif.

    Il est au dénominateur du taux de rotation. Zéro n'y a de sens que pour un établissement
    autorisé dans l'exercice ; une donnée inconnue se laisse vide.
    """
    et = context.classeur.etablissements.get(row.finess_et)
    if (
        et is None
        or et.unread(("date_autorisation",))
        or None
        in (
            row.effectif_reel_n1,
            row.exercice,
        )
    ):
        return None
    if et.date_autorisation is not None and et.date_autorisation.year >= row.exercice:
        return None
    return bool(row.effectif_reel_n1 > 0) or fault(columns=("effectif_reel_n1",))


@rule(
    "VRA-022",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("absences_72h", "journees_realisees"),
    title="Plus de journées d'absence que de journées réalisées",
    message="l'établissement {finess_et} compte pour {exercice} plus de journées d'absence "
    "({absences_72h}) que de journées réalisées ({journees_realisees})",
    fix="Vérifiez « Journées d'absence de moins de 72 heures » et « Journées réalisées ».",
    expected="au plus {journees_realisees} journées",
    source=Casf("R. 314-160"),
    ok=[
        {**_ROW, "absences_72h": 100.0, "journees_realisees": 100.0},
        {**_ROW, "absences_72h": 100.0},
        {**_ROW, "journees_realisees": 100.0},
    ],
    ko=[{**_ROW, "absences_72h": 101.0, "journees_realisees": 100.0}],
)
def absences_sous_les_journees(row: Row) -> bool | None:
    """Les absences de moins de 72 heures sont moins nombreuses que les journées réalisées.

    Elles comptent comme des journées réalisées dans l'occupation d'un EHPAD.
    """
    if row.absences_72h is None or row.journees_realisees is None:
        return None
    return bool(row.absences_72h <= row.journees_realisees)


@rule(
    "VRA-023",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("jours_absence_personnes", "personnes_absentes"),
    title="Plus de jours d'absence que l'année n'en compte",
    message="l'établissement {finess_et} compte en {exercice} plus de jours d'absence "
    "({jours_absence_personnes}) que n'ont pu en avoir ses personnes absentes "
    "({personnes_absentes})",
    fix="Vérifiez « Jours d'absence des personnes » et « Personnes absentes au moins une fois ».",
    expected="au plus 366 jours par personne",
    source=_TDB,
    ok=[
        {**_ROW, "jours_absence_personnes": 732.0, "personnes_absentes": 2.0},
        {**_ROW, "jours_absence_personnes": 0.0, "personnes_absentes": 0.0},
        {**_ROW, "jours_absence_personnes": 733.0},
        {**_ROW, "personnes_absentes": 2.0},
    ],
    ko=[
        {**_ROW, "jours_absence_personnes": 733.0, "personnes_absentes": 2.0},
        {**_ROW, "jours_absence_personnes": 1.0, "personnes_absentes": 0.0},
    ],
)
def absences_par_personne(row: Row) -> bool | None:
    """Une personne n'est pas absente plus de jours que n'en compte l'année."""
    if row.jours_absence_personnes is None or row.personnes_absentes is None:
        return None
    return bool(row.jours_absence_personnes <= DAYS_OF_A_YEAR * row.personnes_absentes)


@table_rule(
    "VRA-029",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("finess_et", "exercice"),
    title="Montant négatif dans les données d'activité",
    message="l'établissement {finess_et} a pour {exercice} un montant négatif dans {colonnes}",
    fix="Saisissez ces montants en positif : le signe est ajouté par les calculs.",
    expected="un montant positif",
    source=RuleSource("DIAMANT, convention de signe des charges", "trouvé"),
    ok=[
        [{**_ROW, "charges": 0.0}],
        [{**_ROW, "charges": 10.0}],
        [_ROW],
        [{**_ROW, "caf": -10.0, "frng": -10.0, "financements_stables": -10.0}],
    ],
    ko=[[{**_ROW, "charges": -1.0}], [{**_ROW, **dict.fromkeys(MONTANTS, -1.0)}]],
)
def montants_positifs(lignes: list[Row]) -> Iterator[Fault]:
    """Les produits, les charges et les autres montants sont saisis en positif.

    Certaines extractions donnent les charges en négatif. La capacité d'autofinancement, le fonds
    de roulement et les financements stables, eux, peuvent être négatifs.
    """
    for row in lignes:
        negative = negative_montants(row, MONTANTS)
        if negative:
            yield fault(row, columns=negative, colonnes=entetes(negative))


@rule(
    "VRA-030",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("personnes_absentes", "effectif_31_12", "sorties"),
    title="Plus de personnes absentes que de personnes accompagnées",
    message="l'établissement {finess_et} compte pour {exercice} plus de personnes absentes "
    "({personnes_absentes}) que de personnes accompagnées ({file_active})",
    fix="Vérifiez « Personnes absentes au moins une fois », « Personnes dans l'effectif au 31 "
    "décembre » et « Sorties définitives dans l'année ».",
    expected="au plus {file_active}",
    source=_TDB,
    ok=[
        {**_ROW, "personnes_absentes": 12.0, "effectif_31_12": 10.0, "sorties": 2.0},
        {**_ROW, "personnes_absentes": 12.0, "effectif_31_12": 10.0},
        {**_ROW, "personnes_absentes": 12.0, "sorties": 2.0},
        {**_ROW, "effectif_31_12": 10.0, "sorties": 2.0},
    ],
    ko=[{**_ROW, "personnes_absentes": 13.0, "effectif_31_12": 10.0, "sorties": 2.0}],
)
def absents_de_la_file_active(row: Row) -> bool | Fault | None:
    """Les personnes absentes dans l'année font partie de la file active."""
    if None in (row.personnes_absentes, row.effectif_31_12, row.sorties):
        return None
    followed = row.effectif_31_12 + row.sorties
    return bool(row.personnes_absentes <= followed) or fault(file_active=followed)
