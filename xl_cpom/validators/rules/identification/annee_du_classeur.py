"""IDE: the year of the fiche against the year of all the rest, and against the date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.typography import guillemets
from xl_cpom.validators.declaration import table_rule, workbook_rule
from xl_cpom.validators.facts.whole_workbook import some
from xl_cpom.validators.facts.year_of_content import year_of_content
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Fault, fault
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_sources import Logical
from xl_cpom.workbook.records import Row
from xl_cpom.workbook.sheets import IDENTIFICATION

_N1 = {"annee_n1": 2026, "annee_suivie": "N1", "date_arrete": dt.date(2026, 12, 31)}
_N2 = {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}


def _content(annee: int, **autres: Any) -> dict[str, Any]:
    """Three sheets that are about a year."""
    return {
        "activite": [{"finess_et": "210780581", "exercice": annee}],
        "actions": [{"numero": "A1", "date_realisation": dt.date(annee, 3, 1)}],
        "si": [{"si": "ROR par ET", "derniere_maj": dt.date(annee, 9, 1)}],
        **autres,
    }


@workbook_rule(
    "IDE-050",
    BLOQUANT,
    on=IDENTIFICATION,
    columns=("annee_suivie", "annee_n1"),
    requires=("IDE-024",),
    title="Année suivie contredite par tout le classeur",
    message="l'année suivie est {annee_suivie} ({suivie}), mais toutes les feuilles portent sur "
    "{annee} : {feuilles}",
    fix="Si ce classeur est bien celui de {annee}, choisissez {attendu} dans « Année suivie » et "
    "corrigez « Date d'arrêté des données ». Sinon, reportez dans les feuilles les données de "
    "{suivie}. Tout ce qui dépend de l'année sera contrôlé ensuite.",
    expected="{attendu}",
    source=Logical("Classeur de l'année précédente repris sans changer la fiche, ou l'inverse"),
    ok=[
        {"identification": [_N2], **_content(2027)},
        {"identification": [_N2], **_content(2026, difficulte=[{"exercice": 2027}])},
        {"identification": [_N1], "activite": [{"exercice": 2027}]},
        {"identification": [{**_N1, "annee_suivie": None}], **_content(2027)},
        {"identification": [{**_N1, "annee_suivie": "N"}], **_content(2027)},
        {"identification": [_N1], **_content(2024)},
    ],
    ko=[
        {"identification": [_N1], **_content(2027)},
        {"identification": [_N2], **_content(2026)},
    ],
)
def annee_de_tout_le_classeur(context: RuleContext) -> Iterator[Fault]:
    """L'année suivie de la fiche est celle des feuilles.

    Quand toutes les feuilles portent sur une autre année voisine (exercices, années déclarées,
    dates), ce n'est qu'une faute : la fiche, ou tout le reste, est resté à l'autre année. Ce qui
    dépend de l'année n'est alors pas contrôlé.
    """
    classeur = context.classeur
    suivie, found = classeur.annee_suivie, year_of_content(classeur)
    if suivie is None or found is None or not classeur.followed_rank:
        return
    annee, sheets = found
    rank = annee - int(classeur.annee_n1) + 1
    known = f"N{rank}" in classeur.referentiel.listes["annee_suivie"]
    if abs(annee - suivie) == 1 and known:
        yield fault(
            classeur.identification,
            columns=("annee_suivie", "date_arrete"),
            suivie=str(suivie),
            annee=str(annee),
            attendu=f"N{rank}",
            feuilles=some((guillemets(name) for name in sheets), 2),
        )


@table_rule(
    "IDE-051",
    AVERTISSEMENT,
    on=IDENTIFICATION,
    columns=("annee_suivie", "date_arrete", "annee_n1"),
    title="Classeur d'une année passée à la date du contrôle",
    message="le classeur suit {annee_suivie} ({annee}) et ses données s'arrêtent au {date_arrete}, "
    "alors que le contrôle est fait au {au} : il semble resté à une année passée",
    fix="Si vous rendez une année plus récente, repartez du classeur transmis par l'ARS pour elle, "
    "où « Année suivie » est la bonne. Sinon, donnez au contrôle la date de ce retour.",
    source=Logical("Une année est rendue pendant son cours ou pendant l'année suivante"),
    requires=("IDE-024",),
    ok=[
        [{**_N2, "date_arrete": dt.date(2028, 12, 30)}],
        [_N2],
        [{**_N2, "annee_suivie": None, "date_arrete": dt.date(2029, 6, 30)}],
        [{**_N2, "date_arrete": None}],
    ],
    ko=[[{**_N2, "date_arrete": dt.date(2028, 12, 31)}]],
)
def annee_passee(fiches: list[Row], context: RuleContext) -> Iterator[Fault]:
    """Un classeur entièrement resté à l'année passée ne se contredit pas : seule la date le dit.

    La date est celle que l'on donne au contrôle, jamais celle de l'ordinateur. Sans elle, et sans
    le retour précédent ni la campagne, rien ne distingue ce classeur d'un retour honnête.
    """
    annee, au = context.classeur.annee_suivie, context.date
    if annee is not None and au is not None and au >= dt.date(annee + 1, 12, 31):
        for fiche in fiches:
            yield fault(fiche, columns=("annee_suivie", "date_arrete"), annee=str(annee), au=au)
