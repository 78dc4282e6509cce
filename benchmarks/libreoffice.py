"""10 000 CPOM_TAUX cells in LibreOffice, against the same sheet written as plain formulas.

`python -m benchmarks.libreoffice`; XL_CPOM_SOFFICE names another LibreOffice. Each run is a whole
process: start, open, recalculate, save. An empty workbook measured in the same run is taken away
from both, so that what is left is the cells.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from benchmarks.mesure import duree
from tools.bureau import SOFFICE, XLSX, conversion, profil
from xl_cpom.functions import native
from xl_cpom.udfs.libreoffice.uno_names import LONG_NAMES

CELLS = 10_000
ROWS = 30
TOURS = 5


def main() -> None:
    """Print the times and the ratio."""
    if SOFFICE is None:
        print("LibreOffice absent : rien à mesurer")
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        options = profil(work, complement=True)
        books = {
            "vide": _write(work / "vide.xlsx", None),
            "formules simples": _write(
                work / "simple.xlsx", lambda args: native("CPOM_TAUX", args)
            ),
            "CPOM_TAUX": _write(
                work / "complement.xlsx",
                lambda args: f"{LONG_NAMES['CPOM_TAUX']}({','.join(args)})",
            ),
        }
        spent: dict[str, list[float]] = {name: [] for name in books}
        for turn in range(TOURS + 1):
            for name, path in books.items():
                seconds = duree(lambda path=path: _recompute(options, path))  # type: ignore[misc]
                if turn:  # the first turn fills the profile and the bytecode caches
                    spent[name].append(seconds)
    _show(spent)


def _show(spent: dict[str, list[float]]) -> None:
    print(f"{CELLS} cellules sur {ROWS} lignes, médiane de {TOURS} processus entiers")
    for name, seconds in spent.items():
        print(f"  {name:<18} {statistics.median(seconds):6.2f} s")
    whole = _report(spent["CPOM_TAUX"], spent["formules simples"])
    start = spent["vide"]
    cells = _report(
        [a - b for a, b in zip(spent["CPOM_TAUX"], start, strict=True)],
        [a - b for a, b in zip(spent["formules simples"], start, strict=True)],
    )
    print(
        f"  CPOM_TAUX / formules simples : {whole:.2f} × en tout, {cells:.2f} × sans le démarrage"
    )


def _report(above: list[float], below: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def _recompute(options: list[str], path: Path) -> None:
    command = conversion(options, path.parent / "sortie", XLSX, path)
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def _write(path: Path, formule: Callable[[list[str]], str] | None) -> Path:
    """A plan of actions, and as many times its rate, each over rows that start lower."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for row in range(CELLS // 100 + ROWS):
        sheet.write_row(row, 0, ["TRANSFO/PA", ("Réalisée", "En cours", "À démarrer")[row % 3]])
    for rank in range(CELLS if formule else 0):
        first = rank // 100 + 1
        args = [f"$A${first}:$A${first + ROWS - 1}", f"$B${first}:$B${first + ROWS - 1}"]
        sheet.write_formula(rank // 100, 3 + rank % 100, "=" + formule(['"TRANSFO/PA"', *args]))  # type: ignore[misc]
    book.close()
    return path


if __name__ == "__main__":
    main()
