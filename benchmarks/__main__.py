"""`python -m benchmarks`: the floor, the peer and ours on the valid example and on variants."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import annotation, pair, regles
from benchmarks.mesure import duree, measure, plancher
from benchmarks.variantes import write_variantes
from xl_cpom.validators.check import check
from xl_cpom.workbook.reader import read_workbook

VARIANTES = 40
EXAMPLE = Path(__file__).resolve().parent.parent / "workbooks" / "exemple_valide.xlsx"
FAULTY = EXAMPLE.with_name("exemple_fautif.xlsx")


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        variants = write_variantes(EXAMPLE, Path(folder), VARIANTES)
        _warm(variants)
        for measure in annotation.mesures(EXAMPLE, FAULTY, Path(folder)):
            print("  " + measure.ligne())
    regles.show(EXAMPLE)
    _cold()


def _warm(variants: Sequence[Path]) -> None:
    few = variants[:5]
    print("À chaud, en rapport au plancher (décompression et expat seuls), médiane et déciles")
    for this_measure in (
        measure("plancher", plancher, variants),
        measure("lecture : la nôtre, tout gardé", read_workbook, variants),
        measure("lecture : openpyxl ouvert deux fois", pair.read, few),
        measure("contrôle complet : le nôtre, exemple valide", check, [EXAMPLE] * 60),
        measure("contrôle complet : le nôtre, variantes fautives", check, variants),
        measure("contrôle : openpyxl + pandera avec coercition", pair.controler, few),
    ):
        print("  " + this_measure.ligne())


def _cold() -> None:
    print("À froid, processus entier, en rapport à « python -c pass »")
    nothing = min(_processes("pass") for _ in range(5))
    pandera = min(_processes("import pandera.pandas") for _ in range(3))
    commands = {
        "python -c pass": nothing,
        "python -c 'import pandera.pandas'": pandera,
        "xl-cpom --help": min(_command("--help") for _ in range(5)),
        "xl-cpom expliquer INS-002": min(_command("expliquer", "INS-002") for _ in range(3)),
        "xl-cpom valider exemple_valide.xlsx": min(
            _command("valider", str(EXAMPLE)) for _ in range(3)
        ),
    }
    for name, spent in commands.items():
        print(
            f"  {name:<58} {spent / nothing:7.1f} ×   ({spent / pandera:.2f} × l'import de pandera)"
        )


WITHOUT_HYPOTHESIS = "import sys; sys.modules['hypothesis'] = None; "
"""A user has no test library: pandera would import hypothesis, which only our tests install."""


def _processes(code: str) -> float:
    command = [sys.executable, "-c", WITHOUT_HYPOTHESIS + code]
    return duree(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def _command(*arguments: str) -> float:
    return _processes(f"from xl_cpom.cli import main; main({list(arguments)!r})")


if __name__ == "__main__":
    main()
