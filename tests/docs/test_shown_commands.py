"""Nothing is shown that cannot be typed: every command of the README and of the pages, in a block
or in a sentence, exists with its options; the campaign guide is played from end to end.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.commande import run
from tools.premiere_minute import commands_of
from xl_cpom.cli import cli
from xl_cpom.extras import WHEEL

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
GENERATED = ("regles", "fonctions", "indicateurs", "classeur")
_BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.S)
_INLINE = re.compile(r"`((?:xl-cpom|make|python -m) [^`]+)`")
_TYPED = re.compile(r"(?:\S*/)?(xl-cpom|make|python3? -m)\b.*")


def shown() -> Iterator[tuple[str, str]]:
    """(page, command): what a reader may type, wherever it stands."""
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        if name.split("/")[1:2] and name.split("/")[1] in GENERATED:
            continue
        text = page.read_text(encoding="utf-8")
        for kind, block in _BLOCK.findall(text):
            if kind in ("sh", "text", "bat"):
                for line in block.replace("\\\n", " ").splitlines():
                    bare = re.split(r"\s{2,}#", line.strip())[0]
                    if _TYPED.fullmatch(bare):
                        yield name, bare
        for command in _INLINE.findall(_BLOCK.sub("", text)):
            yield name, " ".join(command.split())


SHOWN = sorted(set(shown()))


def mistakes(command: str) -> Iterator[str]:
    """What would be refused in a command that somebody types."""
    program, *words = shlex.split(command)
    if program == "make":
        targets = [word for word in words if "=" not in word]
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        yield from (t for t in targets if not re.search(rf"^{re.escape(t)}:", makefile, re.M))
        return
    if program.startswith("python"):
        assert words[0] == "-m"
        if words[1] not in ("venv", "pytest") and importlib.util.find_spec(words[1]) is None:
            yield words[1]
        return
    known: click.Command = cli
    while words and isinstance(known, click.Group):
        found = known.commands.get(words[0]) or known.get_command(click.Context(known), words[0])
        if found is None:
            break
        known, words = found, words[1:]
    if isinstance(known, click.Group) and words and not words[0].startswith("-"):
        yield words[0]
        return
    options = {flag for one in known.params for flag in (*one.opts, *one.secondary_opts)}
    yield from (w for w in words if w.startswith("-") and w.split("=")[0] not in options)


@pytest.mark.parametrize("command", sorted({command for _, command in SHOWN}))
def test_a_shown_command_exists_with_its_options(command: str) -> None:
    assert list(mistakes(command)) == []


def test_a_wrong_command_is_seen() -> None:
    assert list(mistakes("xl-cpom controler RETOUR.xlsx")) == ["controler"]
    assert list(mistakes("xl-cpom valider RETOUR.xlsx --rapide")) == ["--rapide"]
    assert list(mistakes("xl-cpom finess lire A")) == ["lire"]
    assert list(mistakes("make rapide")) == ["rapide"]
    assert list(mistakes("python -m tools.rapide")) == ["tools.rapide"]
    assert len(SHOWN) > 80


def test_the_first_minute_plays_what_is_shown() -> None:
    """`tools.premiere_minute` types the blocks of the pages: they are found, whole."""
    assert commands_of("README.md", "make demo") == ["make demo", "make test"]
    venv, install, demo = commands_of("docs/guides/installer.md", "python3 -m venv")
    assert venv == "python3 -m venv cpom" and demo == "cpom/bin/xl-cpom demo"
    assert WHEEL in install


GUIDE = (ROOT / "docs" / "guides" / "campagne.md").read_text(encoding="utf-8")
_ELSEWHERE = ("--dask", "finess extraire")
"""A cluster (`tests/batch/test_dask.py`) and a national flow (`tests/finess`)."""


@pytest.mark.long
def test_the_guide_of_a_campaign_is_played(tmp_path: Path) -> None:
    """In its order, on an invented region and on the shipped workbooks; each command ends well."""
    subprocess.run([sys.executable, "-m", "tools.synthese", tmp_path / "ESSAI", "--og", "4"],
                   cwd=ROOT, check=True, capture_output=True)  # fmt: skip
    shutil.copytree(ROOT / "workbooks", tmp_path / "workbooks")
    for copy, kept in (("EXTRAIT.csv", "extrait_finess.csv"),
                       ("PROGRAMMATION.csv", "programmation.csv")):  # fmt: skip
        shutil.copy(tmp_path / "ESSAI" / kept, tmp_path / copy)
    valid = ROOT / "workbooks" / "exemple_valide.xlsx"
    for folder in ("RETOURS", *(f"RETOURS_N{rank}" for rank in (2, 3, 4, 5))):
        (tmp_path / folder).mkdir()
        shutil.copy(valid, tmp_path / folder)
    for name in ("RETOUR.xlsx", "RETOUR_N5.xlsx"):
        shutil.copy(valid, tmp_path / name)
    for name in ("ANCIEN", "NOUVEAU"):
        shutil.copy(tmp_path / "EXTRAIT.csv", tmp_path / name)
    played = 0
    for kind, block in _BLOCK.findall(GUIDE):
        for line in block.replace("\\\n", " ").splitlines():
            if kind not in ("sh", "text") or not line.startswith("xl-cpom"):
                continue
            if any(word in line for word in _ELSEWHERE):
                continue
            if "--bilan BILANS" in line:
                shutil.copytree(tmp_path / "BILAN", tmp_path / "BILANS")
            end = run(*shlex.split(line)[1:], cwd=tmp_path)
            controls = shlex.split(line)[1] == "valider"
            assert end.returncode in ((0, 1) if controls else (0,)), (line, end.stderr)
            played += 1
    assert played >= 10
