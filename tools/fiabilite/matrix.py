"""The matrix: each example saved again by each program, what is said of it, before and now.

    python -m tools.fiabilite.matrix [--contre REF] [PROGRAMME…]

Prints a table in Markdown. With --contre, the same files are judged by that state of the project
too (a git reference), so that both columns speak of the very same bytes. A program that is not
here and cannot be installed is named, with why.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tools.fiabilite.other_programs import PROGRAMS, MissingProgramError, Program

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("exemple_valide", "exemple_fautif")
_JUDGE = """
import json, sys
from collections import Counter
from xl_cpom import check
found = {}
for path in sys.argv[1:]:
    report = check(path)
    codes = Counter(finding.code for finding in report.findings)
    rates = [[i.code, i.secteur, i.annee, i.taux] for i in report.indicateurs]
    found[path] = {"verdict": report.verdict.value, "codes": codes, "taux": rates}
print(json.dumps(found))
"""


def judged(root: Path, paths: list[Path]) -> dict[str, Any]:
    """path -> verdict, codes and rates, as the project in this folder says."""
    done = subprocess.run(
        [sys.executable, "-c", _JUDGE, *map(str, paths)], cwd=root, check=True,
        capture_output=True, text=True, env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def checkout(reference: str, folder: Path) -> Path:
    """The project as it was at a reference, in a folder."""
    archive = subprocess.run(
        ["git", "archive", reference], cwd=ROOT, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def saved_again(programs: list[Program], folder: Path) -> dict[tuple[str, str], Path]:
    """(program, example) -> the file, for those that could be made; the others are printed."""
    found = {}
    for program in programs:
        own = folder / program.name.replace(" ", "_")
        own.mkdir()
        for example in EXAMPLES:
            target = own / f"{example}.xlsx"
            try:
                program.save(ROOT / "workbooks" / f"{example}.xlsx", target)
            except MissingProgramError as missing:
                print(f"absent : {program.name} ({missing})", file=sys.stderr)
                break
            found[program.name, example] = target
    return found


def _cell(before: dict[str, Any], after: dict[str, Any]) -> str:
    """« recevable ; + STR-028 ; − STR-013 ×3 ; taux inchangés »."""
    was, now = Counter(before["codes"]), Counter(after["codes"])
    words = [after["verdict"], *_listed("+", now - was), *_listed("−", was - now)]
    if before["taux"] != after["taux"]:
        words.append("taux changés")
    return " ; ".join(words)


def _listed(sign: str, codes: Counter[str]) -> list[str]:
    texts = [code if n == 1 else f"{code} ×{n}" for code, n in sorted(codes.items())]
    return [f"{sign} {', '.join(texts)}"] if texts else []


def main() -> None:
    """Make the files, have them judged, print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.fiabilite.matrix")
    parser.add_argument("programmes", nargs="*", metavar="PROGRAMME")
    parser.add_argument("--contre", metavar="REF", help="état passé du projet")
    options = parser.parse_args()
    wanted = [p for p in PROGRAMS if not options.programmes or p.name in options.programmes]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = saved_again(wanted, folder)
        originals = {example: ROOT / "workbooks" / f"{example}.xlsx" for example in EXAMPLES}
        states = {"maintenant": ROOT}
        if options.contre:
            past = folder / "passe"
            past.mkdir()
            states = {options.contre: checkout(options.contre, past), **states}
        said = {
            state: judged(root, [*originals.values(), *files.values()])
            for state, root in states.items()
        }
        print(f"| programme | exemple | {' | '.join(states)} |")
        print("|---|---|" + "---|" * len(states))
        for (program, example), path in files.items():
            cells = [
                _cell(found[str(originals[example])], found[str(path)]) for found in said.values()
            ]
            print(f"| {program} | {example} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
