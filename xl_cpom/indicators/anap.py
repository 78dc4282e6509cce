"""Activity and resources indicators: R. 314-43-2 CASF and the national « Tableau de bord ».

Numerators and denominators as displayed to the agents of the ARS by the Hélios application
(« Mode de calcul »), except where the source says otherwise. Scalars in, one establishment and one
exercise at a time; every input is needed: a blank is unknown, not zero.
"""

from __future__ import annotations

from .expressions import Arith, Number, Param, Ref, Scalar, add, divide, multiply, subtract
from .model import Indicator, Input, Methode, Unite

HELIOS = "Hélios (ANAP, ATIH, CNSA), «\u00a0Mode de calcul\u00a0»"
CASF = "CASF, article R. 314-43-2"
UNCCAS = "UNCCAS, éléments d'analyse financière des ESSMS"
USAGE = "Tableau de bord de la performance, formule d'usage à confirmer"


def _input(key: str, libelle: str, unite: str, exemple: str) -> tuple[str, Input]:
    return key, Input(key, libelle, "scalar", "nombre", unite, exemple)


ENTREES: dict[str, Input] = dict(
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


def _define(
    code: str,
    libelle: str,
    numerator: Scalar,
    denominator: Scalar | None,
    numerateur: str,
    denominateur: str | None,
    explication: str,
    *,
    unite: Unite = "ratio",
    bornes: tuple[float | None, float | None] = (0.0, None),
    source: str = HELIOS,
    certitude: str = "trouvé",
    seuil: str | None = None,
    tolerance: float = 0.0,
) -> Indicator:
    keys = _keys(numerator) | (_keys(denominator) if denominator is not None else {})
    return Indicator(
        code=code,
        libelle=libelle,
        module=None,
        unite=unite,
        inputs=tuple(ENTREES[key] for key in keys),
        methodes={"UNIQUE": Methode(numerator, denominator)},
        bornes=bornes,
        source=source,
        certitude=certitude,
        explication=explication,
        numerateur_libelle=numerateur,
        denominateur_libelle=denominateur,
        seuil=seuil,
        tolerance_unite=tolerance,
    )


def _keys(node: Scalar) -> dict[str, None]:
    match node:
        case Ref(cle):
            return {cle: None}
        case Arith(_, termes):
            return {key: None for t in termes for key in _keys(t)}
    return {}


R = Ref
JOURNEES_THEORIQUES = multiply(R("capacite_financee"), R("jours_ouverture"))
JOURS_ETP = multiply(R("etp_realises"), Number(Param("jours_annee")))

ACTIVITE: tuple[Indicator, ...] = (
    _define(
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
    _define(
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
    _define(
        "OCCUPATION_EHPAD",
        "Taux d'occupation en EHPAD, hébergement permanent",
        add(R("journees_realisees"), R("absences_72h")),
        JOURNEES_THEORIQUES,
        "journées réalisées et absences de moins de 72 heures",
        "capacité financée × jours d'ouverture",
        "Journées réalisées, absences de moins de 72\u00a0heures comprises, rapportées à la "
        "capacité autorisée et financée × jours d'ouverture.",
        source=f"CASF, article R. 314-160\u202f; {HELIOS}",
        seuil="OCCUPATION",
    ),
    _define(
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
    _define(
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
    _define(
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
    _define(
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
    _define(
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
    _define(
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
    _define(
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

MOTIFS_ABSENCE: dict[str, tuple[str, str]] = {
    "COURTE": ("jours_abs_courte", "maladie de courte durée"),
    "MOYENNE": ("jours_abs_moyenne", "maladie de moyenne durée"),
    "LONGUE": ("jours_abs_longue", "maladie de longue durée"),
    "MATERNITE": ("jours_abs_maternite", "maternité ou paternité"),
    "AT_MP": ("jours_abs_at_mp", "accident du travail ou maladie professionnelle"),
    "CONGES_SPECIAUX": ("jours_abs_conges_speciaux", "congés spéciaux"),
}

RESSOURCES_HUMAINES: tuple[Indicator, ...] = (
    _define(
        "ABSENTEISME",
        "Taux d'absentéisme, hors formation",
        add(*(R(key) for key, _ in MOTIFS_ABSENCE.values())),
        JOURS_ETP,
        "jours calendaires d'absence",
        "ETP réalisés × 365",
        "Jours calendaires d'absence des six motifs, hors formation et congés payés, rapportés aux "
        "ETP réalisés × 365. Sans objet si un motif manque.",
        seuil="ABSENTEISME",
    ),
    *(
        _define(
            f"ABSENTEISME_{motif}",
            f"Taux d'absentéisme, {libelle}",
            R(key),
            JOURS_ETP,
            "jours calendaires d'absence",
            "ETP réalisés × 365",
            f"Jours calendaires d'absence ({libelle}) rapportés aux ETP réalisés × 365.",
            seuil="ABSENTEISME_MOTIF",
        )
        for motif, (key, libelle) in MOTIFS_ABSENCE.items()
    ),
    _define(
        "ROTATION_PERSONNEL",
        "Taux de rotation des personnels",
        divide(add(R("recrutements"), R("departs")), Number(2.0)),
        R("effectif_reel_n1"),
        "demi-somme des recrutements et des départs",
        "effectif réel au 31 décembre N-1",
        "Demi-somme des recrutements et des départs de l'année (CDI et titulaires), rapportée à "
        "l'effectif réel au 31\u00a0décembre de l'année précédente.",
        seuil="ROTATION_PERSONNEL",
    ),
    _define(
        "ETP_VACANTS",
        "Taux d'ETP vacants au 31 décembre",
        subtract(R("etp_budgetes"), R("etp_realises")),
        R("etp_budgetes"),
        "ETP budgétés − ETP réalisés",
        "ETP budgétés",
        "ETP budgétés non pourvus au 31\u00a0décembre, rapportés aux ETP budgétés.",
        bornes=(None, 1.0),
        source=f"{HELIOS} (dénominateur non précisé)",
        certitude="connu",
        seuil="ETP_VACANTS",
    ),
    _define(
        "ENCADREMENT",
        "Taux d'encadrement",
        R("etp_realises"),
        divide(R("capacite_financee"), Number(100.0)),
        "ETP réalisés",
        "centaines de places financées",
        "ETP réalisés pour 100\u00a0places autorisées et financées.",
        unite="ETP pour 100 places",
        source="CNSA, ETP pour 100 places",
        tolerance=0.1,
    ),
    _define(
        "PRESTATIONS_EXTERNES",
        "Taux de prestations externes sur les prestations directes",
        R("prestations_externes"),
        add(R("depenses_personnel"), R("sous_traitance")),
        "prestations externes",
        "dépenses de personnel et sous-traitance",
        "Prestations externes (c/6111, 6112, 621, 6223, 6226) rapportées aux dépenses de personnel "
        "augmentées des c/6111 et 6112.",
        bornes=(0.0, None),
        seuil="PRESTATIONS_EXTERNES",
    ),
)

FINANCES: tuple[Indicator, ...] = (
    _define(
        "CAF",
        "Taux de CAF",
        R("caf"),
        R("produits_caf"),
        "capacité d'autofinancement",
        "produits de l'exercice retenus",
        "Capacité d'autofinancement rapportée aux produits de l'exercice (classe\u00a07 sauf 775, "
        "777, 7781 et 78, moins 709 et 713). Alerte sous 2\u202f%.",
        bornes=(None, 1.0),
        seuil="CAF",
    ),
    _define(
        "VETUSTE_CONSTRUCTION",
        "Taux de vétusté des constructions",
        R("amortissements_constructions"),
        R("immobilisations_constructions"),
        "amortissements des constructions",
        "immobilisations brutes, constructions",
        "Amortissements cumulés des constructions rapportés à leur valeur brute au "
        "31\u00a0décembre.",
        bornes=(0.0, 1.0),
        seuil="VETUSTE_CONSTRUCTION",
    ),
    _define(
        "ENDETTEMENT",
        "Taux d'endettement",
        R("emprunts"),
        R("financements_stables"),
        "emprunts",
        "financements stables",
        "Emprunts (c/16 hors 165, 1688 et 169) rapportés aux financements stables du FRI, hors "
        "amortissements cumulés. À contenir sous 50\u202f%.",
        source=UNCCAS,
        seuil="ENDETTEMENT",
    ),
    _define(
        "DUREE_DETTE",
        "Durée apparente de la dette",
        R("emprunts"),
        R("caf"),
        "emprunts",
        "capacité d'autofinancement",
        "Emprunts rapportés à la CAF\u00a0: années de CAF qu'il faudrait pour les rembourser. Sans "
        "objet si la CAF est nulle ou négative.",
        unite="années",
        source=UNCCAS,
        tolerance=0.1,
    ),
    _define(
        "FRNG_JOURS",
        "Fonds de roulement net global en jours de charges courantes",
        multiply(R("frng"), Number(Param("jours_annee"))),
        R("charges_courantes"),
        "fonds de roulement net global × 365",
        "charges courantes",
        "Fonds de roulement net global exprimé en jours de charges courantes (classe\u00a06 hors "
        "dotations).",
        unite="jours",
        bornes=(None, None),
        source=USAGE,
        certitude="connu",
        tolerance=0.1,
    ),
    _define(
        "RESULTAT_NET",
        "Résultat net comptable",
        subtract(R("produits"), R("charges")),
        None,
        "produits − charges",
        None,
        "Produits moins charges de l'exercice, toutes activités. Négatif en cas de déficit.",
        unite="€",
        bornes=(None, None),
        tolerance=1.0,
    ),
    _define(
        "ATTEINTE_RECETTES",
        "Taux d'atteinte des prévisions de recettes",
        R("recettes_realisees"),
        R("recettes_previsionnelles"),
        "recettes réalisées",
        "recettes prévisionnelles",
        "Recettes réalisées rapportées aux recettes prévisionnelles.",
        source=USAGE,
        certitude="connu",
    ),
    _define(
        "ATTEINTE_DEPENSES",
        "Taux d'atteinte des prévisions de dépenses",
        R("depenses_realisees"),
        R("depenses_previsionnelles"),
        "dépenses réalisées",
        "dépenses prévisionnelles",
        "Dépenses réalisées rapportées aux dépenses prévisionnelles.",
        source=USAGE,
        certitude="connu",
    ),
    _define(
        "DOTATION_SOINS",
        "Taux d'utilisation de la dotation en soins",
        R("depenses_soins"),
        R("dotation_soins"),
        "dépenses de la section soins",
        "dotation soins",
        "Dépenses de la section soins rapportées à la dotation soins (EHPAD, FAM, EAM).",
        source=USAGE,
        certitude="connu",
    ),
)

INDICATEURS_ANAP: tuple[Indicator, ...] = (*ACTIVITE, *RESSOURCES_HUMAINES, *FINANCES)
