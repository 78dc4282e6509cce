"""What every rule owes, whatever the workbook: it survives, it changes nothing, it is fair.

Each rule is run on workbooks that are empty, blank, unreadable, faulty and huge; with last year's
return and a FINESS extract of the same kind for those that compare.
"""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest

from tests.ampleur import by
from tests.atelier import VALIDE, WORKBOOKS
from xl_cpom.finess.extract import extrait
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import judging
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.validators.rule_context import RuleContext, active_context
from xl_cpom.validators.wording import finding_of_fault
from xl_cpom.workbook.building import build
from xl_cpom.workbook.computation import compute_workbook
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.interpretation.rows import missing_table
from xl_cpom.workbook.model import Layout
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.records import NON_LU, Classeur, Row
from xl_cpom.workbook.sheets import SHEETS

CONTROLEES = [r for r in RULES.values() if r.check is not None and r.scope is not Scope.CAMPAGNE]
ROWS = by(2_000, 5_000)
SECONDES = 4.0 * ROWS / 5_000
"""A rule takes a time in the number of rows: fewer rows, a tighter bound."""


# --- workbooks of every kind ---------------------------------------------------------------------


def vide() -> Classeur:
    return build({}, load_referentiel())


def blank() -> Classeur:
    """Rows with nothing in them."""
    tables = [key for key, sheet in SHEETS.items() if sheet.layout is Layout.TABLE]
    return build({key: [{}] * 3 for key in tables}, load_referentiel())


def illisible() -> Classeur:
    """Rows where nothing could be read, calculated columns included."""
    classeur = blank()
    for table in classeur.tables.values():
        entries = [c.key for c in table.sheet.columns if not c.locked]
        for row in table.rows:
            row.values.update(dict.fromkeys(entries, NON_LU))
    return classeur


def troue() -> Classeur:
    """The valid example, one cell out of three unreadable and one out of five empty."""
    classeur, chance = build(valid_content(), load_referentiel()), random.Random(1)
    for table in classeur.tables.values():
        for row in table.rows:
            for key in row.values:
                draw = chance.random()
                if table.sheet[key].is_entry and draw < 0.53:
                    row.values[key] = NON_LU if draw < 0.33 else None
    compute_workbook(classeur)
    return classeur


def absent() -> Classeur:
    """No sheet could be found."""
    classeur = build({}, load_referentiel())
    tables = {key: missing_table(sheet) for key, sheet in SHEETS.items()}
    return Classeur(classeur.referentiel, tables, classeur.results)


def valide() -> Classeur:
    return interpret(read_workbook(VALIDE), load_referentiel()).classeur


def fautif() -> Classeur:
    return interpret(read_workbook(WORKBOOKS / "exemple_fautif.xlsx"), load_referentiel()).classeur


def immense() -> Classeur:
    """The valid example, each of its rows again and again, thousands in each table."""
    content = valid_content()
    for key, sheet in SHEETS.items():
        if sheet.layout is Layout.TABLE:
            rows = content[key]
            content[key] = [
                {**rows[rank % len(rows)], **_other_identite(sheet.identity, rows, rank)}
                for rank in range(ROWS)
            ]
    return build(content, load_referentiel())


def _other_identite(identity: tuple[str, ...], rows: list[Any], rank: int) -> dict[str, Any]:
    """Another number for the copies of the actions, points and measures."""
    if rank < len(rows) or "numero" not in identity:
        return {}
    return {"numero": f"{rows[rank % len(rows)]['numero']}-{rank}"}


KINDS = {f.__name__: f for f in (vide, blank, illisible, troue, absent, valide, fautif)}


@cache
def context(kind: str) -> RuleContext:
    return _context(KINDS[kind](), KINDS[kind]())


def _context(classeur: Classeur, precedent: Classeur) -> RuleContext:
    examples = [e for r in RULES.values() if r.scope is Scope.REFERENTIEL for e in r.ko]
    lines = [line for example in examples for line in example.get("@finess", ())]
    return RuleContext(
        classeur,
        classeur.identification.date_arrete or None,
        precedent=precedent,
        finess=extrait(iter(lines), nom="extrait.csv"),
    )


def fautes(rule: Rule, context: RuleContext) -> list[Fault]:
    """What a rule finds, rows that it requires others to have passed included."""
    assert rule.check is not None
    if not all(context.classeur[sheet.key].present for sheet in rule.sheets):
        return []  # the engine does not ask
    with active_context(context):
        if rule.scope not in (Scope.ROW, Scope.SHEET):
            return list(rule.check(context))
        assert rule.sheet is not None
        rows = context.classeur[rule.sheet.key].rows
        if rule.scope is Scope.SHEET:
            return judging.faults_of(rule, rows, context)
        return list(_by_row(rule, rows, context))


def _by_row(rule: Rule, rows: Iterable[Row], context: RuleContext) -> Iterator[Fault]:
    for row in rows:
        result = judging.judge(rule, row, context)
        if isinstance(result, Fault):
            yield Fault((row,), result.columns, result.values)
        elif not judging.holds(result):
            yield Fault((row,))


def photo(classeur: Classeur) -> Any:
    """Everything a rule could change in a workbook."""
    return {
        key: (table.present, table.header_row, dict(table.columns), dict(table.anchors),
              [(row.number, copy.deepcopy(row.values)) for row in table.rows])
        for key, table in classeur.tables.items()
    }  # fmt: skip


# --- the contract --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_survives(kind: str, record_property) -> None:  # type: ignore[no-untyped-def]
    for rule in CONTROLEES:
        for fault in fautes(rule, context(kind)):
            finding = finding_of_fault(rule, fault)
            texts = (finding.message, finding.fix, load_referentiel().cite(finding.source))
            assert all(text.strip() and "{" not in text for text in texts), finding
            assert "«\u00a0\u00a0»" not in finding.message, f"a blank is shown: {finding}"
    record_property("contrats", len(CONTROLEES))


@pytest.mark.parametrize("kind", ["vide", "illisible", "absent"])
def test_nothing_is_said_of_what_is_not_there(kind: str) -> None:
    """Only that it is empty may be said of an empty workbook: no ESMS, no line of a module."""
    found = {rule.code for rule in CONTROLEES if fautes(rule, context(kind))}
    assert found <= ({"IDE-002", "MOD-001", "STR-060"} if kind == "vide" else set())


@pytest.mark.parametrize("kind", ["blank", "troue", "fautif"])
def test_no_rule_changes_what_it_reads(kind: str) -> None:
    judged = context(kind)
    assert judged.precedent is not None
    before = photo(judged.classeur), photo(judged.precedent)
    for rule in CONTROLEES:
        fautes(rule, judged)
        assert (photo(judged.classeur), photo(judged.precedent)) == before, rule.code


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["troue", "fautif"])
def test_the_order_of_the_rows_does_not_matter(kind: str, seed: int) -> None:
    """Rows that change places in memory, each keeping its cells: the same cells are found."""
    judged = context(kind)
    expected = {rule.code: cellules(rule, judged) for rule in CONTROLEES}
    shuffled = _context(KINDS[kind](), KINDS[kind]())
    for classeur in (shuffled.classeur, shuffled.precedent):
        assert classeur is not None
        for table in classeur.tables.values():
            random.Random(seed).shuffle(table.rows)
    for rule in CONTROLEES:
        assert cellules(rule, shuffled) == expected[rule.code], rule.code


def cellules(rule: Rule, context: RuleContext) -> set[tuple[str, frozenset[str]]]:
    findings = [finding_of_fault(rule, fault) for fault in fautes(rule, context)]
    return {(finding.sheet, frozenset(finding.cells)) for finding in findings}


def test_every_rule_takes_a_huge_workbook_in_a_bounded_time() -> None:
    """Thousands of rows a sheet, far beyond the 300 of the largest organismes."""
    judged = _context(immense(), immense())
    slow = {}
    for rule in CONTROLEES:
        start = time.process_time()
        fautes(rule, judged)
        if (spent := time.process_time() - start) > SECONDES:
            slow[rule.code] = round(spent, 1)
    assert slow == {}
