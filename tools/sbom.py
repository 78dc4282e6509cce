"""Inventory of what runs (CycloneDX 1.6, JSON): `python -m tools.sbom` writes build/sbom.cdx.json.

A new environment is made with xl-cpom alone, at the versions of contraintes.txt, so that the
inventory holds what a user installs and not the tools of this repository.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
SORTIE = RACINE / "build" / "sbom.cdx.json"


def ecrire(target: Path = SORTIE) -> Path:
    """Write the inventory, and give its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xl-cpom-sbom-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-compile",
             "--disable-pip-version-check", "--constraint", RACINE / "contraintes.txt",
             str(RACINE)],
            check=True,
        )  # fmt: skip
        subprocess.run([python, "-m", "pip", "uninstall", "--quiet", "-y", "pip", "setuptools"],
                       check=True)  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "cyclonedx_py", "environment", str(python),
             "--pyproject", str(RACINE / "pyproject.toml"), "--output-reproducible",
             "--output-format", "JSON", "--output-file", str(target)],
            check=True,
        )  # fmt: skip
    return target


if __name__ == "__main__":
    print(ecrire())
