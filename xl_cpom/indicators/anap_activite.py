"""Activity indicators: R. 314-43-2 CASF and the national « Tableau de bord »."""

from __future__ import annotations

from .anap_definition import CASF, HELIOS, JOURNEES_THEORIQUES, USAGE, R, define
from .expressions import Number, add, divide
from .model import Indicator

ACTIVITE: tuple[Indicator, ...] = (
    define(
        "REALISATION_ACTIVITE",
        libelle="Taux de réalisation de l'activité",
        numerator=R("journees_realisees"),
        denominator=R("journees_financees"),
        numerateur_libelle="journées réalisées",
        denominateur_libelle="journées financées",
        explication="Journées réalisées rapportées aux journées financées, tous modes d'accueil "
        "(hors CAMSP et CMPP).",
        seuil="REALISATION_ACTIVITE",
    ),
    define(
        "REALISATION_ACTES",
        libelle="Taux de réalisation de l'activité des CAMSP et CMPP",
        numerator=R("actes_realises"),
        denominator=R("actes_finances"),
        numerateur_libelle="séances ou actes réalisés",
        denominateur_libelle="séances ou actes financés",
        explication="Séances ou actes réalisés rapportés aux séances ou actes financés (CAMSP et "
        "CMPP).",
        certitude="connu",
        seuil="REALISATION_ACTIVITE",
    ),
    define(
        "OCCUPATION_EHPAD",
        libelle="Taux d'occupation en EHPAD, hébergement permanent",
        numerator=add(R("journees_realisees"), R("absences_72h")),
        denominator=JOURNEES_THEORIQUES,
        numerateur_libelle="journées réalisées et absences de moins de 72 heures",
        denominateur_libelle="capacité financée × jours d'ouverture",
        explication="Journées réalisées, absences de moins de 72\u00a0heures comprises, rapportées "
        "à la capacité autorisée et financée × jours d'ouverture.",
        source=f"CASF, article R. 314-160\u202f; {HELIOS}",
        seuil="OCCUPATION_EHPAD",
    ),
    define(
        "OCCUPATION",
        libelle="Taux d'occupation",
        numerator=R("journees_realisees"),
        denominator=JOURNEES_THEORIQUES,
        numerateur_libelle="journées réalisées",
        denominateur_libelle="capacité financée × jours d'ouverture",
        explication="Journées réalisées rapportées à la capacité autorisée et financée × jours "
        "d'ouverture (ESMS autres que l'hébergement permanent en EHPAD).",
        source=f"{CASF}\u202f; {HELIOS}",
        seuil="OCCUPATION",
    ),
    define(
        "FILE_ACTIVE",
        libelle="File active",
        numerator=add(R("effectif_31_12"), R("sorties")),
        denominator=None,
        numerateur_libelle="personnes accompagnées dans l'année",
        denominateur_libelle=None,
        explication="Personnes présentes au 31\u00a0décembre et personnes sorties définitivement "
        "dans l'année.",
        unite="personnes",
        source=f"{CASF}\u202f; {HELIOS}",
    ),
    define(
        "DUREE_ACCOMPAGNEMENT",
        libelle="Durée moyenne d'accompagnement",
        numerator=R("durees_accompagnement"),
        denominator=R("sorties"),
        numerateur_libelle="somme des durées d'accompagnement",
        denominateur_libelle="personnes sorties définitivement",
        explication="Durée moyenne d'accompagnement, en jours, des personnes sorties "
        "définitivement dans l'année (hors hébergement temporaire et accueil de jour).",
        unite="jours",
        tolerance=0.1,
    ),
    define(
        "ABSENCES_PERSONNES",
        libelle="Nombre moyen de journées d'absence",
        numerator=R("jours_absence_personnes"),
        denominator=R("personnes_absentes"),
        numerateur_libelle="jours d'absence",
        denominateur_libelle="personnes absentes au moins une fois",
        explication="Jours d'absence des personnes accompagnées, par personne absente au moins une "
        "fois dans l'année.",
        unite="jours",
        bornes=(0.0, 366.0),
        tolerance=0.1,
    ),
    define(
        "ADMISSION",
        libelle="Taux d'admission",
        numerator=R("admissions"),
        denominator=R("capacite_financee"),
        numerateur_libelle="admissions de l'année",
        denominateur_libelle="places financées",
        explication="Admissions de l'année rapportées aux places autorisées et financées.",
        source=USAGE,
        certitude="connu",
    ),
    define(
        "ROTATION_PERSONNES",
        libelle="Taux de rotation des personnes accompagnées",
        numerator=divide(add(R("admissions"), R("sorties")), Number(2.0)),
        denominator=R("capacite_financee"),
        numerateur_libelle="demi-somme des admissions et des sorties",
        denominateur_libelle="places financées",
        explication="Demi-somme des admissions et des sorties de l'année, rapportée aux places "
        "autorisées et financées.",
        source=USAGE,
        certitude="connu",
    ),
    define(
        "DEROGATION",
        libelle="Taux de personnes en dérogation ou hors autorisation",
        numerator=R("personnes_derogation"),
        denominator=R("effectif_31_12"),
        numerateur_libelle="personnes en dérogation ou hors autorisation",
        denominateur_libelle="personnes dans l'effectif",
        explication="Personnes accueillies en dérogation ou hors autorisation (amendements Creton "
        "notamment) rapportées à l'effectif au 31\u00a0décembre.",
        bornes=(0.0, 1.0),
        source=USAGE,
        certitude="connu",
    ),
)
