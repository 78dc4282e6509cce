"""What each runtime dependency costs: `python -m tools.dependances` prints size and import time.

Sizes are those of the files installed; times are the processor's, best of three, each import in a
new process, the cost of starting Python taken away.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

REASONS = {
    "click": "la ligne de commande",
    "ijson": "les flux JSON nationaux de FINESS, lus sans les charger en mémoire",
    "jinja2": "le rapport HTML et les lettres",
    "markdown-it-py": "la lettre à imprimer, d'après son texte (déjà là : rich s'en sert)",
    "openpyxl": "les rapports et la consolidation en .xlsx ; second lecteur (--double-lecture)",
    "pandas": "les tables que pandera juge (dossiers, serveur, équipe de données)",
    "pandera": "un schéma par feuille, pour les dossiers, le serveur et l'équipe de données",
    "rapidfuzz": "« vouliez-vous dire » : feuilles, colonnes, valeurs de liste",
    "rich": "les tableaux et la progression dans le terminal",
    "xlsxwriter": "l'écriture du classeur standard, valeurs calculées comprises",
}
"""Why each one is there, in one line: shown in the documentation."""


def declarees() -> tuple[str, ...]:
    """Names of the runtime dependencies of pyproject.toml."""
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    return tuple(re.split(r"[<>=!~;\[ ]", text)[0].lower() for text in declared)


def taille(name: str) -> int:
    """Bytes installed by a distribution."""
    files = distribution(name).files or ()
    paths = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in paths if path.is_file())


def temps(module: str) -> float:
    """Processor seconds of an import, Python's own start taken away."""
    return max(0.0, min(_cpu(f"import {module}") for _ in range(3)) - min(_cpu("") for _ in "123"))


def _cpu(code: str) -> float:
    probe = f"{code}\nimport os; t = os.times(); print(t.user + t.system)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print the table, in Markdown."""
    print("| Dépendance | Version | Taille | Import | Pourquoi |\n|---|---|---|---|---|")
    for name in declarees():
        version = distribution(name).version
        size = f"{taille(name) / 1e6:.1f} Mo".replace(".", ",")
        print(f"| {name} | {version} | {size} | {temps(name) * 1000:.0f} ms | {REASONS[name]} |")


if __name__ == "__main__":
    main()
