"""The raw figures the activity and resources indicators need, one per column of the workbook."""

from __future__ import annotations

from .inputs import Input


def _input(key: str, libelle: str, unite: str, exemple: str) -> tuple[str, Input]:
    return key, Input(key, libelle, "scalar", "nombre", unite, exemple)


INPUTS: dict[str, Input] = dict(
    (
        _input("capacite_financee", "Capacité autorisée et financée", "places", "80"),
        _input("jours_ouverture", "Jours d'ouverture dans l'année", "jours", "365"),
        _input("journees_realisees", "Journées réalisées", "journées", "27740"),
        _input("journees_financees", "Journées financées", "journées", "28000"),
        _input("absences_72h", "Journées d'absence de moins de 72 heures", "journées", "310"),
        _input("actes_realises", "Séances ou actes réalisés", "actes", "5200"),
        _input("actes_finances", "Séances ou actes financés", "actes", "5500"),
        _input("effectif_31_12", "Personnes dans l'effectif au 31 décembre", "personnes", "78"),
        _input("sorties", "Sorties définitives dans l'année", "personnes", "12"),
        _input("admissions", "Admissions dans l'année", "personnes", "10"),
        _input(
            "durees_accompagnement",
            "Somme des durées d'accompagnement des personnes sorties",
            "jours",
            "13140",
        ),
        _input("jours_absence_personnes", "Jours d'absence des personnes", "jours", "640"),
        _input("personnes_absentes", "Personnes absentes au moins une fois", "personnes", "40"),
        _input(
            "personnes_derogation",
            "Personnes en dérogation ou hors autorisation",
            "personnes",
            "3",
        ),
        _input("etp_budgetes", "ETP budgétés au 31 décembre", "ETP", "62,5"),
        _input("etp_realises", "ETP réalisés au 31 décembre", "ETP", "58,2"),
        _input("jours_abs_courte", "Jours d'absence, maladie de courte durée", "jours", "420"),
        _input("jours_abs_moyenne", "Jours d'absence, maladie de moyenne durée", "jours", "510"),
        _input("jours_abs_longue", "Jours d'absence, maladie de longue durée", "jours", "365"),
        _input("jours_abs_maternite", "Jours d'absence, maternité ou paternité", "jours", "224"),
        _input(
            "jours_abs_at_mp",
            "Jours d'absence, accident du travail ou maladie professionnelle",
            "jours",
            "190",
        ),
        _input(
            "jours_abs_conges_speciaux",
            "Jours de congés spéciaux, dont sans solde, hors congés payés",
            "jours",
            "45",
        ),
        _input("recrutements", "Recrutements de l'année (CDI, titulaires)", "personnes", "7"),
        _input("departs", "Départs de l'année (CDI, titulaires)", "personnes", "9"),
        _input(
            "effectif_reel_n1", "Effectif réel au 31 décembre de l'année N-1", "personnes", "64"
        ),
        _input("depenses_personnel", "Dépenses de personnel (groupe 2)", "€", "2850000"),
        _input(
            "prestations_externes",
            "Prestations externes sur prestations directes (c/6111, 6112, 621, 6223, 6226)",
            "€",
            "210000",
        ),
        _input("sous_traitance", "Sous-traitance médicale et sociale (c/6111, 6112)", "€", "60000"),
        _input("caf", "Capacité d'autofinancement", "€", "145000"),
        _input("produits_caf", "Produits retenus au dénominateur du taux de CAF", "€", "4100000"),
        _input("amortissements_constructions", "Amortissements des constructions", "€", "1900000"),
        _input(
            "immobilisations_constructions",
            "Immobilisations corporelles brutes, constructions",
            "€",
            "4700000",
        ),
        _input("emprunts", "Emprunts (c/16 hors 165, 1688 et 169)", "€", "1200000"),
        _input("financements_stables", "Financements stables du FRI", "€", "3600000"),
        _input("frng", "Fonds de roulement net global", "€", "540000"),
        _input("charges_courantes", "Charges courantes de l'exercice", "€", "3900000"),
        _input("produits", "Produits de l'exercice", "€", "4150000"),
        _input("charges", "Charges de l'exercice", "€", "4080000"),
        _input("recettes_realisees", "Recettes réalisées", "€", "4150000"),
        _input("recettes_previsionnelles", "Recettes prévisionnelles", "€", "4200000"),
        _input("depenses_realisees", "Dépenses réalisées", "€", "4080000"),
        _input("depenses_previsionnelles", "Dépenses prévisionnelles", "€", "4150000"),
        _input("depenses_soins", "Dépenses de la section soins", "€", "1350000"),
        _input("dotation_soins", "Dotation soins", "€", "1400000"),
    )
)
