"""Every command of the README and of the guides, every piece of Python, ends as it says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commande import run

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "guides").glob("*.md"))
)
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", README + GUIDES, re.S)
COMMANDS = sorted(
    {
        line.split("  #")[0].strip()
        for kind, text in BLOCKS
        if kind == "sh"
        for line in text.splitlines()
        if line.strip().startswith(("xl-cpom", "make"))
    }
)
ENDS = {
    "xl-cpom valider workbooks/exemple_fautif.xlsx": 1,
    "xl-cpom valider workbooks --format json": 1,
    "xl-cpom valider workbooks --consolidation CONSOLIDATION --lots A_RENVOYER": 1,
    "xl-cpom valider workbooks/exemple_valide.xlsx workbooks/exemple_fautif.xlsx "
    "--consolidation CONSOLIDATION --format json -o rapport.json": 1,
}


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """A folder with the shipped workbooks: commands may write here."""
    shutil.copytree(ROOT / "workbooks", tmp_path / "workbooks")
    return tmp_path


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("xl-cpom")])
def test_commands_end_as_the_readme_says(command: str, bench: Path) -> None:
    this_run = run(*shlex.split(command)[1:], cwd=bench, XDG_STATE_HOME=str(bench / "etat"))
    assert this_run.returncode == ENDS.get(command, 0), this_run.stderr
    assert "Traceback" not in this_run.stderr


def test_a_command_is_a_program(bench: Path) -> None:
    """Started from another folder, with hardly any environment."""
    run = subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", "workbooks/exemple_fautif.xlsx"], cwd=bench,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (1, "")
    assert "Non recevable" in run.stdout


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make")])
def test_make_targets_exist(command: str) -> None:
    target = command.split()[1]
    run = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


DATA = (ROOT / "docs" / "guides" / "donnees.md").read_text(encoding="utf-8")
"""Its Python is one session, run in order by `test_donnees.py`."""


@pytest.mark.parametrize(
    "code", [text for kind, text in BLOCKS if kind == "python" and text not in DATA]
)
def test_python_of_the_readme(code: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout == "recevable 0\n"
