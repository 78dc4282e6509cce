"""The pandera judge: every sheet goes through a schema that holds its predicates.

It is made of the same predicates as the schemas that a data team opens (`validators.schemas`), in
the shape that measures best for a batch: one wide check, no declared column (the frame has every
column of the sheet, and the reading has told those the file lacks), the first refusal only
(`lazy=False`). The check hands the refused rows over inside its refusal: the report that pandera
would build, one line for each cell of a refused row, costs more than all the checks and nobody
would read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pandas as pd
import pandera.errors
import pandera.pandas as pa

from xl_cpom.validators.entry_check import row_is_well_entered
from xl_cpom.validators.judging import Accused, accused_rows
from xl_cpom.validators.rule_context import RuleContext, active_context, current_context
from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.records import Row, Table
from xl_cpom.workbook.sheets import SHEETS

RULE_CODES = "regles"
"""Name of the wide check."""


class RowsRefusedError(pandera.errors.SchemaError):
    """Raised by the wide check inside pandera: which rows do not hold, and by which rules.

    A row may be refused for what its columns declare alone, which no rule of ours says.
    """

    def __init__(self, sheet: Sheet, sound: Sequence[bool], accused: Accused) -> None:
        said = f"{sheet.key}: {sum(not ok for ok in sound)}"
        super().__init__(None, None, said, failure_cases=RULE_CODES)  # type: ignore[no-untyped-call]
        self.sound = sound
        self.accused = accused


def accused(table: Table, context: RuleContext) -> Accused:
    """The rows pandera refused, by code of the rule. Raises SchemaError when the schema itself is
    broken.
    """
    if not table.rows:
        return {}
    try:
        with active_context(context):
            wide_schema(table.sheet.key).validate(object_frame(table), lazy=False, inplace=True)
    except pandera.errors.SchemaError as refusal:
        refused = refusal.__cause__
        if not isinstance(refused, RowsRefusedError):
            raise  # a check that crashed is the program's fault, never the user's
        return refused.accused
    return {}


@cache
def wide_schema(key: str) -> pa.DataFrameSchema:
    """The schema a batch runs, by key of the sheet, built once."""
    sheet = SHEETS[key]
    return pa.DataFrameSchema(
        checks=[pa.Check(_wide_check(sheet), name=RULE_CODES, title=RULE_CODES, ignore_na=False)],
        name=sheet.key,
        title=sheet.name,
    )


def _wide_check(sheet: Sheet) -> Callable[[pd.DataFrame], bool]:
    def rules(frame: pd.DataFrame) -> bool:
        context = current_context()
        rows = _rows_of(frame, sheet)
        found = accused_rows(rows, sheet, context)
        numbers = set().union(*found.values())
        sound = [
            row.number not in numbers and row_is_well_entered(row, sheet, context.referentiel)
            for row in rows
        ]
        if not all(sound):
            raise RowsRefusedError(sheet, sound, found)
        return True

    return rules


def object_frame(table: Table) -> pd.DataFrame:
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


def _rows_of(frame: pd.DataFrame, sheet: Sheet) -> list[Row]:
    table = Table(sheet, sheet.name)
    keys = frame.columns.tolist()
    return [
        Row(table, number, dict(zip(keys, values, strict=True)))
        for number, values in zip(frame.index.tolist(), frame.to_numpy().tolist(), strict=True)
    ]
