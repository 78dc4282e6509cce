"""`make fuzz`: each target for so many seconds under atheris; what breaks is kept in build/fuzz/.

A finding is mended, then copied to tests/data/trouvailles/CIBLE-…, where a test plays it for ever.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SORTIE = ROOT / "build" / "fuzz"
_BAVARDAGE = re.compile(r"INFO: |WARNING: Failed to find function|#\d+\s")


def main() -> None:
    """Run every target in a process of its own, or one here (`--ici`)."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz")
    parser.add_argument("cibles", nargs="*", metavar="CIBLE")
    parser.add_argument("--duree", type=int, default=60, help="secondes par cible")
    parser.add_argument("--graine", type=int, default=0, help="0 : au hasard")
    parser.add_argument("--ici", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ici:
        _fuzz(arguments.cibles[0], arguments.duree, arguments.graine)
    from tools.fuzz.cibles import CIBLES

    failed = []
    for name in arguments.cibles or CIBLES:
        print(f"\n=== {name} : {arguments.duree} s", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "tools.fuzz", name, "--duree", str(arguments.duree),
             "--graine", str(arguments.graine), "--ici"],
            cwd=ROOT, check=False, stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip
        said = [line for line in done.stderr.splitlines() if not _BAVARDAGE.match(line)]
        print("\n".join(said if done.returncode else [s for s in said if s.startswith("stat::")]))
        if done.returncode:
            failed.append(name)
    print(f"\nFautes : {', '.join(failed) or 'aucune'}")
    sys.exit(1 if failed else 0)


def _fuzz(nom: str, duree: int, graine: int) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["xl_cpom"]):
        from tools.fuzz.cibles import CIBLES
        from tools.fuzz.graines import sow

        for module in ("xl_cpom.workbook.reader", "xl_cpom.workbook.interpretation.coercion"):
            __import__(module)
    corpus = SORTIE / nom
    corpus.mkdir(parents=True, exist_ok=True)
    sow(nom, corpus)
    atheris.Setup(
        [
            sys.argv[0], str(corpus), f"-max_total_time={duree}", f"-seed={graine}", "-timeout=20",
            "-rss_limit_mb=1024", "-max_len=20000", f"-artifact_prefix={SORTIE}/{nom}-",
            "-print_final_stats=1", "-verbosity=0",
        ],
        CIBLES[nom],
    )  # fmt: skip
    atheris.Fuzz()


main()
