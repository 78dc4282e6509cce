"""The invented organisme of the examples, its ESMS and its modules."""

from __future__ import annotations

from xl_cpom.workbook.examples.compact_rows import jour, lignes

EJ = "210099008"
"""FINESS EJ, invented: right key, never attributed."""

EHPAD_A, EHPAD_B, EHPAD_C = "210781456", "710976507", "900002411"
"""Real FINESS numbers of EHPAD of the region (Selongey, Paray-le-Monial, Belfort)."""

EHPAD_D, SSIAD = "210099016", "210099024"
IME, SESSAD, ESAT, MAS, EAM = "210099032", "210099040", "210099057", "210099065", "710099011"
"""Invented FINESS numbers: right key, never attributed."""

IDENTIFICATION = {
    "raison_sociale": "Association Les Tilleuls (exemple fictif)",
    "finess_ej": EJ,
    "siren": "999000268",
    "statut_juridique": "60",
    "adresse": "12, rue de l'Exemple",
    "commune": "Dijon",
    "departement": "21",
    "type_contrat": "renouvellement",
    "numero_cpom": "2026-21-017",
    "date_entree": jour("01/01/2026"),
    "date_signature": jour("15/12/2025"),
    "date_effet": jour("01/01/2026"),
    "date_echeance": jour("31/12/2030"),
    "echeance_precedente": jour("31/12/2025"),
    "secteurs": "PA et PH",
    "autorites": "ARS + CD",
    "conseils_departementaux": "21 ; 71 ; 90",
    "annee_n1": 2026,
    "annee_suivie": "N2",
    "date_arrete": jour("31/12/2027"),
    "referent_cpom": "Camille Martin",
    "referent_cpom_fonction": "Responsable qualité",
    "referent_cpom_courriel": "camille.martin@les-tilleuls.example.fr",
    "referent_si": "Dominique Bernard",
    "referent_si_courriel": "dominique.bernard@les-tilleuls.example.fr",
    "referent_si_nomme": jour("05/01/2026"),
    "referent_si_forme": "Oui",
    "commentaire": "Classeur d'exemple : organisme et données inventés.",
}

ETABLISSEMENTS = lignes(
    "finess_et raison_sociale categorie secteur public principal_secondaire finess_principal siret "
    "commune departement autorite date_autorisation capacite_autorisee capacite_installee "
    "capacite_financee date_evaluation_has",
    (EHPAD_A, "EHPAD Les Tilleuls de la Tille", "500", "PA", "Personnes âgées", "Principal", None,
     "99900026800022", "Selongey", "21", "ARS + CD", jour("03/01/2017"), 80, 80, 80,
     jour("14/03/2026")),
    (EHPAD_B, "EHPAD Les Tilleuls du Charolais", "500", "PA", "Personnes âgées", "Principal", None,
     "99900026800030", "Paray-le-Monial", "71", "ARS + CD", jour("03/01/2017"), 64, 64, 64,
     jour("20/05/2026")),
    (EHPAD_C, "EHPAD Les Tilleuls de la Savoureuse", "500", "PA", "Personnes âgées", "Principal",
     None, "99900026800048", "Belfort", "90", "ARS + CD", jour("12/09/2018"), 72, 72, 72, None),
    (EHPAD_D, "EHPAD Les Tilleuls de l'Ouche", "500", "PA", "Personnes âgées", "Principal", None,
     "99900026800055", "Dijon", "21", "ARS + CD", jour("03/01/2017"), 60, 58, 60,
     jour("09/10/2026")),
    (SSIAD, "SSIAD Les Tilleuls", "354", "PA", "Personnes âgées et personnes handicapées",
     "Principal", None, "99900026800063", "Dijon", "21", "ARS", jour("15/06/2019"), 45, 45, 45,
     None),
    (IME, "IME Les Tilleuls", "183", "PH", "Enfants et adolescents handicapés", "Principal", None,
     "99900026800071", "Quetigny", "21", "ARS", jour("03/01/2017"), 60, 60, 60,
     jour("16/06/2026")),
    (SESSAD, "SESSAD Les Tilleuls", "182", "PH", "Enfants et adolescents handicapés",
     "Secondaire", IME, "99900026800089", "Quetigny", "21", "ARS", jour("03/01/2017"), 35, 35, 35,
     jour("16/06/2026")),
    (ESAT, "ESAT Les Ateliers des Tilleuls", "246", "PH", "Adultes handicapés", "Principal", None,
     "99900026800097", "Longvic", "21", "ARS", jour("03/01/2017"), 90, 90, 90, None),
    (MAS, "MAS Les Tilleuls", "255", "PH", "Adultes handicapés", "Principal", None,
     "99900026800105", "Chenôve", "21", "ARS", jour("03/01/2017"), 40, 40, 40, jour("18/11/2026")),
    (EAM, "EAM Les Tilleuls de Bourgogne du Sud", "448", "PH", "Adultes handicapés", "Principal",
     None, "99900026800113", "Mâcon", "71", "ARS + CD", jour("01/02/2020"), 36, 36, 36, None),
)  # fmt: skip

MODULES = lignes(
    "code actif date_activation origine numero_avenant commentaire",
    ("TRANSFO", "Oui", None, "contrat initial", None, None),
    ("UNESANTE", "Oui", None, "contrat initial", None, None),
    ("PREVENTION", "Oui", None, "contrat initial", None, None),
    ("EFFICIENCE", "Oui", None, "contrat initial", None, None),
    ("SI", "Oui", None, "contrat initial", None, None),
    ("HAS", "Oui", jour("01/01/2026"), "contrat initial", None, None),
    ("INSPECTION", "Oui", jour("01/01/2026"), "contrat initial", None, None),
    ("DIFFICULTE", "Oui", jour("01/07/2026"), "avenant", "1",
     "Activé après l'avis de la commission départementale."),
)  # fmt: skip
