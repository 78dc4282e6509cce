"""The faults of the faulty example, one by one, with the reason of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.examples.compact_rows import jour
from xl_cpom.workbook.examples.organisme import (
    EAM,
    EHPAD_A,
    EHPAD_B,
    EHPAD_D,
    ESAT,
    IME,
    MAS,
    SESSAD,
    SSIAD,
)


@dataclass(frozen=True)
class Flaw:
    """A cell that holds something wrong: sheet, row (some of its values), column, value, why."""

    sheet: str
    where: Mapping[str, Any]
    column: str
    value: Any
    why: str


_FICHE: Mapping[str, Any] = {}

FAULTS: tuple[Flaw, ...] = (
    # Identification
    Flaw("identification", _FICHE, "finess_ej", 10_099_000,
          "FINESS saisi comme un nombre : le zéro de l'Ain est perdu"),
    Flaw("identification", _FICHE, "siren", "999 000 268",
          "SIREN recopié avec ses espaces"),
    Flaw("identification", _FICHE, "date_signature", "15.12.2025",
          "date saisie comme un texte, lisible"),
    Flaw("identification", _FICHE, "date_echeance", jour("31/12/2032"),
          "contrat de sept ans"),
    Flaw("identification", _FICHE, "referent_cpom_courriel", "camille.martin@les-tilleuls",
          "adresse électronique incomplète"),
    Flaw("identification", _FICHE, "referent_si", None, "référent SI absent"),
    # Établissements
    Flaw("etablissements", {"finess_et": EHPAD_A}, "finess_et", int(EHPAD_A),
          "FINESS saisi comme un nombre"),
    Flaw("etablissements", {"finess_et": EHPAD_B}, "categorie", "200",
          "catégorie fermée depuis 2015 (maison de retraite)"),
    Flaw("etablissements", {"finess_et": SSIAD}, "autorite", "ars",
          "valeur de liste écrite autrement"),
    Flaw("etablissements", {"finess_et": SSIAD}, "siret", "9,99E+13",
          "SIRET passé en notation scientifique puis collé"),
    Flaw("etablissements", {"finess_et": SESSAD}, "finess_principal", None,
          "établissement secondaire sans établissement principal"),
    Flaw("etablissements", {"finess_et": ESAT}, "secteur", "PHA",
          "valeur hors de la liste"),
    Flaw("etablissements", {"finess_et": MAS}, "capacite_installee", 52,
          "plus de places installées que de places autorisées"),
    Flaw("etablissements", {"finess_et": EAM}, "departement", "75",
          "département que le numéro FINESS contredit"),
    # Modules
    Flaw("modules", {"code": "PREVENTION"}, "actif", "Non", "module obligatoire désactivé"),
    Flaw("modules", {"code": "DIFFICULTE"}, "actif", "Non",
          "module à la carte rempli mais non activé"),
    # Plan d'actions
    Flaw("actions", {"numero": "A1"}, "avancement", 0.6, "« Réalisée » avec 60 %"),
    Flaw("actions", {"numero": "A3"}, "avancement", 85, "85 saisi pour 85 %"),
    Flaw("actions", {"numero": "A5"}, "avancement", "25 %", "taux saisi comme un texte"),
    Flaw("actions", {"numero": "A5"}, "type_action",
          "Actions d'inclusion scolaire en milieu ordinaire",
          "type d'action du secteur PH pour une action PA"),
    Flaw("actions", {"numero": "A8"}, "echeance", jour("30/06/2034"), "échéance hors du cycle"),
    Flaw("actions", {"numero": "A9"}, "echeance", "fin 2029", "date qui n'en est pas une"),
    Flaw("actions", {"numero": "A10"}, "statut", "A demarrer", "valeur de liste sans accents"),
    Flaw("actions", {"numero": "A12"}, "intitule", "à compléter", "intitulé laissé en attente"),
    Flaw("actions", {"numero": "A13"}, "pilote", None, "action sans pilote"),
    Flaw("actions", {"numero": "A14"}, "date_realisation", jour("25/08/2028"),
          "réalisée après la date d'arrêté des données"),
    Flaw("actions", {"numero": "A19"}, "reference_avenant", None,
          "action abandonnée sans justification"),
    Flaw("actions", {"numero": "A21"}, "finess_et", "210099032 210099065",
          "deux numéros FINESS sans « ; » entre eux"),
    Flaw("actions", {"numero": "A21"}, "serafin", jour("02/03/2001"),
          "code SERAFIN 2.3.1 devenu une date"),
    Flaw("actions", {"numero": "A26"}, "avancement", "0.35", "point décimal"),
    # Points de fragilité
    Flaw("fragilites", {"numero": "F2"}, "numero_action", "A99",
          "renvoi à une action qui n'existe pas"),
    Flaw("fragilites", {"numero": "F3"}, "annee_identification", "2025",
          "année saisie comme un texte"),
    Flaw("fragilites", {"numero": "F4"}, "finess_et", "710976508",
          "dernier chiffre faux : la clé ne tombe pas juste"),
    Flaw("fragilites", {"numero": "F5"}, "statut", "Résolu\u00a0", "espace insécable à la fin"),
    # Systèmes d'information
    Flaw("si", {"si": "Tab de bord Perfo par ET", "entite": SSIAD}, "taux_completude", 0.94,
          "validé à 94 % : la validation nationale suffit, le CPOM demande 100 %"),
    Flaw("si", {"si": "Tab de bord Perfo par ET", "entite": SSIAD}, "valide", "Oui",
          "tableau de bord dit validé alors qu'il n'est pas complet"),
    Flaw("si", {"si": "VT par ET", "entite": EHPAD_D}, "exigible", "Non",
          "système exigible de cette catégorie, déclaré non exigible sans motif"),
    Flaw("si", {"si": "Annexe d'activité pour tous les ESMS", "entite": MAS}, "date_depot",
          jour("12/11/2027"), "dépôt après l'échéance du 31 octobre"),
    # Évaluation HAS
    Flaw("has", {"critere": "2.2.1"}, "critere", jour("02/02/2001"),
          "critère 2.2.1 devenu une date"),
    Flaw("has", {"critere": "2.10.1"}, "type", "impératif",
          "critère standard déclaré impératif"),
    Flaw("has", {"critere": "2.2.5"}, "cotation", "RI",
          "réponse inadaptée hors du chapitre 1"),
    Flaw("has", {"critere": "1.2.6"}, "cotation", 5, "cotation qui n'existe pas"),
    Flaw("has", {"critere": "3.6.2"}, "action", None,
          "critère sous le seuil sans action d'amélioration"),
    # Inspection-contrôle
    Flaw("mesures", {"finess_et": EHPAD_D, "numero": "P1"}, "reference_courrier", None,
          "mesure levée sans référence du courrier"),
    Flaw("mesures", {"finess_et": MAS, "numero": "P1"}, "date_levee", jour("14/05/2026"),
          "mesure levée avant d'avoir été notifiée"),
    Flaw("mesures", {"finess_et": MAS, "numero": "P3"}, "type", "recommandation",
          "recommandation : ne compte pas dans le taux"),
    Flaw("mesures", {"finess_et": EHPAD_D, "numero": "P3"}, "echeance", jour("15/06/2027"),
          "délai dépassé, mesure toujours en cours"),
    # Difficulté financière
    Flaw("difficulte", {"finess_et": EHPAD_D, "exercice": 2025}, "deficit_reference", 350_000,
          "déficit de référence qui change d'une année à l'autre"),
    Flaw("difficulte", {"finess_et": EHPAD_D, "exercice": 2026}, "resultat", -90_000,
          "formule du résultat remplacée par une constante fausse"),
    Flaw("difficulte", {"finess_et": MAS, "exercice": 2025}, "charges", -4_134_000,
          "charges saisies en négatif"),
    # Activité et ressources
    Flaw("activite", {"finess_et": EHPAD_A, "exercice": 2027}, "journees_realisees", 38_105,
          "plus de journées que la capacité ne le permet"),
    Flaw("activite", {"finess_et": IME}, "etp_realises", "50,5 ETP",
          "nombre suivi de son unité"),
    # Indicateurs
    Flaw("indicateurs", {"code": "TRANSFO/PH"}, "realise_n2", 0.9,
          "taux déclaré différent du taux recalculé"),
    Flaw("indicateurs", {"code": "UNESANTE/PH"}, "realise_n4", 0.8,
          "résultat d'une année à venir"),
    Flaw("indicateurs", {"code": "PREVENTION/PA"}, "cible_n3", 0.3, "cible qui diminue"),
    Flaw("indicateurs", {"code": "EFFICIENCE/PA"}, "cible_n4", 80, "cible de 8 000 %"),
    Flaw("indicateurs", {"code": "INSPECTION/PA"}, "cible_n5", 0.9,
          "cible finale de 100 % imposée par le guide"),
    Flaw("indicateurs", {"code": "SI/PA"}, "realise_n2", None, "résultat de l'année absent"),
)  # fmt: skip
"""Cells to overwrite in the valid content. `ou` is read on the valid content."""

ADDITIONS: tuple[Flaw, ...] = (
    Flaw("etablissements", {"finess_et": EAM}, "finess_et",
          {"raison_sociale": "EAM Les Tilleuls (doublon)", "siret": None},
          "FINESS déjà porté par une autre ligne"),
    Flaw("actions", {"numero": "A4"}, "numero",
          {"numero": "A29", "intitule": "Ouvrir une sixième action de transformation",
           "type_action": "Autodétermination", "poids": 1},
          "sixième action du module pour le secteur PA"),
    Flaw("actions", {"numero": "A2"}, "numero",
          {"module": "SI", "type_action": "VT par ET", "intitule":
           "Former les équipes d'admission à ViaTrajectoire"},
          "numéro d'action déjà pris"),
)  # fmt: skip
"""Rows to add: a copy of the row `ou`, changed by `valeur`; the fault is on `colonne`."""

RETRAITS: tuple[Flaw, ...] = (
    Flaw(
        "si",
        {"si": "ROR par ET", "entite": EHPAD_D},
        "entite",
        None,
        "couple exigible absent : ROR de l'EHPAD",
    ),
)
"""Rows to remove."""

HEADERS: Mapping[tuple[str, str], str] = {
    ("actions", "pilote"): "Pilote de l'action",
    ("mesures", "libelle"): "Libellé de la mesurre",
}
"""Renamed headers: a synonym, and a typing error."""

TABS: Mapping[str, str] = {"si": "Systèmes d'information (2)"}
"""Renamed tab: a copy made in Excel, the original removed."""

LOST_LISTS = frozenset({("mesures", "statut")})
"""Columns whose drop-down was lost in a paste."""

OFFSETS: Mapping[str, int] = {"has": 2}
"""Rows inserted above the title of a sheet."""

FULL_TABLES = frozenset({"fragilites", "difficulte"})
"""Sheets whose table ends with its content: what follows was typed under it."""

BELOW_TABLE: tuple[Mapping[str, Any], ...] = (
    {"numero": "F8", "domaine": "Immobilier", "secteur": "PA",
     "description": "Ascenseur de l'EHPAD de l'Ouche hors d'âge", "annee_identification": 2027,
     "statut": "Identifié"},
    {"numero": "F9", "secteur": "PA", "description": "Toiture de l'EHPAD de la Tille à refaire",
     "annee_identification": 2027, "statut": "Identifié"},
)  # fmt: skip
"""Rows typed under the table « Points de fragilité », their « Domaine » merged over both."""

NOTE = "Attention, chiffres 2027 provisoires"
"""A note typed under the table « Difficulté financière »."""

HIDDEN: tuple[tuple[str, int], ...] = (("mesures", 2),)
"""Hidden rows: sheet, index of the row of data."""
