"""The programs that save a workbook again, each the real one: a library, or an office suite.

A library of another language or one that the project does not use is installed for the time of a
run, in a folder of its own, by the ordinary client of its registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TIMEOUT = 300


class MissingProgramError(Exception):
    """The program is not on this machine, and could not be installed."""


@dataclass(frozen=True)
class Program:
    """A program, and how it saves a workbook again: `save(source, target)`.

    `save` writes its own files beside `target`. Raises MissingProgramError.
    """

    name: str
    save: Callable[[Path, Path], None]


def _openpyxl(source: Path, target: Path) -> None:
    import openpyxl

    openpyxl.load_workbook(source).save(target)


def _ironcalc(source: Path, target: Path) -> None:
    import ironcalc

    ironcalc.load_from_xlsx(str(source), "en", "UTC", "en").save_to_xlsx(str(target))


def _pandas(source: Path, target: Path) -> None:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheets = pd.read_excel(
            source, sheet_name=None, header=None, dtype=object, engine="openpyxl"
        )
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, header=False, index=False)


_EXCELIZE = """
import sys, excelize
book = excelize.open_file(sys.argv[1])
for name in book.get_sheet_list():
    book.set_cell_value(name, "A1", book.get_cell_value(name, "A1"))
book.save_as(sys.argv[2])
"""
_POLARS = """
import sys, polars, xlsxwriter
sheets = polars.read_excel(sys.argv[1], sheet_id=0, has_header=False, drop_empty_rows=False,
                           drop_empty_cols=False, infer_schema_length=0)
with xlsxwriter.Workbook(sys.argv[2]) as book:
    for name, frame in sheets.items():
        frame.write_excel(book, worksheet=name, include_header=False)
"""


def _python(script: str, *packages: str) -> Callable[[Path, Path], None]:
    """A library of Python that the project does not use, in a folder of its own."""

    def save(source: Path, target: Path) -> None:
        folder = target.parent / "paquets"
        command = [sys.executable, "-m", "pip", "install", "--quiet",
                   "--disable-pip-version-check", "--target", str(folder), *packages]  # fmt: skip
        if not folder.exists() and _run(command).returncode:
            raise MissingProgramError(f"{packages[0]} n'a pas pu être installé")
        done = _run(
            [sys.executable, "-c", script, str(source), str(target)], {"PYTHONPATH": str(folder)}
        )
        if done.returncode:
            raise RuntimeError(done.stderr)

    return save


def _node(package: str, version: str) -> Callable[[Path, Path], None]:
    """A library of Node, in a folder of its own."""

    def save(source: Path, target: Path) -> None:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise MissingProgramError("Node n'est pas installé")
        folder = target.parent
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder),
                   f"{package}@{version}"]  # fmt: skip
        if not (folder / "node_modules" / package).exists() and _run(command).returncode:
            raise MissingProgramError(f"{package} n'a pas pu être installé")
        script = str(HERE / "other_programs.mjs")
        done = _run([node, script, package, str(source), str(target)], folder=folder)
        if done.returncode:
            raise RuntimeError(done.stderr)

    return save


def _gnumeric(source: Path, target: Path) -> None:
    program = shutil.which("ssconvert")
    if program is None:
        raise MissingProgramError("Gnumeric n'est pas installé")
    _run([program, "--export-type=Gnumeric_Excel:xlsx2", str(source), str(target)])


def _convert(source: Path, extension: str, folder: Path, variable: str = "") -> Path:
    program = os.environ.get(variable) if variable else shutil.which("soffice")
    if not program:
        raise MissingProgramError("LibreOffice n'est pas installé")
    folder.mkdir(parents=True, exist_ok=True)
    profile = (folder / "profil").as_uri()
    done = _run([program, f"-env:UserInstallation={profile}", "--headless", "--convert-to",
                 extension, "--outdir", str(folder / extension), str(source)])  # fmt: skip
    found = folder / extension / f"{source.stem}.{extension}"
    if not found.exists():
        raise RuntimeError(done.stderr)
    return found


def _libreoffice(by: str = "", variable: str = "") -> Callable[[Path, Path], None]:
    """LibreOffice, directly or through another format; variable: where its path is written."""

    def save(source: Path, target: Path) -> None:
        folder = target.parent / (by or "direct")
        middle = _convert(source, by, folder, variable) if by else source
        shutil.copy(_convert(middle, "xlsx", folder, variable), target)

    return save


def _run(
    command: list[str], environment: dict[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False,
                          cwd=folder, env={**os.environ, **(environment or {})})  # fmt: skip


RECENT = "XL_CPOM_SOFFICE"
"""Where the path of a recent LibreOffice is written, see tools/libreoffice_recent.sh."""

PROGRAMS = tuple(
    Program(name, save)
    for name, save in {
        "openpyxl": _openpyxl,
        "IronCalc": _ironcalc,
        "pandas": _pandas,
        "Gnumeric": _gnumeric,
        "LibreOffice": _libreoffice(),
        "LibreOffice par .ods": _libreoffice("ods"),
        "LibreOffice par .xls": _libreoffice("xls"),
        "LibreOffice récent": _libreoffice(variable=RECENT),
        "LibreOffice récent par .ods": _libreoffice("ods", RECENT),
        "ExcelJS": _node("exceljs", "4.4.0"),
        "SheetJS": _node("xlsx", "0.18.5"),
        "xlsx-populate": _node("xlsx-populate", "1.21.0"),
        "excelize": _python(_EXCELIZE, "excelize==0.1.0"),
        "polars": _python(_POLARS, "polars==2.1.0", "fastexcel==0.21.0", "xlsxwriter"),
    }.items()
)
