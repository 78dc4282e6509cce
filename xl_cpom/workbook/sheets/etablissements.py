"""Sheet « Établissements »: the ESMS of the contract, one per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xl_cpom.identifiants import finess_valide
from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import LASTING_COMMENT, finess_et

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row


def _libelle(row: Row, classeur: Classeur) -> str | None:
    if not row.categorie:
        return None
    categorie = classeur.referentiel.categories.get(row.categorie)
    return categorie.libelle if categorie else "✗ code inconnu"


def _controle(row: Row, classeur: Classeur) -> str | None:
    if not row.finess_et:
        return None
    return "✓ valide" if finess_valide(row.finess_et) else "✗ à corriger"


ETABLISSEMENTS = Sheet(
    key="etablissements",
    name="Établissements",
    table="tEtablissements",
    layout=Layout.TABLE,
    owed=True,
    record="l'établissement",
    identity=("finess_et",),
    capacity=60,
    purpose="Les ESMS couverts par le CPOM : un établissement ou service par ligne.",
    guide="CASF, art. L. 312-1 et L. 313-3 ; nomenclature FINESS des catégories",
    columns=(
        finess_et("Numéro FINESS géographique de l'ESMS : 9 caractères, au format texte.",
                  refers_to=None, lasts=Lifetime.STATUS),
        Column("raison_sociale", "Raison sociale", Kind.TEXT,
               "Nom de l'ESMS tel qu'il figure dans FINESS.", required=True, width=34),
        Column("categorie", "Catégorie", Kind.LISTING,
               "Code de la catégorie FINESS (exemple : 500 pour un EHPAD).",
               required=True, list_name="categorie", list_code="IDE-005",
               synonyms=("Code catégorie",), width=20,
               source="Nomenclature FINESS des catégories d'établissements",
               nomenclature="categories"),
        Column("libelle_categorie", "Libellé de la catégorie", Kind.TEXT,
               "Calculé d'après le code de catégorie.",
               formula=Formula(
                   'IF({categorie}="","",_xlfn.IFNA(CPOM_LIBELLE("categories",{categorie}),'
                   '"✗ code inconnu"))', _libelle),
               synonyms=("Libellé",), width=34),
        Column("secteur", "Secteur", Kind.LISTING,
               "PA (personnes âgées) ou PH (handicap). Autre champ (addictologie, hébergement "
               "social…) : l'ESMS est du contrat, mais n'entre dans aucun taux.",
               required=True, list_name="secteur_esms", width=11,
               was=(("2026.2", {"list_name": "secteur"}),)),
        Column("public", "Public accueilli", Kind.LISTING, "Public principal de l'ESMS.",
               list_name="public", synonyms=("Public",), width=24),
        Column("principal_secondaire", "Principal ou secondaire", Kind.LISTING,
               "Établissement principal ou secondaire au sens de FINESS.",
               required=True, list_name="principal_secondaire",
               synonyms=("Principal/secondaire", "Type d'ET"), width=13),
        Column("finess_principal", "FINESS de l'ET principal", Kind.FINESS,
               "À remplir pour un établissement secondaire.",
               refers_to="etablissements", synonyms=("FINESS principal",), width=13),
        Column("siret", "SIRET", Kind.SIRET, "Numéro SIRET de l'ESMS : 14 chiffres.", width=17),
        Column("commune", "Commune", Kind.TEXT, "Commune d'implantation.", width=20),
        Column("departement", "Département", Kind.LISTING,
               "Code du département d'implantation (exemple : 21).",
               required=True, list_name="departement", width=20, nomenclature="departements"),
        Column("autorite", "Autorité compétente", Kind.LISTING,
               "Autorité qui a délivré l'autorisation.", required=True, list_name="autorite",
               synonyms=("Autorité",), width=12, source="CASF, art. L. 313-3"),
        Column("date_autorisation", "Date d'autorisation", Kind.DATE,
               "Date de la dernière autorisation ou de son renouvellement.",
               any_date=True, width=13),
        Column("capacite_autorisee", "Capacité autorisée", Kind.INTEGER,
               "Nombre de places autorisées par l'arrêté.", required=True, minimum=0,
               maximum=5000, unit="places", width=11),
        Column("capacite_installee", "Capacité installée", Kind.INTEGER,
               "Nombre de places installées.", minimum=0, maximum=5000, unit="places", width=11),
        Column("capacite_financee", "Capacité financée", Kind.INTEGER,
               "Nombre de places financées.", minimum=0, maximum=5000, unit="places", width=11),
        Column("date_evaluation_has", "Dernière évaluation HAS", Kind.DATE,
               "Date de la dernière évaluation HAS de l'ESMS, si elle a eu lieu.",
               synonyms=("Date de la dernière évaluation HAS",), width=13),
        Column("controle_finess", "Contrôle FINESS", Kind.TEXT,
               "Calculé : la clé du numéro FINESS est-elle juste ?",
               formula=Formula(
                   'IF({finess_et}="","",IF(CPOM_FINESS_VALIDE({finess_et}),"✓ valide",'
                   '"✗ à corriger"))', _controle), width=14),
        Column("entre_le", "Entré dans le CPOM le", Kind.DATE,
               "À remplir pour un ESMS entré en cours de contrat : premier jour où le CPOM le "
               "couvre. Vide : il y est depuis le début.",
               any_date=True, synonyms=("Entré le", "Date d'entrée de l'ESMS"), width=13,
               since="2026.2",
               lasts=Lifetime.DEADLINE),
        Column("sorti_le", "Sorti du CPOM le", Kind.DATE,
               "À remplir pour un ESMS fermé, cédé ou remplacé : dernier jour où le CPOM l'a "
               "couvert. Gardez ses lignes : plus rien ne lui est demandé après ce jour.",
               any_date=True, synonyms=("Sorti le", "Date de sortie de l'ESMS"), width=13,
               since="2026.2",
               lasts=Lifetime.DEADLINE),
        Column("motif_mouvement", "Motif d'entrée ou de sortie", Kind.LISTING,
               "Pourquoi l'ESMS est entré dans le contrat ou en est sorti.",
               list_name="motif_mouvement", synonyms=("Motif", "Motif du mouvement"), width=18,
               since="2026.2",
               lasts=Lifetime.DEADLINE),
        Column("avenant", "Avenant d'entrée ou de sortie", Kind.TEXT,
               "Numéro de l'avenant qui l'a inscrit ou retiré, tel qu'il figure dans la feuille "
               "« Avenants ».",
               synonyms=("Avenant",), width=14, reference=True, cites="avenants.numero",
               since="2026.2",
               lasts=Lifetime.DEADLINE),
        Column("ancien_finess_et", "Ancien FINESS ET", Kind.FINESS,
               "Numéro que l'ESMS portait dans les retours précédents, s'il en a changé : "
               "ses lignes sont alors rapprochées.",
               synonyms=("FINESS ET précédent",), width=13, since="2026.2",
               lasts=Lifetime.YEAR),
        Column("co_titulaire", "Co-titulaire (FINESS EJ)", Kind.FINESS,
               "Autre gestionnaire titulaire de la même autorisation (service autonomie mixte) : "
               "les deux contrats peuvent alors l'inscrire.",
               synonyms=("Co-titulaire", "Cotitulaire"), width=14, since="2026.2"),
        LASTING_COMMENT,
    ),
)  # fmt: skip
