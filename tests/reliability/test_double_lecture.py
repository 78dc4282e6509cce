"""`--double-lecture`: openpyxl reads again what we read, and what differs is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.corpus.gestes import Gestures
from xl_cpom.cli import cli
from xl_cpom.workbook.second_reading import SecondReadingTask, read_twice


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
