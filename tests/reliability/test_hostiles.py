"""Every hostile workbook ends as the table says; no traceback, the exit codes documented."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ampleur import by, une_sur
from tools.hostiles import CAS, Cas
from tools.hostiles.issues import deposit, expected, issue, play
from tools.hostiles.mutants import mutant
from xl_cpom.validators.check import check
from xl_cpom.validators.model import TWO, Status, Verdict, exit_code
from xl_cpom.workbook.reader import CATALOGUE, read_workbook

EXPECTED = expected()
MUTANTS = by(8, 500)
"""In each of eight blocks: 4,000 in a complete run."""
CODES = {"recevable": 0, "recevable avec réserves": 0, "non recevable": 1, "illisible": 3}
ON_COMMAND_LINE = (
    "conteneur-temoin", "conteneur-vide", "conteneur-coupe-moitie", "conteneur-doublon",
    "xml-fichier", "xml-rires", "feuille-interrompue", "feuille-doublon", "formule-dde",
    "valeur-module-script", "format-chiffre", "nom-echappement", "nom-rtl", "nom-non-utf8",
)  # fmt: skip


def test_the_table_and_the_set_are_the_same() -> None:
    assert set(EXPECTED) == set(CAS) and len(CAS) >= 100


@pytest.mark.parametrize("case", list(CAS.values()), ids=lambda case: case.nom)
def test_outcome(case: Cas, tmp_path: Path) -> None:
    played = play(case, tmp_path)
    if played is None:
        pytest.skip("ce système ne peut pas porter ce nom")
    path, report = played
    assert issue(report) == EXPECTED[case.nom]
    assert exit_code(report) == CODES[report.verdict.value]
    if report.verdict is Verdict.ILLISIBLE:
        (finding,) = report.findings
        assert finding.code in CATALOGUE and finding.message and finding.fix
    elif case.temoin is not None:
        sheet, address, value = case.temoin
        tab = read_workbook(path).sheet(sheet)
        assert tab is not None
        assert {cell.ref: cell.value for cell in tab.cells.values()}[address] == value
    assert "root:x:" not in repr(report)


@pytest.mark.parametrize("name", une_sur(4, ON_COMMAND_LINE))
def test_outcome_of_the_command(name: str, tmp_path: Path) -> None:
    path = deposit(CAS[name], tmp_path)
    assert path is not None
    before = (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns)
    path.chmod(0o444)
    run = subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", "--format", "json", "--", os.fsencode(path)],
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in run.stderr
    report = json.loads(run.stdout)
    assert report["verdict"] == EXPECTED[name].verdict
    assert run.returncode == CODES[report["verdict"]]
    assert not any(byte in run.stdout + run.stderr for byte in b"\x1b\x07\0")
    assert "\u202e" not in (run.stdout + run.stderr).decode()
    assert before == (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("block", range(8))
def test_mutants(block: int, tmp_path: Path) -> None:
    """Whatever is changed in an honest workbook, the control concludes."""
    path = tmp_path / "mutant.xlsx"
    ends = set()
    for seed in range(block * MUTANTS, block * MUTANTS + MUTANTS):
        path.write_bytes(mutant(seed))
        report = check(path, juge=TWO)
        assert report.verdict.value in CODES, (seed, report.outcomes)
        assert report.count_rules(Status.EN_PANNE) == 0, (seed, report.outcomes)
        ends.add(report.verdict)
    assert len(ends) > 1
