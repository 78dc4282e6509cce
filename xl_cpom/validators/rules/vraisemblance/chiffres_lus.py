"""VRA: how the figures of one line of « Activité et ressources » agree. Never blocking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

from xl_cpom.indicators.anap import ENTREES
from xl_cpom.typography import guillemets
from xl_cpom.validators.declaration import rule, table_rule
from xl_cpom.validators.facts.whole_workbook import quelques
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, RuleSource
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE

_TDB = RuleSource("ANAP, tableau de bord de la performance", "trouvé")
_ET = "210780581"
_LIGNE = {"finess_et": _ET, "exercice": 2027}

JOURS_D_UNE_ANNEE = 366
"""Days of the longest year."""

_PEUVENT_ETRE_NEGATIFS = ("caf", "frng", "financements_stables")
MONTANTS = tuple(
    key
    for key, entry in ENTREES.items()
    if entry.unite == "€" and key not in _PEUVENT_ETRE_NEGATIFS
)
"""Amounts that are never negative."""


def nombre_lu(value: Any) -> TypeGuard[float]:
    """Is this a number (neither empty, nor unread)?"""
    return isinstance(value, int | float) and not isinstance(value, bool)


def montants_negatifs(ligne: Row, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of these columns that hold a negative amount where none can be."""
    return tuple(
        key for key in keys if key in MONTANTS and nombre_lu(ligne[key]) and ligne[key] < 0
    )


def entetes(keys: Iterable[str]) -> str:
    """Headers of these columns in words: « A », « B » et 3 autres."""
    return quelques((guillemets(ACTIVITE[key].header) for key in keys), 2)


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
    ok=[{**_LIGNE, "jours_ouverture": 366.0}, _LIGNE],
    ko=[{**_LIGNE, "jours_ouverture": 367.0}, {**_LIGNE, "jours_ouverture": 27_740.0}],
)
def jours_dans_l_annee(ligne: Row) -> bool | None:
    """Un établissement n'est pas ouvert plus de 366 jours par an.

    Le nombre de jours d'ouverture est souvent confondu avec le nombre de journées.
    """
    return None if ligne.jours_ouverture is None else ligne.jours_ouverture <= JOURS_D_UNE_ANNEE


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
        {**_LIGNE, "effectif_reel_n1": 1.0, "@": _autorise(None)},
        {**_LIGNE, "@": _autorise(None)},
        {**_LIGNE, "effectif_reel_n1": 0.0, "@": _autorise(dt.date(2027, 1, 1))},
        {**_LIGNE, "effectif_reel_n1": 0.0},  # établissement inconnu
    ],
    ko=[
        {**_LIGNE, "effectif_reel_n1": 0.0, "@": _autorise(dt.date(2026, 12, 31))},
        {**_LIGNE, "effectif_reel_n1": 0.0, "@": _autorise(None)},
    ],
)
def effectif_precedent(ligne: Row, contexte: RuleContext) -> bool | Fault | None:
    """L'effectif réel au 31 décembre de l'année précédente est positif.

    Il est au dénominateur du taux de rotation. Zéro n'y a de sens que pour un établissement
    autorisé dans l'exercice ; une donnée inconnue se laisse vide.
    """
    et = contexte.classeur.etablissements.get(ligne.finess_et)
    if (
        et is None
        or et.unread(("date_autorisation",))
        or None
        in (
            ligne.effectif_reel_n1,
            ligne.exercice,
        )
    ):
        return None
    if et.date_autorisation is not None and et.date_autorisation.year >= ligne.exercice:
        return None
    return bool(ligne.effectif_reel_n1 > 0) or fault(columns=("effectif_reel_n1",))


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
        {**_LIGNE, "absences_72h": 100.0, "journees_realisees": 100.0},
        {**_LIGNE, "absences_72h": 100.0},
        {**_LIGNE, "journees_realisees": 100.0},
    ],
    ko=[{**_LIGNE, "absences_72h": 101.0, "journees_realisees": 100.0}],
)
def absences_sous_les_journees(ligne: Row) -> bool | None:
    """Les absences de moins de 72 heures sont moins nombreuses que les journées réalisées.

    Elles comptent comme des journées réalisées dans l'occupation d'un EHPAD.
    """
    if ligne.absences_72h is None or ligne.journees_realisees is None:
        return None
    return bool(ligne.absences_72h <= ligne.journees_realisees)


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
        {**_LIGNE, "jours_absence_personnes": 732.0, "personnes_absentes": 2.0},
        {**_LIGNE, "jours_absence_personnes": 0.0, "personnes_absentes": 0.0},
        {**_LIGNE, "jours_absence_personnes": 733.0},
        {**_LIGNE, "personnes_absentes": 2.0},
    ],
    ko=[
        {**_LIGNE, "jours_absence_personnes": 733.0, "personnes_absentes": 2.0},
        {**_LIGNE, "jours_absence_personnes": 1.0, "personnes_absentes": 0.0},
    ],
)
def absences_par_personne(ligne: Row) -> bool | None:
    """Une personne n'est pas absente plus de jours que n'en compte l'année."""
    if ligne.jours_absence_personnes is None or ligne.personnes_absentes is None:
        return None
    return bool(ligne.jours_absence_personnes <= JOURS_D_UNE_ANNEE * ligne.personnes_absentes)


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
        [{**_LIGNE, "charges": 0.0}],
        [{**_LIGNE, "charges": 10.0}],
        [_LIGNE],
        [{**_LIGNE, "caf": -10.0, "frng": -10.0, "financements_stables": -10.0}],
    ],
    ko=[[{**_LIGNE, "charges": -1.0}], [{**_LIGNE, **dict.fromkeys(MONTANTS, -1.0)}]],
)
def montants_positifs(lignes: list[Row]) -> Iterator[Fault]:
    """Les produits, les charges et les autres montants sont saisis en positif.

    Certaines extractions donnent les charges en négatif. La capacité d'autofinancement, le fonds
    de roulement et les financements stables, eux, peuvent être négatifs.
    """
    for ligne in lignes:
        negatifs = montants_negatifs(ligne, MONTANTS)
        if negatifs:
            yield fault(ligne, columns=negatifs, colonnes=entetes(negatifs))


@rule(
    "VRA-030",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("personnes_absentes", "effectif_31_12", "sorties"),
    title="Plus de personnes absentes que de personnes accompagnées",
    message="l'établissement {finess_et} compte pour {exercice} plus de personnes absentes "
    "({personnes_absentes}) que de personnes accompagnées",
    fix="Vérifiez « Personnes absentes au moins une fois », « Personnes dans l'effectif au 31 "
    "décembre » et « Sorties définitives dans l'année ».",
    expected="au plus la file active",
    source=_TDB,
    ok=[
        {**_LIGNE, "personnes_absentes": 12.0, "effectif_31_12": 10.0, "sorties": 2.0},
        {**_LIGNE, "personnes_absentes": 12.0, "effectif_31_12": 10.0},
        {**_LIGNE, "personnes_absentes": 12.0, "sorties": 2.0},
        {**_LIGNE, "effectif_31_12": 10.0, "sorties": 2.0},
    ],
    ko=[{**_LIGNE, "personnes_absentes": 13.0, "effectif_31_12": 10.0, "sorties": 2.0}],
)
def absents_de_la_file_active(ligne: Row) -> bool | None:
    """Les personnes absentes dans l'année font partie de la file active."""
    if None in (ligne.personnes_absentes, ligne.effectif_31_12, ligne.sorties):
        return None
    return bool(ligne.personnes_absentes <= ligne.effectif_31_12 + ligne.sorties)
