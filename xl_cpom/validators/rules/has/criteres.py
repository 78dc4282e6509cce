"""What the référentiel says of a line of the sheet « Évaluation HAS »."""

from __future__ import annotations

import re

from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row

MODULE = "module Évaluation HAS"

_CODE = re.compile(r"[123]\.\d{1,2}\.\d{1,2}", re.ASCII)


def bien_forme(ligne: Row) -> bool:
    """Has the criterion of the line the shape of a code of the HAS manual?"""
    return isinstance(ligne.critere, str) and _CODE.fullmatch(ligne.critere) is not None


def imperatif(ligne: Row, contexte: RuleContext) -> bool:
    """Is the criterion one of the critères impératifs?"""
    return ligne.critere in contexte.referentiel.criteres_imperatifs


def exclu(ligne: Row, contexte: RuleContext) -> bool | None:
    """Is the criterion impératif, but not expected of the category of the ESMS?

    None when the category, which would decide, is not known.
    """
    critere = contexte.referentiel.criteres_imperatifs.get(ligne.critere)
    if critere is None or not critere.categories_exclues:
        return False
    et = contexte.classeur.etablissements.get(ligne.finess_et)
    return et.categorie in critere.categories_exclues if et is not None and et.categorie else None


def type_juste(ligne: Row, contexte: RuleContext) -> bool | None:
    """Is the declared type that of the manual? None when the line does not let one say."""
    if not ligne.type or not bien_forme(ligne):
        return None
    return bool((ligne.type == "impératif") == imperatif(ligne, contexte))


def evaluee(ligne: Row, contexte: RuleContext) -> bool:
    """Is the date of the evaluation known, and known not to come?"""
    if not ligne.date_evaluation or contexte.date is None:
        return False
    return bool(ligne.date_evaluation <= contexte.date)
