"""A workbook that came back empty: what is said of it is said alone, instead of twenty faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certainty import confirmed
from xl_cpom.validators.model import BLOQUANT, Finding, Outcome, Scope, Status
from xl_cpom.validators.profil import Profil
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.wording import finding_of_fault
from xl_cpom.workbook.interpretation.notices import Notice

NOT_FILLED = "STR-060"
"""Rule of the workbook that came back empty."""
EARLIER_TEMPLATE = "STR-070"
"""What is said of a return on an earlier version of the template, whatever is in it."""


def not_filled(
    notices: Sequence[Notice], context: RuleContext, profil: Profil
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]] | None:
    """The one finding of a workbook that nobody filled in, every other rule left unchecked.

    None when it is filled in, when the profile lets an empty one pass, or when a sheet or a tab is
    not where it should be: what was typed may then stand elsewhere.
    """
    rule = profil.apply(confirmed(RULES[NOT_FILLED], context.referentiel))
    misplaced = any(n.code.startswith("STR-") and n.code != EARLIER_TEMPLATE for n in notices)
    if misplaced or rule.severity is not BLOQUANT or profil.desactivee(rule) is not None:
        return None
    assert rule.check is not None
    faults = list(rule.check(context))
    if not faults:
        return None
    cite = context.classeur.referentiel.cite
    findings = [finding_of_fault(rule, fault) for fault in faults]
    outcomes = tuple(
        Outcome(code, Status.EN_ANOMALIE)
        if code == NOT_FILLED
        else Outcome(code, Status.NON_CONTROLEE, f"le classeur n'est pas rempli ({NOT_FILLED})")
        for code, declared in RULES.items()
        if declared.scope is not Scope.CAMPAGNE
    )
    return tuple(replace(f, source=cite(f.source)) for f in findings), outcomes
