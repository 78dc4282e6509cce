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
    libelle="Périmètre de chaque ligne\u00a0: code de l'indicateur et secteur quand la ligne "
    "compte",
    kind="vector",
    nature="texte",
    unite="code",
    example="TRANSFO/PA",
    column="perimetre",
    optional=True,
)
CODE = Input(
    "code",
    libelle="Périmètre demandé",
    kind="scalar",
    nature="texte",
    unite="code",
    example="TRANSFO/PA",
    optional=True,
)
STATUT = Input(
    "statut",
    libelle="Statut de chaque ligne",
    kind="vector",
    nature="texte",
    unite="statut",
    example="Réalisée",
    column="statut",
)
AVANCEMENT = Input(
    "avancement",
    libelle="Avancement de chaque action, de 0 à 1",
    kind="vector",
    nature="nombre",
    unite="ratio",
    example="0,5",
    column="avancement",
    optional=True,
)
WEIGHT = Input(
    "poids",
    libelle="Poids de chaque action (1 si vide)",
    kind="vector",
    nature="nombre",
    unite="poids",
    example="2",
    column="poids",
    optional=True,
)


PLAN = avancement_plan()


def _plan_indicator(code: str, libelle: str) -> Indicator:
    return Indicator(
        code=code,
        libelle=libelle,
        module=code,
        unite="ratio",
        inputs=(PERIMETRE, STATUT, AVANCEMENT, WEIGHT, CODE),
        methodes=PLAN,
        methode_parameter="methode_avancement",
        bounds=(0.0, 1.0),
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
    bounds=(0.0, 1.0),
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
    bounds=(0.0, 1.0),
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
        Input(
            "echeance",
            libelle="Échéance de chaque action",
            kind="vector",
            nature="date",
            unite="date",
            example="31/12/2027",
            column="echeance",
        ),
        Input(
            "au",
            libelle="Date à laquelle on se place",
            kind="scalar",
            nature="date",
            unite="date",
            example="31/12/2027",
        ),
        CODE,
    ),
    methodes=echues(),
    bounds=(0.0, 1.0),
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
            libelle="Taux de complétude de chaque couple SI × entité, de 0 à 1",
            kind="vector",
            nature="nombre",
            unite="ratio",
            example="1",
            column="taux_retenu",
        ),
        Input(
            "exigible",
            libelle="Couple exigible",
            kind="vector",
            nature="texte",
            unite="Oui ou Non",
            example="Oui",
            column="exigible",
            optional=True,
        ),
        Input(
            "si",
            libelle="Système d'information",
            kind="vector",
            nature="texte",
            unite="SI",
            example="ROR par ET",
            column="si",
            optional=True,
        ),
        CODE,
    ),
    methodes=systemes_information(),
    methode_parameter="methode_si",
    bounds=(0.0, 1.0),
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
            libelle="Type de mesure",
            kind="vector",
            nature="texte",
            unite="type",
            example="injonction",
            column="type",
            optional=True,
        ),
        STATUT,
        Input(
            "date_levee",
            libelle="Date de levée",
            kind="vector",
            nature="date",
            unite="date",
            example="15/03/2027",
            column="date_levee",
            optional=True,
        ),
        Input(
            "au",
            libelle="Date à laquelle on se place",
            kind="scalar",
            nature="date",
            unite="date",
            example="31/12/2027",
            optional=True,
        ),
        Input(
            "reference",
            libelle="Référence du courrier de l'autorité",
            kind="vector",
            nature="texte",
            unite="texte",
            example="ARS/2027-0152",
            column="reference_courrier",
            optional=True,
        ),
        CODE,
    ),
    methodes=levee(),
    bounds=(0.0, 1.0),
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
            libelle="Déficit de référence de chaque ET, en positif",
            kind="vector",
            nature="nombre",
            unite="€",
            example="250000",
            column="deficit_reference",
        ),
        Input(
            "resultat",
            libelle="Résultat de l'exercice de chaque ET, négatif si déficit (base cumulée : le "
            "déficit cumulé à la fin de l'exercice, en négatif)",
            kind="vector",
            nature="nombre",
            unite="€",
            example="-100000",
            column="resultat_retenu",
        ),
        CODE,
    ),
    methodes=resorption(),
    methode_parameter="resorption_signee",
    bounds=(None, None),
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
