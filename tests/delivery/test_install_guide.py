"""The page « Installer », typed as it is on a machine that has nothing but Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xl_cpom.extras import WHEEL

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "installer.md").read_text("utf-8")
BLOCKS = [text.strip().splitlines() for text in re.findall(r"```text\n(.*?)```", GUIDE, re.S)]

pytestmark = pytest.mark.long


def test_the_page_names_the_wheel_of_this_version() -> None:
    assert WHEEL in GUIDE
    assert set(re.findall(r"\./xl_cpom-\S+?\.whl", GUIDE)) == {WHEEL}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the wheel, and nothing else."""
    made = tmp_path_factory.mktemp("poste")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", made, ROOT],
        check=True,
        capture_output=True,
    )
    assert [path.name for path in made.iterdir()] == [Path(WHEEL).name]
    yield made


def typed(line: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """The line in a shell that knows this Python and the folders of the system."""
    kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "UV_", "HTTP"))}
    path = f"{more.pop('FIRST', '')}{Path(sys.executable).resolve().parent}:/usr/bin:/bin"
    return subprocess.run(
        line, shell=True, cwd=folder, capture_output=True, text=True, encoding="utf-8",
        check=False, env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": path, **kept, **more},
    )  # fmt: skip


def in_turn(
    lines: list[str], folder: Path, record_property: Any, **more: str
) -> Iterator[subprocess.CompletedProcess[str]]:
    begin = time.perf_counter()
    for line in lines:
        done = typed(line, folder, **more)
        if "No matching distribution" in done.stderr or "NewConnectionError" in done.stderr:
            pytest.skip("registre de paquets injoignable")
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        yield done
    record_property("secondes jusqu'au premier verdict", round(time.perf_counter() - begin))


def test_in_a_folder(folder: Path, record_property: Any) -> None:
    (lines,) = [block for block in BLOCKS if block[0].startswith("python3 -m venv")]
    *_, demo = in_turn(lines, folder, record_property)
    assert "Non recevable" in demo.stdout
    assert "cpom/bin/xl-cpom valider VOTRE_CLASSEUR.xlsx" in demo.stdout
    health = typed("cpom/bin/xl-cpom diagnostic --format json", folder)
    assert health.returncode == 0, health.stdout


def test_with_pipx(folder: Path, tmp_path: Path, record_property: Any) -> None:
    venv.create(tmp_path / "pipx", with_pip=True)
    done = typed(f"{tmp_path}/pipx/bin/pip install --quiet pipx", folder)
    if done.returncode:
        pytest.skip("registre de paquets injoignable")
    (lines,) = [block for block in BLOCKS if block[0].startswith("pipx")]
    own = {"PIPX_HOME": f"{tmp_path}/home", "PIPX_BIN_DIR": f"{tmp_path}/bin",
           "FIRST": f"{tmp_path}/bin:{tmp_path}/pipx/bin:"}  # fmt: skip
    *_, demo = in_turn(lines, folder, record_property, **own)
    assert "Non recevable" in demo.stdout
    removed = typed("pipx uninstall xl-cpom", folder, **own)
    assert removed.returncode == 0 and not (tmp_path / "bin" / "xl-cpom").exists()
