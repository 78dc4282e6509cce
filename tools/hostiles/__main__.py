"""`python -m tools.hostiles DOSSIER`: write the files; `--table`: write the outcomes anew."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tools.hostiles import CAS
from tools.hostiles.issues import deposit, issue, play, write_table


def main() -> None:
    """Write the files in a folder, or the table of their outcomes."""
    if sys.argv[1:] != ["--table"]:
        (folder,) = map(Path, sys.argv[1:])
        folder.mkdir(parents=True, exist_ok=True)
        written = [deposit(case, folder) for case in CAS.values()]
        print(f"{len([p for p in written if p])} fichiers dans {folder}")
        return
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        for case in CAS.values():
            start = time.perf_counter()
            played = play(case, Path(temporary))
            if played is None:
                continue
            found.append((case, issue(played[1])))
            print(
                f"{time.perf_counter() - start:6.2f} s  {case.nom:<40} {found[-1][1]}", flush=True
            )
    write_table(found)


main()
