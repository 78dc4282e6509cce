"""Sheet « Identification »: who signs, for how long, which year is followed, who answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row


def _annee_civile(row: Row, classeur: Classeur) -> int | None:
    return classeur.annee_suivie


def _exercice_clos(row: Row, classeur: Classeur) -> int | None:
    return classeur.exercice_clos


_COMPTES = (
    "IFERROR(VLOOKUP({statut_juridique},listes_comptes,%d,FALSE),"
    'VLOOKUP("autre",listes_comptes,%d,FALSE))'
)
"""Excel: month or day by which the accounts of the year before are deposited."""


def _annee_end(row: Row, classeur: Classeur) -> date | None:
    return None if classeur.annee_suivie is None else date(classeur.annee_suivie, 12, 31)


IDENTIFICATION = Sheet(
    key="identification",
    name="Identification",
    table="id",
    layout=Layout.FICHE,
    owed=True,
    record="la fiche d'identification",
    purpose="Qui signe le CPOM, pour quelle durée, quelle année est suivie et qui répond.",
    guide="CASF, art. L. 313-11 et L. 313-12 ; {guide}",
    columns=(
        Column("raison_sociale", "Raison sociale de l'organisme gestionnaire", Kind.TEXT,
               "Nom de la personne morale qui signe le CPOM, tel qu'il figure dans FINESS.",
               required=True, synonyms=("Raison sociale", "Organisme gestionnaire"),
               section="Organisme gestionnaire"),
        Column("finess_ej", "FINESS EJ", Kind.FINESS,
               "Numéro FINESS de l'entité juridique : 9 caractères, au format texte.",
               required=True, blank_code="IDE-001",
               synonyms=("N° FINESS EJ", "FINESS juridique", "FINESS entité juridique"),
               lasts=Lifetime.FACT),
        Column("siren", "SIREN", Kind.SIREN,
               "Numéro SIREN de l'organisme gestionnaire : 9 chiffres.", required=True),
        Column("statut_juridique", "Statut juridique", Kind.LISTING,
               "Code du statut juridique dans la nomenclature FINESS (exemple : 60, association).",
               required=True, list_name="statut_juridique", nomenclature="statuts_juridiques"),
        Column("adresse", "Adresse du siège", Kind.TEXT, "Numéro et voie du siège.",
               synonyms=("Adresse",)),
        Column("commune", "Commune du siège", Kind.TEXT, "Commune du siège.",
               synonyms=("Commune",)),
        Column("departement", "Département du siège", Kind.CODE,
               "Code du département du siège (exemple : 21). Le siège peut être hors région.",
               required=True, synonyms=("Département",), nomenclature="departements"),
        Column("type_contrat", "Type de contrat", Kind.LISTING,
               "Primo-CPOM, renouvellement ou CPOM en cours de validité.",
               required=True, list_name="type_contrat",
               section="Contrat", lasts=Lifetime.CONTRACT),
        Column("numero_cpom", "N° du CPOM", Kind.TEXT, "Référence du contrat donnée par l'ARS.",
               synonyms=("Numéro du CPOM",), lasts=Lifetime.CONTRACT),
        Column("date_entree", "Date d'entrée en CPOM", Kind.DATE,
               "Date d'entrée fixée par l'arrêté de programmation.",
               synonyms=("Date d'entrée", "Date d'entrée (arrêté de programmation)"),
               lasts=Lifetime.CONTRACT),
        Column("date_signature", "Date de signature", Kind.DATE, "Date de signature du CPOM.",
               lasts=Lifetime.CONTRACT),
        Column("date_effet", "Date d'effet", Kind.DATE, "Premier jour du CPOM.", required=True,
               lasts=Lifetime.CONTRACT),
        Column("date_echeance", "Date d'échéance", Kind.DATE,
               "Dernier jour du CPOM : date d'effet + 5 ans − 1 jour (6 ans si prorogation).",
               required=True, lasts=Lifetime.DEADLINE),
        Column("echeance_precedente", "Échéance du CPOM précédent", Kind.DATE,
               "À remplir pour un renouvellement.", lasts=Lifetime.CONTRACT),
        Column("secteurs", "Secteurs d'activité", Kind.LISTING,
               "PA (personnes âgées), PH (personnes handicapées) ou les deux.",
               required=True, list_name="secteurs_og", synonyms=("Secteurs", "Secteur")),
        Column("autorites", "Autorités signataires", Kind.LISTING,
               "ARS seule, ou ARS et conseil départemental.",
               required=True, list_name="autorites_signataires"),
        Column("conseils_departementaux", "Conseils départementaux signataires", Kind.TEXT,
               "Codes des départements signataires, séparés par « ; » (exemple : 21 ; 39).",
               synonyms=("Conseils départementaux",)),
        Column("annee_n1", "Année N1", Kind.ANNEE,
               "Première année du contrat (2026 pour le cycle 2026-2030).",
               required=True, minimum="date_minimale", maximum="date_maximale",
               section="Année suivie", lasts=Lifetime.CONTRACT),
        Column("annee_suivie", "Année suivie", Kind.LISTING,
               "Année dont les résultats sont rendus : N à la contractualisation, puis N1 à N5 ; "
               "N6 seulement en cas de prorogation.",
               required=True, list_name="annee_suivie", lasts=Lifetime.CONTRACT),
        Column("annee_civile_suivie", "Année civile suivie", Kind.ANNEE,
               "Calculée d'après l'année N1 et l'année suivie.",
               formula=Formula(
                   'IF(OR({annee_n1}="",{annee_suivie}=""),"",{annee_n1}-1+'
                   'IF({annee_suivie}="N",0,VALUE(MID({annee_suivie},2,1))))', _annee_civile)),
        Column("fin_annee_suivie", "Fin de l'année suivie", Kind.DATE,
               "Calculée : les statuts sont appréciés au plus tard à cette date.",
               formula=Formula('IF({annee_civile_suivie}="","",DATE({annee_civile_suivie},12,31))',
                               _annee_end)),
        Column("date_arrete", "Date d'arrêté des données", Kind.DATE,
               "Date à laquelle les statuts et les taux sont constatés.",
               required=True, lasts=Lifetime.YEAR),
        Column("referent_cpom", "Référent CPOM : nom", Kind.TEXT,
               "Nom de la personne qui répond du classeur (contact professionnel seulement).",
               required=True,
               section="Référents"),
        Column("referent_cpom_fonction", "Référent CPOM : fonction", Kind.TEXT,
               "Fonction du référent CPOM."),
        Column("referent_cpom_courriel", "Référent CPOM : courriel", Kind.EMAIL,
               "Adresse professionnelle du référent CPOM.", required=True),
        Column("referent_si", "Référent SI : nom", Kind.TEXT,
               "Pilote ou référent des systèmes d'information (attendu du guide).",
               required=True, blank_code="SI-005"),
        Column("referent_si_courriel", "Référent SI : courriel", Kind.EMAIL,
               "Adresse professionnelle du référent SI.", required=True),
        Column("referent_si_nomme", "Référent SI : nommé le", Kind.DATE,
               "Date de nomination du référent SI.", required=True),
        Column("referent_si_forme", "Référent SI : formé", Kind.LISTING,
               "Le référent SI a-t-il été formé ?", list_name="oui_non"),
        Column("referent_si_fin", "Référent SI : en poste jusqu'au", Kind.DATE,
               "Date de fin de mission, si elle est connue."),
        Column("referent_si_successeur", "Référent SI : successeur", Kind.TEXT,
               "Nom du successeur, si le référent part avant la fin du CPOM."),
        Column("ancien_finess_ej", "Ancien FINESS EJ", Kind.FINESS,
               "Numéro de l'entité juridique dans les retours précédents, s'il a changé (fusion, "
               "transfert).",
               synonyms=("FINESS EJ précédent",), section="Vie du contrat", since="2026.2",
               lasts=Lifetime.YEAR),
        Column("arrete_programmation", "Arrêté de programmation", Kind.TEXT,
               "Numéro et date de l'arrêté qui inscrit l'organisme à la programmation des CPOM.",
               synonyms=("Arrêté de programmation (n° et date)",),
               lasts=Lifetime.CONTRACT, since="2026.2"),
        Column("commentaire", "Commentaire ou justification", Kind.TEXT,
               "Toute précision utile à l'ARS.", synonyms=("Commentaire", "Justification"),
               section="Remarques", line_height=46, lasts=Lifetime.YEAR),
        Column("dernier_exercice_clos", "Dernier exercice clos", Kind.ANNEE,
               "Calculé : dernier exercice dont les comptes sont déposés à la date d'arrêté (30 "
               "avril, 8 juillet pour un établissement public de santé).",
               formula=Formula(
                   'IF({annee_civile_suivie}="","",IF({date_arrete}="",{annee_civile_suivie}-1,'
                   "MIN({annee_civile_suivie},YEAR({date_arrete})-IF({date_arrete}>="
                   f"DATE(YEAR({{date_arrete}}),{_COMPTES % (3, 3)},{_COMPTES % (2, 2)}),1,2))))",
                   _exercice_clos), section="Calculs", since="2026.2"),
    ),
)  # fmt: skip
