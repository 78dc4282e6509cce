"""Prepare what the Windows installer lays down: an official CPython and the frozen wheels.

    python installeur/preparer.py --python python-3.13.5-embed-amd64.zip --sha256 … -o build/contenu

The CPython « embeddable » archive is fetched beforehand from python.org by whoever makes the
release, and named with the SHA-256 python.org publishes: an archive that differs is refused.
Wheels are those of Windows, at the versions of contraintes.txt. Runs on Linux as on Windows.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUPERFLUOUS = ("tests", "__pycache__")


def preparer(archive: Path, sha256: str, wheel: Path, output: Path, version: str = "3.13") -> None:
    """Write the content of the installer in a folder that must not exist yet.

    Raises SystemExit when the archive is not the one announced.
    """
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256.lower():
        raise SystemExit(f"{archive.name} : empreinte {found}, {sha256} était annoncée")
    python = output / "python"
    python.mkdir(parents=True)
    with zipfile.ZipFile(archive) as content:
        content.extractall(python)
    _open_site(python)
    roues(wheel, python / "Lib" / "site-packages", version)
    (output / "LISEZMOI.txt").write_text(
        "xl_cpom\r\n\r\nOuvrez « Invite de commandes xl_cpom » du menu Démarrer.\r\n",
        encoding="utf-8-sig",
    )


def _open_site(python: Path) -> None:
    """The embeddable Python only looks where its « ._pth » file says."""
    for path in python.glob("python*._pth"):
        lines = [line for line in path.read_text("utf-8").splitlines() if "import site" not in line]
        path.write_text("\n".join([*lines, "Lib\\site-packages", ""]), encoding="utf-8")


def roues(wheel: Path, target: Path, version: str) -> None:
    """Install xl_cpom and its dependencies for Windows in a folder."""
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--target", target,
         "--platform", "win_amd64", "--implementation", "cp", "--python-version", version,
         "--only-binary", ":all:", "--constraint", ROOT / "contraintes.txt", wheel],
        check=True,
    )  # fmt: skip


def main() -> None:
    """Command line of the tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help="archive « embeddable »")
    parser.add_argument("--sha256", required=True, help="empreinte publiée par python.org")
    parser.add_argument("--roue", type=Path, required=True, help="roue de xl_cpom (make paquet)")
    parser.add_argument("--version-python", default="3.13")
    parser.add_argument("-o", "--sortie", type=Path, required=True)
    given = parser.parse_args()
    preparer(given.python, given.sha256, given.roue, given.sortie, given.version_python)


if __name__ == "__main__":
    main()
