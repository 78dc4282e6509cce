"""What surrounds the code: publiccode.yml, security, contribution, dependencies explained, SBOM."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tools.dependances import REASONS, declarees
from xl_cpom import __version__

ROOT = Path(__file__).resolve().parents[2]


def test_publiccode_has_what_the_standard_requires() -> None:
    """publiccode.yml 0.4: compulsory keys, closed values, lengths of the texts."""
    said = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    compulsory = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus",
                  "softwareType", "description", "legal", "maintenance",
                  "localisation"}  # fmt: skip
    assert compulsory <= set(said)
    assert said["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert said["softwareType"].startswith("standalone/")
    assert said["softwareVersion"] == __version__
    french = said["description"]["fr"]
    assert len(french["shortDescription"]) <= 150
    assert 150 <= len(french["longDescription"]) <= 10_000
    assert french["features"]
    assert said["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert said["maintenance"]["contacts"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert said["legal"]["license"] == project["license"] == "MIT"


def test_every_runtime_dependency_is_justified() -> None:
    assert set(declarees()) == set(REASONS)
    page = (ROOT / "docs" / "guides" / "dsi.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([a-z0-9-]+) \| \d", page, re.M)) == set(declarees())


def test_everything_declared_is_frozen() -> None:
    """Each dependency, extras included, has its version in contraintes.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *(text for group in extras.values() for text in group)]
    names = {key(text) for text in declared if "win32" not in text}
    frozen = {key(line) for line in (ROOT / "contraintes.txt").read_text().splitlines()}
    assert names <= frozen


def key(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ @]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_no_path_of_a_machine_in_what_is_published() -> None:
    hand_written = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "mkdocs.yml"]
    wrong = re.compile(r"/(?:work|home|root|Users)/")
    assert [p.name for p in hand_written if wrong.search(p.read_text(encoding="utf-8"))] == []
