"""What is installed is what was chosen: lists with fingerprints, an inventory, known flaws."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import audit, locked_requirements, sbom

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LISTS = tuple(locked_requirements.lists())


def blocks(name: str) -> dict[str, tuple[str, list[str]]]:
    """Package -> version and fingerprints, of a list."""
    text = (ROOT / name).read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==([^\s;]+)[^\n]*\\\n((?:    --hash=[^\n]+\n)+)", text, re.M)
    return {
        name: (version, re.findall(r"sha256:([0-9a-f]{64})\b", digests))
        for name, version, digests in found
    }


@pytest.mark.parametrize("name", LISTS)
def test_each_list_has_its_closure_at_the_frozen_versions(name: str) -> None:
    _, wanted = locked_requirements.lists()[name]
    found = blocks(name)
    assert {canonicalize_name(Requirement(one).name) for one in wanted} <= found.keys()
    known = locked_requirements.pinned()
    assert {package: version for package, (version, _) in found.items()} == {
        package: known[package] for package in found
    }
    assert all(digests and len(digests) == len(set(digests)) for _, digests in found.values())
    installed = [one for one in found if _is_installed(one)]
    for package in installed:
        for text in _needs(package):
            assert text in found, f"{package} needs {text}: python -m tools.locked_requirements"


def _is_installed(package: str) -> bool:
    return bool(audit.installed([package]))


def _needs(package: str) -> set[str]:
    from importlib.metadata import requires

    needs = [Requirement(text) for text in requires(package) or ()]
    return {
        canonicalize_name(one.name)
        for one in needs
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }


def test_what_has_compiled_code_has_a_file_for_every_system() -> None:
    digests = blocks("exigences.txt")
    for package in ("numpy", "pandas", "rapidfuzz", "pydantic-core", "markupsafe"):
        assert len(digests[package][1]) >= len(locked_requirements.TARGETS) * 3 // 4, package


def test_make_demo_installs_from_the_lists() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", "demo"], cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip
    installs = [line for line in done.splitlines() if "pip install" in line]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0] and "--requirement exigences.txt" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_the_backend_is_bound_and_the_floors_are_above_the_known_flaws() -> None:
    (backend,) = PROJECT["build-system"]["requires"]
    assert re.fullmatch(r"hatchling==[\d.]+", backend)
    _, known = audit.advisories()
    extras = PROJECT["project"]["optional-dependencies"]
    for text in (*PROJECT["project"]["dependencies"], *extras["serveur"]):
        one = Requirement(text)
        fixed = [Version(a.fixed) for a in known if a.package == canonicalize_name(one.name)]
        for version in fixed:
            assert not any(one.specifier.contains(v) for v in _before(version)), text


def _before(version: Version) -> list[str]:
    """Versions just before: the last number less one, and the one before it."""
    parts = list(version.release)
    for rank in reversed(range(len(parts))):
        if parts[rank]:
            return [".".join(map(str, [*parts[:rank], parts[rank] - 1, *parts[rank + 1 :]]))]
    return []


def test_no_other_licence_is_installed_unasked() -> None:
    """xlwings Server is noncommercial or paid: only its own extra has it."""
    extras = PROJECT["project"]["optional-dependencies"]
    having = [name for name, needs in extras.items()
              if any(Requirement(one).name == "xlwings-server" for one in needs)]  # fmt: skip
    assert having == ["serveur-excel"]
    asked = {}
    for answer in ("non", "oui"):
        asked[answer] = subprocess.run(
            ["make", "--dry-run", "--always-make", "test", f"XLWINGS_SERVER={answer}"], cwd=ROOT,
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
    assert "serveur-excel" not in asked["non"]
    assert ".[dev,serveur-excel]" in asked["oui"]


def test_a_known_flaw_is_found_without_any_network() -> None:
    _, known = audit.advisories()
    assert all(one.source.startswith("https://") and one.number for one in known)
    flawed = {one.package: "0.0.1" for one in known}
    assert {one.number for one in audit.flaws(flawed, known)} == {one.number for one in known}
    fixed = {one.package: "9999" for one in known}
    assert audit.flaws(fixed, known) == []


def test_the_command_says_what_it_does_not_know() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.audit"], cwd=ROOT, capture_output=True,
                          text=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "ne veut pas dire sans faille" in done.stdout and "pip-audit" in done.stdout


def test_the_inventory_bears_the_fingerprint_of_what_came() -> None:
    report = {"install": [{"metadata": {"name": "Un_Paquet"}, "download_info": {
        "archive_info": {"hashes": {"sha256": "ab" * 32}}}}]}  # fmt: skip
    inventory = {"components": [{"name": "un-paquet", "version": "1"}]}
    sbom.add_hashes(inventory, sbom.reported(report))
    assert json.dumps(inventory).count("ab" * 32) == 1
    with pytest.raises(KeyError):
        sbom.add_hashes({"components": [{"name": "inconnu"}]}, {})
