"""Sheet « Systèmes d'information »: one row per system and entity that must fill it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.presence import asked_excel, row_asked
from xl_cpom.workbook.sheets.common import COMMENT, code_perimetre, perimetre

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row


def _system(row: Row, classeur: Classeur) -> Any:
    return classeur.referentiel.si_by_libelle(row.si) if row.si else None


def _level(row: Row, classeur: Classeur) -> str | None:
    system = _system(row, classeur)
    return system.niveau if system else None


def _echeance(row: Row, classeur: Classeur) -> Any:
    system = _system(row, classeur)
    if system is None or classeur.annee_suivie is None:
        return None
    return classeur.referentiel.calendrier(system.code, classeur.annee_suivie)


def _complete(row: Row, classeur: Classeur) -> str | None:
    if row.taux_completude is None:
        return None
    return "Oui" if row.taux_completude >= 1 else "Non"


def _perimetre(row: Row, classeur: Classeur) -> Any:
    if row.exigible != "Oui" or not row_asked(
        classeur, row.entite, _echeance(row, classeur), since_entry=True
    ):
        return None
    return code_perimetre("SI", row.secteur)


SI = Sheet(
    key="si",
    name="Systèmes d'information",
    table="tSI",
    layout=Layout.TABLE,
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
               "PA ou PH. Un système de niveau OG d'un gestionnaire mixte a une ligne par secteur.",
               required=True, list_name="secteur", width=9, lasts=Lifetime.FACT),
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
               "Part des données remplies ou à jour. Le système compte à partir de 100 %.",
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
                   'IF({si}="","",IFERROR(IF(VLOOKUP({si},listes_si,3,FALSE)="","",'
                   "DATE({identification.annee_civile_suivie}+VLOOKUP({si},listes_si,5,FALSE),"
                   'VLOOKUP({si},listes_si,4,FALSE),VLOOKUP({si},listes_si,3,FALSE))),""))',
                   _echeance), width=12),
        Column("date_depot", "Date de dépôt", Kind.DATE, "Date du dépôt ou de la validation.",
               width=12, lasts=Lifetime.YEAR),
        Column("complet", "Complété à 100 %", Kind.TEXT, "Calculé : le taux atteint-il 100 % ?",
               formula=Formula('IF({taux_completude}="","",IF({taux_completude}>=1,"Oui","Non"))',
                               _complete), width=11),
        perimetre('IF(AND({exigible}="Oui",OR({secteur}="PA",{secteur}="PH")),'
                  '"SI/"&{secteur},"")', _perimetre,
                  asked_excel("{entite}", "{echeance}", since_entry=True)),
        COMMENT,
    ),
)  # fmt: skip
