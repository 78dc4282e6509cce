"""Public test files, taken from packages by the ordinary client of each registry.

The list is pinned (`paquets.csv`: version and SHA-256 of the archive); the archives are kept in
`build/fiabilite/`, never in the repository. What cannot be had is said, and the run goes on with
the rest. Nothing of an archive is extracted under the name it asks for.
"""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LISTING = Path(__file__).with_name("paquets.csv")
SIZE = 80 << 20
"""Bytes of the largest file taken from an archive."""

_CLASSEUR = re.compile(r"\.(xls[xmb]?|xlt[xm]|xlam|ods)$", re.IGNORECASE)
_SOURCES = """Types: deb-src
URIs: http://deb.debian.org/debian
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the list."""

    register: str
    nom: str
    version: str
    archive: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Public:
    """One file: where it is here, and where it comes from."""

    path: Path
    origine: str


def packages() -> list[Package]:
    """The pinned list."""
    with LISTING.open(encoding="utf-8", newline="") as file:
        return [Package(**row) for row in csv.DictReader(file, delimiter=";")]


def get(cache: Path) -> Iterator[tuple[Package, str]]:
    """Have each archive in the cache; "" or why it is not there."""
    cache.mkdir(parents=True, exist_ok=True)
    for package in packages():
        target = cache / package.archive
        why = ""
        if not target.exists():
            why = _FETCH[package.register](package, cache)
        if not target.exists():
            yield package, why or "le registre ne l'a pas"
        elif hashlib.sha256(target.read_bytes()).hexdigest() != package.sha256:
            target.unlink()
            yield package, "l'archive n'est pas celle de la liste"
        else:
            yield package, ""


def extraire(cache: Path) -> list[Public]:
    """The workbooks of the archives at hand, each content once, by name of content."""
    folder = cache / "fichiers"
    folder.mkdir(exist_ok=True)
    found: dict[str, Public] = {}
    for package in packages():
        archive = cache / package.archive
        if not archive.exists():
            continue
        with tarfile.open(archive) as members:
            for member in members:
                suffix = _CLASSEUR.search(member.name)
                if suffix is None or not member.isfile() or member.size > SIZE:
                    continue
                stream = members.extractfile(member)
                content = stream.read() if stream else b""
                digest = hashlib.sha256(content).hexdigest()[:16]
                if digest in found:
                    continue
                path = folder / f"{digest}{suffix[0].lower()}"
                if not path.exists():
                    path.write_bytes(content)
                name = member.name.rpartition("/")[2]
                found[digest] = Public(path, f"{package.nom} {name}")
    return list(found.values())


# --- the clients


def _debian(package: Package, cache: Path) -> str:
    if shutil.which("apt-get") is None:
        return "apt-get absent"
    here = cache / "apt"
    (here / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    sources = here / "sources.sources"
    first = not sources.exists()
    sources.write_text(_SOURCES, encoding="utf-8")
    apt = ["apt-get", "-qq", "-o", f"Dir::Etc::sourcelist={sources}", "-o",
           "Dir::Etc::sourceparts=-", "-o", f"Dir::State::lists={here / 'lists'}"]  # fmt: skip
    if first:
        _launch([*apt, "update"], cache)
    return _launch([*apt, "source", "--download-only", f"{package.nom}={package.version}"], cache)


def _pypi(package: Package, cache: Path) -> str:
    wanted = cache / "pypi.txt"
    wanted.write_text(f"{package.nom}=={package.version} --hash=sha256:{package.sha256}\n")
    return _launch(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-binary", package.nom, "--require-hashes", "-r", str(wanted)],
        cache,
    )  # fmt: skip


def _npm(package: Package, cache: Path) -> str:
    if shutil.which("npm") is None:
        return "npm absent"
    return _launch(["npm", "pack", "--silent", f"{package.nom}@{package.version}"], cache)


def _launch(command: list[str], cache: Path) -> str:
    """Run a client in the cache; "" or the last line of what it says."""
    try:
        done = subprocess.run(
            command, cwd=cache, capture_output=True, text=True, timeout=600, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as failure:
        return type(failure).__name__
    lines = (done.stderr or done.stdout).strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1][:100] if lines else "échec")


_FETCH = {"debian": _debian, "pypi": _pypi, "npm": _npm}
