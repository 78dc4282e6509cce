"""Runs the examples that the rules carry: by the tests, and to show them on their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from xl_cpom.referentiel import Referentiel
from xl_cpom.validators import schemas
from xl_cpom.validators.contexte import Contexte, contexte_actif
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.workbook.building import build

BASE: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "identification": [
        {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}
    ]
}
"""What every example starts from: the second year of the cycle 2026-2030, judged at its end."""


def example_faults(rule: Rule, example: Any, referentiel: Referentiel) -> list[Fault]:
    """Faults a rule finds in one of its examples ([] when it holds).

    example: the values of a row (LIGNE), a list of rows (FEUILLE), a content by sheet (CLASSEUR).
    For the first two the key "@" of the (first) row may hold the content of other sheets.
    """
    assert rule.sheet is not None and rule.check is not None
    contenu = {**BASE, **_content(rule, example)}
    classeur = build(contenu, referentiel)
    contexte = Contexte(classeur, classeur.identification.date_arrete)
    table = classeur[rule.sheet.key]
    with contexte_actif(contexte):
        if rule.scope is Scope.LIGNE:
            rows = [row for row in table if not schemas.holds(schemas.judge(rule, row, contexte))]
            return [Fault((row,)) for row in rows]
        if rule.scope is Scope.FEUILLE:
            return schemas.faults_of(rule, table.rows, contexte)
        return list(rule.check(contexte))


def _content(rule: Rule, example: Any) -> dict[str, Any]:
    assert rule.sheet is not None
    if rule.scope is Scope.CLASSEUR:
        return dict(example)
    rows = [dict(row) for row in ([example] if rule.scope is Scope.LIGNE else example)]
    others = dict(rows[0].pop("@", {})) if rows else {}
    if rule.sheet.key == "identification":
        rows = [{**BASE["identification"][0], **rows[0]}]
    return {**others, rule.sheet.key: rows}
