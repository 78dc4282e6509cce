"""The sheets of a return as tables: what `xl-cpom exporter` writes, for who computes.

CSV as the published Table Schemas describe it (RFC 4180, UTF-8, French headers, ISO dates, rates
between 0 and 1), with a `datapackage.json` that ties each file to its schema; or Parquet, under the
keys of the columns, by DuckDB. A cell that could not be read is in the CSV as the file holds it, so
that the schema refuses it, and empty in Parquet, whose columns have one type.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.errors import XlCpomError
from xl_cpom.files.atomic import atomic_write
from xl_cpom.reports import harmless
from xl_cpom.workbook.model import Kind, Sheet
from xl_cpom.workbook.reader.refs import parse_cell
from xl_cpom.workbook.records import NON_LU, Row, Table

if TYPE_CHECKING:
    from xl_cpom.workbook.interpretation.interpret import Retour

PACKAGE = "datapackage.json"
_DUCKDB: Mapping[Kind, str] = {
    Kind.DATE: "DATE",
    Kind.INTEGER: "BIGINT",
    Kind.ANNEE: "BIGINT",
    Kind.TAUX: "DOUBLE",
    Kind.RATIO: "DOUBLE",
    Kind.NUMBER: "DOUBLE",
    Kind.MONTANT: "DOUBLE",
}
"""DuckDB type of the kinds; the others are texts."""


class DuckdbAbsentError(XlCpomError, RuntimeError):
    """Parquet needs DuckDB, which is not installed."""


def write_csv(retour: Retour, folder: Path) -> tuple[Path, ...]:
    """Write one CSV a sheet that the file has, and the data package; the paths, in order.

    Raises EcritureImpossible.
    """
    tables = [table for table in retour.classeur.tables.values() if table.present]
    paths = []
    for table in tables:
        paths.append(folder / f"{table.sheet.key}.csv")
        _write(paths[-1], "".join(csv_rows(retour, table)))
    paths.append(folder / PACKAGE)
    _write(paths[-1], json.dumps(_package(retour, tables), ensure_ascii=False, indent=2) + "\n")
    return tuple(paths)


def csv_rows(retour: Retour, table: Table) -> Iterator[str]:
    """The lines of the CSV of a sheet, its headers first."""
    columns = table.sheet.columns
    yield _row(column.header for column in columns)
    for row in table.rows:
        yield _row(_text(_read(retour, row, column.key)) for column in columns)


def schema_de_table(sheet: Sheet) -> dict[str, Any]:
    """The published Table Schema of a sheet."""
    name = f"{sheet.key}.schema.json"
    text = resources.files("xl_cpom").joinpath("schemas", "table", name).read_text("utf-8")
    return dict(json.loads(text))


def _package(retour: Retour, tables: Iterable[Table]) -> dict[str, Any]:
    return {
        "name": "cpom-socle",
        "title": "Retour d'un classeur CPOM socle",
        "sha256": retour.raw.sha256,
        "resources": [
            {
                "name": f"cpom-{table.sheet.key.replace('_', '-')}",
                "path": f"{table.sheet.key}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema_de_table(table.sheet),
            }
            for table in tables
        ],
    }


def _read(retour: Retour, row: Row, key: str) -> Any:
    """The value of a cell, or what the file holds there when it could not be read."""
    value = row.values[key]
    if value is not NON_LU:
        return value
    tab, place = retour.raw.sheet(row.table.name), parse_cell(row.cell(key) or "")
    cell = None if tab is None or place is None else tab.cells.get(place)
    return None if cell is None else cell.value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ; ".join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return harmless.safe_csv(str(value))


def _row(fields: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(list(fields))
    return out.getvalue()


def _write(path: Path, text: str) -> None:
    with atomic_write(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


# --- Parquet


def write_parquet(retour: Retour, folder: Path) -> tuple[Path, ...]:
    """Write one Parquet file a sheet that the file has. Raises DuckdbAbsentError,
    EcritureImpossible.
    """
    try:
        import duckdb
    except ImportError as absent:
        raise DuckdbAbsentError from absent
    paths = []
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as base:
        for table in retour.classeur.tables.values():
            if not table.present:
                continue
            path = folder / f"{table.sheet.key}.parquet"
            with atomic_write(path) as temporary:
                _copy(base, table, temporary)
            paths.append(path)
    return tuple(paths)


def _copy(base: Any, table: Table, target: Path) -> None:
    columns = table.sheet.columns
    typed = ", ".join(f'"{c.key}" {_DUCKDB.get(c.kind, "VARCHAR")}' for c in columns)
    base.execute(f"CREATE OR REPLACE TEMP TABLE feuille ({typed})")
    if table.rows:
        marks = ", ".join("?" * len(columns))
        rows: Sequence[list[Any]] = [
            [_simple(row.values[c.key], c.kind) for c in columns] for row in table.rows
        ]
        base.executemany(f"INSERT INTO feuille VALUES ({marks})", rows)  # noqa: S608 - marks only
    where = str(target).replace("'", "''")
    base.execute(f"COPY feuille TO '{where}' (FORMAT parquet, COMPRESSION zstd)")


def _simple(value: Any, kind: Kind) -> Any:
    if value is None or value is NON_LU:
        return None
    if kind in _DUCKDB:
        return value if isinstance(value, int | float | dt.date) else None
    return harmless.propre(" ; ".join(value) if isinstance(value, tuple) else _raw(value))


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else _text(value)
