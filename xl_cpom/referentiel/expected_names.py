"""What the code expects of every référentiel: the names it will ask for.

Another region edits values, not names. Checking the names when loading turns a forgotten line
into one French sentence instead of a failure in the middle of a control.
"""

from __future__ import annotations

from collections.abc import Collection

from .raw_rows import InvalidReferentielError

SECTEURS = ("PA", "PH")
SECTEURS_CATEGORIE = ("PA", "PH", "PA/PH", "hors champ")
AUTORITES = ("ARS", "CD", "ARS + CD")
STATUTS_MODULE = ("Obligatoire", "À la carte")
FAMILIES = ("avancement", "si", "levee", "resorption")
ATTENDUS_N = (
    "offre", "autorisations", "partenariats", "fragilites", "plan_redige", "partage",
    "referents", "photographie",
)  # fmt: skip
"""The parts of the diagnostic of period N that a module may ask for."""
SI_LEVELS = ("ET", "dispositif", "OG")
STATE_WORDS = ("fait", "en cours", "à venir", "reporté", "refusé", "hors compte")
"""What a status means, whatever its word: the template gives each a colour and a symbol."""

LISTS = (
    "oui_non",
    "secteur",
    "secteur_esms",
    "secteur_si",
    "secteurs_og",
    "type_contrat",
    "autorites_signataires",
    "autorite",
    "principal_secondaire",
    "annee_suivie",
    "module",
    "statut_module",
    "origine_module",
    "objet_avenant",
    "motif_mouvement",
    "role_referent",
    "statut_action",
    "statut_amelioration",
    "domaine_fragilite",
    "statut_fragilite",
    "si",
    "motif_si",
    "niveau_si",
    "dispositif_complementaire",
    "type_critere",
    "cotation_speciale",
    "autorite_controle",
    "mode_controle",
    "type_mesure",
    "unite_delai",
    "statut_mesure",
    "mode_accueil",
    "base_deficit",
    "atteinte",
    "public",
    "categorie",
    "statut_juridique",
    "departement",
    "departement_siege",
)

PARAMETERS = (
    "methode_avancement",
    "methode_si",
    "secteur_si_partage",
    "resorption_signee",
    "statuts_action_realises",
    "statuts_action_exclus",
    "statuts_action_a_justifier",
    "avancement_par_statut",
    "statuts_fragilite_resolus",
    "statuts_fragilite_exclus",
    "statuts_amelioration_realises",
    "statuts_amelioration_exclus",
    "types_mesure_suivis",
    "statuts_mesure_leves",
    "statuts_mesure_exclus",
    "tolerance_ecart_points",
    "tolerance_arrondi_points",
    "decimales_taux",
    "tolerance_resultat",
    "seuil_atteinte_partielle",
    "trajectoire_cible",
    "trajectoires_par_module",
    "cible_finale",
    "modules_cible_finale_imposee",
    "max_actions_par_secteur",
    "max_types_par_secteur",
    "type_action_libre",
    "modules_limites",
    "longueur_min_intitule",
    "intitules_vides_de_sens",
    "date_minimale",
    "date_maximale",
    "date_autorisation_minimale",
    "seuil_taux_saisi_en_points",
    "seuil_si_complet",
    "seuil_tdb_validation",
    "seuil_has_imperatif",
    "seuil_has_standard",
    "has_validite_annees",
    "has_nombre_criteres",
    "has_nombre_imperatifs",
    "jours_annee",
)


def require_names(
    fichier: str, quoi: str, attendus: Collection[str], presents: Collection[str]
) -> None:
    """Refuse a file that lacks a name the code will ask for."""
    missing = [name for name in attendus if name not in presents]
    if missing:
        raise InvalidReferentielError(f"{fichier}\u00a0: {quoi} «\u00a0{missing[0]}\u00a0» manque")
