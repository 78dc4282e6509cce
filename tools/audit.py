"""Known flaws of what is installed: `python -m tools.audit`, without any network.

The advisories are those of `tools/avis.toml`, kept by hand: few, dated, and said to be so. A
package without advisory there is not a package without flaw: the command says which ones nobody
has looked at, and how to ask a base that is kept up to date.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = Path(__file__).with_name("avis.toml")


@dataclass(frozen=True)
class Advisory:
    """One public advisory: `fixed` is the first version without the flaw."""

    number: str
    package: str
    fixed: str
    summary: str
    source: str


def advisories(path: Path = SNAPSHOT) -> tuple[str, tuple[Advisory, ...]]:
    """Day of the snapshot, and its advisories."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    found = [
        Advisory(one["numero"], canonicalize_name(one["paquet"]), one["corrige"], one["resume"],
                 one["source"])
        for one in said["avis"]
    ]  # fmt: skip
    return said["releve"], tuple(found)


def names_of(path: Path) -> list[str]:
    """Packages of a list with fingerprints."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        canonicalize_name(line.partition("==")[0])
        for line in lines
        if "==" in line and not line.startswith((" ", "#"))
    ]


def locked() -> list[str]:
    """Packages of the lists: all that is delivered."""
    return sorted({name for path in ROOT.glob("exigences*.txt") for name in names_of(path)})


def installed(names: Sequence[str]) -> dict[str, str]:
    """Version of those that are installed here."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def flaws(versions: Mapping[str, str], known: Sequence[Advisory]) -> list[Advisory]:
    """The advisories that concern these versions."""
    return [
        one
        for one in known
        if one.package in versions and Version(versions[one.package]) < Version(one.fixed)
    ]


def main() -> int:
    """Print what is known; 1 when an installed version has a known flaw."""
    day, known = advisories()
    versions = installed(locked())
    found = flaws(versions, known)
    for one in found:
        print(
            f"✖ {one.package} {versions[one.package]} : {one.number}, {one.summary}. "
            f"Installez au moins {one.fixed} ({one.source})."
        )
    covered = {one.package for one in known}
    unknown = sorted(set(versions) - covered)
    print(
        f"{len(versions)} paquets installés, {len(known)} avis tenus à la main au {day} : "
        f"{len(found)} les concernent."
    )
    print(f"Sans avis dans ce relevé, ce qui ne veut pas dire sans faille : {', '.join(unknown)}.")
    print(
        "Ce relevé est court et daté. Pour une base tenue à jour, sur un poste relié à "
        "internet : pip-audit --require-hashes -r exigences.txt"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
