"""Human and financial resources indicators of the national « Tableau de bord »."""

from __future__ import annotations

from .anap_definition import HELIOS, JOURS_ETP, UNCCAS, USAGE, R, define
from .expressions import Number, Param, add, divide, multiply, subtract
from .model import Indicator


def _motif(code: str, key: str, libelle: str) -> Indicator:
    """The absence rate of one reason."""
    return define(
        code,
        f"Taux d'absentéisme, {libelle}",
        R(key),
        JOURS_ETP,
        "jours calendaires d'absence",
        "ETP réalisés × 365",
        f"Jours calendaires d'absence ({libelle}) rapportés aux ETP réalisés × 365.",
        seuil="ABSENTEISME_MOTIF",
    )


PAR_MOTIF: tuple[Indicator, ...] = (
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
        "Taux d'absentéisme, hors formation",
        add(*(R(motif.inputs[0].key) for motif in PAR_MOTIF)),
        JOURS_ETP,
        "jours calendaires d'absence",
        "ETP réalisés × 365",
        "Jours calendaires d'absence des six motifs, hors formation et congés payés, rapportés aux "
        "ETP réalisés × 365. Sans objet si un motif manque.",
        seuil="ABSENTEISME",
    ),
    *PAR_MOTIF,
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
    define(
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
