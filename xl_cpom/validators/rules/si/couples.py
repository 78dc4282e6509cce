"""What the référentiel says of a line of the sheet « Systèmes d'information »."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xl_cpom.referentiel import SystemeInformation, UnknownKeyError
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row

MODULE = "module Tableaux de bord et systèmes d'information"

ROR, VT = "ROR par ET", "VT par ET"
ROR_HEBERGEMENT = "ROR pour EHPAD et hébergement PH"
TDB = "Tab de bord Perfo par ET"
ANNEXE = "Annexe d'activité pour tous les ESMS"
SCHEME = "Suivi d'activité par dispositif complémentaire"
ECARS, EPRD_ERRD = "e-CARS par OG", "Import EPRD et ERRD"
EPRD, ERRD = "Import EPRD", "Import ERRD"
CYBER = "Cybersécurité sur la période CPOM"
"""Labels that the examples of the rules use; the rules themselves ask the référentiel."""


def system(row: Row, context: RuleContext) -> SystemeInformation | None:
    """The system of the line, None when it is empty, unread or unknown."""
    return context.referentiel.si_by_libelle(row.si) if row.si else None


def a_sa_list(row: Row, context: RuleContext) -> bool:
    """Does a checklist of the workbook say how complete the system of the line is?"""
    found = system(row, context)
    return found is not None and found.liste_de_controle and context.classeur.offers("2026.2")


def niveau(row: Row, context: RuleContext) -> str | None:
    """« ET », « dispositif » or « OG »."""
    found = system(row, context)
    return found.niveau if found else None


def categorie(row: Row, context: RuleContext) -> Any:
    """FINESS category of the ESMS of the line; None (or NON_LU) when it is not known."""
    et = context.classeur.etablissements.get(row.entite)
    return None if et is None else et.categorie


def categorie_en_vigueur(code: Any, context: RuleContext) -> bool:
    """Is this FINESS category known, in the field of the CPOM and still open?

    A closed one was replaced by another whose obligations may differ.
    """
    found = context.referentiel.categories.get(code) if code else None
    return found is not None and found.dans_le_champ and found.ouverte(context.date)


def exigibilite(row: Row, context: RuleContext) -> str | None:
    """« exigible », « sous condition », « non exigible »; None when it cannot be said.

    A system of the organisme gestionnaire is always due; one of a dispositif is due when the
    dispositif exists, hence under condition.
    """
    found = system(row, context)
    if found is None:
        return None
    match found.niveau:
        case "OG":
            return "exigible"
        case "dispositif":
            return "sous condition"
    code = categorie(row, context)
    return found.exigibilite(code) if categorie_en_vigueur(code, context) else None


def limite(row: Row, context: RuleContext) -> dt.date | None:
    """The deadline of the line for the year followed, None where the calendar is not known.

    None too when it depends on a category or a statut juridique that is not known.
    """
    found = system(row, context)
    if found is None:
        return None
    return system_limit(found, categorie(row, context) or "", context)


def system_limit(found: SystemeInformation, code: str, context: RuleContext) -> dt.date | None:
    """The same for a system and the category of the entity that fills it in."""
    annee = context.classeur.annee_suivie
    statut = context.classeur.identification.statut_juridique or ""
    if annee is None:
        return None
    if not code and any(echeance.categories for echeance in found.echeances):
        return None
    if not statut and any(echeance.statuts_juridiques for echeance in found.echeances):
        return None
    try:
        return context.referentiel.calendrier(found.code, annee, code, statut_juridique=statut)
    except UnknownKeyError:  # no deadline of this system applies to that category
        return None
