"""`python -m benchmarks`: the floor, the peer and ours on the valid example and on variants."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import annotation, pair, regles
from benchmarks.mesure import duree, mesurer, plancher
from benchmarks.variantes import ecrire_variantes
from xl_cpom.validators.check import check
from xl_cpom.workbook.reader import read_workbook

VARIANTES = 40
EXEMPLE = Path(__file__).resolve().parent.parent / "workbooks" / "exemple_valide.xlsx"
FAUTIF = EXEMPLE.with_name("exemple_fautif.xlsx")


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        variants = ecrire_variantes(EXEMPLE, Path(folder), VARIANTES)
        _chaud(variants)
        for measure in annotation.mesures(EXEMPLE, FAUTIF, Path(folder)):
            print("  " + measure.ligne())
    regles.afficher(EXEMPLE)
    _froid()


def _chaud(variants: Sequence[Path]) -> None:
    few = variants[:5]
    print("À chaud, en rapport au plancher (décompression et expat seuls), médiane et déciles")
    for measure in (
        mesurer("plancher", plancher, variants),
        mesurer("lecture : la nôtre, tout gardé", read_workbook, variants),
        mesurer("lecture : openpyxl ouvert deux fois", pair.lire, few),
        mesurer("contrôle complet : le nôtre, exemple valide", check, [EXEMPLE] * 60),
        mesurer("contrôle complet : le nôtre, variantes fautives", check, variants),
        mesurer("contrôle : openpyxl + pandera avec coercition", pair.controler, few),
    ):
        print("  " + measure.ligne())


def _froid() -> None:
    print("À froid, processus entier, en rapport à « python -c pass »")
    nothing = min(_processus("pass") for _ in range(5))
    pandera = min(_processus("import pandera.pandas") for _ in range(3))
    commands = {
        "python -c pass": nothing,
        "python -c 'import pandera.pandas'": pandera,
        "xl-cpom --help": min(_commande("--help") for _ in range(5)),
        "xl-cpom expliquer INS-002": min(_commande("expliquer", "INS-002") for _ in range(3)),
        "xl-cpom valider exemple_valide.xlsx": min(
            _commande("valider", str(EXEMPLE)) for _ in range(3)
        ),
    }
    for name, spent in commands.items():
        print(f"  {name:<58} {spent / nothing:7.1f} ×   "
              f"({spent / pandera:.2f} × l'import de pandera)")  # fmt: skip


SANS_HYPOTHESIS = "import sys; sys.modules['hypothesis'] = None; "
"""A user has no test library: pandera would import hypothesis, which only our tests install."""


def _processus(code: str) -> float:
    command = [sys.executable, "-c", SANS_HYPOTHESIS + code]
    return duree(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def _commande(*arguments: str) -> float:
    return _processus(f"from xl_cpom.cli import main; main({list(arguments)!r})")


if __name__ == "__main__":
    main()
