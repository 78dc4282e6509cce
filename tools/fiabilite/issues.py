"""What becomes of every trap and of every mutant: the real control, on two processes."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from multiprocessing import get_context
from pathlib import Path

from tools.hostiles import CAS
from tools.hostiles.issues import expected, issue, play
from tools.hostiles.mutants import mutant
from xl_cpom.validators.check import check

MUTANTS = 4_000
IMPOSSIBLE = "nom impossible ici"

End = tuple[str, str, float]
"""Name, outcome, seconds."""


def of_a_trap(nom: str) -> End:
    """How a trap ended."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        played = play(CAS[nom], Path(folder))
    found = IMPOSSIBLE if played is None else str(issue(played[1]))
    return nom, found, time.perf_counter() - start


def d_un_mutant(graine: int) -> End:
    """How a mutant ended; a control that could not conclude is told with its seed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.xlsx"
        path.write_bytes(mutant(graine))
        start = time.perf_counter()
        found = issue(check(path))
    codes = found.codes if found.verdict == "illisible" else ()
    return f"mutant {graine}", " ".join((found.verdict, *codes)), time.perf_counter() - start


def play_all(mutants: int) -> int:
    """Play everything and print it; how many outcomes are not what they should be."""
    with get_context("spawn").Pool(2) as pool:
        traps = list(pool.imap_unordered(of_a_trap, CAS, 8))
        show("Classeurs hostiles", traps)
        found = list(pool.imap_unordered(d_un_mutant, range(mutants), 50))
        show("Mutants", found)
    this_expected = {name: str(end) for name, end in expected().items()}
    changed = [
        (name, end) for name, end, _ in traps if end not in (this_expected[name], IMPOSSIBLE)
    ]
    for name, end in changed:
        print(f"  ISSUE CHANGÉE {name} : {end} (attendu : {this_expected[name]})")
    stuck = [name for name, end, _ in found if end.startswith("contrôle incomplet")]
    for name in stuck:
        print(f"  CONTRÔLE INCOMPLET {name}")
    return len(changed) + len(stuck)


def show(titre: str, found: Iterable[End]) -> None:
    """Print how many files ended in each way, and the times of the whole control."""
    rows = list(found)
    ends = Counter(end for _, end, _ in rows)
    times = sorted(seconds for _, _, seconds in rows)
    print(f"\n{titre} : {len(rows)} fichiers")
    for end, count in ends.most_common():
        print(f"  {count:5}  {end}")
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    print(
        f"  contrôle entier : p50 {middle:.2f} s, p99 {late:.2f} s, pire {times[-1]:.2f} s",
        flush=True,
    )
