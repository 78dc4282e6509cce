"""The pages « Ajouter … » are followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "ajouter").glob("*.md"))
STEP = re.compile(
    r"(?P<que>Créez|Ajoutez à la fin de|Dans) `(?P<fichier>[^`]+)`[^\n]*\n\n"
    r"```\w+\n(?P<premier>.*?)```(?:\n\npar[ \u00a0]:\n\n```\w+\n(?P<second>.*?)```)?"
    r"|```sh\n(?P<commandes>.*?)```"
    r"|```text\n(?P<affiche>.*?)```",
    re.S,
)

pytestmark = pytest.mark.xdist_group("ajouter")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    for name in ("xl_cpom", "tools", "workbooks", "docs", "tests"):
        shutil.copytree(ROOT / name, folder / name)  # what is compiled comes too
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def follow(page: Path, copy: Path, run: list[str]) -> None:
    shown = ""
    for step in STEP.finditer(page.read_text(encoding="utf-8")):
        if step["commandes"]:
            shown = shell(step["commandes"], copy)
            run.append(step["commandes"])
        elif step["affiche"]:
            assert step["affiche"].strip() in shown
        else:
            edit(copy / step["fichier"], step)


def edit(path: Path, step: re.Match[str]) -> None:
    match step["que"]:
        case "Créez":
            assert not path.exists()
            path.write_text(step["premier"], encoding="utf-8")
        case "Ajoutez à la fin de":
            path.write_text(
                path.read_text(encoding="utf-8") + "\n\n" + step["premier"], encoding="utf-8"
            )
        case _:
            before = path.read_text(encoding="utf-8")
            assert before.count(step["premier"]) == 1, "the page quotes the file as it is"
            path.write_text(before.replace(step["premier"], step["second"]), encoding="utf-8")


def shell(commands: str, copy: Path) -> str:
    """What the commands print; `xl-cpom` and `python` are those of the copy."""
    here = f'xl-cpom() {{ "{sys.executable}" -m xl_cpom "$@"; }}\n'
    here += f'python() {{ "{sys.executable}" "$@"; }}\nset -e\n'
    done = subprocess.run(
        ["bash", "-c", here + commands], cwd=copy, capture_output=True, text=True,
        encoding="utf-8", check=False,
        env=os.environ | {"PYTHONPATH": str(copy)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash absent : pages non suivies")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_works_as_written(page: Path, source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copie"
    shutil.copytree(source, copy)
    run: list[str] = []
    follow(page, copy, run)
    assert run, "a page without a command proves nothing"


def test_there_is_one_page_each() -> None:
    assert {page.stem for page in PAGES} == {"colonne", "regle", "indicateur", "cycle", "region"}
