"""Times and memory of three readers on the same files in the same run, each in killed workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.fiabilite.lecteurs import CALAMINE, DELAI, OPENPYXL, OUR, Reading, read_all

READERS = (OUR, OPENPYXL, CALAMINE)


def measure(paths: Sequence[Path]) -> dict[str, list[Reading]]:
    """Every reader on every file."""
    return {name: [found for _, found in read_all(name, paths, cellules=False)] for name in READERS}


def show(found: dict[str, list[Reading]]) -> None:
    """Print the table; a file that was killed counts for the time it was given."""
    print("\nTemps et mémoire de lecture, sur les mêmes fichiers dans le même passage")
    head = ("lecteur", "fichiers", "lus", "refusés", "tués", "p50", "p99", "pire", "mémoire")
    print("  {:<10} {:>8} {:>6} {:>8} {:>5} {:>9} {:>9} {:>9} {:>9}".format(*head))
    for name, readings in found.items():
        times = sorted(reading.secondes for reading in readings)
        killed = [r for r in readings if r.fin.startswith(("plus de", "processus"))]
        refused = sum(1 for r in readings if r.fin) - len(killed)
        row = (
            name, len(readings), sum(1 for r in readings if not r.fin), refused, len(killed),
            _ms(times[len(times) // 2]), _ms(times[len(times) * 99 // 100]), _ms(times[-1]),
            f"{max(r.pic for r in readings) // 1024} Mio",
        )  # fmt: skip
        print("  {:<10} {:>8} {:>6} {:>8} {:>5} {:>9} {:>9} {:>9} {:>9}".format(*row))
        for end, count in Counter(r.fin for r in killed).most_common():
            print(f"      {count:4} {end}")
    print(f"  (un fichier tué compte pour {DELAI:.0f} s ; mémoire : pic d'un processus non tué)")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
