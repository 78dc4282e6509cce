"""`xl-cpom diagnostic`: right on this machine, and able to say what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.delivery.test_help import english, plain
from xl_cpom.cli import cli
from xl_cpom.cli import diagnostic as module
from xl_cpom.extras import install_command


def diagnose(*arguments: str) -> tuple[int, str]:
    run = CliRunner().invoke(cli, ["diagnostic", *arguments])
    return run.exit_code, plain(run.output)


def test_this_machine_works() -> None:
    code, said = diagnose("--format", "json")
    found = {(c["rubrique"], c["question"]): c for c in json.loads(said)["constats"]}
    assert code == 0
    assert not [c for c in found.values() if c["etat"] == "faute"]
    assert found["Dépendances", "pandas"]["etat"] == "bon"
    trial = found["Essai", "contrôle du classeur d'exemple"]
    assert trial["detail"].startswith("recevable, en")


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "DEPENDENCIES", ("bibliotheque-absente",))
    monkeypatch.setattr(module, "OPTIONAL", (("absent_xyz", "xyz", "excel", "rien"),))
    monkeypatch.setattr(module, "_verdict", lambda: 1 / 0)
    code, said = diagnose()
    assert code == 1
    assert "✖ bibliotheque-absente : absente" in said
    assert "– xyz : absent – rien" in said
    assert install_command("excel") in said
    assert "ZeroDivisionError" in said
    assert "2 manques à réparer." in said


def test_it_is_french() -> None:
    _, said = diagnose()
    assert english(said.split("Écriture")[0]) == set()
