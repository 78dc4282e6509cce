"""The wheel and the sdist, built and installed from nothing, work away from the repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from xl_cpom import __version__
from xl_cpom.extras import install_command

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("livraison")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        text=True,
    )
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a new environment holding only the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("neuf")
    venv.create(folder, with_pip=True)
    bin_ = folder / ("Scripts" if os.name == "nt" else "bin")
    done = subprocess.run(
        [bin_ / "python", "-m", "pip", "install", "--quiet", "--no-compile",
         "--disable-pip-version-check", "--constraint", ROOT / "contraintes.txt",
         next(built.glob("*.whl"))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip(f"registre de paquets injoignable : {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    return bin_


def run(bin_: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [bin_ / "xl-cpom", *arguments], cwd=folder, env=env, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_wheel_holds_the_package_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {name.split("/")[0] for name in names} == {
        "xl_cpom",
        f"xl_cpom-{__version__}.dist-info",
    }
    tracked = subprocess.run(
        ["git", "ls-files", "xl_cpom"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert {name for name in tracked if (ROOT / name).is_file()} <= names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_sdist_holds_what_a_fork_needs(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile",
              "contraintes.txt", "mkdocs.yml", "tests/conftest.py", "tools/documentation.py",
              "docs/index.md", "workbooks/exemple_valide.xlsx"}  # fmt: skip
    assert wanted <= names
    assert not [name for name in names if ".venv" in name or "__pycache__" in name]


@pytest.mark.long
def test_the_main_jobs_away_from_the_repository(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--version").stdout.strip() == f"xl-cpom {__version__}"
    demo = run(installed, tmp_path, "demo")
    assert demo.returncode == 0, demo.stderr
    assert "NON RECEVABLE" in demo.stdout.upper()
    blank = run(installed, tmp_path, "gabarit", "-o", "vierge.xlsx")
    assert blank.returncode == 0, blank.stderr
    judged = run(installed, tmp_path, "valider", "vierge.xlsx", "--format", "json")
    assert judged.returncode == 1, judged.stderr
    assert json.loads(judged.stdout)["verdict"] == "non recevable"
    html = run(installed, tmp_path, "valider", "vierge.xlsx", "--format", "html", "-o", "r.html")
    assert html.returncode == 1, html.stderr
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html")
    listed = run(installed, tmp_path, "regles", "--format", "json")
    assert len(json.loads(listed.stdout)["regles"]) >= 120


@pytest.mark.long
def test_what_is_optional_is_absent_and_said(installed: Path, tmp_path: Path) -> None:
    said = run(installed, tmp_path, "diagnostic", "--format", "json")
    assert said.returncode == 0, said.stdout + said.stderr
    found = {c["question"]: c["etat"] for c in json.loads(said.stdout)["constats"]}
    assert found["xlwings"] == found["duckdb"] == "absent"
    assert found["pandas"] == found["contrôle du classeur d'exemple"] == "bon"
    refused = run(installed, tmp_path, "serveur")
    assert refused.returncode == 2
    assert install_command("serveur") in refused.stderr


@pytest.mark.long
def test_what_demo_shows_can_be_typed(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "workbooks", tmp_path / "workbooks")
    said = subprocess.run(
        [installed / "xl-cpom", "demo"], cwd=tmp_path, capture_output=True, text=True,
        encoding="utf-8", env={"PATH": "/usr/bin:/bin"}, check=True,
    )  # fmt: skip
    typed = [line[2:] for line in said.stdout.splitlines() if line.startswith("$ ")]
    assert [
        subprocess.run(one, shell=True, cwd=tmp_path, capture_output=True, check=False).returncode
        for one in typed
    ] == [0, 1]


INSTALL = re.compile(r"pip[x]? (?:install|inject)[^`\n]*?[ \"'](xl[-_]cpom\S*)")


def test_no_hint_names_a_package_that_the_public_index_does_not_have() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    named = {
        found
        for name in listed
        if name.endswith((".py", ".md", ".txt", ".toml", ".html", ".js"))
        and (ROOT / name).is_file()
        for found in INSTALL.findall((ROOT / name).read_text("utf-8"))
    }
    assert {one for one in named if ".whl" not in one} == set()


def test_package_data_is_there(installed: Path) -> None:
    code = (
        "from importlib.resources import files\n"
        "root = files('xl_cpom')\n"
        "for name in ('referentiel/donnees/BFC-2026-2030/cycle.toml', 'py.typed',"
        " 'schemas/table/mesures.schema.json', 'schemas/rapport.schema.json',"
        " 'reports/templates/rapport.html',"
        " 'udfs/xlwings_server/projet/templates/manifest.xml', 'batch/templates/region.html'):\n"
        "    assert root.joinpath(name).is_file(), name\n"
    )
    done = subprocess.run(
        [installed / "python", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
