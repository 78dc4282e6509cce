"""The engine: runs every rule on a typed workbook, says what each one ended as.

pandera decides which sheets and rows are at fault; the engine then asks each rule about those
rows only, derives the cells and the words, and keeps the program's own failures apart: a rule
that crashed is never shown as a fault of the gestionnaire.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pandera.errors

from xl_cpom.validators import schemas
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.contexte import Contexte, contexte_actif
from xl_cpom.validators.model import Fault, Finding, Outcome, Rule, Scope, Status
from xl_cpom.validators.wording import finding_of_fault, finding_of_notice
from xl_cpom.workbook.notices import Notice
from xl_cpom.workbook.records import Row, Table
from xl_cpom.workbook.sheets import SHEETS

_NOT_ASKED = {
    Scope.PRECEDENT: "le retour de l'année précédente n'a pas été donné (--precedent)",
    Scope.REFERENTIEL: "l'extrait FINESS n'a pas été donné (--finess)",
}


@dataclass
class _Run:
    """Findings and statuses as they build up."""

    contexte: Contexte
    findings: list[Finding] = field(default_factory=list)
    statuses: dict[str, Outcome] = field(default_factory=dict)

    def close(self, rule: Rule, faults: Iterable[Fault]) -> None:
        found = [finding_of_fault(rule, fault) for fault in faults]
        self.findings.extend(found)
        self._set(rule, Status.EN_ANOMALIE if found else Status.PASSEE)

    def skip(self, rule: Rule, reason: str) -> None:
        self._set(rule, Status.NON_CONTROLEE, reason)

    def fail(self, rule: Rule, error: Exception) -> None:
        self._set(rule, Status.EN_PANNE, f"{type(error).__name__}: {error}")

    def _set(self, rule: Rule, status: Status, reason: str = "") -> None:
        self.statuses[rule.code] = Outcome(rule.code, status, reason)


def run(
    notices: Sequence[Notice], contexte: Contexte
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """Every finding and the status of every rule, in the order of the catalogue."""
    current = _Run(contexte)
    _reading_rules(current, notices)
    with contexte_actif(contexte):
        for table in contexte.classeur.tables.values():
            _sheet_rules(current, table)
        for rule in RULES.values():
            if rule.scope is Scope.CLASSEUR:
                _workbook_rule(current, rule)
            elif rule.scope in _NOT_ASKED:
                current.skip(rule, _NOT_ASKED[rule.scope])
    outcomes = tuple(
        current.statuses[code]
        for code, rule in RULES.items()
        if rule.scope is not Scope.CAMPAGNE  # these are run on the returns together
    )
    return _ordered(current.findings), outcomes


def _reading_rules(current: _Run, notices: Sequence[Notice]) -> None:
    for rule in RULES.values():
        if rule.check is None:
            current.close(rule, ())
    for notice in notices:
        rule = RULES[notice.code]
        current.findings.append(finding_of_notice(rule, notice))
        current._set(rule, Status.EN_ANOMALIE)


# --- rules over the rows and over the sheet ------------------------------------------------------


def _sheet_rules(current: _Run, table: Table) -> None:
    row_rules = schemas.rules_of(table.sheet, Scope.LIGNE)
    table_rules = schemas.rules_of(table.sheet, Scope.FEUILLE)
    if not table.present:
        for rule in (*row_rules, *table_rules):
            current.skip(rule, f"la feuille « {table.sheet.name} » est introuvable")
        return
    suspects = _suspects(table)
    for rule in row_rules:
        if (reason := _missing(rule, table)) is not None:
            current.skip(rule, reason)
        else:
            _row_rule(current, rule, suspects)
    for rule in table_rules:
        if (reason := _missing(rule, table)) is not None:
            current.skip(rule, reason)
        elif not suspects:
            current.close(rule, ())
        else:
            _table_rule(current, rule, table.rows)


def _suspects(table: Table) -> list[Row]:
    """The rows pandera refused.

    Reads `check_output`, not `failure_cases`: that one explodes a row into all its columns and
    passes a check that crashed off as a fault of the data.
    """
    frame = schemas.frame_of(table)
    try:
        schemas.schema(table.sheet.key).validate(frame, lazy=True, inplace=True)
    except pandera.errors.SchemaErrors as refusal:
        (error,) = refusal.schema_errors
        if not isinstance(error.check_output, pd.Series):
            raise  # the schema itself is broken: the program's fault, never the user's
        sound = error.check_output.to_list()
        return [row for row, ok in zip(table.rows, sound, strict=True) if not ok]
    return []


def _row_rule(current: _Run, rule: Rule, suspects: Sequence[Row]) -> None:
    faults: list[Fault] = []
    try:
        for row in suspects:
            result = schemas.judge(rule, row, current.contexte)
            if schemas.holds(result):
                continue
            values = result.values if isinstance(result, Fault) else {}
            columns = result.columns if isinstance(result, Fault) else None
            faults.append(Fault((row,), columns, values))
        current.close(rule, faults)
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


def _table_rule(current: _Run, rule: Rule, rows: Sequence[Row]) -> None:
    try:
        current.close(rule, schemas.faults_of(rule, rows, current.contexte))
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


def _workbook_rule(current: _Run, rule: Rule) -> None:
    assert rule.check is not None
    for sheet in rule.sheets:
        if not current.contexte.classeur[sheet.key].present:
            current.skip(rule, f"la feuille « {sheet.name} » est introuvable")
            return
    assert rule.sheet is not None
    if (reason := _missing(rule, current.contexte.classeur[rule.sheet.key])) is not None:
        current.skip(rule, reason)
        return
    try:
        current.close(rule, list(rule.check(current.contexte)))
    except Exception as error:  # noqa: BLE001 - recorded: exit code 4, named in the report
        current.fail(rule, error)


def _missing(rule: Rule, table: Table) -> str | None:
    """Why a rule cannot be checked on a table: a column it needs is not in the file."""
    for key in rule.columns:
        column = table.sheet[key]
        if column.is_entry and not table.has(key):
            return f"la colonne « {column.header} » est introuvable"
    return None


def _ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    order = {sheet.name: i for i, sheet in enumerate(SHEETS.values())}
    return tuple(
        sorted(
            findings,
            key=lambda f: (f.severity.rank, order.get(f.sheet, -1), f.code, _place(f)),
        )
    )


def _place(finding: Finding) -> tuple[int, str]:
    if not finding.cells:
        return (0, "")
    digits = "".join(char for char in finding.cells[0] if char.isdigit())
    return (int(digits or 0), finding.cells[0])
