"""One table of cases for every place an indicator is computed.

Run through Python, LibreOffice (plain formulas) and IronCalc (LAMBDA) here; the tests of the
functions in cells reuse it for their hosts. Values are plain Python: None is an empty cell, "" a
formula returning an empty text, a date a date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

VALUE = "#VALUE!"
"""Expected where a text or a boolean stands for a number."""


@dataclass(frozen=True)
class Cas:
    """data → (numerateur, denominateur, valeur); None is sans objet, a cell shows #N/A."""

    nom: str
    code: str
    data: dict[str, Any]
    attendu: tuple[Any, Any, Any]
    methode: str | None = None
    hors: frozenset[str] = field(default_factory=frozenset)
    """Hosts that cannot tell the case ("libreoffice": its booleans are numbers)."""


def erreur(*outside: str) -> dict[str, Any]:
    return {"attendu": (VALUE, VALUE, VALUE), "hors": frozenset(outside)}


PA = "TRANSFO/PA"
STATUTS = ["Réalisée", "En cours", "À démarrer", "Abandonnée", "Sans objet", "Reportée", None]
PERIMETRE = [PA, PA, PA, PA, PA, "TRANSFO/PH", PA]


def plan(**autres: Any) -> dict[str, Any]:
    return {"code": PA, "perimetre": PERIMETRE, "statut": STATUTS, **autres}


AVANCEMENT: list[Any] = [1, 0.75, None, 1, None, 0.5, None]
WEIGHT: list[Any] = [3, None, 2, 5, None, 1, ""]

ACTIONS = [
    # kept: Réalisée, En cours, À démarrer, blank
    Cas("statuts mêlés", "TRANSFO", plan(), (1, 4, 0.25)),
    Cas("autre module, même famille", "PREVENTION", plan(), (1, 4, 0.25)),
    Cas("casse indifférente", "TRANSFO", {
        "code": "transfo/pa", "perimetre": [PA, "Transfo/Pa"],
        "statut": ["RÉALISÉE", "réalisée"]}, (2, 2, 1.0)),
    Cas("accent signifiant", "TRANSFO", {
        "code": PA, "perimetre": [PA, PA], "statut": ["Realisee", "Réalisée"]}, (1, 2, 0.5)),
    Cas("blanc final signifiant", "TRANSFO", {
        "code": PA, "perimetre": [PA, PA + " "], "statut": ["Réalisée ", "Réalisée"]}, (0, 1, 0.0)),
    Cas("aucune ligne du périmètre", "TRANSFO", plan(code="TRANSFO/XX"), (0, 0, None)),
    Cas("code vide : les lignes hors périmètre ne comptent pas", "TRANSFO", {
        "code": None, "perimetre": ["", None, PA], "statut": ["Réalisée"] * 3}, (0, 0, None)),
    Cas("toutes exclues", "TRANSFO", {
        "code": PA, "perimetre": [PA, PA], "statut": ["Abandonnée", "Sans objet"]}, (0, 0, None)),
    Cas("une seule ligne", "TRANSFO", {
        "code": PA, "perimetre": [PA], "statut": ["Réalisée"]}, (1, 1, 1.0)),
    Cas("sans périmètre : les lignes remplies", "TRANSFO", {
        "statut": ["Réalisée", None, "", "En cours"]}, (1, 2, 0.5)),
    Cas("sans périmètre : un avancement suffit à remplir la ligne", "TRANSFO", {
        "statut": ["Réalisée", None, None], "avancement": [1, 0.5, None]}, (1, 2, 0.5)),
    Cas("statut nombre", "TRANSFO", {
        "code": PA, "perimetre": [PA, PA], "statut": [1, "Réalisée"]}, (1, 2, 0.5)),
    Cas("moyenne, repli sur le statut", "TRANSFO", plan(avancement=AVANCEMENT),
        (1.75, 4, 0.4375), "MOYENNE"),
    Cas("moyenne sans avancement", "TRANSFO", plan(), (1.5, 4, 0.375), "MOYENNE"),
    Cas("moyenne, poids ignorés", "TRANSFO", plan(avancement=AVANCEMENT, poids=WEIGHT),
        (1.75, 4, 0.4375), "MOYENNE"),
    Cas("moyenne, zéro n'est pas vide", "TRANSFO", {
        "code": PA, "perimetre": [PA, PA], "statut": ["En cours", "En cours"],
        "avancement": [0, None]}, (0.5, 2, 0.25), "moyenne"),
    Cas("pondérée", "TRANSFO", plan(avancement=AVANCEMENT, poids=WEIGHT),
        (3.75, 7, 3.75 / 7), "PONDEREE"),
    Cas("pondérée sans poids = moyenne", "TRANSFO", plan(avancement=AVANCEMENT),
        (1.75, 4, 0.4375), "PONDEREE"),
    Cas("pondérée sans avancement", "TRANSFO", plan(poids=WEIGHT),
        (3.5, 7, 0.5), "PONDEREE"),
    Cas("pondérée, poids nuls", "TRANSFO", {
        "code": PA, "perimetre": [PA], "statut": ["Réalisée"], "poids": [0]},
        (0, 0, None), "PONDEREE"),
    Cas("texte dans l'avancement", "TRANSFO",
        plan(avancement=["85 %", *AVANCEMENT[1:]]), methode="MOYENNE", **erreur()),
    Cas("nombre en texte dans l'avancement", "TRANSFO",
        plan(avancement=["1", *AVANCEMENT[1:]]), methode="MOYENNE", **erreur()),
    Cas("booléen dans l'avancement", "TRANSFO",
        plan(avancement=[True, *AVANCEMENT[1:]]), methode="MOYENNE", **erreur("libreoffice")),
    Cas("texte hors périmètre : ignoré", "TRANSFO",
        plan(avancement=[*AVANCEMENT[:5], "à voir", None]), (1.75, 4, 0.4375), "MOYENNE"),
    Cas("texte dans une entrée que la méthode ne lit pas", "TRANSFO",
        plan(avancement=["85 %", *AVANCEMENT[1:]]), (1, 4, 0.25)),
    Cas("plages inégales", "TRANSFO", {
        "code": PA, "perimetre": [PA, PA, PA], "statut": ["Réalisée", "Réalisée"]}, **erreur()),
    Cas("fragilités", "EFFICIENCE", {
        "code": "EFFICIENCE/PH", "perimetre": ["EFFICIENCE/PH"] * 5,
        "statut": ["Résolu", "Identifié", "En cours", "Sans objet", None]}, (1, 4, 0.25)),
    Cas("plan d'amélioration", "HAS", {
        "code": "HAS/PA", "perimetre": ["HAS/PA", "HAS/PA", "", "HAS/PA"],
        "statut": ["Réalisée", "En cours", "Réalisée", "Abandonnée"]}, (1, 2, 0.5)),
    Cas("actions échues", "ECHUES", {
        "code": PA, "perimetre": [PA] * 5, "au": dt.date(2027, 12, 31),
        "statut": ["Réalisée", "En cours", "Réalisée", "Abandonnée", "En cours"],
        "echeance": [dt.date(2027, 6, 30), dt.date(2027, 12, 31), dt.date(2028, 1, 1),
                     dt.date(2027, 1, 1), None]}, (1, 2, 0.5)),
    Cas("actions échues, sans date", "ECHUES", {
        "code": PA, "perimetre": [PA], "au": None, "statut": ["Réalisée"],
        "echeance": [dt.date(2027, 6, 30)]}, (None, None, None)),
    Cas("échéance en texte", "ECHUES", {
        "code": PA, "perimetre": [PA], "au": dt.date(2027, 12, 31), "statut": ["Réalisée"],
        "echeance": ["30/06/2027"]}, **erreur()),
]  # fmt: skip

SI = [
    Cas("99 % ne compte pas", "SI", {
        "code": "SI/PA", "perimetre": ["SI/PA"] * 4 + ["SI/PH"],
        "taux_completude": [1, 0.99, None, 1.0, 1]}, (2, 4, 0.5)),
    Cas("sans périmètre, exigibles", "SI", {
        "taux_completude": [1, 0.5, 1, None, None], "exigible": ["Oui", "oui", "Non", "Oui", None]},
        (1, 3, 1 / 3)),
    Cas("sans périmètre ni exigibilité", "SI", {"taux_completude": [1, 0.5, None]}, (1, 2, 0.5)),
    Cas("par SI", "SI", {
        "code": "SI/PA", "perimetre": ["SI/PA"] * 5 + ["SI/PH", ""],
        "taux_completude": [1, 1, 0, 1, 0.5, 1, 1],
        "si": ["ROR par ET", "ror par et", "ROR par ET", "VT par ET", "e-CARS par OG", "VT par ET",
               None]}, (2 / 3 + 1, 3, (2 / 3 + 1) / 3), "PAR_SI"),
    Cas("par SI, ligne sans SI laissée", "SI", {
        "code": "SI/PA", "perimetre": ["SI/PA"] * 3, "taux_completude": [1, 0, 1],
        "si": ["VT par ET", "VT par ET", None]}, (0.5, 1, 0.5), "PAR_SI"),
    Cas("par SI, exigibles", "SI", {
        "taux_completude": [1, 0, 1], "si": ["VT par ET", "VT par ET", "e-CARS par OG"],
        "exigible": ["Oui", "Non", "Oui"]}, (2, 2, 1.0), "PAR_SI"),
    Cas("par SI, rien", "SI", {
        "code": "SI/PA", "perimetre": ["", ""], "taux_completude": [1, 1],
        "si": ["VT par ET", None]}, (0, 0, None), "PAR_SI"),
    Cas("complétude en texte", "SI", {
        "code": "SI/PA", "perimetre": ["SI/PA"] * 2, "taux_completude": [1, "100 %"]}, **erreur()),
]  # fmt: skip

D = dt.date
MESURES: dict[str, Any] = {
    "code": "INSPECTION/PH",
    "perimetre": ["INSPECTION/PH"] * 5 + [""],
    "statut": ["Levée", "Levée", "levée", "Réalisée – en attente de levée", "Annulée", "Levée"],
    "date_levee": [D(2027, 3, 1), None, D(2028, 2, 1), D(2027, 3, 1), None, D(2027, 1, 1)],
    "reference": ["ARS-1", "ARS-2", "ARS-3", "ARS-4", None, "ARS-6"],
}

LEVEES = [
    Cas("levée datée et référencée", "LEVEE", MESURES, (2, 4, 0.5)),
    Cas("levée à la date", "LEVEE", {**MESURES, "au": D(2027, 12, 31)}, (1, 4, 0.25)),
    Cas("date vide : toutes", "LEVEE", {**MESURES, "au": None}, (2, 4, 0.5)),
    Cas(
        "sans date ni référence",
        "LEVEE",
        {k: MESURES[k] for k in ("code", "perimetre", "statut")},
        (3, 4, 0.75),
    ),
    Cas(
        "recommandations laissées",
        "LEVEE",
        {
            "type_mesure": ["injonction", "Prescription", "recommandation", None],
            "statut": ["Levée", "Notifiée", "Levée", "Levée"],
        },
        (1, 2, 0.5),
    ),
    Cas(
        "référence manquante",
        "LEVEE",
        {**MESURES, "reference": ["", None, "ARS-3", None, None, None]},
        (1, 4, 0.25),
    ),
    Cas(
        "date de levée en texte",
        "LEVEE",
        {**MESURES, "date_levee": ["01/03/2027", *MESURES["date_levee"][1:]]},
        **erreur(),
    ),
    Cas("date de référence en texte", "LEVEE", {**MESURES, "au": "fin 2027"}, **erreur()),
]


def deficit(reference: Any, resultat: Any, **autres: Any) -> dict[str, Any]:
    return {"deficit_reference": reference, "resultat": resultat, **autres}


DEFICITS = [
    Cas("déficit réduit", "RESORPTION", deficit([250000], [-100000]), (150000, 250000, 0.6)),
    Cas("excédent", "RESORPTION", deficit([250000], [20000]), (250000, 250000, 1.0)),
    Cas("excédent, signé", "RESORPTION", deficit([250000], [20000]),
        (270000, 250000, 1.08), "SIGNEE"),
    Cas("déficit creusé", "RESORPTION", deficit([250000], [-300000]), (-50000, 250000, -0.2)),
    Cas("équilibre : zéro n'est pas vide", "RESORPTION", deficit([250000], [0]),
        (250000, 250000, 1.0)),
    Cas("pas de déficit de référence", "RESORPTION", deficit([0], [-100000]), (0, 0, None)),
    Cas("déficit de référence négatif", "RESORPTION", deficit([-5000], [-100000]), (0, 0, None)),
    Cas("cumul des ET en déficit", "RESORPTION",
        deficit([100000, 300000, 0, -1, None], [-50000, -350000, 40000, -7, -9]),
        (0, 400000, 0.0)),
    Cas("cumul des ET, signé", "RESORPTION",
        deficit([100000, 300000, 0], [50000, -350000, 40000]), (100000, 400000, 0.25), "SIGNEE"),
    Cas("résultat manquant", "RESORPTION", deficit([250000, 100000], [-100000, None]),
        (None, None, None)),
    Cas("résultat manquant hors déficit", "RESORPTION", deficit([250000, 0], [-100000, None]),
        (150000, 250000, 0.6)),
    Cas("par périmètre", "RESORPTION", deficit(
        [250000, 80000], [-100000, None], code="DIFFICULTE/PH",
        perimetre=["DIFFICULTE/PH", "DIFFICULTE/PA"]), (150000, 250000, 0.6)),
    Cas("centimes", "RESORPTION", deficit([1000.1, 0.2], [-500.05, -0.1]),
        (500.15, 1000.3, 500.15 / 1000.3)),
    Cas("résultat en texte", "RESORPTION", deficit([250000], ["-100 000 €"]), **erreur()),
]  # fmt: skip

ANNEE: dict[str, Any] = {
    "jours_abs_courte": 420, "jours_abs_moyenne": 510, "jours_abs_longue": 365,
    "jours_abs_maternite": 224, "jours_abs_at_mp": 190, "jours_abs_conges_speciaux": 45,
    "etp_realises": 58.2,
}  # fmt: skip

ACTIVITE = [
    Cas("occupation", "OCCUPATION", {
        "journees_realisees": 27740, "capacite_financee": 80, "jours_ouverture": 365},
        (27740, 29200, 0.95)),
    Cas("occupation, capacité vide", "OCCUPATION", {
        "journees_realisees": 27740, "capacite_financee": None, "jours_ouverture": 365},
        (27740, None, None)),
    Cas("occupation, journées vides", "OCCUPATION", {
        "journees_realisees": "", "capacite_financee": 80, "jours_ouverture": 365},
        (None, 29200, None)),
    Cas("occupation, capacité nulle", "OCCUPATION", {
        "journees_realisees": 10, "capacite_financee": 0, "jours_ouverture": 365}, (10, 0, None)),
    Cas("occupation nulle", "OCCUPATION", {
        "journees_realisees": 0, "capacite_financee": 80, "jours_ouverture": 365},
        (0, 29200, 0.0)),
    Cas("occupation, texte", "OCCUPATION", {
        "journees_realisees": 10, "capacite_financee": "80 places", "jours_ouverture": None},
        **erreur()),
    Cas("occupation, nombre en texte", "OCCUPATION", {
        "journees_realisees": "27740", "capacite_financee": 80, "jours_ouverture": 365},
        **erreur()),
    Cas("occupation, booléen", "OCCUPATION", {
        "journees_realisees": True, "capacite_financee": 80, "jours_ouverture": 365},
        **erreur("libreoffice")),
    Cas("occupation en EHPAD", "OCCUPATION_EHPAD", {
        "journees_realisees": 27740, "absences_72h": 292, "capacite_financee": 80,
        "jours_ouverture": 365}, (28032, 29200, 0.96)),
    Cas("file active", "FILE_ACTIVE", {"effectif_31_12": 78, "sorties": 12}, (90, None, 90)),
    Cas("file active inconnue", "FILE_ACTIVE", {"effectif_31_12": 78, "sorties": None},
        (None, None, None)),
    Cas("durée d'accompagnement sans sortie", "DUREE_ACCOMPAGNEMENT", {
        "durees_accompagnement": 0, "sorties": 0}, (0, 0, None)),
    Cas("absentéisme", "ABSENTEISME", ANNEE, (1754, 58.2 * 365, 1754 / (58.2 * 365))),
    Cas("absentéisme, motif manquant", "ABSENTEISME", {**ANNEE, "jours_abs_longue": None},
        (None, 58.2 * 365, None)),
    Cas("absentéisme par motif", "ABSENTEISME_COURTE", {
        "jours_abs_courte": 420, "etp_realises": 58.2}, (420, 58.2 * 365, 420 / (58.2 * 365))),
    Cas("rotation du personnel", "ROTATION_PERSONNEL", {
        "recrutements": 7, "departs": 9, "effectif_reel_n1": 64}, (8, 64, 0.125)),
    Cas("ETP vacants", "ETP_VACANTS", {"etp_budgetes": 62.5, "etp_realises": 50},
        (12.5, 62.5, 0.2)),
    Cas("ETP vacants négatifs", "ETP_VACANTS", {"etp_budgetes": 50, "etp_realises": 55},
        (-5, 50, -0.1)),
    Cas("encadrement", "ENCADREMENT", {"etp_realises": 58, "capacite_financee": 80},
        (58, 0.8, 72.5)),
    Cas("CAF négative", "CAF", {"caf": -41000, "produits_caf": 4100000},
        (-41000, 4100000, -0.01)),
    Cas("dette, CAF négative", "DUREE_DETTE", {"emprunts": 1200000, "caf": -41000},
        (1200000, -41000, None)),
    Cas("prestations externes", "PRESTATIONS_EXTERNES", {
        "prestations_externes": 210000, "depenses_personnel": 2740000, "sous_traitance": 60000},
        (210000, 2800000, 0.075)),
    Cas("fonds de roulement", "FRNG_JOURS", {"frng": -540000, "charges_courantes": 3942000},
        (-540000 * 365, 3942000, -50.0)),
    Cas("résultat net", "RESULTAT_NET", {"produits": 4150000.5, "charges": 4180000},
        (-29999.5, None, -29999.5)),
]  # fmt: skip

CAS: tuple[Cas, ...] = (*ACTIONS, *SI, *LEVEES, *DEFICITS, *ACTIVITE)


@dataclass(frozen=True)
class FunctionCase:
    """Function of scalars: data → value; None is sans objet."""

    nom: str
    code: str
    data: dict[str, Any]
    attendu: Any


FUNCTION_CASES: tuple[FunctionCase, ...] = (
    *(FunctionCase(f"cible N{i}", "CIBLE", {"annee": 2025 + i, "annee_n1": 2026}, c)
      for i, c in ((0, None), (1, 0.2), (3, 0.6), (5, 1.0), (6, 1.0))),
    FunctionCase("cible finale", "CIBLE", {"annee": 2027, "annee_n1": 2026, "finale": 0.5}, 0.2),
    FunctionCase("cible finale vide", "CIBLE",
                {"annee": 2027, "annee_n1": 2026, "finale": None}, 0.4),
    FunctionCase("année vide", "CIBLE", {"annee": None, "annee_n1": 2026}, None),
    FunctionCase("année en texte", "CIBLE", {"annee": "N2", "annee_n1": 2026}, VALUE),
    FunctionCase("écart", "ECART", {"realise": 2 / 3, "cible": 0.6}, 6.7),
    FunctionCase("écart négatif", "ECART", {"realise": 0.25, "cible": 0.4}, -15.0),
    FunctionCase("écart au demi", "ECART", {"realise": 0.0005, "cible": 0}, 0.1),
    FunctionCase("écart au demi négatif", "ECART", {"realise": -0.0005, "cible": 0}, -0.1),
    FunctionCase("écart sans cible", "ECART", {"realise": 0.5, "cible": None}, None),
    FunctionCase("atteint", "ATTEINTE", {"realise": 0.6, "cible": 0.6}, "Atteint"),
    FunctionCase("atteint à l'arrondi", "ATTEINTE", {"realise": 0.5996, "cible": 0.6}, "Atteint"),
    FunctionCase("à dix points", "ATTEINTE", {"realise": 0.5, "cible": 0.6},
                "Partiellement atteint"),
    FunctionCase("au-delà de dix points", "ATTEINTE", {"realise": 0.499, "cible": 0.6},
                "Non atteint"),
    FunctionCase("seuil donné", "ATTEINTE", {"realise": 0.55, "cible": 0.6, "seuil": 2},
                "Non atteint"),
    FunctionCase("taux vide", "ATTEINTE", {"realise": None, "cible": 0.6}, "Sans objet"),
    FunctionCase("taux en texte", "ATTEINTE", {"realise": "60 %", "cible": 0.6}, VALUE),
)  # fmt: skip
