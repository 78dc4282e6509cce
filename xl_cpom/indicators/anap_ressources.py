"""Human and financial resources indicators of the national « Tableau de bord »."""

from __future__ import annotations

from .anap_definition import ETP_DAYS, HELIOS, UNCCAS, USAGE, R, define
from .expressions import Number, Param, add, divide, multiply, subtract
from .model import Indicator


def _motif(code: str, key: str, libelle: str) -> Indicator:
    """The absence rate of one reason."""
    return define(
        code,
        libelle=f"Taux d'absentéisme, {libelle}",
        numerator=R(key),
        denominator=ETP_DAYS,
        numerateur_libelle="jours calendaires d'absence",
        denominateur_libelle="ETP réalisés × 365",
        explication=f"Jours calendaires d'absence ({libelle}) rapportés aux ETP réalisés × 365.",
        seuil="ABSENTEISME_MOTIF",
    )


BY_MOTIF: tuple[Indicator, ...] = (
    _motif("ABSENTEISME_COURTE", "jours_abs_courte", "maladie de courte durée"),
    _motif("ABSENTEISME_MOYENNE", "jours_abs_moyenne", "maladie de moyenne durée"),
    _motif("ABSENTEISME_LONGUE", "jours_abs_longue", "maladie de longue durée"),
    _motif("ABSENTEISME_MATERNITE", "jours_abs_maternite", "maternité ou paternité"),
    _motif(
        "ABSENTEISME_AT_MP", "jours_abs_at_mp", "accident du travail ou maladie professionnelle"
    ),
    _motif("ABSENTEISME_CONGES_SPECIAUX", "jours_abs_conges_speciaux", "congés spéciaux"),
)
"""One rate for each reason of absence; the rate of all of them takes their days together."""

RESSOURCES_HUMAINES: tuple[Indicator, ...] = (
    define(
        "ABSENTEISME",
        libelle="Taux d'absentéisme, hors formation",
        numerator=add(*(R(motif.inputs[0].key) for motif in BY_MOTIF)),
        denominator=ETP_DAYS,
        numerateur_libelle="jours calendaires d'absence",
        denominateur_libelle="ETP réalisés × 365",
        explication="Jours calendaires d'absence des six motifs, hors formation et congés payés, "
        "rapportés aux ETP réalisés × 365. Sans objet si un motif manque.",
        seuil="ABSENTEISME",
    ),
    *BY_MOTIF,
    define(
        "ROTATION_PERSONNEL",
        libelle="Taux de rotation des personnels",
        numerator=divide(add(R("recrutements"), R("departs")), Number(2.0)),
        denominator=R("effectif_reel_n1"),
        numerateur_libelle="demi-somme des recrutements et des départs",
        denominateur_libelle="effectif réel au 31 décembre N-1",
        explication="Demi-somme des recrutements et des départs de l'année (CDI et titulaires), "
        "rapportée à l'effectif réel au 31\u00a0décembre de l'année précédente.",
        seuil="ROTATION_PERSONNEL",
    ),
    define(
        "ETP_VACANTS",
        libelle="Taux d'ETP vacants au 31 décembre",
        numerator=subtract(R("etp_budgetes"), R("etp_realises")),
        denominator=R("etp_budgetes"),
        numerateur_libelle="ETP budgétés − ETP réalisés",
        denominateur_libelle="ETP budgétés",
        explication="ETP budgétés non pourvus au 31\u00a0décembre, rapportés aux ETP budgétés.",
        bornes=(None, 1.0),
        source=f"{HELIOS} (dénominateur non précisé)",
        certitude="connu",
        seuil="ETP_VACANTS",
    ),
    define(
        "ENCADREMENT",
        libelle="Taux d'encadrement",
        numerator=R("etp_realises"),
        denominator=divide(R("capacite_financee"), Number(100.0)),
        numerateur_libelle="ETP réalisés",
        denominateur_libelle="centaines de places financées",
        explication="ETP réalisés pour 100\u00a0places autorisées et financées.",
        unite="ETP pour 100 places",
        source="CNSA, ETP pour 100 places",
        tolerance=0.1,
    ),
    define(
        "PRESTATIONS_EXTERNES",
        libelle="Taux de prestations externes sur les prestations directes",
        numerator=R("prestations_externes"),
        denominator=add(R("depenses_personnel"), R("sous_traitance")),
        numerateur_libelle="prestations externes",
        denominateur_libelle="dépenses de personnel et sous-traitance",
        explication="Prestations externes (c/6111, 6112, 621, 6223, 6226) rapportées aux dépenses "
        "de personnel augmentées des c/6111 et 6112.",
        bornes=(0.0, None),
        seuil="PRESTATIONS_EXTERNES",
    ),
)

FINANCES: tuple[Indicator, ...] = (
    define(
        "CAF",
        libelle="Taux de CAF",
        numerator=R("caf"),
        denominator=R("produits_caf"),
        numerateur_libelle="capacité d'autofinancement",
        denominateur_libelle="produits de l'exercice retenus",
        explication="Capacité d'autofinancement rapportée aux produits de l'exercice "
        "(classe\u00a07 sauf 775, 777, 7781 et 78, moins 709 et 713). Alerte sous 2\u202f%.",
        bornes=(None, 1.0),
        seuil="CAF",
    ),
    define(
        "VETUSTE_CONSTRUCTION",
        libelle="Taux de vétusté des constructions",
        numerator=R("amortissements_constructions"),
        denominator=R("immobilisations_constructions"),
        numerateur_libelle="amortissements des constructions",
        denominateur_libelle="immobilisations brutes, constructions",
        explication="Amortissements cumulés des constructions rapportés à leur valeur brute au "
        "31\u00a0décembre.",
        bornes=(0.0, 1.0),
        seuil="VETUSTE_CONSTRUCTION",
    ),
    define(
        "ENDETTEMENT",
        libelle="Taux d'endettement",
        numerator=R("emprunts"),
        denominator=R("financements_stables"),
        numerateur_libelle="emprunts",
        denominateur_libelle="financements stables",
        explication="Emprunts (c/16 hors 165, 1688 et 169) rapportés aux financements stables du "
        "FRI, hors amortissements cumulés. À contenir sous 50\u202f%.",
        source=UNCCAS,
        seuil="ENDETTEMENT",
    ),
    define(
        "DUREE_DETTE",
        libelle="Durée apparente de la dette",
        numerator=R("emprunts"),
        denominator=R("caf"),
        numerateur_libelle="emprunts",
        denominateur_libelle="capacité d'autofinancement",
        explication="Emprunts rapportés à la CAF\u00a0: années de CAF qu'il faudrait pour les "
        "rembourser. Sans objet si la CAF est nulle ou négative.",
        unite="années",
        source=UNCCAS,
        tolerance=0.1,
    ),
    define(
        "FRNG_JOURS",
        libelle="Fonds de roulement net global en jours de charges courantes",
        numerator=multiply(R("frng"), Number(Param("jours_annee"))),
        denominator=R("charges_courantes"),
        numerateur_libelle="fonds de roulement net global × 365",
        denominateur_libelle="charges courantes",
        explication="Fonds de roulement net global exprimé en jours de charges courantes "
        "(classe\u00a06 hors dotations).",
        unite="jours",
        bornes=(None, None),
        source=USAGE,
        certitude="connu",
        tolerance=0.1,
    ),
    define(
        "RESULTAT_NET",
        libelle="Résultat net comptable",
        numerator=subtract(R("produits"), R("charges")),
        denominator=None,
        numerateur_libelle="produits − charges",
        denominateur_libelle=None,
        explication="Produits moins charges de l'exercice, toutes activités. Négatif en cas de "
        "déficit.",
        unite="€",
        bornes=(None, None),
        tolerance=1.0,
    ),
    define(
        "ATTEINTE_RECETTES",
        libelle="Taux d'atteinte des prévisions de recettes",
        numerator=R("recettes_realisees"),
        denominator=R("recettes_previsionnelles"),
        numerateur_libelle="recettes réalisées",
        denominateur_libelle="recettes prévisionnelles",
        explication="Recettes réalisées rapportées aux recettes prévisionnelles.",
        source=USAGE,
        certitude="connu",
    ),
    define(
        "ATTEINTE_DEPENSES",
        libelle="Taux d'atteinte des prévisions de dépenses",
        numerator=R("depenses_realisees"),
        denominator=R("depenses_previsionnelles"),
        numerateur_libelle="dépenses réalisées",
        denominateur_libelle="dépenses prévisionnelles",
        explication="Dépenses réalisées rapportées aux dépenses prévisionnelles.",
        source=USAGE,
        certitude="connu",
    ),
    define(
        "DOTATION_SOINS",
        libelle="Taux d'utilisation de la dotation en soins",
        numerator=R("depenses_soins"),
        denominator=R("dotation_soins"),
        numerateur_libelle="dépenses de la section soins",
        denominateur_libelle="dotation soins",
        explication="Dépenses de la section soins rapportées à la dotation soins (EHPAD, FAM, "
        "EAM).",
        source=USAGE,
        certitude="connu",
    ),
)
