"""`python -m benchmarks.udfs`: cells through the core, and what starting it costs.

The floor of a cell is a plain Python count over the same columns, written by hand for that one
indicator: nothing that reads the cells can do less.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable

from benchmarks.mesure import duree
from xl_cpom.functions import invoke

CELLS = (1_000, 10_000)
ROWS = 40
TOURS = 5

STATUTS = ("Réalisée", "En cours", "À démarrer", "Abandonnée", None)
PERIMETRES = [["TRANSFO/PA" if n % 3 else "TRANSFO/PH"] for n in range(ROWS)]
STATUTS_COLUMN = [[STATUTS[n % len(STATUTS)]] for n in range(ROWS)]
AVANCEMENTS = [[n % 5 / 4 if n % 4 else None] for n in range(ROWS)]

CALLS = {
    f"CPOM_TAUX sur {ROWS} lignes": (
        "CPOM_TAUX",
        ["TRANSFO/PA", PERIMETRES, STATUTS_COLUMN, AVANCEMENTS],
    ),
    "CPOM_OCCUPATION": ("CPOM_OCCUPATION", [27740, 80, 365]),
    "CPOM_ATTEINTE": ("CPOM_ATTEINTE", [0.55, 0.6]),
    "CPOM_FINESS_VALIDE": ("CPOM_FINESS_VALIDE", ["210780581"]),
    "CPOM_LIBELLE": ("CPOM_LIBELLE", ["categories", "500"]),
}


def plancher() -> float:
    """The rate of the TRANSFO call, counted by hand."""
    kept = done = 0
    for (perimetre,), (statut,) in zip(PERIMETRES, STATUTS_COLUMN, strict=True):
        if perimetre is not None and perimetre.lower() == "transfo/pa":
            word = (statut or "").lower()
            if word not in ("abandonnée", "sans objet"):
                kept += 1
                done += word == "réalisée"
    return done / kept


def main() -> None:
    """Print the tables."""
    assert abs(invoke(*CALLS[f"CPOM_TAUX sur {ROWS} lignes"]) - plancher()) < 1e-12
    print("Cellules calculées par le cœur, en rapport au même compte écrit à la main (médiane)")
    for count in CELLS:
        for label, (name, args) in CALLS.items():
            ratio, spent = _report(
                lambda n=count: [plancher() for _ in range(n)],  # type: ignore[misc]
                lambda n=count, f=name, a=args: [invoke(f, a) for _ in range(n)],  # type: ignore[misc]
            )
            print(f"  {f'{count} × {label}':<58} {ratio:7.2f} ×   ({spent * 1000:.0f} ms)")
    print("Démarrage, processus entier, en rapport à « python -c pass » (pandas rendu absent)")
    nothing = _process("pass")
    for label, code in {
        "cœur des fonctions (import)": "import xl_cpom.functions",
        "cœur et un premier calcul": (
            "from xl_cpom.functions import invoke; invoke('CPOM_RESORPTION', [250000, -100000])"
        ),
        "import xlwings": "import xlwings",
        "module xlwings (COM)": "import xl_cpom.udfs.xlwings_module",
    }.items():
        spent = _process("import sys; sys.modules['pandas'] = None; " + code)
        print(f"  {label:<58} {spent / nothing:7.1f} ×   ({spent * 1000:.0f} ms)")


def _report(floor: Callable[[], object], work: Callable[[], object]) -> tuple[float, float]:
    """Median of the ratios to a floor measured just before and just after, and median time."""
    ratios, times = [], []
    for _ in range(TOURS):
        before, spent, after = duree(floor), duree(work), duree(floor)
        ratios.append(2 * spent / (before + after))
        times.append(spent)
    return statistics.median(ratios), statistics.median(times)


def _process(code: str) -> float:
    command = [sys.executable, "-c", code]
    return min(duree(lambda: subprocess.run(command, check=True)) for _ in range(TOURS))


if __name__ == "__main__":
    main()
