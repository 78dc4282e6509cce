"""Runs the examples that the rules carry: by the tests, and to show them on their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.referentiel import Referentiel
from xl_cpom.validators.judging import faults_of, row_fault
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.building import build

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract

BASE: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "identification": [
        {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}
    ]
}
"""What every example starts from: the second year of the cycle 2026-2030, judged at its end."""

_BEFORE = {"annee_n1": 2026, "annee_suivie": "N1", "date_arrete": dt.date(2026, 12, 31)}
"""What the return before it starts from."""


def example_faults(rule: Rule, example: Any, referentiel: Referentiel) -> list[Fault]:
    """Faults a rule finds in one of its examples ([] when it holds).

    example: the values of a row (LIGNE), a list of rows (FEUILLE), a content by sheet (the
    others). For the first two the key "@" of the (first) row may hold the content of other sheets;
    for the others "@precedent" holds the content of last year's return, "@finess" an extract, and
    "@versions" the versions of the template up to the one the return was made on.
    """
    return faults_in(rule, example_context(rule, example, referentiel))


def faults_in(rule: Rule, context: RuleContext) -> list[Fault]:
    """Faults a rule finds in a workbook, rows that other rules lock included."""
    assert rule.check is not None
    if rule.scope not in (Scope.ROW, Scope.SHEET):
        return list(rule.check(context))
    assert rule.sheet is not None
    table = context.classeur[rule.sheet.key]
    if rule.scope is Scope.SHEET:
        return faults_of(rule, table.rows, context)
    found = (row_fault(rule, row, context) for row in table)
    return [fault for fault in found if fault is not None]


def example_context(rule: Rule, example: Any, referentiel: Referentiel) -> RuleContext:
    """The context a rule is judged in on one of its examples."""
    content = example_content(rule, example)
    before = content.pop("@precedent", None)
    lines = content.pop("@finess", None)
    versions = content.pop("@versions", ())
    classeur = build({**BASE, **content}, referentiel)
    classeur.versions = versions
    return RuleContext(
        classeur,
        classeur.identification.date_arrete,
        precedent=None if before is None else build(_datee(before, _BEFORE), referentiel),
        finess=None if lines is None else _extract(lines),
    )


def example_content(rule: Rule, example: Any) -> dict[str, Any]:
    """The content of an example: rows by sheet key, to be put on top of `BASE`."""
    if rule.scope is Scope.CLASSEUR:
        return dict(example)
    if rule.scope not in (Scope.ROW, Scope.SHEET):
        return _datee(example, BASE["identification"][0])
    assert rule.sheet is not None
    rows = [dict(row) for row in ([example] if rule.scope is Scope.ROW else example)]
    others = dict(rows[0].pop("@", {})) if rows else {}
    if rule.sheet.key == "identification":
        rows = [{**BASE["identification"][0], **rows[0]}]
    return {**others, rule.sheet.key: rows}


def _datee(content: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """A content whose fiche says, unless given, which year is followed."""
    (given, *_) = content.get("identification") or [{}]
    return {**content, "identification": [{**base, **given}]}


def _extract(lines: Iterable[Mapping[str, str]]) -> FinessExtract:
    from xl_cpom.finess.extract import extrait  # few examples have one

    return extrait(iter(lines), nom="extrait.csv")
