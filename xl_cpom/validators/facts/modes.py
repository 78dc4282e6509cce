"""Which ESMS are EHPAD, and which give their activity by mode of reception."""

from __future__ import annotations

from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.records import NON_LU, Row


def en_ehpad(row: Row, context: RuleContext) -> bool:
    """Is the ESMS of the line known to be an EHPAD?"""
    et = context.classeur.etablissements.get(row.finess_et)
    category = context.referentiel.categories.get(et.categorie) if et is not None else None
    return category is not None and category.sigle == "EHPAD"


def by_mode(this_row: Row, context: RuleContext) -> bool:
    """Does the ESMS of the line give its modes of reception for that exercice?

    A line that does not say of what it is may be one of its own.
    """
    return any(
        row.finess_et in (this_row.finess_et, None, NON_LU)
        and row.exercice in (this_row.exercice, None, NON_LU)
        for row in context.classeur["activite_modes"]
    )
