"""Activity indicators: R. 314-43-2 CASF and the national « Tableau de bord »."""

from __future__ import annotations

from .anap_definition import CASF, HELIOS, JOURNEES_THEORIQUES, USAGE, R, define
from .expressions import Number, add, divide
from .model import Indicator

ACTIVITE: tuple[Indicator, ...] = (
    define(
        "REALISATION_ACTIVITE",
        "Taux de réalisation de l'activité",
        R("journees_realisees"),
        R("journees_financees"),
        "journées réalisées",
        "journées financées",
        "Journées réalisées rapportées aux journées financées, tous modes d'accueil (hors CAMSP et "
        "CMPP).",
        seuil="REALISATION_ACTIVITE",
    ),
    define(
        "REALISATION_ACTES",
        "Taux de réalisation de l'activité des CAMSP et CMPP",
        R("actes_realises"),
        R("actes_finances"),
        "séances ou actes réalisés",
        "séances ou actes financés",
        "Séances ou actes réalisés rapportés aux séances ou actes financés (CAMSP et CMPP).",
        certitude="connu",
        seuil="REALISATION_ACTIVITE",
    ),
    define(
        "OCCUPATION_EHPAD",
        "Taux d'occupation en EHPAD, hébergement permanent",
        add(R("journees_realisees"), R("absences_72h")),
        JOURNEES_THEORIQUES,
        "journées réalisées et absences de moins de 72 heures",
        "capacité financée × jours d'ouverture",
        "Journées réalisées, absences de moins de 72\u00a0heures comprises, rapportées à la "
        "capacité autorisée et financée × jours d'ouverture.",
        source=f"CASF, article R. 314-160\u202f; {HELIOS}",
        seuil="OCCUPATION_EHPAD",
    ),
    define(
        "OCCUPATION",
        "Taux d'occupation",
        R("journees_realisees"),
        JOURNEES_THEORIQUES,
        "journées réalisées",
        "capacité financée × jours d'ouverture",
        "Journées réalisées rapportées à la capacité autorisée et financée × jours d'ouverture "
        "(ESMS autres que l'hébergement permanent en EHPAD).",
        source=f"{CASF}\u202f; {HELIOS}",
        seuil="OCCUPATION",
    ),
    define(
        "FILE_ACTIVE",
        "File active",
        add(R("effectif_31_12"), R("sorties")),
        None,
        "personnes accompagnées dans l'année",
        None,
        "Personnes présentes au 31\u00a0décembre et personnes sorties définitivement dans l'année.",
        unite="personnes",
        source=f"{CASF}\u202f; {HELIOS}",
    ),
    define(
        "DUREE_ACCOMPAGNEMENT",
        "Durée moyenne d'accompagnement",
        R("durees_accompagnement"),
        R("sorties"),
        "somme des durées d'accompagnement",
        "personnes sorties définitivement",
        "Durée moyenne d'accompagnement, en jours, des personnes sorties définitivement dans "
        "l'année (hors hébergement temporaire et accueil de jour).",
        unite="jours",
        tolerance=0.1,
    ),
    define(
        "ABSENCES_PERSONNES",
        "Nombre moyen de journées d'absence",
        R("jours_absence_personnes"),
        R("personnes_absentes"),
        "jours d'absence",
        "personnes absentes au moins une fois",
        "Jours d'absence des personnes accompagnées, par personne absente au moins une fois dans "
        "l'année.",
        unite="jours",
        bornes=(0.0, 366.0),
        tolerance=0.1,
    ),
    define(
        "ADMISSION",
        "Taux d'admission",
        R("admissions"),
        R("capacite_financee"),
        "admissions de l'année",
        "places financées",
        "Admissions de l'année rapportées aux places autorisées et financées.",
        source=USAGE,
        certitude="connu",
    ),
    define(
        "ROTATION_PERSONNES",
        "Taux de rotation des personnes accompagnées",
        divide(add(R("admissions"), R("sorties")), Number(2.0)),
        R("capacite_financee"),
        "demi-somme des admissions et des sorties",
        "places financées",
        "Demi-somme des admissions et des sorties de l'année, rapportée aux places autorisées et "
        "financées.",
        source=USAGE,
        certitude="connu",
    ),
    define(
        "DEROGATION",
        "Taux de personnes en dérogation ou hors autorisation",
        R("personnes_derogation"),
        R("effectif_31_12"),
        "personnes en dérogation ou hors autorisation",
        "personnes dans l'effectif",
        "Personnes accueillies en dérogation ou hors autorisation (amendements Creton notamment) "
        "rapportées à l'effectif au 31\u00a0décembre.",
        bornes=(0.0, 1.0),
        source=USAGE,
        certitude="connu",
    ),
)
