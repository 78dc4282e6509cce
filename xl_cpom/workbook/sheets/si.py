"""Sheet « Systèmes d'information »: one row per system and entity that must fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.presence import asked_excel, row_asked
from xl_cpom.workbook.sheets.common import COMMENT, code_perimetre, perimetre
from xl_cpom.workbook.sheets.cybersecurite import points_en_place

if TYPE_CHECKING:
    from xl_cpom.referentiel import Echeance
    from xl_cpom.workbook.records import Classeur, Row


def _system(row: Row, classeur: Classeur) -> Any:
    return classeur.referentiel.si_by_libelle(row.si) if row.si else None


def _level(row: Row, classeur: Classeur) -> str | None:
    system = _system(row, classeur)
    return system.niveau if system else None


def depot_attendu(row: Row, classeur: Classeur) -> Echeance | None:
    """What the entity of the line has to deposit, and when; None when the system is not known.

    The category of the ESMS and the statut juridique of the organisme decide.
    """
    system = _system(row, classeur)
    if system is None:
        return None
    esms = classeur.etablissements.get(row.entite)
    category = (esms.categorie if esms is not None else None) or ""
    status = classeur.identification.statut_juridique or ""
    found: Echeance = classeur.referentiel.echeance(system.code, category, statut_juridique=status)
    return found


def _attendu_deposit(row: Row, classeur: Classeur) -> str | None:
    found = depot_attendu(row, classeur)
    return None if found is None else found.libelle


def _echeance(row: Row, classeur: Classeur) -> Any:
    found = depot_attendu(row, classeur)
    if found is None or classeur.annee_suivie is None:
        return None
    return found.date(classeur.annee_suivie)


_CATEGORIE = (
    'IFERROR(INDEX({etablissements.categorie},MATCH({entite},{etablissements.finess_et},0)),"")'
)
_EXCEL_DEPOSIT = (
    'IF({si}="","",IFERROR(VLOOKUP({si}&"|c"&' + _CATEGORIE + ",listes_depots,2,FALSE),"
    'IFERROR(VLOOKUP({si}&"|s"&{identification.statut_juridique},listes_depots,2,FALSE),'
    'IFERROR(VLOOKUP({si},listes_depots,2,FALSE),""))))'
)
_ECHEANCE_EXCEL = (
    'IF(OR({depot_attendu}="",{identification.annee_civile_suivie}=""),"",'
    'IFERROR(IF(VLOOKUP({depot_attendu},listes_echeances,2,FALSE)="","",'
    "DATE({identification.annee_civile_suivie}+VLOOKUP({depot_attendu},listes_echeances,4,FALSE),"
    "VLOOKUP({depot_attendu},listes_echeances,3,FALSE),"
    'VLOOKUP({depot_attendu},listes_echeances,2,FALSE))),""))'
)


def _taux_retenu(row: Row, classeur: Classeur) -> float | None:
    """The rate typed; that of the checklist for the system that has one."""
    system = _system(row, classeur)
    if system is not None and system.liste_de_controle and classeur.offers("2026.2"):
        return points_en_place(classeur)
    found: float | None = row.taux_completude
    return found


def _complete(row: Row, classeur: Classeur) -> str | None:
    retenu = _taux_retenu(row, classeur)
    if retenu is None:
        return None
    return "Oui" if retenu >= 1 else "Non"


SHARED = "PA et PH"
"""Secteur of the only line that a mixed organisme gives to a system of its own level."""


def secteur_count(row: Row, classeur: Classeur) -> Any:
    """The secteur whose rate counts the line, once: its own, or where « PA et PH » counts."""
    return shared_secteur(classeur) if row.secteur == SHARED else row.secteur


def shared_secteur(classeur: Classeur) -> str:
    """« PA » or « PH »: where the lines of a mixed organisme count."""
    return str(classeur.referentiel.valeur("secteur_si_partage"))


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if row.exigible != "Oui" or not row_asked(
        classeur, row.entite, _echeance(row, classeur), since_entry=True
    ):
        return None
    return code_perimetre("SI", secteur_count(row, classeur))


SI = Sheet(
    key="si",
    name="Systèmes d'information",
    table="tSI",
    layout=Layout.TABLE,
    owed=True,
    record="la ligne",
    identity=("si", "secteur", "entite"),
    capacity=200,
    synonyms=("Systèmes d’information", "SI", "Système d'information"),
    purpose="Les neuf systèmes d'information : une ligne par système et par entité redevable.",
    guide="{guide}, module Tableaux de bord et systèmes d'information",
    columns=(
        Column("si", "Système d'information", Kind.LISTING, "L'un des neuf systèmes du guide.",
               required=True, list_name="si", synonyms=("SI",), width=34, lasts=Lifetime.FACT),
        Column("niveau", "Niveau", Kind.TEXT,
               "Calculé : qui remplit (ET, dispositif ou OG).",
               formula=Formula('IF({si}="","",IFERROR(VLOOKUP({si},listes_si,2,FALSE),""))',
                               _level), width=11),
        Column("secteur", "Secteur", Kind.LISTING,
               "PA ou PH. PA et PH : la seule ligne d'un système de niveau OG dans un organisme "
               "mixte ; elle compte une fois.",
               required=True, list_name="secteur_si", width=11, lasts=Lifetime.FACT,
               was=(("2026.2", {"list_name": "secteur"}),)),
        Column("entite", "FINESS ET ou dispositif", Kind.TEXT,
               "FINESS de l'ESMS, FINESS EJ pour un système de niveau OG, ou nom du dispositif.",
               required=True, synonyms=("Entité redevable", "FINESS ET", "Entité"), width=18,
               holds=Kind.FINESS),
        Column("exigible", "Exigible", Kind.LISTING,
               "Le système doit-il être rempli par cette entité l'année suivie ?",
               required=True, list_name="oui_non", width=10),
        Column("motif_non_exigibilite", "Motif de non-exigibilité", Kind.TEXT,
               "À remplir si le système n'est pas exigible.", synonyms=("Motif",), width=28),
        Column("taux_completude", "Taux de complétude", Kind.TAUX,
               "Part des données remplies ou à jour. Le système compte à partir de 100 %. Laissez "
               "vide pour la cybersécurité : sa feuille en décide.",
               required=False, minimum=0, maximum=1, synonyms=("Complétude", "Taux de remplissage"),
               width=12, lasts=Lifetime.YEAR),
        Column("valide", "Validé", Kind.LISTING, "La saisie a-t-elle été validée dans l'outil ?",
               list_name="oui_non", synonyms=("Validé (O/N)", "Validé O/N"), width=9,
               lasts=Lifetime.YEAR),
        Column("derniere_maj", "Dernière mise à jour", Kind.DATE,
               "Date de la dernière mise à jour constatée.", width=13, lasts=Lifetime.YEAR),
        Column("echeance", "Échéance", Kind.DATE,
               "Calculée d'après le calendrier du référentiel, quand il est connu.",
               formula=Formula(
                   _ECHEANCE_EXCEL, _echeance,
                   before=(("2026.2",
                            'IF({si}="","",IFERROR(IF(VLOOKUP({si},listes_si,3,FALSE)="","",'
                            "DATE({identification.annee_civile_suivie}"
                            "+VLOOKUP({si},listes_si,5,FALSE),VLOOKUP({si},listes_si,4,FALSE),"
                            'VLOOKUP({si},listes_si,3,FALSE))),""))'),)), width=12),
        Column("date_depot", "Date de dépôt", Kind.DATE, "Date du dépôt ou de la validation.",
               width=12, lasts=Lifetime.YEAR),
        Column("complet", "Complété à 100 %", Kind.TEXT, "Calculé : le taux atteint-il 100 % ?",
               formula=Formula(
                   'IF({taux_retenu}="","",IF({taux_retenu}>=1,"Oui","Non"))', _complete,
                   before=(("2026.2", 'IF({taux_completude}="","",'
                                      'IF({taux_completude}>=1,"Oui","Non"))'),)), width=11),
        perimetre(f'IF({{exigible}}<>"Oui","",IF({{secteur}}="{SHARED}",'
                  '"SI/"&listes_secteur_si_partage,'
                  'IF(OR({secteur}="PA",{secteur}="PH"),"SI/"&{secteur},"")))', _perimetre,
                  asked_excel("{entite}", "{echeance}", since_entry=True),
                  'IF(AND({exigible}="Oui",OR({secteur}="PA",{secteur}="PH")),'
                  '"SI/"&{secteur},"")'),
        COMMENT,
        Column("motif_reconnu", "Nature du motif", Kind.LISTING,
               "Ouvert ou fermé dans l'année, hors périmètre : rien à expliquer. Autre motif : "
               "à dire dans « Motif de non-exigibilité ».", list_name="motif_si", width=15,
               since="2026.2"),
        Column("motif_date", "Ouvert ou fermé le", Kind.DATE,
               "Date d'ouverture ou de fermeture, pour ces deux motifs.", width=12,
               since="2026.2"),
        Column("depot_attendu", "Dépôt attendu", Kind.TEXT,
               "Calculé : ce que l'entité doit déposer pendant l'année suivie, d'après sa "
               "catégorie ou le statut de l'organisme.",
               formula=Formula(_EXCEL_DEPOSIT, _attendu_deposit), width=64, since="2026.2"),
        Column("taux_retenu", "Complétude retenue", Kind.RATIO,
               "Calculé : le taux saisi, ou la part des points en place de la feuille "
               "« Cybersécurité ».",
               formula=Formula(
                   'IF({si}="","",IF(IFERROR(VLOOKUP({si},listes_si,6,FALSE),"")="Oui",'
                   'IF(COUNTIF({cybersecurite.en_place},"Oui")+'
                   'COUNTIF({cybersecurite.en_place},"Non")=0,"",'
                   'COUNTIF({cybersecurite.en_place},"Oui")/COUNTIF({cybersecurite.code},"?*")),'
                   'IF({taux_completude}="","",{taux_completude})))', _taux_retenu),
               width=11, since="2026.2"),
    ),
)  # fmt: skip
