"""Typed rows as pandas frames, and back: nullable types, nothing inferred, nothing lost.

A frame has one column per column of the sheet, under its key, in a nullable dtype; the French
headers of an xlsx are accepted too. A cell that its dtype cannot hold is left as it was read, in a
column of objects: pandera then names that very cell. Several FINESS in one cell are one text,
« 010780001 ; 010780002 », as in the consolidation.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

import pandas as pd

from xl_cpom.identifiants import finess_valide, siren_valide, siret_valide
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.entry_check import entry_checks
from xl_cpom.workbook.constraints import SHAPES
from xl_cpom.workbook.lists import admitted
from xl_cpom.workbook.model import Column, Kind, Layout, Sheet
from xl_cpom.workbook.records import NON_LU, Row, Table

FICHIER = "fichier"
"""Column of the consolidated tables that tells one return from another."""

TEXT, NUMBER, INTEGER, DATE = "string", "Float64", "Int64", "datetime64[ns]"
DTYPES: Mapping[Kind, str] = {
    Kind.DATE: DATE,
    Kind.TAUX: NUMBER,
    Kind.RATIO: NUMBER,
    Kind.NUMBER: NUMBER,
    Kind.MONTANT: NUMBER,
    Kind.INTEGER: INTEGER,
    Kind.ANNEE: INTEGER,
}
"""pandas dtype of the kinds; the others hold text."""

_SEPARATOR = " ; "


def dtype_of(column: Column) -> str:
    """The pandas dtype of a column."""
    return DTYPES.get(column.kind, TEXT)


# --- from typed rows -----------------------------------------------------------------------------


def frame_of(table: Table, raw: Callable[[Row, str], Any] | None = None) -> pd.DataFrame:
    """The rows of a table; the index is the row numbers of the file.

    raw: what the file holds in the cell of a row and key, shown where the value could not be read.
    Columns that the file does not have are not in the frame.
    """
    keys = [
        c.key
        for c in table.sheet.columns
        if table.has(c.key) or not c.is_entry or c.key in table.later
    ]
    index = pd.Index([row.number for row in table.rows], dtype="int64", name="ligne")
    return pd.DataFrame(
        {
            key: typed(
                pd.Series([_cell(row, key, raw) for row in table.rows], index=index, dtype=object),
                table.sheet[key],
            )
            for key in keys
        },
        index=index,
    )


def _cell(row: Row, key: str, raw: Callable[[Row, str], Any] | None) -> Any:
    value = row.values[key]
    if value is NON_LU:
        return None if raw is None else raw(row, key)
    return _SEPARATOR.join(value) if isinstance(value, tuple) else value


# --- any frame, put in the types of its sheet ----------------------------------------------------


def normalised(frame: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """The same frame under the keys of the sheet, each column in its dtype when every cell can be.

    Other columns are left as they are.
    """
    keys = {column.header: column.key for column in sheet.columns}
    renamed = frame.rename(
        columns={h: k for h, k in keys.items() if h in frame.columns and k not in frame.columns}
        | {"Fichier": FICHIER}
    )
    known = [c for c in sheet.columns if c.key in renamed.columns]
    return renamed.assign(**{c.key: typed(renamed[c.key], c) for c in known})


def typed(cells: pd.Series[Any], column: Column) -> pd.Series[Any]:
    """A column in its dtype, or as objects when a cell cannot be."""
    wanted = dtype_of(column)
    if str(cells.dtype) == wanted:
        return cells
    convert = partial(_text, column=column) if wanted == TEXT else _CONVERSIONS[wanted]
    values, wrong = [], False
    for value in cells.astype(object).tolist():
        made = None if _missing(value) else convert(value)
        wrong = wrong or made is _WRONG
        values.append(_shown(value, wanted) if made is _WRONG else made)
    if wrong:
        return pd.Series(values, index=cells.index, name=cells.name, dtype=object)
    return pd.Series(values, index=cells.index, name=cells.name, dtype=wanted)


_WRONG = object()


def _missing(value: Any) -> bool:
    if value is None or value is pd.NaT or value is pd.NA or value is NON_LU:
        return True
    return value == "" or (isinstance(value, float) and math.isnan(value))


def _text(value: Any, column: Column) -> Any:
    """A text; a number is the text that pandas made a number of when it read a spreadsheet.

    `read_excel` does so with « 010780001 »: the zeros are put back when the key, or the list, then
    agrees, and the cell is left as it is otherwise.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _WRONG
    text = f"{int(value)}" if value == int(value) else f"{value:.15g}"
    if column.kind in _IDENTIFIERS:
        digits, valid = _IDENTIFIERS[column.kind]
        return filled if valid(filled := text.zfill(digits)) else _WRONG
    if listed := admitted(column, load_referentiel()):
        return next((one for one in (text, text.zfill(2)) if one in listed), _WRONG)
    return text


_IDENTIFIERS: Mapping[Kind, tuple[int, Callable[[str], bool]]] = {
    Kind.FINESS: (9, finess_valide),
    Kind.FINESS_LIST: (9, finess_valide),
    Kind.SIREN: (9, siren_valide),
    Kind.SIRET: (14, siret_valide),
}


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _WRONG
    try:
        made = float(value)
    except (ValueError, OverflowError):
        return _WRONG
    return made if math.isfinite(made) else _WRONG


def _integer(value: Any) -> Any:
    made = _number(value)
    if made is _WRONG or made != int(made) or abs(made) >= 2**63:
        return _WRONG
    return int(made)


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return _WRONG
    if not isinstance(value, dt.date):  # a Timestamp is one
        return _WRONG
    try:
        return pd.Timestamp(value).as_unit("ns")
    except (ValueError, OverflowError):  # beyond 2262
        return _WRONG


_CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    NUMBER: _number,
    INTEGER: _integer,
    DATE: _date,
}


def _shown(value: Any, wanted: str) -> Any:
    """A cell that its dtype refuses, such that pandera refuses that cell too, and shows it."""
    if wanted == TEXT:
        return value
    shown = value if isinstance(value, str) else str(value)
    return f"« {shown} »" if _pandas_takes(shown, wanted) else shown


@lru_cache(maxsize=4096)
def _pandas_takes(text: str, wanted: str) -> bool:
    try:
        if wanted == DATE:
            with warnings.catch_warnings(action="ignore"):  # « 31/12/2028 » may be two days
                pd.to_datetime([text])
            return True
        pd.Series([text], dtype=object).astype(wanted)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return False
    return True


# --- to typed rows -------------------------------------------------------------------------------


def table_of(frame: pd.DataFrame, sheet: Sheet) -> Table:
    """A normalised frame as a table; rows are numbered from 1, whatever the index.

    A cell that is not what its column declares is NON_LU, as a control reads it, and so is each
    cell of a column that is not there.
    """
    valid = dict(entry_checks(sheet, load_referentiel()))
    table = Table(sheet, sheet.name, columns=_places(frame, sheet))
    absent = {column.key: NON_LU for column in sheet.columns}
    columns = {
        key: [_value(value, sheet[key], valid.get(key)) for value in frame[key].tolist()]
        for key in table.columns
    }
    table.rows = [
        Row(table, number, {**absent, **dict(zip(columns, values, strict=True))})
        for number, values in enumerate(zip(*columns.values(), strict=True), 1)
    ]
    if sheet.layout is Layout.FICHE:
        table.anchors = {key: f"B{rank}" for key, rank in table.columns.items()}
    return table


def _places(frame: pd.DataFrame, sheet: Sheet) -> dict[str, int]:
    keys = [column.key for column in sheet.columns if column.key in frame.columns]
    return {key: rank for rank, key in enumerate(keys, 1)}


def _value(value: Any, column: Column, valid: Callable[[Any], bool] | None) -> Any:
    if _missing(value):
        return None
    if isinstance(value, dt.datetime):
        value = value.date()
    elif isinstance(value, str):
        form = SHAPES.get(column.kind)
        if form is not None and re.search(form, value) is None:
            return NON_LU
        value = _of_text(value, column)
    return NON_LU if valid is not None and not valid(value) else value


def _of_text(value: str, column: Column) -> Any:
    if column.kind is Kind.FINESS_LIST:
        return tuple(part.strip() for part in value.split(";") if part.strip())
    if column.kind is Kind.COTATION:
        return value if (made := _number(value)) is _WRONG else made
    return value
