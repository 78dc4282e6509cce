"""`python -m benchmarks.finess [ENTITES]`: the national flows of FINESS, ours against `json.load`.

Time of processor and peak of memory, each in a process of its own, on invented flows (50 000
entités juridiques by default, the size of the country): our reader keeping one région, the same
tokeniser alone (the floor), and `json.load`, which holds everything. The last is measured on the
smaller flow and on a tenth of the entities only: on the whole it needs several gigabytes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.finess_synthetique import NATIONAL, write

MESURES = {
    "plancher : ijson seul, rien gardé": """
import ijson
from pathlib import Path
for path in sorted(Path(dossier).glob('*.json')):
    with path.open('rb') as raw:
        for _ in ijson.items(raw, 'pmej.item', use_float=True):
            pass
""",
    "xl-cpom : les deux flux, une région": """
from xl_cpom.referentiel import load_referentiel
from pathlib import Path
from xl_cpom.finess.flows import Filter, load_directory
kept = load_directory(Path(dossier), Filtre(departements=frozenset(load_referentiel().departements)))
print(len(kept.by_et), 'établissements gardés sur', kept.lus, 'entités', file=sys.stderr)
""",  # noqa: E501
    "json.load : les deux flux": """
import json
from pathlib import Path
held = [json.loads(p.read_text(encoding='utf-8')) for p in sorted(Path(dossier).glob('*.json'))]
""",
}
INTEGER = "json.load : les deux flux"


def main() -> None:
    """Write the flows, measure, print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NATIONAL
    with tempfile.TemporaryDirectory() as folder:
        whole, tenth = Path(folder) / "pays", Path(folder) / "dixieme"
        for paths in (write(whole, count), write(tenth, max(1, count // 10))):
            print(", ".join(f"{p.stat().st_size / 1e6:.0f} Mo" for p in paths))
        for name, code in MESURES.items():
            for this_folder in (tenth,) if name == INTEGER else (tenth, whole):
                spent, peak = _measure(code, this_folder)
                print(
                    f"{name:<40} {this_folder.name:<9} {spent:7.1f} s   {peak:7.0f} Mio", flush=True
                )


def _measure(code: str, folder: Path) -> tuple[float, float]:
    """(seconds of processor, peak in MiB) of a process that runs this."""
    probe = (
        f"import resource, sys\ndossier = {str(folder)!r}\n{code}\n"
        "u = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    spent, peak = done.stdout.split()
    if done.stderr:
        print("  " + done.stderr.strip())
    return float(spent), float(peak)


if __name__ == "__main__":
    main()
