"""The same workbook read by openpyxl, cell by cell, beside our own reading.

Two readers written apart seldom make the same mistake: a cell that they read otherwise is told.
openpyxl hangs on files that people send, so this only ever runs in a worker process, with its
limits. What it is known to read wrong (a value under a merge, an empty text, an escape, a date out
of its calendar) is not counted; each reason was seen on a real file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import visible
from xl_cpom.workbook.decryption import Password, clear_bytes, decrypt
from xl_cpom.workbook.reader import (
    ExcelError,
    Malformed,
    NonFinite,
    RawCell,
    RawSheet,
    read_workbook,
)
from xl_cpom.workbook.reader.escapes import decode
from xl_cpom.workbook.reader.kinds import ZIP_MAGIC
from xl_cpom.workbook.reader.refs import cell_name

_CLOSE = 1e-8
_TIME = 20.0
"""Seconds given to the second reader, where somebody waits for a page."""

_TOLD = 200
"""Cells told of one sheet; the others are counted."""


@dataclass(frozen=True, slots=True)
class SecondReadingTask:
    """A file to read twice: where it is, the fingerprint of what was controlled, its password."""

    path: str
    sha256: str
    password: Password | None = None


def read_twice(task: SecondReadingTask) -> bytes:
    """JSON: {"cellules": n, "programme": …, "ecarts": {sheet: [[cell, ours, theirs], …]}}.

    {"echec": why} when the second reader could not read it, in French.
    """
    data = Path(task.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != task.sha256:
        return _packed({"echec": "le fichier a changé pendant le contrôle"})
    return read_again(data, task.password)


def read_again(data: bytes, mot_de_passe: Password | None = None) -> bytes:
    """The same, of a workbook already in memory."""
    try:
        return _packed(_compare(data, mot_de_passe))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises fifteen kinds of exceptions
        return _packed({"echec": f"openpyxl : {type(error).__name__}"})


def in_a_process(data: bytes) -> bytes:
    """The same, in a process of its own: openpyxl may hang, and whoever asked must answer."""
    import subprocess
    import sys

    command = [sys.executable, "-I", "-m", "xl_cpom.workbook.second_reading_process"]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves, with the same interpreter
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=_TIME, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _packed({"echec": "le second lecteur n'a pas fini à temps"})
    return done.stdout or _packed({"echec": "le second lecteur s'est arrêté"})


def _packed(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _compare(data: bytes, mot_de_passe: Password | None) -> dict[str, Any]:
    import openpyxl

    data = clear_bytes(data)
    if not data.startswith(ZIP_MAGIC) and mot_de_passe is not None:
        data = decrypt(data, mot_de_passe)
    ours = read_workbook(data)
    if ours.strict:
        return {"echec": "le second lecteur ne connaît pas ce format (Strict Open XML)"}
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    count = 0
    gaps: dict[str, list[tuple[str, str, str]]] = {}
    for sheet in ours.sheets:
        if sheet.unreadable is not None:
            continue
        if sheet.name not in values.sheetnames:
            gaps[sheet.name] = [("", "une feuille", "rien")]
            continue
        theirs = _cells(values[sheet.name], formulas[sheet.name], values.epoch)
        count += len(sheet.cells.keys() | theirs.keys())
        found = list(_gaps(sheet, theirs))
        if found:
            gaps[sheet.name] = found[:_TOLD]
    return {
        "cellules": count,
        "programme": f"openpyxl {openpyxl.__version__}",
        "ecarts": gaps,
    }


ReadPlace = tuple[int, int]
Reading = tuple[Any, bool]
"""A value (a number for a date, an ExcelError for an error), and whether a formula gives it."""


def _cells(values: Any, formulas: Any, epoch: dt.datetime) -> dict[ReadPlace, Reading]:
    """What openpyxl sees on a sheet that is not empty."""
    found: dict[ReadPlace, Reading] = {}
    for place, cell in getattr(formulas, "_cells", {}).items():
        has_formula = cell.data_type == "f"
        if cell.value is not None or has_formula:
            shown = values[cell_name(*place)]
            found[place] = (_value(shown, epoch), has_formula)
    return found


def _value(cell: Any, epoch: dt.datetime) -> Any:
    from openpyxl.utils.datetime import to_excel

    value = cell.value
    if cell.data_type == "e":
        return ExcelError(str(value))
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return float(to_excel(value, epoch))  # type: ignore[no-untyped-call]
    return str(value)


def _gaps(sheet: RawSheet, theirs: dict[ReadPlace, Reading]) -> Iterator[tuple[str, str, str]]:
    """(cell, our reading, theirs) of each cell read otherwise, for no known reason."""
    for place in sorted(sheet.cells.keys() | theirs.keys()):
        cell = sheet.cells.get(place)
        other = theirs.get(place, (None, False))
        if not _same(cell, other) and not _known(sheet, place, cell, other):
            ours = (None, False) if cell is None else (cell.value, cell.formula is not None)
            yield cell_name(*place), _told(ours), _told(other)


def _same(cell: RawCell | None, other: Reading) -> bool:
    if cell is None:
        return other == (None, False)
    value, result = cell.value, other[0]
    if (cell.formula is not None) is not other[1]:
        return False
    if isinstance(value, float) and isinstance(result, float):
        return abs(value - result) <= _CLOSE * max(1.0, abs(value))
    if isinstance(value, ExcelError):
        return isinstance(result, ExcelError) and result.code == value.code
    return type(value) is type(result) and bool(value == result)


def _known(sheet: RawSheet, place: ReadPlace, cell: RawCell | None, other: Reading) -> bool:
    """Is it one of the faults that openpyxl is known for?"""
    if cell is None:
        return False
    value, result = cell.value, other[0]
    if value in ("", None) and result in ("", None):
        return True  # an empty text, which it holds for nothing
    if isinstance(value, Malformed | NonFinite):
        return True  # a damaged value, said at its cell
    if result is None and any(
        merge.contains(*place) and place != (merge.row1, merge.col1) for merge in sheet.merges
    ):
        return True  # a value under a merge, which it loses
    if isinstance(value, str) and isinstance(result, str):
        return _plain(value) == _plain(result)  # an escape, which it leaves or undoes twice
    if isinstance(value, str) and cell.formula is not None and not isinstance(result, str):
        return True  # a result stored under another type than its own
    return isinstance(value, float) and isinstance(result, ExcelError) and result.code == "#VALUE!"


def _plain(text: str) -> str:
    return decode(decode(text)).replace("\r\n", "\n").replace("\r", "\n")


def _told(reading: Reading) -> str:
    value, has_formula = reading
    if isinstance(value, bool):
        text = "VRAI" if value else "FAUX"
    elif isinstance(value, float):
        text = f"{value:.15g}".replace(".", ",")
    else:
        text = "rien" if value is None else visible(str(value), 60)
    return f"{text} (formule)" if has_formula else text
