"""`make reliability`: the outcomes of every hostile file and of 4,000 mutants, then three readers.

Ends with code 1 when an outcome is not the one of the table, or when our reader and openpyxl do
not see the same cells in what is shipped.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from multiprocessing import get_context
from pathlib import Path

import openpyxl

from tools.hostiles import CAS
from tools.hostiles.issues import attendues, issue, jouer
from tools.hostiles.mutants import mutant
from xl_cpom.validators.check import check
from xl_cpom.workbook.reader import read_workbook

MUTANTS = 4_000
SHIPPED = Path(__file__).resolve().parents[1] / "workbooks"


def of_a_trap(nom: str) -> tuple[str, str, float]:
    """(name, outcome, seconds) of a hostile file."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        played = jouer(CAS[nom], Path(folder))
    found = "nom impossible ici" if played is None else str(issue(played[1]))
    return nom, found, time.perf_counter() - start


def of_a_mutant(seed: int) -> tuple[str, str, float]:
    """The same of a mutant; a control that could not conclude is told with its seed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.xlsx"
        path.write_bytes(mutant(seed))
        start = time.perf_counter()
        found = issue(check(path))
    codes = found.codes if found.verdict == "illisible" else ()
    return f"mutant {seed}", " ".join((found.verdict, *codes)), time.perf_counter() - start


def show(title: str, found: Iterable[tuple[str, str, float]]) -> Counter[str]:
    """Print how many files ended in each way, and the times."""
    rows = list(found)
    ends = Counter(end for _, end, _ in rows)
    times = sorted(seconds for _, _, seconds in rows)
    print(f"\n{title} : {len(rows)} fichiers")
    for end, count in ends.most_common():
        print(f"  {count:5}  {end}")
    print(f"  p50 {times[len(times) // 2]:.2f} s, p99 {times[len(times) * 99 // 100]:.2f} s, "
          f"pire {times[-1]:.2f} s")  # fmt: skip
    return ends


def readers() -> int:
    """Cells that our reader and openpyxl do not agree upon, in what is shipped."""
    wrong = 0
    print("\nLecteurs : cellules pleines, désaccords avec openpyxl")
    for path in sorted(SHIPPED.glob("*.xlsx")):
        ours, theirs = read_workbook(path), openpyxl.load_workbook(path)
        cells = different = 0
        for sheet in ours.sheets:
            known = {
                (cell.row, cell.column): cell
                for row in theirs[sheet.name].iter_rows()
                for cell in row
                if cell.value is not None
            }
            cells += len(sheet.cells)
            different += len(set(known) ^ set(sheet.cells))
            for place in set(known) & set(sheet.cells):
                formula = sheet.cells[place].formula is not None
                different += formula != (known[place].data_type == "f")
        wrong += different
        print(f"  {path.name:<40} {cells:7} {different:5}")
    return wrong


def main() -> None:
    """Run everything on two processes."""
    expected = {nom: str(end) for nom, end in attendues().items()}
    with get_context("spawn").Pool(2) as pool:
        traps = list(pool.imap_unordered(of_a_trap, CAS, 8))
        show("Classeurs hostiles", traps)
        ends = show("Mutants", pool.imap_unordered(of_a_mutant, range(MUTANTS), 50))
    changed = [(n, e) for n, e, _ in traps if e != expected[n] and e != "nom impossible ici"]
    for nom, end in changed:
        print(f"  ISSUE CHANGÉE {nom} : {end} (attendu : {expected[nom]})")
    stuck = sum(count for end, count in ends.items() if end.startswith("contrôle incomplet"))
    sys.exit(1 if changed or stuck or readers() else 0)


if __name__ == "__main__":
    main()
