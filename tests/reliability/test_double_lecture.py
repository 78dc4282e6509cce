"""`--double-lecture`: openpyxl reads again what we read, and what differs is told."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from tests.corpus.gestes import Gestures
from xl_cpom.cli import cli
from xl_cpom.server.tasks import ControlTask, serve_task, unpack
from xl_cpom.workbook.second_reading import SecondReadingTask, in_a_process, read_twice


def said(path: Path, *options: str) -> dict:  # type: ignore[type-arg]
    done = CliRunner().invoke(cli, ["valider", str(path), "--format", "json", *options])
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_two_readers_agree_on_the_valid_example(tmp_path: Path) -> None:
    path = Gestures().write(tmp_path / "retour.xlsx")
    report = said(path, "--double-lecture")
    assert report["verdict"] == "recevable"
    assert report["anomalies"] == []


def test_a_cell_read_otherwise_is_told_and_the_return_is_no_longer_without_reserve(
    tmp_path: Path,
) -> None:
    """Serial 60 is the 29 February 1900 that never was: openpyxl makes it another day."""
    case = Gestures()
    case.cellule("Identification", "B17", 60)
    path = case.write(tmp_path / "retour.xlsx")
    plain = {a["code"] for a in said(path)["anomalies"]}
    found = said(path, "--double-lecture")["anomalies"]
    assert {a["code"] for a in found} - plain == {"LEC-DOUBLE"}
    (told,) = [a for a in found if a["code"] == "LEC-DOUBLE"]
    assert (told["feuille"], told["cellules"]) == ("Identification", ["B17"])
    assert told["gravite"] == "avertissement"


@pytest.mark.parametrize("content", [b"rien", b"PK\x03\x04 tronque"])
def test_what_the_second_reader_cannot_read_is_a_failure_and_no_agreement(
    content: bytes, tmp_path: Path
) -> None:
    import hashlib

    path = tmp_path / "retour.xlsx"
    path.write_bytes(content)
    told = json.loads(read_twice(SecondReadingTask(str(path), hashlib.sha256(content).hexdigest())))
    assert "echec" in told
    other = json.loads(read_twice(SecondReadingTask(str(path), "0" * 64)))
    assert other["echec"] == "le fichier a changé pendant le contrôle"


def _deposit(folder: Path) -> Path:
    """A return that two readers read alike, and one that they do not."""
    returns = folder / "retours"
    returns.mkdir()
    Gestures().write(returns / "bon.xlsx")
    case = Gestures()
    case.cellule("Identification", "B17", 60)
    case.write(returns / "autre.xlsx")
    return returns


def test_a_campaign_tells_it_in_all_its_outputs_and_resumes_with_it(tmp_path: Path) -> None:
    returns, out = _deposit(tmp_path), tmp_path / "consolidation"
    told = []
    for options in ((), ("--reprendre",)):
        done = CliRunner().invoke(
            cli,
            ["valider", str(returns), "--format", "json", "--double-lecture", "--consolidation",
             str(out), *options],
        )  # fmt: skip
        reports = {report["fichier"]: report for report in json.loads(done.stdout)}
        codes = {
            name: [a["code"] for a in one["anomalies"] if a["code"].startswith("LEC-")]
            for name, one in reports.items()
        }
        told.append(codes)
        assert "openpyxl" in reports["bon.xlsx"]["options"]["double_lecture"]
    assert told[0] == told[1] == {"bon.xlsx": [], "autre.xlsx": ["LEC-DOUBLE"]}
    consolidated = openpyxl.load_workbook(out / "consolidation.xlsx")
    assert "LEC-DOUBLE" in {c.value for sheet in consolidated for row in sheet for c in row}


def test_the_server_tells_it(tmp_path: Path) -> None:
    path = _deposit(tmp_path) / "autre.xlsx"
    task = ControlTask(
        "autre.xlsx", path.read_bytes(), "rapport", str(tmp_path), 1 << 24, second_reading=True
    )
    report = json.loads(unpack(serve_task(task)).body)
    assert "LEC-DOUBLE" in {a["code"] for a in report["anomalies"]}
    assert in_a_process(b"rien").startswith(b'{"echec"')


@pytest.mark.parametrize("code", ["LEC-DOUBLE", "lec-double-echec", "LEC-CHIFFRE"])
def test_what_the_reading_says_is_explained(code: str) -> None:
    done = CliRunner().invoke(cli, ["expliquer", code])
    assert done.exit_code == 0 and code.upper() in done.stdout and "Gravité" in done.stdout
