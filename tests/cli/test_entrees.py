"""No command replaces a file that it was given, whatever name its output is asked for under."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.atelier import VALIDE, WORKBOOKS
from xl_cpom.cli import cli

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def launch(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """A folder of two returns, and the small files that may go with a control."""
    shutil.copy(VALIDE, tmp_path / "a.xlsx")
    shutil.copy(FAULTY, tmp_path / "b.xlsx")
    (tmp_path / "attendus.csv").write_text("finess_ej\n210099008\n", encoding="utf-8")
    (tmp_path / "profil.toml").write_text(
        'nom = "x"\n[[regle]]\ncode = "VRA"\ngravite = "information"\nmotif = "essai"\n',
        encoding="utf-8",
    )
    (tmp_path / "lien.xlsx").symlink_to("a.xlsx")
    return tmp_path


def etat(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


@pytest.mark.parametrize(
    "row",
    [
        "valider {d}/a.xlsx -o {d}/a.xlsx",
        "valider {d}/a.xlsx --format json -o {d}/a.xlsx",
        "valider {d}/a.xlsx --format xlsx -o {d}/../{n}/a.xlsx",
        "valider {d}/a.xlsx --format xlsx -o {d}/lien.xlsx",
        "valider {d}/a.xlsx {d}/b.xlsx --format json -o {d}/b.xlsx",
        "valider {d}/a.xlsx --format xlsx -o {d}",
        "valider {d} --format xlsx -o {d}",
        "valider {d} --attendus {d}/attendus.csv --format csv -o {d}/attendus.csv",
        "valider {d}/a.xlsx --profil {d}/profil.toml --format json -o {d}/profil.toml",
        "valider {d}/a.xlsx --precedent {d}/b.xlsx --format html -o {d}/b.xlsx",
        "comparer {d}/lien.xlsx {d}/a.xlsx --format json -o {d}/a.xlsx",
        "transvaser {d}/a.xlsx -o {d}/a.xlsx --ecraser",
        "annoter {d}/a.xlsx -o {d} --sans-marques",
        "gabarit -o {d}/b.xlsx",
    ],
)
def test_an_input_is_never_replaced(dossier: Path, row: str) -> None:
    before = etat(dossier)
    run = launch(*row.format(d=dossier, n=dossier.name).split())
    after = etat(dossier)
    assert {name: after[name] for name in before} == before
    assert run.exit_code == 2, run.output
    assert "Choisissez" in run.output and "Traceback" not in run.output


def test_a_blank_template_and_an_earlier_report_are_replaced(tmp_path: Path) -> None:
    target = tmp_path / "socle.xlsx"
    for variante in ("native", "lambda", "native"):
        assert launch("gabarit", "-o", target, "--variante", variante).exit_code == 0
    report = tmp_path / "rapport.xlsx"
    for path in (FAULTY, VALIDE):
        run = launch("valider", path, "--format", "xlsx", "-o", report)
        assert run.exit_code == (1 if path == FAULTY else 0), run.output


def test_a_filled_workbook_is_replaced_only_when_told_to(tmp_path: Path) -> None:
    target = tmp_path / "retour.xlsx"
    shutil.copy(FAULTY, target)
    refused = launch("gabarit", "-o", target)
    assert (refused.exit_code, target.read_bytes()) == (2, FAULTY.read_bytes())
    assert "--ecraser" in refused.output
    assert launch("gabarit", "-o", target, "--ecraser").exit_code == 0
    assert target.read_bytes() == (WORKBOOKS / "CPOM_socle_2026-2030.xlsx").read_bytes()


def test_a_report_never_replaces_a_filled_workbook(tmp_path: Path) -> None:
    target = tmp_path / "autre retour.xlsx"
    shutil.copy(FAULTY, target)
    run = launch("valider", VALIDE, "--format", "xlsx", "-o", target)
    assert (run.exit_code, target.read_bytes()) == (2, FAULTY.read_bytes())
