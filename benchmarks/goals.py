"""`python -m benchmarks.goals [--contre REF]`: the goals of speed and memory, in one table.

Each line is a ratio of two things measured turn by turn in one run, or a memory; the goal stands
beside it. Peers: openpyxl + pandera doing the same file, and crease, installed under build/bench.
With `--contre REF` the build of that commit is made beside (a checkout and a venv of its own) and
the same campaign is taken through both, side by side.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import crease_peer
from benchmarks.mesure import cpu, plancher
from benchmarks.processes import ours, paired, python
from tools.synthese import produce
from xl_cpom.typography import number_text
from xl_cpom.validators.check import check

ROOT = Path(__file__).resolve().parent.parent
VALIDE = ROOT / "workbooks" / "exemple_valide.xlsx"
FAULTY = VALIDE.with_name("exemple_fautif.xlsx")
WORKSHOP = ROOT / "build" / "bench"
REGION = 363


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tours", type=int, default=7, help="tours de chaque mesure à froid")
    parser.add_argument("--contre", metavar="REF", help="un état plus ancien du dépôt")
    parser.add_argument("--nombre", type=int, default=REGION, help="retours de la campagne")
    parser.add_argument("--sans-crease", action="store_true", help="ne pas installer crease")
    asked = parser.parse_args()
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    for label, value, goal, unit in (
        *_cold(asked.tours, with_crease=not asked.sans_crease),
        *_warm(asked.tours * 4),
        *_campagne(asked.nombre, asked.contre),
    ):
        held = "tenu" if value <= goal else "non tenu"
        said = f"{number_text(value, 3)} {unit}"
        print(f"{label:<72} {said:>12}   but {number_text(goal, 3)} ({held})", flush=True)


Line = tuple[str, float, float, str]


def _cold(tours: int, *, with_crease: bool) -> Iterator[Line]:
    """Whole processes on the valid example, in processor time."""
    commands = {
        "nous": ours("valider", str(VALIDE)),
        "pair": python(
            f"from pathlib import Path; from benchmarks.pair import controler; "
            f"controler(Path({str(VALIDE)!r}))"
        ),
        "pandera": python("import pandera.pandas"),
    }
    if with_crease:
        commands["crease"] = crease_peer.command(VALIDE, WORKSHOP)
    ratios, memory = paired(commands, "nous", tours, cwd=ROOT)
    yield "valider à froid, en rapport à openpyxl + pandera", ratios["pair"], 0.33, "×"
    yield "valider à froid, en rapport à « import pandera.pandas »", ratios["pandera"], 0.65, "×"
    if with_crease:
        yield "valider à froid, en rapport à crease 2.0.0", ratios["crease"], 1.0, "×"
        yield "mémoire la plus haute de crease", memory["crease"], memory["crease"], "Mio"
    yield "mémoire la plus haute de valider", memory["nous"], 42, "Mio"


def _warm(tours: int) -> Iterator[Line]:
    """`check` in this process; each subject stands between two of what it is held against.

    One question at a time: what pandera leaves in the caches and to the collector is not counted
    against the workbook that comes after it.
    """
    for path in (VALIDE, FAULTY, VALIDE, FAULTY):
        check(path)

    def floor() -> float:
        return cpu(lambda: plancher(VALIDE))

    def sound() -> float:
        return cpu(lambda: check(VALIDE))

    valid = _between(sound, floor, tours)
    faulty = _between(lambda: cpu(lambda: check(FAULTY)), sound, tours)
    through_pandera = _between(lambda: cpu(lambda: check(VALIDE, juge="pandera")), sound, tours)
    yield "check à chaud, exemple valide, en rapport au plancher", valid, 5, "×"
    yield "check à chaud, fautif en rapport au valide", faulty, 1.15, "×"
    yield "le même, jugé par pandera, en rapport au direct", through_pandera, 1.5, "×"


def _between(subject: Callable[[], float], other: Callable[[], float], turns: int) -> float:
    """Median of a subject ÷ the mean of another thing measured before and after it."""
    subject()
    ratios = []
    before = other()
    for _ in range(turns):
        found, after = subject(), other()
        ratios.append(2 * found / (before + after))
        before = after
    return statistics.median(ratios)


def _campagne(nombre: int, contre: str | None) -> Iterator[Line]:
    """A campaign with its consolidation and its bundles, two processes; then run again."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        produce(folder, nombre=nombre)
        first, again = _passages(folder, sys.executable, "nouveau")
        yield (
            f"{nombre} retours : relance sans changement, en rapport à la première",
            again / first,
            0.02,
            "×",
        )
        if contre is not None:
            before, _ = _passages(folder, _old(contre), "ancien")
            after, _ = _passages(folder, sys.executable, "encore")
            mine = (first + after) / 2
            yield (
                f"{nombre} retours, consolidation et lots, en rapport à {contre}",
                mine / before,
                0.6,
                "×",
            )


def _passages(folder: Path, executable: str, name: str) -> tuple[float, float]:
    """Seconds of the clock of a first run, and of the same again."""
    out = folder / name
    command = [
        executable, "-m", "xl_cpom", "valider", str(folder / "retours"), "--attendus",
        str(folder / "attendus.csv"), "--consolidation", str(out / "consolidation"), "--lots",
        str(out / "lots"), "--reprendre", "-j", "2", "--format", "json", "-o",
        str(folder / f"{name}.json"),
    ]  # fmt: skip
    times = []
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run(command, check=False, cwd=folder, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    shutil.rmtree(out)
    return times[0], times[1]


def _old(ref: str) -> str:
    """The Python of a venv where the build of a commit is installed; made once."""
    place = WORKSHOP / f"contre-{ref}"
    executable = place / "venv" / "bin" / "python"
    if not executable.exists():
        checkout = place / "depot"
        if not checkout.exists():
            subprocess.run(
                ["git", "worktree", "add", "--detach", checkout, ref], cwd=ROOT, check=True
            )
        subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
        pip = [executable, "-m", "pip", "install", "--quiet", "--constraint"]
        extras = f"{checkout}[campagne]"
        subprocess.run([*pip, checkout / "contraintes.txt", extras], check=True)
    return str(executable)


if __name__ == "__main__":
    main()
