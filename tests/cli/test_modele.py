"""`xl-cpom modele`: what it writes is filled in Excel or Word, then read by the other commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.commande import run
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.batch.programmation import read_programmation
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.derogations_file import load_derogations
from xl_cpom.validators.profil import load_profil

FAULTY = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_fautif.xlsx"


def filled(what: str, tmp_path: Path) -> Path:
    """A list written by the command, with the example of its notice as its only line."""
    path = tmp_path / f"{what}.xlsx"
    assert run("modele", what, "-o", path).returncode == 0
    book = load_workbook(path)
    table, notice = book.worksheets[0], book["Notice"]
    examples = {row[0]: row[2] for row in notice.iter_rows(min_row=4, values_only=True)}
    headers = [cell.value for cell in table[1]]
    assert set(headers) == set(examples), "each column is explained"
    table.append([examples[header] for header in headers])
    book.save(path)
    return path


def test_each_list_reads_back(tmp_path: Path) -> None:
    (lifted,) = load_derogations(filled("derogations", tmp_path)).entries
    assert (lifted.code, lifted.finess, lifted.until.year) == ("INS-002", "210099008", 2028)
    profil = load_profil(filled("profil", tmp_path))
    assert {code: r.severity and r.severity.value for code, r in profil.settings.items()} == {
        "SUI-003": "information"
    }
    (planned,) = read_programmation(filled("programmation", tmp_path), load_referentiel()).values()
    assert (planned.finess_ej, planned.type_contrat, planned.autorites) == (
        "210099008", "renouvellement", "ARS + CD")  # fmt: skip
    (awaited,) = read_attendus(filled("attendus", tmp_path)).values()
    assert (awaited.annee, awaited.etablissements[0].finess_et) == (2027, "210781456")
    assert awaited.etablissements[0].capacite == 80


def test_the_lists_have_their_choices(tmp_path: Path) -> None:
    sheet = load_workbook(filled("profil", tmp_path)).worksheets[0]
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"bloquant,avertissement,information,désactivée"'
    assert str(choice.sqref).startswith("B2:")


def test_the_command_uses_a_profile_kept_in_excel(tmp_path: Path) -> None:
    path = filled("profil", tmp_path)
    book = load_workbook(path)
    book.worksheets[0]["A2"], book.worksheets[0]["B2"] = "INS-002", "avertissement"
    book.save(path)
    this_run = run("valider", FAULTY, "--profil", path, "--format", "json")
    found = {
        a["gravite"] for a in json.loads(this_run.stdout)["anomalies"] if a["code"] == "INS-002"
    }
    assert found == {"avertissement"}
    shown = run("valider", FAULTY, "--profil", path).stdout.replace("\u00a0", " ")
    assert "Effet du profil" in shown and "gravité" in shown


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["attendus", "-o", "x.csv"], 2, "s'écrit en .xlsx"),
        (["lettre", "-o", "x.xlsx"], 2, "s'écrit en .docx ou .md"),
        (["accuse", "-o", "x.docx"], 0, "Modèle écrit"),
        (["inconnu"], 2, "inconnu"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    arguments: list[str], code: int, said: str, tmp_path: Path
) -> None:
    this_run = run("modele", *arguments, cwd=tmp_path)
    assert this_run.returncode == code
    assert said in (this_run.stdout + this_run.stderr).replace("\u00a0", " ").replace("\u202f", " ")


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "profil.xlsx"
    path.write_bytes(b"a moi")
    assert run("modele", "profil", "-o", path).returncode == 2
    assert path.read_bytes() == b"a moi"
    assert run("modele", "profil", "-o", path, "--ecraser").returncode == 0


def test_a_mistyped_date_is_told() -> None:
    this_run = run("valider", FAULTY, "--date", "2026-01-01", "--format", "json")
    assert "--date est le 01/01/2026, avant le début de l'année suivie (2027)" in this_run.stderr
    this_run = run("valider", FAULTY, "--date", "2028-02-01", "--format", "json")
    assert "--date" not in this_run.stderr
