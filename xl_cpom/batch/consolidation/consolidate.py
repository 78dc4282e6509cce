"""The consolidation on disk: one xlsx for everybody, one Parquet file per table for who computes.

Rows are drawn once and go to both; nothing is held but the row at hand. Parquet needs DuckDB (the
extra « campagne »); without it the xlsx is written all the same and the lack is said.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.conditions import TITLES
from xl_cpom.batch.consolidation.counted_facts import CountedFacts
from xl_cpom.batch.consolidation.fact_rows import all_rows, counted_facts
from xl_cpom.batch.consolidation.tables import TABLES, TableSpec, Type, Valeur
from xl_cpom.batch.situation import Situation
from xl_cpom.files.atomic import atomic_write
from xl_cpom.files.temporaries import library_folder, private_folder
from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports import harmless
from xl_cpom.typography import plural

CLASSEUR = "consolidation.xlsx"
PARQUET_FOLDER = "parquet"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"
"""What Hive partitioning calls a value that is not known; readers give it back as null."""

CREATION = dt.datetime(2026, 1, 1)
MAX_ROWS = 1_048_575
"""Rows of a sheet of Excel, its header apart."""
_FORMATS = {Type.TAUX: "0.0%", Type.DATE: "dd/mm/yyyy", Type.INTEGER: "0", Type.NUMBER: "#,##0.##"}
_MAX_WIDTH = 40


@dataclass(frozen=True)
class Consolidation:
    """What was written: the xlsx, the Parquet files (none without DuckDB), rows per table."""

    classeur: Path
    parquet: tuple[Path, ...]
    rows: Mapping[str, int]
    facts: CountedFacts
    """What the direction asks of the lines, counted on the way."""


def consolidate(
    result: CampaignResult,
    situations: Sequence[Situation],
    this_folder: Path,
    sheet_rows: int = MAX_ROWS,
) -> Consolidation:
    """Write the consolidation of a campaign under a folder, each file whole or not at all.

    sheet_rows: rows of a sheet of the xlsx, its header apart; a longer table goes on in another
    sheet. The same campaign gives the same bytes. Raises WriteError.
    """
    this_folder.mkdir(parents=True, exist_ok=True)
    counts = {table.name: 0 for table in TABLES}
    facts = counted_facts(result, situations)
    with ExitStack() as stack:
        folder = parquet_folder(this_folder, result.campagne.annee)
        told = {**result.conditions, "annee": str(result.campagne.annee or "")}
        parquet = stack.enter_context(_parquet(folder, told)) if duckdb_version() else None
        # put in its place first: the one that may be open in Excel; nothing has changed yet
        book = stack.enter_context(_classeur(this_folder / CLASSEUR, sheet_rows))
        for table, row in all_rows(result, situations, facts):
            counts[table.name] += 1
            book.write(table, row, counts[table.name])
            if parquet is not None:
                parquet.write(table, row)
        book.notice(counts, result.conditions)
    files = tuple(folder / f"{t.name}.parquet" for t in TABLES) if parquet is not None else ()
    return Consolidation(this_folder / CLASSEUR, files, counts, facts)


def parquet_folder(folder: Path, annee: int | None) -> Path:
    """Where the tables of a year are: a Hive partition, so that the years stand side by side."""
    return folder / PARQUET_FOLDER / f"annee={NO_YEAR if annee is None else annee}"


def duckdb_version() -> str | None:
    """Version of DuckDB, None when the extra « campagne » is not installed."""
    try:
        return version("duckdb")
    except PackageNotFoundError:
        return None


# --- xlsx


class _XlsxOutput:
    """Sheets written row after row in constant memory; a text is a text, « = » first or not."""

    def __init__(self, made: IO[bytes], most: int) -> None:
        import xlsxwriter

        from xl_cpom.workbook.safe_sheet import SafeSheet

        self.most = most
        self.book: Any = xlsxwriter.Workbook(
            made,
            {"constant_memory": True, "tmpdir": library_folder(), "strings_to_formulas": False,
             "strings_to_urls": False, "strings_to_numbers": False,
             "default_date_format": "dd/mm/yyyy"},
        )  # fmt: skip
        self.book.worksheet_class = SafeSheet
        self.book.set_properties({"title": "Consolidation des CPOM", "created": CREATION})
        head = self.book.add_format({"bold": True, "bg_color": "#E6EFF5", "bottom": 1,
                                     "text_wrap": True, "valign": "top"})  # fmt: skip
        self.formats = {
            kind: self.book.add_format({"num_format": text}) for kind, text in _FORMATS.items()
        }
        self.head = head
        self.lisez_moi: Any = self.book.add_worksheet("Lisez-moi")
        self.sheets: dict[str, list[Any]] = {
            table.name: [self._sheet(table, table.title[:31])] for table in TABLES
        }

    def _sheet(self, table: TableSpec, title: str) -> Any:
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, 2)
        for rank, column in enumerate(table.columns):
            sheet.set_column(rank, rank, _width(table, rank))
            sheet.write_string(0, rank, column.title, self.head)
        return sheet

    def write(self, table: TableSpec, row: Sequence[Valeur], number: int) -> None:
        """Write a row; a table longer than a sheet of Excel goes on in another one."""
        sheets = self.sheets[table.name]
        before, number = divmod(number - 1, self.most)
        number += 1
        if before == len(sheets):
            suffix = f" ({before + 1})"
            sheets.append(self._sheet(table, table.title[: 31 - len(suffix)] + suffix))
        sheet = sheets[before]
        for rank, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_string(number, rank, "Oui" if value else "Non")
            elif isinstance(value, int | float):
                sheet.write_number(number, rank, value, self.formats.get(column.type))
            elif column.type is Type.DATE:
                day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
                sheet.write_datetime(number, rank, day, self.formats[Type.DATE])
            else:
                sheet.write_string(number, rank, harmless.cellule(str(value)))

    def notice(self, counts: Mapping[str, int], conditions: Mapping[str, str]) -> None:
        """What each sheet holds, what it could not hold, what the returns were judged with."""
        bold = self.book.add_format({"bold": True})
        self.lisez_moi.set_column(0, 0, 30)
        self.lisez_moi.set_column(1, 1, 12)
        self.lisez_moi.set_column(2, 2, 100)
        for rank, text in enumerate(("Feuille", "Lignes", "Contenu")):
            self.lisez_moi.write_string(0, rank, text, bold)
        for row, table in enumerate(TABLES, 1):
            count = counts[table.name]
            note = table.objet
            sheets = self.sheets[table.name]
            if len(sheets) > 1:
                note += f" Suite dans {plural(len(sheets) - 1, 'autre feuille', 'autres feuilles')}"
                note += (
                    f" : {sheets[1].get_name()}…"
                    if len(sheets) > 2
                    else (f" : {sheets[1].get_name()}.")
                )
            self.lisez_moi.write_string(row, 0, table.title)
            self.lisez_moi.write_number(row, 1, count)
            self.lisez_moi.write_string(row, 2, note)
            for rank, sheet in enumerate(sheets):
                last = min(count - rank * self.most, self.most)
                sheet.autofilter(0, 0, max(last, 1), len(table.columns) - 1)
        for row, (key, text) in enumerate(conditions.items(), len(TABLES) + 2):
            self.lisez_moi.write_string(row, 0, TITLES[key], bold)
            self.lisez_moi.write_string(row, 2, harmless.cellule(text))


def _width(table: TableSpec, rank: int) -> float:
    column = table.columns[rank]
    if column.key in ("message", "correction", "libelle", "intitule", "description"):
        return _MAX_WIDTH
    return 11 if column.type is not Type.TEXT else max(12, min(24, len(column.title) + 2))


@contextmanager
def _classeur(path: Path, sheet_rows: int) -> Iterator[_XlsxOutput]:
    with atomic_write(path) as temporary, tempfile.TemporaryFile() as made:
        # elsewhere first: XlsxWriter leaves a file open on a full disk
        found = _XlsxOutput(made, sheet_rows)
        yield found
        found.book.close()
        made.seek(0)
        with temporary.open("wb") as target:
            shutil.copyfileobj(made, target)


# --- Parquet


class _Parquet:
    """Rows kept as JSON lines in a temporary folder, turned into Parquet by DuckDB at the end."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.paths = {table.name: folder / f"{table.name}.ndjson" for table in TABLES}
        self.streams: dict[str, IO[str]] = {
            name: stack.enter_context(path.open("w", encoding="utf-8"))
            for name, path in self.paths.items()
        }

    def write(self, table: TableSpec, row: Sequence[Valeur]) -> None:
        """Keep a row."""
        values = {
            column.key: _json(value, column.type)
            for column, value in zip(table.columns, row, strict=True)
        }
        self.streams[table.name].write(json.dumps(values, ensure_ascii=False) + "\n")


def _json(value: Valeur, kind: Type) -> Valeur:
    if value is None or value == "":
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if kind is Type.TEXT:
        return harmless.propre(str(value))
    return value


@contextmanager
def _parquet(folder: Path, told: Mapping[str, str]) -> Iterator[_Parquet]:
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    with private_folder() as temporary:
        with ExitStack() as stack:
            found = _Parquet(stack, temporary)
            yield found
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as base:
            base.execute(f"SET temp_directory = {_sql(temporary)}")
            base.execute("SET threads = 1")  # the same rows give the same bytes
            for table in TABLES:
                with atomic_write(folder / f"{table.name}.parquet") as target:
                    _copy(base, table, found.paths[table.name], target, told)


def _copy(base: Any, table: TableSpec, source: Path, target: Path, told: Mapping[str, str]) -> None:
    """Write a table; told: what its metadata say of how it was made."""
    metadata = ", ".join(f"{key}: {_text(text)}" for key, text in told.items())
    types = ", ".join(f"{c.key}: '{c.type.value.strip()}'" for c in table.columns)
    base.execute(
        f"COPY (SELECT * FROM read_json({_sql(source)}, format = 'newline_delimited', "  # noqa: S608
        f"columns = {{{types}}})) TO {_sql(target)} (FORMAT parquet, COMPRESSION zstd, "
        f"KV_METADATA {{{metadata}}})"
    )


def _sql(path: Path) -> str:
    """A path as a text of SQL: a quote in the name of a folder is not the end of the text."""
    return _text(str(path))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
