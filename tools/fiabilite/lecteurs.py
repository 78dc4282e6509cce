"""One file through one reader: its cells as plain values, or how the reading ended.

Every reader runs in a worker of the batch: what hangs, aborts or eats the memory costs one file.
A cell is (kind, value, formula): n number, t text, b boolean, e error, x a stored value that is no
value, ? a formula never calculated. Dates are numbers: a serial is what the file holds.
"""

from __future__ import annotations

import datetime as dt
import pickle
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xl_cpom.workbook.reader import ExcelError, Malformed, NonFinite, UnreadableWorkbookError
from xl_cpom.workbook.reader.refs import Rect
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings
from xl_cpom.workers.worker import peak_memory

Cellule = tuple[str, Any, bool]
Sheets = dict[str, dict[tuple[int, int], Cellule]]

DELAI = 20.0
OUR, OPENPYXL, CALAMINE = "le nôtre", "openpyxl", "calamine"


@dataclass(slots=True)
class Reading:
    """What a reader made of a file. fin: "" when it was read, else how it ended (French).

    fusions: merged rectangles by sheet, croise: there are pivot tables (both by our reader only).
    pic: peak memory of the worker, KiB.
    """

    fin: str = ""
    feuilles: Sheets = field(default_factory=dict)
    fusions: dict[str, tuple[Rect, ...]] = field(default_factory=dict)
    croise: bool = False
    secondes: float = 0.0
    pic: int = 0


def read_all(
    reader: str, paths: Sequence[Path], *, cellules: bool = True, delai: float = DELAI
) -> Iterator[tuple[Path, Reading]]:
    """Read many files with one reader, each as it comes; cellules: hand its cells over too."""
    pool = Pool(_read, WorkerSettings(jobs=2, time_limit=delai, memory=1 << 30))
    for rank, answer in pool.run((reader, str(path), cellules) for path in paths):
        if isinstance(answer, TaskFailure):
            late = answer.code == "LEC-DELAI"
            yield paths[rank], Reading(_dead(answer), secondes=delai if late else 0.0)
        else:
            yield paths[rank], pickle.loads(answer)


def _dead(failure: TaskFailure) -> str:
    if failure.code == "LEC-DELAI":
        return f"plus de {failure.detail}"
    return (
        "plus de 1 Gio" if failure.code == "LEC-MEMOIRE" else f"processus mort ({failure.detail})"
    )


def _read(task: tuple[str, str, bool]) -> bytes:
    """Work of a worker: a Lecture, pickled."""
    reader, path, cells = task
    found = Reading()
    start = time.perf_counter()
    try:
        book = _OPEN[reader](Path(path))
        found.secondes = time.perf_counter() - start
        if cells:
            found.feuilles = _CELLS[reader](book, Path(path))
            if reader == OUR:
                found.fusions = {sheet.name: sheet.merges for sheet in book.sheets}
                with zipfile.ZipFile(path) as archive:
                    found.croise = any("pivottables/" in n.lower() for n in archive.namelist())
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - a PanicException of Rust is no Exception
        found.secondes = time.perf_counter() - start
        known = isinstance(error, UnreadableWorkbookError)
        found.fin = error.code if known else type(error).__name__
    found.pic = peak_memory()
    return pickle.dumps(found)


# --- our own reader


def _our(path: Path) -> Any:
    from xl_cpom.workbook.reader import read_workbook

    return read_workbook(path)


def _our_cells(raw: Any, _path: Path) -> Sheets:
    found: Sheets = {}
    for sheet in raw.sheets:
        found.setdefault(sheet.name, {}).update(
            {place: _our_cell(cell) for place, cell in sheet.cells.items()}
        )
    return found


def _our_cell(cell: Any) -> Cellule:
    value, formula = cell.value, cell.formula is not None
    if value is None:
        return "?", None, formula
    if isinstance(value, Malformed | NonFinite):
        return "x", value.code, formula
    if isinstance(value, ExcelError):
        return "e", value.code, formula
    if isinstance(value, bool):
        return "b", value, formula
    return ("t" if isinstance(value, str) else "n"), value, formula


# --- openpyxl


def _openpyxl(path: Path) -> Any:
    import openpyxl

    return openpyxl.load_workbook(path, data_only=True, keep_links=False)


def _openpyxl_cells(book: Any, path: Path) -> Sheets:
    import openpyxl

    formulas = openpyxl.load_workbook(path, keep_links=False)
    found: Sheets = {}
    for sheet in book.worksheets:
        twin = formulas[sheet.title]
        known = {place for place, cell in twin._cells.items() if cell.data_type == "f"}
        cells = found[sheet.title] = {}
        for place, cell in sheet._cells.items():
            if cell.value is not None:
                cells[place] = (*_value(cell, book.epoch), place in known)
            elif place in known:
                cells[place] = ("?", None, True)
    return found


def _value(cell: Any, epoch: dt.datetime) -> tuple[str, Any]:
    from openpyxl.utils.datetime import to_excel

    value = cell.value
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, int | float):
        return "n", float(value)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return "n", float(to_excel(value, epoch))
    if cell.data_type == "e":
        return "e", value
    return "t", str(value)


# --- calamine: timed, never compared (it hides errors and formulas)


def _calamine(path: Path) -> Any:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


_OPEN = {OUR: _our, OPENPYXL: _openpyxl, CALAMINE: _calamine}
_CELLS = {OUR: _our_cells, OPENPYXL: _openpyxl_cells}
