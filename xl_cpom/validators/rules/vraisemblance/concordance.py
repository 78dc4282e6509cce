"""VRA: how the lines of « Activité et ressources » agree, with one another and with other sheets.

Never blocking.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xl_cpom.indicators.anap import INPUTS
from xl_cpom.typography import number_text
from xl_cpom.validators.declaration import rule, table_rule, workbook_rule
from xl_cpom.validators.facts.groups import duplicates, grouper
from xl_cpom.validators.model import AVERTISSEMENT, Fault, fault, missing_line
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Casf, RuleSource, Usage
from xl_cpom.validators.rules.vraisemblance.chiffres_lus import count_read, entetes
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import ACTIVITE, ETABLISSEMENTS, IDENTIFICATION

_TDB = RuleSource("ANAP, tableau de bord de la performance", "trouvé")
_ET, _OTHER, _TROISIEME = "210780581", "250000015", "210000022"
_ROW = {"finess_et": _ET, "exercice": 2027}
_FICHE = {"identification": [{"annee_n1": 2026, "annee_suivie": "N2"}]}

TELLING_VALUE = 100
"""Below, the same figure in several ESMS may be a coincidence (ten admissions everywhere)."""

ESMS_COMPARES = 3
"""Fewest ESMS for the same figure everywhere to look like a copy."""

_COMMUNES = ("capacite_financee", "jours_ouverture")
_COMPARABLES = tuple(key for key in INPUTS if key not in _COMMUNES)


def _places(place_count: int | None) -> dict[str, Any]:
    return {"etablissements": [{"finess_et": _ET, "capacite_financee": place_count}]}


def _three(**colonnes: tuple[float | None, ...]) -> list[dict[str, Any]]:
    """Three ESMS, one value each in these columns."""
    return [
        {**_ROW, "finess_et": finess, **{key: colonnes[key][rank] for key in colonnes}}
        for rank, finess in enumerate((_ET, _OTHER, _TROISIEME))
    ]


@table_rule(
    "VRA-024",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("capacite_financee", "finess_et", "exercice"),
    requires=("IDE-024",),
    title="Capacité financée différente de celle de « Établissements »",
    message="l'établissement {finess_et} a {capacite_financee} places financées pour {exercice}, "
    "mais {declaree} dans « Établissements »",
    fix="Mettez d'accord « Capacité autorisée et financée » et « Capacité financée » de la feuille "
    "« Établissements », ou datez le changement dans « Commentaire ou justification ».",
    expected="{declaree} places",
    source=Casf("R. 314-43-2"),
    ok=[
        [{**_ROW, "capacite_financee": 80.0, "@": _places(80)}],
        [{**_ROW, "capacite_financee": 80.0, "@": _places(None)}],
        [{**_ROW, "exercice": 2026, "capacite_financee": 70.0, "@": _places(80)}],
        [{**_ROW, "@": _places(80)}],
        [{**_ROW, "finess_et": _OTHER, "capacite_financee": 70.0, "@": _places(80)}],
    ],
    ko=[
        [{**_ROW, "capacite_financee": 81.0, "@": _places(80)}],
        [{**_ROW, "capacite_financee": 8.0, "@": _places(80)}],
    ],
)
def capacite_concordante(lignes: list[Row], context: RuleContext) -> Iterator[Fault]:
    """La capacité de l'année suivie est celle de la feuille « Établissements ».

    Le taux d'occupation en dépend. Les exercices antérieurs ne sont pas comparés.
    """
    for row in lignes:
        et = context.classeur.etablissements.get(row.finess_et)
        declaree = et.capacite_financee if et is not None else None
        if not count_read(declaree) or row.capacite_financee is None:
            continue
        actuelle = row.exercice == context.classeur.annee_suivie
        if actuelle and row.capacite_financee != declaree:
            yield fault(row, columns=("capacite_financee",), declaree=number_text(declaree))


@table_rule(
    "VRA-025",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("finess_et", "exercice"),
    title="Même valeur dans tous les établissements",
    message="tous les établissements ont la même valeur pour {annee} dans {colonnes}",
    fix="Saisissez la valeur de chaque établissement : une recopie vers le bas, ou le total de "
    "l'organisme gestionnaire, a pu être saisi sur chaque ligne.",
    expected="une valeur propre à chaque établissement",
    source=Usage("Recopie vers le bas dans Excel"),
    ok=[
        _three(journees_realisees=(1000.0, 1000.0, 1001.0)),
        _three(journees_realisees=(1000.0, 1000.0, None)),
        _three(admissions=(99.0, 99.0, 99.0)),
        _three(jours_ouverture=(365.0, 365.0, 365.0)),
        _three(capacite_financee=(120.0, 120.0, 120.0)),
        _three(journees_realisees=(1000.0, 1000.0, 1000.0))[:2],
        [
            {**row, "exercice": 2025 + rank}
            for rank, row in enumerate(_three(journees_realisees=(1000.0, 1000.0, 1000.0)))
        ],
        [{**row, "finess_et": _ET} for row in _three(admissions=(500.0, 500.0, 500.0))],
    ],
    ko=[
        _three(journees_realisees=(1000.0, 1000.0, 1000.0)),
        _three(admissions=(100.0, 100.0, 100.0)),
        _three(admissions=(100.0, 100.0, 100.0), frng=(-5000.0, -5000.0, -5000.0)),
        _three(
            journees_realisees=(1e3, 1e3, 1e3),
            admissions=(1e3, 1e3, 1e3),
            produits=(1e6, 1e6, 1e6),
            charges=(1e6, 1e6, 1e6),
        ),
    ],
)
def valeurs_propres(lignes: list[Row]) -> Iterator[Fault]:
    """Une donnée d'activité n'est pas la même dans tous les établissements.

    À partir de trois établissements, une même valeur partout vient d'une recopie. La capacité, les
    jours d'ouverture et les petits nombres, qui peuvent coïncider, ne sont pas comparés.
    """
    for group in grouper(lignes, "exercice").values():
        if len({row.finess_et for row in group}) < ESMS_COMPARES:
            continue
        copied = tuple(key for key in _COMPARABLES if _partout_pareil(group, key))
        if copied:
            yield fault(
                *group,
                columns=copied,
                annee=str(group[0].exercice),
                colonnes=entetes(copied),
            )


def _partout_pareil(lignes: list[Row], key: str) -> bool:
    values = [row[key] for row in lignes]
    if not all(count_read(value) for value in values):
        return False
    return len(set(values)) == 1 and abs(values[0]) >= TELLING_VALUE


@rule(
    "VRA-026",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("exercice",),
    requires=("IDE-024",),
    title="Données d'activité d'un exercice à venir",
    message="la ligne de l'établissement {finess_et} porte sur l'exercice {exercice}, postérieur à "
    "l'année suivie",
    fix="Corrigez « Exercice » : des données prévisionnelles ne se saisissent pas ici.",
    expected="au plus tard l'année suivie",
    source=_TDB,
    ok=[
        _ROW,
        {**_ROW, "exercice": 2026},
        {"finess_et": _ET},
        {**_ROW, "exercice": 2028, "@": {"identification": [{}]}},
    ],
    ko=[{**_ROW, "exercice": 2028}],
)
def exercice_ecoule(row: Row, context: RuleContext) -> bool | None:
    """Les données rendues sont celles d'un exercice écoulé."""
    annee = context.classeur.annee_suivie
    if row.exercice is None or annee is None:
        return None
    return bool(row.exercice <= annee)


@workbook_rule(
    "VRA-027",
    AVERTISSEMENT,
    on=ACTIVITE,
    sheets=(IDENTIFICATION,),
    columns=("exercice", "finess_et"),
    requires=("IDE-024",),
    while_present=True,
    title="Données d'activité trop anciennes",
    message="les données les plus récentes de l'établissement {finess_et} sont celles de {dernier}",
    fix="Ajoutez une ligne pour l'année suivie ou la précédente, ou corrigez « Exercice ».",
    expected="un exercice à partir de {attendu}",
    source=_TDB,
    ok=[
        {**_FICHE, "activite": [_ROW]},
        {**_FICHE, "activite": [{**_ROW, "exercice": 2026}]},
        {**_FICHE, "activite": [{**_ROW, "exercice": 2024}, _ROW]},
        {**_FICHE, "activite": [{**_ROW, "exercice": 2024}, {"finess_et": _ET}]},
        {**_FICHE, "activite": [{**_ROW, "exercice": 2024}, {"exercice": 2027}]},
        {"identification": [{}], "activite": [{**_ROW, "exercice": 2024}]},
    ],
    ko=[
        {**_FICHE, "activite": [{**_ROW, "exercice": 2025}]},
        {**_FICHE, "activite": [{**_ROW, "exercice": 2025}, {**_ROW, "finess_et": _OTHER}]},
    ],
)
def donnees_recentes(context: RuleContext) -> Iterator[Fault]:
    """Les données d'activité portent sur l'année suivie, ou sur celle qui la précède.

    Le tableau de bord de la performance, rempli l'année suivie, décrit l'année précédente.
    """
    annee = context.classeur.annee_suivie
    rows = context.classeur["activite"].rows
    if annee is None or not all(row.finess_et for row in rows):
        return  # a line that names no ESMS may be the most recent one
    for group in grouper(rows, "finess_et").values():
        exercices = [row.exercice for row in group]
        if all(exercices) and max(exercices) < annee - 1:
            yield fault(
                *group,
                columns=("exercice",),
                dernier=str(max(exercices)),
                attendu=str(annee - 1),
            )


@table_rule(
    "VRA-028",
    AVERTISSEMENT,
    on=ACTIVITE,
    columns=("exercice", "finess_et"),
    title="Exercice saisi plusieurs fois dans les données d'activité",
    message="l'établissement {finess_et} a {nombre} lignes pour l'exercice {exercice}",
    fix="Ne gardez qu'une ligne par établissement et par exercice.",
    expected="une seule ligne",
    source=_TDB,
    ok=[[_ROW, {**_ROW, "exercice": 2026}, {**_ROW, "finess_et": _OTHER}]],
    ko=[[_ROW, {**_ROW, "exercice": 2026}, _ROW]],
)
def ligne_unique(lignes: list[Row]) -> Iterator[Fault]:
    """Un établissement n'a qu'une ligne par exercice."""
    for group in duplicates(lignes, "finess_et", "exercice"):
        yield fault(*group, columns=("exercice",), nombre=len(group))


@workbook_rule(
    "VRA-040",
    AVERTISSEMENT,
    on=ACTIVITE,
    sheets=(IDENTIFICATION, ETABLISSEMENTS),
    title="Feuille « Activité et ressources » à compléter",
    message="la feuille « Activité et ressources » est à compléter : aucune ligne n'y est saisie",
    fix="Saisissez une ligne par établissement pour le dernier exercice connu, ou dites dans "
    "« Commentaire ou justification » de la fiche pourquoi elle reste vide.",
    expected="une ligne par établissement",
    source=_TDB,
    ok=[
        {**_FICHE, "etablissements": [{"finess_et": _ET}], "activite": [_ROW]},
        {**_FICHE, "activite": []},
        {"identification": [{}], "etablissements": [{"finess_et": _ET}]},
        {
            "identification": [{"annee_n1": 2026, "annee_suivie": "N"}],
            "etablissements": [{"finess_et": _ET}],
        },
    ],
    ko=[{**_FICHE, "etablissements": [{"finess_et": _ET}]}],
)
def activite_saisie(context: RuleContext) -> Iterator[Fault]:
    """Les données d'activité et de ressources sont rendues chaque année suivie.

    L'accueil du classeur dit la même chose : « à compléter ». Rien n'est demandé à la signature.
    """
    classeur = context.classeur
    table = classeur["activite"]
    if classeur.followed_rank and classeur["etablissements"].rows and not table.rows:
        yield missing_line(table, columns=("finess_et",))


@workbook_rule(
    "VRA-041",
    AVERTISSEMENT,
    on=ACTIVITE,
    sheets=(IDENTIFICATION,),
    columns=("exercice", "finess_et"),
    requires=("VRA-026", "VRA-027"),
    while_present=True,
    title="Exercice différent de celui des autres établissements",
    message="les données les plus récentes de l'établissement {finess_et} sont celles de "
    "{dernier}, alors que les autres établissements ont celles de {commun}",
    fix="Corrigez « Exercice », ou ajoutez la ligne de {commun} ; si l'établissement a cessé son "
    "activité, dites-le dans « Commentaire ou justification ».",
    expected="{commun}",
    source=_TDB,
    ok=[
        {**_FICHE, "activite": [_ROW, {**_ROW, "finess_et": _OTHER}]},
        {**_FICHE, "activite": [_ROW, {**_ROW, "finess_et": _OTHER, "exercice": 2026}]},
        {**_FICHE, "activite": [{**one, "exercice": 2027 - i} for i, one in enumerate(_three())]},
        {
            **_FICHE,
            "activite": [
                *_three()[:2],
                {**_three()[2], "exercice": 2026},
                {**_three()[2], "finess_et": None},
            ],
        },
        {
            **_FICHE,
            "activite": [
                *_three()[:2],
                {**_three()[2], "exercice": 2026},
                {**_three()[2], "exercice": None},
            ],
        },
        {**_FICHE, "activite": [*_three(), {**_ROW, "exercice": 2026}]},
    ],
    ko=[
        {**_FICHE, "activite": [{**_three()[0], "exercice": 2026}, *_three()[1:]]},
        {**_FICHE, "activite": [*_three()[:2], {**_three()[2], "exercice": 2026}]},
    ],
)
def meme_exercice_partout(context: RuleContext) -> Iterator[Fault]:
    """Les données d'activité d'un retour sont celles du même exercice partout.

    Un seul établissement resté à l'exercice précédent, parmi trois au moins, a le plus souvent un
    exercice mal saisi.
    """
    rows = context.classeur["activite"].rows
    if not all(row.finess_et and row.exercice for row in rows):
        return
    groups = list(grouper(rows, "finess_et").values())
    this_last = [max(row.exercice for row in group) for group in groups]
    commun = max(set(this_last), key=lambda annee: (this_last.count(annee), annee), default=0)
    if this_last.count(commun) * 3 < 2 * len(this_last) or len(groups) < ESMS_COMPARES:
        return
    for group, last in zip(groups, this_last, strict=True):
        if last < commun:
            faulty = [row for row in group if row.exercice == last]
            yield fault(*faulty, columns=("exercice",), dernier=str(last), commun=str(commun))
