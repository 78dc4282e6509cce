"""Ten messy returns, and how many findings each one gets: `python -m tests.corpus.replay_messy`.

Each line is a return spoilt in one way, its verdict, how many findings it gets and their codes.
`--before FOLDER` controls the same ten files with another checkout too, run as a module by the same
Python: the number of findings is then shown before and after. An older checkout does not know the
template of this one: the codes that it finds in the untouched example are left out of its count.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.atelier import VALIDE, lettre
from tests.corpus.gestes import SHEET_NAMES, Gestures, lignes
from xl_cpom.workbook.model import HEADER_ROW

Spoiling = Callable[[Gestures], object]

ESMS, PLAN, SI = "Établissements", "Plan d'actions", "Systèmes d'information"
MEASURES, DEFICIT, FICHE = "Inspection-contrôle", "Difficulté financière", "Identification"
ACTIVITY, RATES = "Activité et ressources", "Indicateurs"


def _set(sheet: str, address: str, value: object) -> Spoiling:
    return lambda book: book.cellule(sheet, address, value)


def _cleared(sheet: str, first: int = 0) -> Spoiling:
    """The entries of the records from one on, emptied."""

    def spoil(book: Gestures) -> None:
        declared = SHEET_NAMES[sheet]
        for rank in range(first, len(lignes(declared))):
            for index, column in enumerate(declared.columns, start=1):
                if column.is_entry:
                    book.cellule(sheet, f"{lettre(index)}{HEADER_ROW + 1 + rank}", None)

    return spoil


MESSY: dict[str, tuple[Spoiling, ...]] = {
    "un sous-titre au milieu des établissements": (
        lambda book: book.insert_rows(ESMS, 9),
        _set(ESMS, "A9", "-- Pôle personnes âgées --"),
    ),
    "la seconde moitié des systèmes d'information effacée": (_cleared(SI, 27),),
    "la moitié des établissements effacée": (_cleared(ESMS, 5),),
    "la fiche restée à l'année précédente": (
        _set(FICHE, "B27", "N1"),
        _set(FICHE, "B30", 46387),
    ),
    "l'année civile pour l'année suivie": (_set(FICHE, "B27", "2027"),),
    "« Date de levée » renommée « Levée le »": (_set(MEASURES, "S5", "Levée le"),),
    "une cellule fusionnée jusque sous la dernière ligne": (
        lambda book: book.merge(SI, "D59:D70"),
    ),
    "les déficits de référence en négatif": (
        *(_set(DEFICIT, f"D{row}", -250000) for row in (6, 7)),
    ),
    "une mesure levée sans courrier, une autre sans date": (
        _set(MEASURES, "T7", None),
        _set(MEASURES, "S6", None),
    ),
    "activité et résultats non remplis": (_cleared(ACTIVITY), _cleared(RATES)),
}
"""What was done to the valid example -> the gestures."""


def main() -> int:
    """Print the table; 1 when another checkout was asked for and could not be run."""
    parser = argparse.ArgumentParser(prog="replay_messy", description=__doc__)
    parser.add_argument("--before", type=Path, help="folder of another checkout")
    before = parser.parse_args().before
    failed, known = False, set()
    if before is not None:
        known = set(controlled(VALIDE, before)[1])
    with tempfile.TemporaryDirectory() as folder:
        for rank, (name, gestures) in enumerate(MESSY.items()):
            book = Gestures()
            for gesture in gestures:
                gesture(book)
            path = book.write(Path(folder, f"{rank}.xlsx"))
            verdict, codes = controlled(path)
            count = str(len(codes))
            if before is not None:
                old = [code for code in controlled(path, before)[1] if code not in known]
                failed = failed or not old
                count = f"{len(old)} → {len(codes)}"
            found = ", ".join(sorted(set(codes)))
            print(f"{count:>9} | {verdict} | {name} | {found}")
    return int(failed)


def controlled(path: Path, checkout: Path | None = None) -> tuple[str, list[str]]:
    """Verdict and codes of the findings of a file, by this checkout or another one."""
    root = Path(__file__).resolve().parents[2] if checkout is None else checkout
    done = subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", str(path), "--format", "json"],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if not done.stdout.startswith(("{", "[")):
        return "panne", []
    report = json.loads(done.stdout)
    return report["verdict"], [finding["code"] for finding in report["anomalies"]]


if __name__ == "__main__":
    raise SystemExit(main())
