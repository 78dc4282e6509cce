"""What the référentiel says of a line of the sheet « Évaluation HAS »."""

from __future__ import annotations

import re

from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import Row

MODULE = "module Évaluation HAS"

_CODE = re.compile(r"[123]\.\d{1,2}\.\d{1,2}", re.ASCII)


def well_formed(row: Row) -> bool:
    """Has the criterion of the line the shape of a code of the HAS manual?"""
    return isinstance(row.critere, str) and _CODE.fullmatch(row.critere) is not None


def imperatif(row: Row, context: RuleContext) -> bool:
    """Is the criterion one of the critères impératifs?"""
    return row.critere in context.referentiel.criteres_imperatifs


def exclu(row: Row, context: RuleContext) -> bool | None:
    """Is the criterion of the manual not expected of the category of the ESMS?

    The manual reserves some criteria to établissements, one to services; two critères impératifs
    leave categories out. None when the category, which would decide, is not known.
    """
    found = context.referentiel.manuel_has.get(row.critere)
    particular = context.referentiel.criteres_imperatifs.get(row.critere)
    left_out = particular.categories_exclues if particular is not None else frozenset()
    if found is None or not (found.structures or left_out):
        return False
    et = context.classeur.etablissements.get(row.finess_et)
    if et is None or not et.categorie:
        return None
    category = context.referentiel.categories.get(et.categorie)
    structure = category.structure if category is not None else ""
    return et.categorie in left_out or not found.concerne(structure)


def type_juste(row: Row, context: RuleContext) -> bool | None:
    """Is the declared type that of the manual? None when the line does not let one say."""
    if not row.type or not well_formed(row):
        return None
    return bool((row.type == "impératif") == imperatif(row, context))


def evaluee(row: Row, context: RuleContext) -> bool:
    """Is the date of the evaluation known, and known not to come?"""
    if not row.date_evaluation or context.date is None:
        return False
    return bool(row.date_evaluation <= context.date)
