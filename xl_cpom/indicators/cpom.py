"""The eight indicators of the CPOM socle, from the four formula families of the guide, and the side
figure of the actions that have come due.

Every one counts lines: a line belongs to the indicator when its « Périmètre » is the code asked
(for example TRANSFO/PA). When no perimeter is given, every filled line belongs to it.

| family | modules | numerator / denominator |
|---|---|---|
| avancement | TRANSFO, UNESANTE, PREVENTION, HAS; EFFICIENCE by analogy | lines done / lines kept |
| si | SI | couples (SI × entité) complete at 100 % / couples exigibles |
| levee | INSPECTION | measures lifted by the authority / measures notified |
| resorption | DIFFICULTE | Σ(reference deficit − residual deficit) / Σ reference deficit |
"""

from __future__ import annotations

from .formula_families import (
    avancement,
    avancement_plan,
    echues,
    levee,
    resorption,
    systemes_information,
)
from .inputs import Input
from .model import Indicator

GUIDE = "{guide_complet}"
"""What the référentiel names (`Referentiel.citer`): another region has another guide."""

PERIMETRE = Input(
    "perimetre",
    "Périmètre de chaque ligne\u00a0: code de l'indicateur et secteur quand la ligne compte",
    "vector",
    "texte",
    "code",
    "TRANSFO/PA",
    optional=True,
)
CODE = Input("code", "Périmètre demandé", "scalar", "texte", "code", "TRANSFO/PA", optional=True)
STATUT = Input("statut", "Statut de chaque ligne", "vector", "texte", "statut", "Réalisée")
AVANCEMENT = Input(
    "avancement",
    "Avancement de chaque action, de 0 à 1",
    "vector",
    "nombre",
    "ratio",
    "0,5",
    optional=True,
)
POIDS = Input(
    "poids",
    "Poids de chaque action (1 si vide)",
    "vector",
    "nombre",
    "poids",
    "2",
    optional=True,
)


PLAN = avancement_plan()


def _plan_indicator(code: str, libelle: str) -> Indicator:
    return Indicator(
        code=code,
        libelle=libelle,
        module=code,
        unite="ratio",
        inputs=(PERIMETRE, STATUT, AVANCEMENT, POIDS, CODE),
        methodes=PLAN,
        parametre_methode="methode_avancement",
        bornes=(0.0, 1.0),
        source=f"{GUIDE}, annexe 2\u00a0: taux d'avancement du plan d'actions",
        certitude="inféré",
        explication="Actions réalisées rapportées aux actions prévues, sans les actions "
        "abandonnées ou sans objet. Une action sans statut compte comme non réalisée.",
        numerateur_libelle="actions réalisées",
        denominateur_libelle="actions prévues",
    )


TRANSFO = _plan_indicator("TRANSFO", "Taux d'avancement du projet de transformation")
UNESANTE = _plan_indicator(
    "UNESANTE", "Taux d'avancement du plan d'actions «\u00a0une seule santé\u00a0»"
)
PREVENTION = _plan_indicator("PREVENTION", "Taux d'avancement du plan d'actions de prévention")

EFFICIENCE = Indicator(
    code="EFFICIENCE",
    libelle="Taux de résolution des points de fragilité",
    module="EFFICIENCE",
    unite="ratio",
    inputs=(PERIMETRE, STATUT, CODE),
    methodes=avancement("statuts_fragilite_resolus", "statuts_fragilite_exclus"),
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, module Efficience des organisations (formule déduite de l'annexe 2)",
    certitude="inféré",
    explication="Points de fragilité résolus rapportés aux points identifiés, sans les points sans "
    "objet. Un point «\u00a0En cours\u00a0» ou sans statut n'est pas résolu.",
    numerateur_libelle="points de fragilité résolus",
    denominateur_libelle="points de fragilité identifiés",
)

HAS = Indicator(
    code="HAS",
    libelle="Taux d'avancement du plan d'amélioration (évaluation HAS)",
    module="HAS",
    unite="ratio",
    inputs=(PERIMETRE, STATUT, CODE),
    methodes=avancement("statuts_amelioration_realises", "statuts_amelioration_exclus"),
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, module Évaluation HAS (formule déduite de l'annexe 2)",
    certitude="inféré",
    explication="Critères sous le seuil dont l'action d'amélioration est réalisée, rapportés aux "
    "critères sous le seuil (impératif coté moins de 4, standard coté moins de 3).",
    numerateur_libelle="critères dont l'action est réalisée",
    denominateur_libelle="critères sous le seuil",
)


ECHUES = Indicator(
    code="ECHUES",
    libelle="Taux de réalisation des actions échues",
    module=None,
    unite="ratio",
    inputs=(
        PERIMETRE,
        STATUT,
        Input("echeance", "Échéance de chaque action", "vector", "date", "date", "31/12/2027"),
        Input("au", "Date à laquelle on se place", "scalar", "date", "date", "31/12/2027"),
        CODE,
    ),
    methodes=echues(),
    bornes=(0.0, 1.0),
    source="Indicateur complémentaire, sans équivalent dans le guide",
    certitude="inféré",
    explication="Actions réalisées parmi celles dont l'échéance est passée à la date donnée. Se "
    "lit chaque année au regard de 100\u202f%, à la différence du taux d'avancement.",
    numerateur_libelle="actions échues réalisées",
    denominateur_libelle="actions échues",
)

SI = Indicator(
    code="SI",
    libelle="Taux de SI complétés ou mis à jour à 100\u202f%",
    module="SI",
    unite="ratio",
    inputs=(
        PERIMETRE,
        Input(
            "taux_completude",
            "Taux de complétude de chaque couple SI × entité, de 0 à 1",
            "vector",
            "nombre",
            "ratio",
            "1",
        ),
        Input("exigible", "Couple exigible", "vector", "texte", "Oui ou Non", "Oui", optional=True),
        Input("si", "Système d'information", "vector", "texte", "SI", "ROR par ET", optional=True),
        CODE,
    ),
    methodes=systemes_information(),
    parametre_methode="methode_si",
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, annexe 2\u00a0: taux de SI complétés et/ou mis à jour à 100\u202f%",
    certitude="inféré",
    explication="Couples SI × entité complétés à 100\u202f% rapportés aux couples exigibles. Un "
    "couple complété à 99\u202f% ou non renseigné compte pour zéro.",
    numerateur_libelle="systèmes complétés à 100\u202f%",
    denominateur_libelle="systèmes exigibles",
)

LEVEE = Indicator(
    code="LEVEE",
    libelle="Taux de levée des mesures (injonctions et prescriptions)",
    module="INSPECTION",
    unite="ratio",
    inputs=(
        PERIMETRE,
        Input(
            "type_mesure",
            "Type de mesure",
            "vector",
            "texte",
            "type",
            "injonction",
            optional=True,
        ),
        STATUT,
        Input("date_levee", "Date de levée", "vector", "date", "date", "15/03/2027", optional=True),
        Input(
            "au",
            "Date à laquelle on se place",
            "scalar",
            "date",
            "date",
            "31/12/2027",
            optional=True,
        ),
        Input(
            "reference",
            "Référence du courrier de l'autorité",
            "vector",
            "texte",
            "texte",
            "ARS/2027-0152",
            optional=True,
        ),
        CODE,
    ),
    methodes=levee(),
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, annexe 2\u00a0: taux de levée des mesures",
    certitude="inféré",
    explication="Injonctions et prescriptions levées par un courrier daté et référencé de "
    "l'autorité, rapportées aux mesures notifiées, sans les mesures annulées ni les "
    "recommandations.",
    numerateur_libelle="mesures levées",
    denominateur_libelle="mesures notifiées",
)

RESORPTION = Indicator(
    code="RESORPTION",
    libelle="Taux de résorption du déficit",
    module="DIFFICULTE",
    unite="ratio",
    inputs=(
        PERIMETRE,
        Input(
            "deficit_reference",
            "Déficit de référence de chaque ET, en positif",
            "vector",
            "nombre",
            "€",
            "250000",
        ),
        Input(
            "resultat",
            "Résultat de l'exercice de chaque ET, négatif si déficit",
            "vector",
            "nombre",
            "€",
            "-100000",
        ),
        CODE,
    ),
    methodes=resorption(),
    parametre_methode="resorption_signee",
    bornes=(None, None),
    source=f"{GUIDE}, annexe 2\u00a0: taux de résorption du déficit",
    certitude="inféré",
    explication="(Déficit de référence − déficit de l'exercice) / déficit de référence, cumulés "
    "sur les ET en déficit. Négatif si le déficit se creuse, sans objet si un résultat manque.",
    numerateur_libelle="déficit résorbé",
    denominateur_libelle="déficit de référence",
)

INDICATEURS_CPOM: tuple[Indicator, ...] = (
    TRANSFO,
    UNESANTE,
    PREVENTION,
    EFFICIENCE,
    SI,
    HAS,
    LEVEE,
    RESORPTION,
)
INDICATEURS_COMPLEMENTAIRES: tuple[Indicator, ...] = (ECHUES,)
