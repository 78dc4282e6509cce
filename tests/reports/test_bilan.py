"""The bilan of a contract: the years side by side, the impact, what is left and becomes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from xl_cpom.cli import cli
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.bilan.contract_outcome import CARRY, CLOSE, TRANSFORM, contract_outcome
from xl_cpom.workbook.building import build
from xl_cpom.workbook.template import write_template

ET = "210781456"
END = dt.date(2030, 12, 31)


def content(rank: int, lifted: int, told: float) -> dict[str, list[dict[str, Any]]]:
    """A small contract with four measures, so many of them lifted, and three actions."""
    measures = [
        {"numero_mission": "M1", "finess_et": ET, "numero": f"P{n}", "type": "prescription",
         "libelle": f"Point {n}", "date_notification": dt.date(2026, 3, 1),
         "statut": "Levée" if n <= lifted else "En cours",
         "date_levee": dt.date(2026, 9, 1) if n <= lifted else None,
         "date_realisation": dt.date(2026, 8, 1) if n <= lifted else None,
         "reference_courrier": "ARS/1" if n <= lifted else None}
        for n in range(1, 5)
    ]  # fmt: skip
    actions = [
        {"numero": f"A{n}", "module": "TRANSFO", "secteur": "PA", "intitule": f"Action {n}",
         "annee_entree": 2026, "statut": status, "avancement": done}
        for n, (status, done) in enumerate(
            (("Réalisée", 1), ("En cours", 0.6), ("En cours", 0.2), ("À démarrer", 0)), 1)
    ]  # fmt: skip
    return {
        "identification": [{"raison_sociale": "Association Les Ifs", "finess_ej": "210099008",
                            "annee_n1": 2026, "annee_suivie": f"N{rank}", "date_echeance": END,
                            "date_effet": dt.date(2026, 1, 1), "numero_cpom": "2026-21-001"}],
        "etablissements": [{"finess_et": ET, "raison_sociale": "EHPAD", "secteur": "PA"}],
        "modules": [{"code": "INSPECTION", "actif": "Oui"}],
        "mesures": measures,
        "actions": actions,
        "indicateurs": [{"code": "INSPECTION/PA", "cible_n1": 0.2, "cible_n5": 1.0,
                         f"realise_n{rank}": told}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("bilan")
    for rank, lifted in ((1, 1), (5, 3)):
        year = folder / f"N{rank}"
        year.mkdir()
        write_template(year / "CPOM_210099008.xlsx", load_referentiel(),
                       contenu=content(rank, lifted, lifted / 4))  # fmt: skip
    return folder / "N5" / "CPOM_210099008.xlsx", folder / "N1"


def test_the_years_stand_side_by_side_and_the_impact_is_judged() -> None:
    referentiel = load_referentiel()
    last, first = build(content(5, 3, 0.75), referentiel), build(content(1, 1, 0.5), referentiel)
    outcome = contract_outcome(last, [first])
    assert (outcome.last_year, outcome.returns) == (True, ("N1", "N5"))
    (levee,) = (one for one in outcome.modules if one.module == "INSPECTION")
    assert (levee.done, levee.due, levee.last, levee.expected, levee.reached) == (
        3, 4, 0.75, 1.0, False)  # fmt: skip
    assert [(y.label, y.target, y.told, y.recomputed) for y in levee.years[:5]] == [
        ("N1", 0.2, None, 0.25), ("N2", None, None, None), ("N3", None, None, None),
        ("N4", None, None, None), ("N5", 1.0, 0.75, 0.75),
    ]  # fmt: skip
    done = contract_outcome(build(content(5, 4, 1.0), referentiel))
    assert {one.reached for one in done.modules if one.module == "INSPECTION"} == {True}


def test_what_is_left_is_given_what_it_may_become() -> None:
    outcome = contract_outcome(build(content(5, 3, 0.75), load_referentiel()))
    assert [(left.sheet, left.identity, left.becoming) for left in outcome.leftovers] == [
        ("Plan d'actions", "A2", CARRY),
        ("Plan d'actions", "A3", TRANSFORM),
        ("Plan d'actions", "A4", CLOSE),
        ("Inspection-contrôle", f"M1 · {ET} · P4", CARRY),
    ]
    assert outcome.closed == (
        ("Plan d'actions", "Réalisée", 1),
        ("Inspection-contrôle", "Levée", 3),
    )


def test_the_command_writes_a_page_and_a_workbook(files: tuple[Path, Path], tmp_path: Path) -> None:
    last, before = files
    run = CliRunner().invoke(
        cli, ["bilan", str(last), "--precedent", str(before), "-o", str(tmp_path / "b")]
    )
    assert (run.exit_code, run.exception) == (0, None), run.output
    assert "années lues : N1 et N5" in run.output.replace("\u00a0", " ")
    page = (tmp_path / "b" / "bilan.html").read_text("utf-8")
    for said in ("100 % des mesures levées", "Non atteint", "Action 4", "Association Les Ifs"):
        assert said in page.replace("\u00a0", " ").replace("\u202f", " ")
    book = load_workbook(tmp_path / "b" / "bilan.xlsx")
    assert book.sheetnames == ["Contrat", "Modules", "Suites"]
    rows = [[cell.value for cell in row] for row in book["Suites"].iter_rows()]
    assert rows[0][8] == "Devenir"
    assert [row[8] for row in rows[1:]] == [CARRY, TRANSFORM, CLOSE, CARRY]
    (offered,) = book["Suites"].data_validations.dataValidation
    assert offered.formula1 == '"clore,reporter,transformer"'


def test_a_return_of_another_organisme_is_no_earlier_year(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    last, _ = files
    run = CliRunner().invoke(
        cli, ["bilan", str(last), "--precedent", "workbooks", "-o", str(tmp_path / "b")]
    )
    assert run.exit_code == 0, run.output
    assert "N5" in run.output
    unread = CliRunner().invoke(cli, ["bilan", "README.md", "-o", str(tmp_path / "c")])
    assert unread.exit_code == 3
