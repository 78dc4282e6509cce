"""The examples: a valid one that is coherent, a faulty one whose faults are where they are said."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from xl_cpom.identifiants import finess_valide, siren_valide, siret_valide
from xl_cpom.referentiel import Referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.examples.faults import ADDITIONS, BELOW_TABLE, FAULTS, NOTE
from xl_cpom.workbook.examples.faulty import cellules, faulty_content, faulty_sheets
from xl_cpom.workbook.examples.generation import write_examples
from xl_cpom.workbook.reader import RawWorkbook
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template.cell_writing import as_text, serial
from xl_cpom.workbook.template.content import build

ROOT = Path(__file__).resolve().parents[3]


def test_the_example_covers_both_secteurs_and_the_eight_modules(ref: Referentiel) -> None:
    content = valid_content()
    secteurs = [row["secteur"] for row in content["etablissements"]]
    assert secteurs.count("PA") == secteurs.count("PH") == 5
    assert [row["actif"] for row in content["modules"]] == ["Oui"] * len(ref.modules)
    _, classeur = build(ref, SHEETS, content)
    assert set(classeur.results) == {(m, s) for m in ref.modules for s in ("PA", "PH")}
    assert all(result.value is not None for result in classeur.results.values())


def test_the_rates_of_the_example_are_those_one_counts_by_hand(ref: Referentiel) -> None:
    _, classeur = build(ref, SHEETS, valid_content())
    counted = {
        "TRANSFO": ((2, 5), (2, 5)), "UNESANTE": ((1, 3), (1, 2)), "PREVENTION": ((2, 3), (1, 3)),
        "EFFICIENCE": ((2, 4), (1, 2)), "SI": ((24, 28), (20, 23)), "HAS": ((3, 5), (2, 4)),
        "INSPECTION": ((2, 4), (2, 3)), "DIFFICULTE": ((150_000, 250_000), (84_000, 120_000)),
    }  # fmt: skip
    found = {
        (module, secteur): (result.numerateur, result.denominateur)
        for (module, secteur), result in classeur.results.items()
    }
    assert found == {
        (module, secteur): pair
        for module, pairs in counted.items()
        for secteur, pair in zip(("PA", "PH"), pairs, strict=True)
    }


def test_the_declared_results_are_the_recomputed_ones(ref: Referentiel) -> None:
    content = valid_content()
    _, classeur = build(ref, SHEETS, content)
    for row in content["indicateurs"]:
        module, secteur = row["code"].split("/")
        rate = classeur.results[module, secteur].value
        assert abs(row["realise_n2"] - rate) <= 0.0005, row["code"]


def test_the_identifiers_of_the_example_have_their_key() -> None:
    content = valid_content()
    fiche = content["identification"][0]
    assert finess_valide(fiche["finess_ej"]) and siren_valide(fiche["siren"])
    for row in content["etablissements"]:
        assert finess_valide(row["finess_et"]) and siret_valide(row["siret"])
        assert row["siret"].startswith(fiche["siren"])


def test_the_contents_are_copies() -> None:
    valid_content()["actions"][0]["statut"] = "Abandonnée"
    assert valid_content()["actions"][0]["statut"] == "Réalisée"


def test_each_fault_is_in_the_file_at_the_address_it_says(raw_faulty: RawWorkbook) -> None:
    names = {key: sheet.name for key, sheet in faulty_sheets().items()}
    tabs = {tab.name: tab for tab in raw_faulty.sheets}
    found = cellules()
    assert len(found) == len(FAULTS) + len(ADDITIONS) > 50
    assert len({(fault.sheet, cell) for fault, cell in found}) == len(found)
    for fault, address in found:
        cell = tabs[names[fault.sheet]].cells.get(coordinate_to_tuple(address))
        value = None if cell is None else cell.value
        expected = fault.value
        if fault in ADDITIONS:
            expected = value if value else "something"
        if isinstance(expected, dt.date):
            assert cell.is_date and "yy" in cell.number_format
            expected = serial(expected)
        assert value == (as_text(expected) if isinstance(expected, tuple) else expected), fault
        assert cell is None or cell.formula is None


def test_the_faults_are_of_many_kinds(raw_faulty: RawWorkbook) -> None:
    tabs = {tab.name: tab for tab in raw_faulty.sheets}
    assert "Feuil1" in tabs and "Systèmes d'information (2)" in tabs
    assert tabs["Évaluation HAS"].cells[7, 1].value == "FINESS ET"
    assert tabs["Plan d'actions"].cells[5, 7].value == "Pilote de l'action"
    assert tabs["Inspection-contrôle"].hidden_rows
    merge = tabs["Points de fragilité"].merges[0]
    (table,) = tabs["Points de fragilité"].tables
    assert (merge.row1, merge.row2 - merge.row1) == (table.ref.row2 + 1, len(BELOW_TABLE) - 1)
    assert NOTE in {cell.value for cell in tabs["Difficulté financière"].cells.values()}
    formats = {type(fault.value) for fault in FAULTS}
    assert {str, int, float, dt.date, type(None)} <= formats


def test_the_faulty_content_starts_from_the_valid_one() -> None:
    valid, faulty = valid_content(), faulty_content()
    assert faulty["mesures"][3]["libelle"] == valid["mesures"][3]["libelle"]
    assert len(faulty["si"]) == len(valid["si"]) - 1


def test_the_shipped_workbooks_are_the_generated_ones(tmp_path: Path, ref: Referentiel) -> None:
    for path in write_examples(tmp_path, ref):
        assert path.read_bytes() == (ROOT / "workbooks" / path.name).read_bytes(), path.name


@pytest.mark.slow
def test_the_generation_does_not_depend_on_the_process(tmp_path: Path) -> None:
    """Another process, another hash seed, another time zone: the same bytes."""
    script = (
        "import sys; from pathlib import Path; from xl_cpom.referentiel import load_referentiel; "
        "from xl_cpom.workbook.examples.generation import write_valid_example; "
        "write_valid_example(Path(sys.argv[1]), load_referentiel())"
    )
    target = tmp_path / "v.xlsx"
    subprocess.run(
        [sys.executable, "-c", script, str(target)],
        check=True,
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PATH": "/usr/bin:/bin"},
    )
    assert target.read_bytes() == (ROOT / "workbooks" / "exemple_valide.xlsx").read_bytes()
