"""A workbook that Excel opens without asking anything is opened wherever a workbook is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.atelier import VALIDE
from tests.cli.test_mot_de_passe import MOT, chiffrer
from xl_cpom.batch.check_files import check_batch
from xl_cpom.cli import cli
from xl_cpom.server.tasks import ControlTask, serve_task, unpack
from xl_cpom.validators.check import check
from xl_cpom.validators.model import Verdict
from xl_cpom.validators.schemas import frames
from xl_cpom.workbook.decryption import OF_EXCEL, clear_bytes
from xl_cpom.workbook.reader import read_workbook


@pytest.fixture(scope="module")
def fichier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("velours") / "retour.xlsx"
    path.write_bytes(chiffrer(VALIDE.read_bytes(), OF_EXCEL))
    return path


def run(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_every_command_opens_it(fichier: Path, tmp_path: Path) -> None:
    assert json.loads(run("valider", fichier, "--format", "json"))["verdict"] == "recevable"
    told = json.loads(run("valider", fichier, "--double-lecture", "--format", "json"))
    assert [a["code"] for a in told["anomalies"]] == []
    run("annoter", fichier, "-o", tmp_path / "copies")
    assert read_workbook(tmp_path / "copies" / "retour-annoté.xlsx").sheets
    run("transvaser", fichier, "-o", tmp_path / "neuf.xlsx")
    assert check(tmp_path / "neuf.xlsx").verdict is Verdict.RECEVABLE
    assert json.loads(run("comparer", fichier, VALIDE, "--format", "json"))
    run("exporter", fichier, "-o", tmp_path / "tables")
    assert (tmp_path / "tables" / "datapackage.json").exists()
    run("valider", VALIDE, "--precedent", fichier)
    assert "actions" in frames(fichier)


def test_a_campaign_opens_it(fichier: Path) -> None:
    (report,) = check_batch([fichier])
    assert report.verdict is Verdict.RECEVABLE


def test_the_server_opens_it(fichier: Path, tmp_path: Path) -> None:
    task = ControlTask("retour.xlsx", fichier.read_bytes(), "rapport", str(tmp_path), 1 << 24)
    answer = unpack(serve_task(task))
    assert json.loads(answer.body)["verdict"] == "recevable"


def test_it_is_opened_as_it_is_and_another_password_is_not_tried(fichier: Path) -> None:
    assert clear_bytes(fichier.read_bytes()) == VALIDE.read_bytes()
    other = chiffrer(VALIDE.read_bytes(), MOT)
    assert clear_bytes(other) == other
    assert clear_bytes(b"PK rien") == b"PK rien"
