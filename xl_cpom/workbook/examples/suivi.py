"""Information systems, HAS criteria, measures and deficits of the valid example."""

from __future__ import annotations

from typing import Any

from xl_cpom.workbook.examples.compact_rows import jour, lignes
from xl_cpom.workbook.examples.organisme import (
    EAM,
    EHPAD_A,
    EHPAD_B,
    EHPAD_C,
    EHPAD_D,
    EJ,
    ESAT,
    IME,
    MAS,
    SESSAD,
    SSIAD,
)

_PA = (EHPAD_A, EHPAD_B, EHPAD_C, EHPAD_D, SSIAD)
_PH = (IME, SESSAD, ESAT, MAS, EAM)

_ENTITIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ROR par ET": (_PA, _PH),
    "ROR pour EHPAD et hébergement PH": ((EHPAD_A, EHPAD_B, EHPAD_C, EHPAD_D), (MAS, EAM)),
    "VT par ET": ((EHPAD_A, EHPAD_B, EHPAD_C, EHPAD_D), _PH),
    "Tab de bord Perfo par ET": (_PA, _PH),
    "Annexe d'activité pour tous les ESMS": (_PA, _PH),
    "Suivi d'activité par dispositif complémentaire": (("PASA",), ("PCPE",)),
}
"""Who must fill each system, PA then PH."""

_DE_L_ORGANISME = ("e-CARS par OG", "Import EPRD", "Import ERRD",
                   "Cybersécurité sur la période CPOM")  # fmt: skip
"""The systems of the organisme: one line, though it is of both secteurs."""

_BY_SA_LIST = "Cybersécurité sur la période CPOM"
"""Its checklist says how complete it is."""

CYBERSECURITE = lignes(
    "code en_place date",
    ("REFERENT", "Oui", jour("15/01/2026")),
    ("PSSI", "Oui", jour("20/05/2026")),
    ("SAUVEGARDES", "Oui", jour("12/10/2027")),
    ("PCA", "Oui", jour("30/11/2027")),
    ("EXERCICE", "Non", None),
)

_DATES = {
    "ROR par ET": (jour("15/11/2027"), None),
    "ROR pour EHPAD et hébergement PH": (jour("01/12/2027"), None),
    "VT par ET": (jour("20/12/2027"), None),
    "Tab de bord Perfo par ET": (jour("12/06/2027"), jour("15/06/2027")),
    "Annexe d'activité pour tous les ESMS": (jour("20/10/2027"), jour("26/10/2027")),
    "Suivi d'activité par dispositif complémentaire": (jour("31/03/2027"), jour("31/03/2027")),
    "e-CARS par OG": (jour("30/09/2027"), jour("30/09/2027")),
    "Import EPRD": (jour("14/06/2027"), jour("16/06/2027")),
    "Import ERRD": (jour("26/04/2027"), jour("28/04/2027")),
    "Cybersécurité sur la période CPOM": (jour("15/12/2027"), None),
}
"""Last update and deposit of each system."""

_INCOMPLETE = {
    ("ROR par ET", EHPAD_C): 0.8,
    ("ROR par ET", ESAT): 0.9,
    ("VT par ET", EHPAD_B): 0.95,
    ("VT par ET", SESSAD): 0.75,
    ("Tab de bord Perfo par ET", SSIAD): 0.85,
    ("Suivi d'activité par dispositif complémentaire", "PCPE"): 0.5,
}
"""Couples (system, entity) that are not complete."""


def _si() -> list[dict[str, Any]]:
    rows = []
    couples = {s: tuple(zip(("PA", "PH"), found, strict=True)) for s, found in _ENTITIES.items()}
    for system in _DE_L_ORGANISME:
        couples[system] = (("PA et PH", (EJ,)),)
    for system, by_secteur in couples.items():
        update, deposit = _DATES[system]
        for secteur, entities in by_secteur:
            for entity in entities:
                rate = _INCOMPLETE.get((system, entity), 1)
                row: dict[str, Any] = {
                    "si": system, "secteur": secteur, "entite": entity, "exigible": "Oui",
                    "taux_completude": rate, "valide": "Oui" if rate == 1 else "Non",
                    "derniere_maj": update,
                }  # fmt: skip
                if system == _BY_SA_LIST:
                    del row["taux_completude"]
                    row["valide"] = "Non"
                if rate == 1 and deposit is not None:
                    row["date_depot"] = deposit
                rows.append(row)
    rows.append(
        {
            "si": "ROR pour EHPAD et hébergement PH", "secteur": "PH", "entite": IME,
            "exigible": "Non", "motif_non_exigibilite": "Pas d'hébergement : semi-internat seul",
        }
    )  # fmt: skip
    return rows


SI = _si()

_EVAL = {EHPAD_A: "14/03/2026", EHPAD_B: "20/05/2026", EHPAD_D: "09/10/2026",
         IME: "16/06/2026", SESSAD: "16/06/2026", MAS: "18/11/2026"}  # fmt: skip

HAS = lignes(
    "finess_et date_evaluation critere type cotation action pilote echeance statut "
    "date_realisation",
    (EHPAD_A, jour(_EVAL[EHPAD_A]), "2.2.3", "impératif", 3.5,
     "Équiper chaque chambre d'un verrou intérieur et d'un coffre", "Responsable technique",
     jour("30/06/2027"), "Réalisée", jour("15/06/2027")),
    (EHPAD_A, jour(_EVAL[EHPAD_A]), "1.5.2", "standard", 2.5,
     "Associer le conseil de la vie sociale au projet d'animation", "Animatrice coordinatrice",
     jour("31/12/2026"), "Réalisée", jour("10/12/2026")),
    (EHPAD_B, jour(_EVAL[EHPAD_B]), "3.6.2", "impératif", 3,
     "Sécuriser la préparation des piluliers avec la pharmacie", "Cadre de santé",
     jour("31/03/2028"), "En cours", None),
    (EHPAD_D, jour(_EVAL[EHPAD_D]), "3.13.1", "impératif", 3.67,
     "Mettre en ligne la fiche de déclaration des événements indésirables", "Responsable qualité",
     jour("31/12/2027"), "Réalisée", jour("02/11/2027")),
    (EHPAD_D, jour(_EVAL[EHPAD_D]), "2.10.1", "standard", 2.99,
     "Réviser le protocole de prévention des chutes", "Médecin coordonnateur",
     jour("30/06/2028"), "En cours", None),
    (IME, jour(_EVAL[IME]), "2.2.5", "impératif", 3,
     "Recueillir le droit à l'image de chaque enfant chaque année", "Cheffe de service",
     jour("30/09/2027"), "Réalisée", jour("06/09/2027")),
    (SESSAD, jour(_EVAL[SESSAD]), "1.2.6", "standard", 2,
     "Évaluer la satisfaction des familles une fois par an", "Cheffe de service",
     jour("31/12/2028"), "À démarrer", None),
    (MAS, jour(_EVAL[MAS]), "3.14.1", "impératif", 2.5,
     "Écrire le plan de continuité d'activité et le tester", "Directrice du pôle adultes",
     jour("30/06/2028"), "En cours", None),
    (MAS, jour(_EVAL[MAS]), "2.2.1", "impératif", 3,
     "Réévaluer chaque restriction d'aller et venir avec la personne", "Médecin de la MAS",
     jour("31/12/2027"), "Réalisée", jour("20/12/2027")),
)  # fmt: skip

MESURES = lignes(
    "numero_mission finess_et autorite mode date_controle date_notification numero type libelle "
    "reference_juridique theme delai_valeur delai_unite echeance action_correctrice pilote statut "
    "date_realisation date_levee reference_courrier",
    ("2026-BFC-0142", EHPAD_D, "ARS + CD", "sur site", jour("10/02/2026"), jour("15/06/2026"), "I1",
     "injonction", "Rétablir sans délai une présence infirmière chaque jour de la semaine",
     "Art. L. 313-14 du CASF", "Ressources humaines", 0, "immédiat", jour("15/06/2026"),
     "Recrutement de deux infirmières et astreinte", "Directeur de l'EHPAD de l'Ouche", "Levée",
     jour("20/06/2026"), jour("02/09/2026"), "ARS/2026/1187"),
    ("2026-BFC-0142", EHPAD_D, "ARS + CD", "sur site", jour("10/02/2026"), jour("15/06/2026"), "P1",
     "prescription", "Formaliser le plan de formation annuel des personnels",
     "Art. D. 312-158 du CASF", "Ressources humaines", 6, "mois", jour("15/12/2026"),
     "Plan de formation 2027 adopté en comité social", "Directrice des ressources humaines",
     "Levée", jour("01/12/2026"), jour("18/03/2027"), "ARS/2027/0311"),
    ("2026-BFC-0142", EHPAD_D, "ARS + CD", "sur site", jour("10/02/2026"), jour("15/06/2026"), "P2",
     "prescription", "Mettre à jour les projets d'accompagnement de tous les résidents",
     "Art. L. 311-3 du CASF", "Projet d'accompagnement", 18, "mois", jour("15/12/2027"),
     "Calendrier de révision, deux projets par semaine", "Cadre de santé",
     "Réalisée – en attente de levée", jour("10/12/2027"), None, None),
    ("2026-BFC-0142", EHPAD_D, "ARS + CD", "sur site", jour("10/02/2026"), jour("15/06/2026"), "P3",
     "prescription", "Sécuriser le stockage des médicaments dans chaque unité",
     "Art. R. 5126-108 du code de la santé publique", "Circuit du médicament", 24, "mois",
     jour("15/06/2028"), "Armoires à code commandées", "Cadre de santé", "En cours", None, None,
     None),
    ("2026-BFC-0207", MAS, "ARS", "sur pièces", jour("04/05/2026"), jour("21/09/2026"), "P1",
     "prescription", "Actualiser le règlement de fonctionnement", "Art. L. 311-7 du CASF",
     "Droits des personnes", 6, "mois", jour("21/03/2027"),
     "Règlement adopté après avis du conseil de la vie sociale", "Directrice du pôle adultes",
     "Levée", jour("01/03/2027"), jour("14/05/2027"), "ARS/2027/0602"),
    ("2026-BFC-0207", MAS, "ARS", "sur pièces", jour("04/05/2026"), jour("21/09/2026"), "P2",
     "prescription", "Transmettre les déclarations d'événements indésirables graves",
     "Art. L. 331-8-1 du CASF", "Gestion des risques", 3, "mois", jour("21/12/2026"),
     "Procédure de déclaration diffusée", "Responsable qualité", "Levée", jour("01/12/2026"),
     jour("22/02/2027"), "ARS/2027/0188"),
    ("2026-BFC-0207", MAS, "ARS", "sur pièces", jour("04/05/2026"), jour("21/09/2026"), "P3",
     "prescription", "Établir le plan bleu de l'établissement", "Art. D. 312-160 du CASF",
     "Gestion de crise", 21, "mois", jour("21/06/2028"), "Plan bleu en cours de rédaction",
     "Directrice du pôle adultes", "En cours", None, None, None),
)  # fmt: skip

DIFFICULTE = lignes(
    "finess_et base exercice_reference deficit_reference exercice produits charges plan_retour "
    "date_plan preconisations",
    (EHPAD_D, "annuelle", 2024, 250_000, 2025, 3_310_000, 3_490_000, "Oui", jour("30/09/2026"),
     "Revoir l'organisation des remplacements ; suivre la trésorerie chaque mois."),
    (EHPAD_D, "annuelle", 2024, 250_000, 2026, 3_420_000, 3_520_000, "Oui", jour("30/09/2026"),
     "Revoir l'organisation des remplacements ; suivre la trésorerie chaque mois."),
    (MAS, "annuelle", 2024, 120_000, 2025, 4_050_000, 4_134_000, "Oui", jour("15/11/2026"),
     "Réduire la vacance de places."),
    (MAS, "annuelle", 2024, 120_000, 2026, 4_180_000, 4_216_000, "Oui", jour("15/11/2026"),
     "Réduire la vacance de places."),
)  # fmt: skip
