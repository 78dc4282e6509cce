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

from .expressions import (
    ALWAYS,
    NEVER,
    Among,
    Blank,
    Compare,
    Condition,
    Count,
    Filled,
    GroupCount,
    GroupShares,
    IfPresent,
    NotAmong,
    Number,
    OrDefault,
    Param,
    Ref,
    SameAs,
    ScalarBlank,
    Sum,
    SumByText,
    add,
    all_of,
    any_of,
)
from .model import Indicator, Input, Methode

GUIDE = "ARS Bourgogne-Franche-Comté, guide du CPOM socle 2026-2030"

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


def _lines(*vectors: str) -> Condition:
    """Lines of the indicator: those of the perimeter asked, or failing that every filled line."""
    filled = any_of(*(IfPresent(key, Filled(key), NEVER) for key in vectors))
    return IfPresent("perimetre", SameAs("perimetre", "code"), filled)


# --- family 1: avancement ----------------------------------------------------------------------


def _avancement(
    realises: str, exclus: str, vectors: tuple[str, ...] = ("statut",)
) -> dict[str, Methode]:
    """Lines done over lines kept; `exclus` statuses leave both terms, a blank status stays."""
    lignes = _lines(*vectors)
    kept = all_of(lignes, NotAmong("statut", Param(exclus)))
    return {
        "REALISEES": Methode(
            Count(all_of(kept, Among("statut", Param(realises)))),
            Count(kept),
            lignes,
            requis=("statut",),
            libelle="part des lignes réalisées",
        )
    }


def _avancement_plan() -> dict[str, Methode]:
    """REALISEES, and the two means of the percentages, where the status stands in for a blank."""
    methods = _avancement(
        "statuts_action_realises", "statuts_action_exclus", ("statut", "avancement", "poids")
    )
    lignes = methods["REALISEES"].lignes
    kept = all_of(lignes, NotAmong("statut", Param("statuts_action_exclus")))
    known = all_of(kept, IfPresent("avancement", Filled("avancement"), NEVER))
    unknown = all_of(kept, IfPresent("avancement", Blank("avancement"), ALWAYS))
    weighted = IfPresent("poids", Filled("poids"), NEVER)
    unweighted = IfPresent("poids", Blank("poids"), ALWAYS)
    table = Param("avancement_par_statut")
    methods["MOYENNE"] = Methode(
        add(Sum(("avancement",), known), SumByText("statut", table, (), unknown)),
        Count(kept),
        lignes,
        requis=("statut",),
        libelle="moyenne des avancements, à défaut selon le statut",
    )
    methods["PONDEREE"] = Methode(
        add(
            Sum(("avancement", "poids"), all_of(known, weighted)),
            Sum(("avancement",), all_of(known, unweighted)),
            SumByText("statut", table, ("poids",), all_of(unknown, weighted)),
            SumByText("statut", table, (), all_of(unknown, unweighted)),
        ),
        add(Sum(("poids",), all_of(kept, weighted)), Count(all_of(kept, unweighted))),
        lignes,
        requis=("statut",),
        libelle="moyenne des avancements pondérée, poids 1 à défaut",
    )
    return methods


PLAN = _avancement_plan()


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
    methodes=_avancement("statuts_fragilite_resolus", "statuts_fragilite_exclus"),
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
    methodes=_avancement("statuts_amelioration_realises", "statuts_amelioration_exclus"),
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, module Évaluation HAS (formule déduite de l'annexe 2)",
    certitude="inféré",
    explication="Critères sous le seuil dont l'action d'amélioration est réalisée, rapportés aux "
    "critères sous le seuil (impératif coté moins de 4, standard coté moins de 3).",
    numerateur_libelle="critères dont l'action est réalisée",
    denominateur_libelle="critères sous le seuil",
)


def _echues() -> dict[str, Methode]:
    lignes = _lines("statut", "echeance")
    due = all_of(
        lignes,
        NotAmong("statut", Param("statuts_action_exclus")),
        Compare("echeance", "<=", Ref("au")),
    )
    return {
        "REALISEES": Methode(
            Count(all_of(due, Among("statut", Param("statuts_action_realises")))),
            Count(due),
            lignes,
            requis=("statut", "echeance"),
            libelle="part des actions échues réalisées",
        )
    }


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
    methodes=_echues(),
    bornes=(0.0, 1.0),
    source="Indicateur complémentaire, sans équivalent dans le guide",
    certitude="inféré",
    explication="Actions réalisées parmi celles dont l'échéance est passée à la date donnée. Se "
    "lit chaque année au regard de 100\u202f%, à la différence du taux d'avancement.",
    numerateur_libelle="actions échues réalisées",
    denominateur_libelle="actions échues",
)

# --- family 2: systèmes d'information ----------------------------------------------------------


def _si() -> dict[str, Methode]:
    lignes = all_of(
        _lines("taux_completude", "si", "exigible"),
        IfPresent("exigible", Among("exigible", ("Oui",)), ALWAYS),
    )
    complete = Compare("taux_completude", ">=", Number(Param("seuil_si_complet")))
    return {
        "COUPLES": Methode(
            Count(all_of(lignes, complete)),
            Count(lignes),
            lignes,
            requis=("taux_completude",),
            libelle="part des couples SI × entité complétés à 100\u202f%",
        ),
        "PAR_SI": Methode(
            GroupShares("si", complete, lignes),
            GroupCount("si", lignes),
            lignes,
            requis=("taux_completude", "si"),
            libelle="moyenne des taux de chaque SI",
        ),
    }


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
        Input("si", "Système d'information", "vector", "texte", "SI", "ROR par ET", optional=True),
        Input("exigible", "Couple exigible", "vector", "texte", "Oui ou Non", "Oui", optional=True),
        CODE,
    ),
    methodes=_si(),
    parametre_methode="methode_si",
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, annexe 2\u00a0: taux de SI complétés et/ou mis à jour à 100\u202f%",
    certitude="inféré",
    explication="Couples SI × entité complétés à 100\u202f% rapportés aux couples exigibles. Un "
    "couple complété à 99\u202f% ou non renseigné compte pour zéro.",
    numerateur_libelle="couples complétés à 100\u202f%",
    denominateur_libelle="couples exigibles",
)

# --- family 3: levée des mesures ---------------------------------------------------------------


def _levee() -> dict[str, Methode]:
    lignes = all_of(
        _lines("type_mesure", "statut", "date_levee", "reference"),
        IfPresent("type_mesure", Among("type_mesure", Param("types_mesure_suivis")), ALWAYS),
    )
    kept = all_of(lignes, NotAmong("statut", Param("statuts_mesure_exclus")))
    in_time = IfPresent(
        "au",
        any_of(ScalarBlank("au"), Compare("date_levee", "<=", OrDefault("au", Number(0.0)))),
        ALWAYS,
    )
    lifted = all_of(
        kept,
        Among("statut", Param("statuts_mesure_leves")),
        IfPresent("date_levee", all_of(Filled("date_levee"), in_time), ALWAYS),
        IfPresent("reference", Filled("reference"), ALWAYS),
    )
    return {
        "LEVEES": Methode(
            Count(lifted),
            Count(kept),
            lignes,
            requis=("statut",),
            libelle="part des mesures levées par l'autorité",
        )
    }


LEVEE = Indicator(
    code="LEVEE",
    libelle="Taux de levée des mesures (injonctions et prescriptions)",
    module="INSPECTION",
    unite="ratio",
    inputs=(
        PERIMETRE,
        STATUT,
        Input("date_levee", "Date de levée", "vector", "date", "date", "15/03/2027", optional=True),
        Input(
            "reference",
            "Référence du courrier de l'autorité",
            "vector",
            "texte",
            "texte",
            "ARS/2027-0152",
            optional=True,
        ),
        Input(
            "type_mesure",
            "Type de mesure",
            "vector",
            "texte",
            "type",
            "injonction",
            optional=True,
        ),
        Input(
            "au",
            "Date à laquelle on se place",
            "scalar",
            "date",
            "date",
            "31/12/2027",
            optional=True,
        ),
        CODE,
    ),
    methodes=_levee(),
    bornes=(0.0, 1.0),
    source=f"{GUIDE}, annexe 2\u00a0: taux de levée des mesures",
    certitude="inféré",
    explication="Injonctions et prescriptions levées par un courrier daté et référencé de "
    "l'autorité, rapportées aux mesures notifiées, sans les mesures annulées ni les "
    "recommandations.",
    numerateur_libelle="mesures levées",
    denominateur_libelle="mesures notifiées",
)

# --- family 4: résorption du déficit -----------------------------------------------------------


def _resorption() -> dict[str, Methode]:
    lignes = _lines("deficit_reference", "resultat")
    in_deficit = all_of(lignes, Compare("deficit_reference", ">", Number(0.0)))
    losses = all_of(in_deficit, Compare("resultat", "<", Number(0.0)))
    reference = Sum(("deficit_reference",), in_deficit)
    missing = all_of(in_deficit, Blank("resultat"))
    requis = ("deficit_reference", "resultat")
    return {
        "NON_SIGNEE": Methode(
            add(reference, Sum(("resultat",), losses)),
            reference,
            lignes,
            manquant=missing,
            requis=requis,
            libelle="un excédent vaut résorption complète, 100\u202f% au plus",
        ),
        "SIGNEE": Methode(
            add(reference, Sum(("resultat",), in_deficit)),
            reference,
            lignes,
            manquant=missing,
            requis=requis,
            libelle="un excédent porte le taux au-delà de 100\u202f%",
        ),
    }


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
    methodes=_resorption(),
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
