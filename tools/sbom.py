"""Inventory of what is installed (CycloneDX 1.6, JSON): `python -m tools.sbom`.

Writes build/sbom.cdx.json. A new environment is made as `make demo` makes it, from the lists with
fingerprints; pip reports each file it installed, and its fingerprint goes into the inventory: what
is described is what came, not what was wanted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SORTIE = ROOT / "build" / "sbom.cdx.json"


def write(target: Path = SORTIE) -> Path:
    """Write the inventory, and give its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="xl-cpom-sbom-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        report = Path(folder) / "rapport.json"
        pip = [python, "-m", "pip", "install", "--quiet", "--no-compile",
               "--disable-pip-version-check"]  # fmt: skip
        hashed = ["--require-hashes", "--only-binary", ":all:"]
        subprocess.run(
            [*pip, *hashed, "--report", report, "-r", ROOT / "exigences.txt"], check=True
        )
        subprocess.run([*pip, *hashed, "-r", ROOT / "exigences-construction.txt"], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(ROOT)], check=True)
        _remove_builders(python)
        subprocess.run(
            [sys.executable, "-m", "cyclonedx_py", "environment", str(python),
             "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible",
             "--output-format", "JSON", "--output-file", str(target)],
            check=True,
        )  # fmt: skip
        inventory = json.loads(target.read_text(encoding="utf-8"))
        add_hashes(inventory, reported(json.loads(report.read_text(encoding="utf-8"))))
    text = json.dumps(inventory, ensure_ascii=False, indent=2, sort_keys=True)
    target.write_text(f"{text}\n", encoding="utf-8")
    return target


def _remove_builders(python: Path) -> None:
    """What built the package does not run with it."""
    from tools.audit import names_of

    runtime = set(names_of(ROOT / "exigences.txt"))
    build = set(names_of(ROOT / "exigences-construction.txt")) - runtime
    subprocess.run(
        [python, "-m", "pip", "uninstall", "--quiet", "-y", *sorted(build), "setuptools", "pip"],
        check=True,
    )


def reported(report: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each file that pip says it installed."""
    return {
        canonicalize_name(line["metadata"]["name"]): line["download_info"]["archive_info"][
            "hashes"
        ]["sha256"]
        for line in report["install"]
    }


def add_hashes(inventory: dict[str, Any], digests: Mapping[str, str]) -> None:
    """Put them in the components of an inventory. Raises KeyError for one that has none."""
    for component in inventory["components"]:
        digest = digests[canonicalize_name(component["name"])]
        component["hashes"] = [{"alg": "SHA-256", "content": digest}]


if __name__ == "__main__":
    print(write())
