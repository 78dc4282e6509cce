"""One cause, one finding: what a rule found in many cells for the same reason is told once.

Last year's dates left in a column, the targets nobody typed: thirty lines that say the same hide
the three that matter. A rule that declares `together` has its findings of one sheet told as one, at
all their cells, from `LEAST` on. What blocks, what somebody justified, or what a dérogation lifts,
stays alone: it answers for its own row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from xl_cpom.typography import typeset
from xl_cpom.validators.model import BLOQUANT, Finding, Rule, Severity
from xl_cpom.validators.wording import sentence

LEAST = 4
"""Findings of one cause from which they are told as one: fewer are read faster one by one."""
SEVERAL = "plusieurs lignes"
"""The record of a finding about many."""
_VALUES = 4

Cause: TypeAlias = tuple[str, str, str, Severity]
"""Code, sheet, cure and severity."""


def group_causes(findings: Sequence[Finding], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
    """The findings in their order, those of one cause told where the first of them was."""
    causes: dict[Cause, list[Finding]] = {}
    for finding in findings:
        if (cause := _cause(finding, rules)) is not None:
            causes.setdefault(cause, []).append(finding)
    told: list[Finding] = []
    for finding in findings:
        cause = _cause(finding, rules)
        same = [] if cause is None else causes[cause]
        if len(same) < LEAST:
            told.append(finding)
        elif same[0] is finding:
            told.append(_as_one(same, rules[finding.code]))
    return tuple(told)


def _cause(finding: Finding, rules: Mapping[str, Rule]) -> Cause | None:
    """What a finding shares with those told with it; None when it is told alone."""
    rule = rules.get(finding.code)
    if rule is None or not rule.together:
        return None
    if finding.severity is BLOQUANT:  # what refuses a return is told cell by cell
        return None
    if finding.waiver is not None or finding.justification is not None:
        return None
    return (finding.code, finding.sheet, rule.together_fix or finding.fix, finding.severity)


def _as_one(findings: Sequence[Finding], rule: Rule) -> Finding:
    values = list(dict.fromkeys(finding.value for finding in findings if finding.value))
    left = len(values) - _VALUES
    shown = [*values[:_VALUES], f"… (et {left} de plus)"] if left > 0 else values
    expected = {finding.expected for finding in findings}
    return replace(
        findings[0],
        cells=tuple(dict.fromkeys(cell for finding in findings for cell in finding.cells)),
        value=" ; ".join(shown),
        expected=expected.pop() if len(expected) == 1 else "",
        fix=rule.together_fix or findings[0].fix,
        message=sentence(typeset(rule.together.format(nombre=len(findings)))),
        record=SEVERAL,
    )
