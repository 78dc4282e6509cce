"""The closest peer's way, written here so that both are measured in one run.

openpyxl opens the workbook, each table becomes a frame, and a pandera schema with one column per
declared column coerces and checks it, `failure_cases` at the end: what the public validators that
use pandera do today.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pandera.errors
import pandera.pandas as pa

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook import lists
from xl_cpom.workbook.model import HEADER_ROW, Column, Kind, Layout, Sheet
from xl_cpom.workbook.sheets import SHEETS

_FLOATS = {Kind.TAUX, Kind.NUMBER, Kind.MONTANT, Kind.RATIO, Kind.INTEGER, Kind.ANNEE}


def controler(path: Path) -> int:
    """Number of failure cases found the peer's way."""
    workbook = openpyxl.load_workbook(path, data_only=True)
    found = 0
    for sheet in SHEETS.values():
        if sheet.layout is Layout.FICHE:
            continue
        try:
            _schema(sheet.key).validate(_frame(workbook[sheet.name], sheet), lazy=True)
        except pandera.errors.SchemaErrors as refusal:
            found += len(refusal.failure_cases)
    return found


def read(path: Path) -> None:
    """Reading only: openpyxl opened twice, for the formulas then for their values."""
    openpyxl.load_workbook(path)
    openpyxl.load_workbook(path, data_only=True)


def _frame(tab: Any, sheet: Sheet) -> pd.DataFrame:
    rows = list(tab.iter_rows(min_row=HEADER_ROW + 1, max_col=len(sheet.columns), values_only=True))
    frame = pd.DataFrame(rows, columns=[column.key for column in sheet.columns])
    entries = [column.key for column in sheet.columns if column.is_entry]
    return frame.dropna(how="all", subset=entries)


@cache
def _schema(key: str) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {column.key: _column(column) for column in SHEETS[key].columns if column.is_entry}
    )


def _column(column: Column) -> pa.Column:
    nullable = not column.required
    checks: list[pa.Check] = []
    low, high = column.bounds(load_referentiel())
    if low is not None:
        checks.append(pa.Check.ge(low))
    if high is not None:
        checks.append(pa.Check.le(high))
    if column.kind in _FLOATS:
        return pa.Column(float, checks, nullable=nullable, coerce=True)
    if column.kind is Kind.DATE:
        return pa.Column("datetime64[ns]", nullable=nullable, coerce=True)
    if column.list_name:
        checks.append(pa.Check.isin(lists.admitted(column, load_referentiel())))
    if column.kind is Kind.FINESS:
        checks.append(pa.Check.str_matches(r"^(\d{2}|2[AB])\d{7}$"))
    return pa.Column(str, checks, nullable=nullable, coerce=False)
