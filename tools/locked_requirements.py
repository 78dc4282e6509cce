"""What is installed, with the fingerprint of every file it may come from.

    python -m tools.locked_requirements [exigences.txt …]

Writes `exigences.txt` (what runs) and `exigences-construction.txt` (what builds the package), at
the versions of contraintes.txt, for `pip install --require-hashes`. A registry that serves another
file under the same name is refused.

The names come from the metadata of what is installed here; the fingerprints from pip itself, which
is asked what it would install on each system (`--report`, nothing is downloaded but metadata).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS: Mapping[str, tuple[str, ...]] = {
    "linux": (*(f"manylinux_2_{n}_x86_64" for n in range(5, 40)), "manylinux2014_x86_64"),
    "linux-arm": (*(f"manylinux_2_{n}_aarch64" for n in range(17, 40)), "manylinux2014_aarch64"),
    "win32": ("win_amd64",),
    "darwin": (
        *(f"macosx_{n}_0_x86_64" for n in range(11, 16)),
        *(f"macosx_10_{n}_x86_64" for n in (9, 12, 13, 15)),
    ),
    "darwin-arm": tuple(f"macosx_{n}_0_arm64" for n in range(11, 16)),
}
"""Systems and the tags of their wheels."""

HEAD = """\
# Produit par « python -m tools.locked_requirements » ; ne pas modifier.
# {what}
# pip install --require-hashes --only-binary :all: -r {name}
"""


class Target(NamedTuple):
    """A system and a version of Python."""

    system: str
    version: str

    @property
    def environment(self) -> dict[str, str]:
        """Values of the markers there."""
        base = self.system.partition("-")[0]
        names = {
            "linux": ("Linux", "posix"),
            "win32": ("Windows", "nt"),
            "darwin": ("Darwin", "posix"),
        }
        return {
            **{key: str(value) for key, value in default_environment().items()},
            "sys_platform": base,
            "platform_system": names[base][0],
            "os_name": names[base][1],
            "python_version": self.version,
            "python_full_version": f"{self.version}.0",
        }


TARGETS = tuple(Target(system, version) for system in SYSTEMS for version in VERSIONS)


def closure(names: Iterable[str], target: Target) -> set[str]:
    """Canonical names of these requirements and of all that they need on a target."""
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        one = waiting.pop()
        if one.marker is not None and not one.marker.evaluate({**target.environment, "extra": ""}):
            continue
        name = canonicalize_name(one.name)
        wanted = [(name, "")] + [(name, extra) for extra in one.extras]
        for who, extra in wanted:
            if (key := f"{who}[{extra}]") in found:
                continue
            found.add(key)
            for text in distribution(who).requires or ():
                need = Requirement(text)
                here = {**target.environment, "extra": extra}
                if need.marker is None or need.marker.evaluate(here):
                    need.marker = None
                    waiting.append(need)
    return {key.partition("[")[0] for key in found}


def pinned() -> dict[str, str]:
    """Version of each package in contraintes.txt."""
    lines = (ROOT / "contraintes.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version.split(";")[0].strip() for name, version in pairs}


def fingerprints(names: Iterable[str], target: Target) -> dict[str, str]:
    """SHA-256 of the wheel that pip would install of each package on a target."""
    known = pinned()
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "noms.txt"
        report = Path(folder) / "rapport.json"
        wanted.write_text("".join(f"{name}=={known[name]}\n" for name in sorted(names)))
        platforms = [word for tag in SYSTEMS[target.system] for word in ("--platform", tag)]
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps",
             "--ignore-installed", "--disable-pip-version-check", "--only-binary", ":all:",
             *platforms, "--python-version", target.version, "--implementation", "cp",
             "--target", folder, "--report", report, "--requirement", wanted],
            check=True,
        )  # fmt: skip
        lines = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {
        canonicalize_name(line["metadata"]["name"]): line["download_info"]["archive_info"][
            "hashes"
        ]["sha256"]
        for line in lines
    }


def marker(targets: Iterable[Target]) -> str:
    """When a package is needed, as a marker; "" when it always is."""
    found = set(targets)
    if found == set(TARGETS):
        return ""
    systems = {target.system.partition("-")[0] for target in found}
    versions = {target.version for target in found}
    told = []
    if len(systems) == 1:
        told.append(f'sys_platform == "{systems.pop()}"')
    if versions != set(VERSIONS):
        told.append(f'python_version <= "{max(versions, key=lambda v: int(v[2:]))}"')
    return f" ; {' and '.join(told)}" if told else ""


def write(name: str, what: str, requirements: Iterable[str]) -> Path:
    """Write one list."""
    wanted = list(requirements)
    places: dict[str, set[Target]] = defaultdict(set)
    hashes: dict[str, set[str]] = defaultdict(set)
    for target in TARGETS:
        names = closure(wanted, target)
        for package, digest in fingerprints(names, target).items():
            hashes[package].add(digest)
            places[package].add(target)
        print(f"{name} : {target.system}, Python {target.version}", file=sys.stderr)
    known = pinned()
    lines = [HEAD.format(what=what, name=name)]
    for package in sorted(hashes):
        digests = " \\\n".join(f"    --hash=sha256:{one}" for one in sorted(hashes[package]))
        lines.append(f"{package}=={known[package]}{marker(places[package])} \\\n{digests}\n")
    path = ROOT / name
    path.write_text("".join(lines), encoding="utf-8")
    return path


def lists() -> dict[str, tuple[str, list[str]]]:
    """Name of each list -> what it is, what it holds before its closure."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    return {
        "exigences.txt": ("Ce qui s'exécute.", project["project"]["dependencies"]),
        "exigences-construction.txt": (
            "Ce qui construit le paquet.",
            [*project["build-system"]["requires"], "editables"],
        ),
    }


def main() -> None:
    """Write the lists named, or all of them."""
    for name, (what, requirements) in lists().items():
        if name in sys.argv[1:] or not sys.argv[1:]:
            print(write(name, what, requirements))


if __name__ == "__main__":
    main()
