"""One pandera schema per sheet, derived from the declared columns and rules.

    from xl_cpom.validators import schemas
    schemas.schema("actions").validate(frame, lazy=True)

A frame has one column per key of the sheet (the compulsory ones at least), object dtype, its index
being the row numbers of the file. Each schema has one wide check, built once: `regles` says for
each row whether its values are what the columns declare and whether every rule that concerns it
holds, rules over the whole sheet included. Which rule failed, where and why is
the engine's business: it asks only about the rows pandera refused. One check per rule would cost
ten times as much (see `benchmarks/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.entry_check import row_is_well_entered
from xl_cpom.validators.model import Fault, Rule, Scope
from xl_cpom.validators.rule_context import RuleContext, current_context
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import NON_LU, Row, Table
from xl_cpom.workbook.sheets import SHEETS

REGLES = "regles"
"""Name of the wide check of every schema."""


@cache
def rules_of(sheet: Sheet, scope: Scope) -> tuple[Rule, ...]:
    """The rules of a sheet for a scope, in the order of the catalogue."""
    return tuple(r for r in RULES.values() if r.sheet is sheet and r.scope is scope)


@cache
def schema(key: str) -> pa.DataFrameSchema:
    """The schema of a sheet by its key. Raises KeyError for an unknown sheet."""
    sheet = SHEETS[key]
    columns = {
        column.key: pa.Column(
            None,
            nullable=True,
            required=True,
            title=column.header,
            description=column.help,
        )
        for column in sheet.columns
        if column.required
    }
    return _schema(sheet, columns)


@cache
def engine_schema(key: str) -> pa.DataFrameSchema:
    """The schema a control runs: that of the sheet, without its declarations of columns.

    They only say that a compulsory column is there. `frame_of` makes every column of the sheet, the
    ones the file lacks included (the reading has told it), and each of them would cost as much as
    twenty rules.
    """
    return _schema(SHEETS[key], {})


def _schema(sheet: Sheet, columns: dict[str, pa.Column]) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns,
        checks=[
            pa.Check(_check(sheet), name=REGLES, title=REGLES, ignore_na=False),
        ],
        name=sheet.key,
        title=sheet.name,
        description=sheet.purpose,
        metadata={column.key: column.help for column in sheet.columns},
    )


def frame_of(table: Table) -> pd.DataFrame:
    """The rows of a table as a frame of objects; nothing is inferred, nothing is converted."""
    keys = _keys(table.sheet)
    cells = np.empty((len(table.rows), len(keys)), dtype=object)
    for rank, row in enumerate(table.rows):
        cells[rank] = [row.values[key] for key in keys]
    index = [row.number for row in table.rows]
    return pd.DataFrame(cells, columns=keys, index=index, dtype=object, copy=False)


@cache
def _keys(sheet: Sheet) -> pd.Index[str]:
    return pd.Index([column.key for column in sheet.columns], dtype=object)


def rows_of(frame: pd.DataFrame, sheet: Sheet) -> list[Row]:
    """The records of a frame as typed rows (a missing value is None)."""
    table = Table(sheet, sheet.name)
    keys = [str(key) for key in frame.columns]
    absent = dict.fromkeys({column.key for column in sheet.columns}.difference(keys))
    if any(dtype.kind != "O" for dtype in frame.dtypes):  # not one of ours: pandas marks with NaN
        frame = frame.astype(object).where(frame.notna(), None)
    return [
        Row(table, int(number), {**absent, **dict(zip(keys, values, strict=True))})
        for number, values in zip(frame.index.tolist(), frame.to_numpy().tolist(), strict=True)
    ]


def judge(rule: Rule, row: Row, contexte: RuleContext) -> Any:
    """Result of a row rule: None where one of its columns could not be read."""
    return None if row.unread(rule.columns) else _answer(rule, row, contexte)


def _answer(rule: Rule, row: Row, contexte: RuleContext) -> Any:
    assert rule.check is not None
    return rule.check(row, contexte) if rule.wants_context else rule.check(row)


def faults_of(rule: Rule, rows: Sequence[Row], contexte: RuleContext) -> list[Fault]:
    """Faults of a sheet rule over the rows whose columns could all be read."""
    return _table_answer(rule, [row for row in rows if not row.unread(rule.columns)], contexte)


def _table_answer(rule: Rule, readable: Sequence[Row], contexte: RuleContext) -> list[Fault]:
    assert rule.check is not None
    found: Iterable[Fault] = (
        rule.check(readable, contexte) if rule.wants_context else rule.check(readable)
    )
    return list(found)


def row_fault(rule: Rule, row: Row, contexte: RuleContext) -> Fault | None:
    """The fault of a row rule on a row, None when it holds (or cannot be said)."""
    result = judge(rule, row, contexte)
    if holds(result):
        return None
    if isinstance(result, Fault):
        return Fault((row,), result.columns, result.values)
    return Fault((row,))


def holds(result: Any) -> bool:
    """Does the result of a row rule mean that nothing is wrong?"""
    return result is None or bool(result)


def _check(sheet: Sheet) -> Any:
    def regles(frame: pd.DataFrame) -> pd.Series[bool] | bool:
        contexte = current_context()
        rows = rows_of(frame, sheet)
        partial = {row.number for row in rows if NON_LU in row.values.values()}
        accused = _accused(rules_of(sheet, Scope.FEUILLE), rows, contexte, whole=not partial)
        row_rules = rules_of(sheet, Scope.LIGNE)
        sound = [
            row.number not in accused
            and row_is_well_entered(row, sheet, contexte.referentiel)
            and _is_sound(row, row_rules, contexte, whole=row.number not in partial)
            for row in rows
        ]
        return all(sound) or pd.Series(sound, index=frame.index, dtype=bool)

    return regles


def _is_sound(row: Row, rules: Sequence[Rule], contexte: RuleContext, *, whole: bool) -> bool:
    """Does every row rule hold? whole: every value of the row could be read."""
    ask = _answer if whole else judge
    try:
        return all(holds(ask(rule, row, contexte)) for rule in rules)
    except Exception:  # noqa: BLE001 - the engine runs each rule again on this row and names it
        return False


def _accused(
    rules: Sequence[Rule], rows: Sequence[Row], contexte: RuleContext, *, whole: bool
) -> set[int]:
    """Numbers of the rows that a rule over the whole sheet finds at fault."""
    ask = _table_answer if whole else faults_of
    try:
        return {
            row.number
            for rule in rules
            for found in ask(rule, rows, contexte)
            for row in found.rows
        }
    except Exception:  # noqa: BLE001 - as above
        return {row.number for row in rows}


__all__ = [
    "REGLES",
    "engine_schema",
    "faults_of",
    "frame_of",
    "holds",
    "judge",
    "row_fault",
    "rows_of",
    "rules_of",
    "schema",
]
