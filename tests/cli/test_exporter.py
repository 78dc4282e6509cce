"""`xl-cpom exporter`: tables that the published Table Schemas accept, or Parquet."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from tests.atelier import VALIDE, Workshop
from tests.commande import run
from tests.validators.honnetes import retours
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import write_template

FAULTY = VALIDE.with_name("exemple_fautif.xlsx")
SCHEMAS = Path(__file__).resolve().parents[2] / "xl_cpom" / "schemas" / "table"


def errors(folder: Path) -> list[tuple[str, str, str]]:
    """(table, field, error) that frictionless finds, each table against its published schema."""
    frictionless = pytest.importorskip("frictionless")
    found = []
    for path in sorted(folder.glob("*.csv")):
        schema = json.loads((SCHEMAS / f"{path.stem}.schema.json").read_text(encoding="utf-8"))
        read = frictionless.Schema.from_descriptor(schema)
        report = frictionless.validate(path.name, basepath=str(folder), schema=read)
        found += [(path.stem, *one) for one in report.flatten(["fieldName", "type"])]
    package = frictionless.validate(str(folder / "datapackage.json"))
    assert package.stats["errors"] == len(found)
    return found


def test_a_sound_return_passes_its_table_schemas(tmp_path: Path) -> None:
    this_run = run("exporter", VALIDE, "--format", "csv", "-o", tmp_path)
    assert this_run.returncode == 0 and f"{len(SHEETS)} tables écrites" in this_run.stdout.replace(
        "\u00a0", " "
    )
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(SHEETS)
    assert errors(tmp_path) == []
    with (tmp_path / "actions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [column.header for column in SHEETS["actions"].columns]
    assert rows[0]["Échéance"].count("-") == 2 and 0 <= float(rows[0]["Avancement"]) <= 1


@pytest.mark.long
def test_so_does_an_honest_return_drawn_at_random(tmp_path: Path) -> None:
    ((_, content),) = list(retours(5, 20_261_130, load_referentiel()))[4:]
    path = tmp_path / "retour.xlsx"
    write_template(path, load_referentiel(), contenu=content)
    assert run("exporter", path, "-o", tmp_path / "tables").returncode == 0
    assert errors(tmp_path / "tables") == []


def test_the_faults_of_entry_are_refused_where_they_are(tmp_path: Path) -> None:
    assert run("exporter", FAULTY, "-o", tmp_path).returncode == 0
    found = set(errors(tmp_path))
    assert {
        ("actions", "Échéance", "type-error"),
        ("actions", "Pilote", "constraint-error"),
        ("etablissements", "SIRET", "constraint-error"),
        ("has", "Cotation", "constraint-error"),
    } <= found
    assert "fin 2029" in (tmp_path / "actions.csv").read_text(encoding="utf-8")


def test_a_text_that_looks_like_a_formula_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "retour.xlsx"
    path.write_bytes(
        Workshop(VALIDE).cellule("Plan d'actions", "F7", '=HYPERLINK("http://x")&" sens"').octets()
    )
    assert run("exporter", path, "-o", tmp_path / "t").returncode == 0
    text = (tmp_path / "t" / "actions.csv").read_text(encoding="utf-8")
    assert "HYPERLINK" not in text or "'=HYPERLINK" in text


def test_parquet_holds_the_same_rows_typed(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    assert run("exporter", VALIDE, "-o", tmp_path, "--format", "parquet").returncode == 0
    assert run("exporter", VALIDE, "-o", tmp_path).returncode == 0
    assert {path.stem for path in tmp_path.glob("*.parquet")} == set(SHEETS)
    for key, sheet in SHEETS.items():
        path = tmp_path / f"{key}.parquet"
        read = duckdb.sql(f"SELECT * FROM '{path}'")
        assert read.columns == [column.key for column in sheet.columns]
        with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
            assert len(read.fetchall()) == len(list(csv.reader(file))) - 1
    types = dict(zip(read.columns, map(str, read.types), strict=True))
    assert set(types.values()) <= {"VARCHAR", "DOUBLE", "BIGINT", "DATE"}


def test_its_frames_pass_the_pandera_schemas(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    from xl_cpom.validators import schemas

    run("exporter", VALIDE, "-o", tmp_path, "--format", "parquet")
    tables = {key: duckdb.sql(f"SELECT * FROM '{tmp_path}/{key}.parquet'").df() for key in SHEETS}
    with schemas.context(tables):
        for key, frame in tables.items():
            schemas.schema(key).validate(frame, lazy=True)


def test_without_duckdb_parquet_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    this_run = run("exporter", VALIDE, "-o", tmp_path, "--format", "parquet")
    assert (
        this_run.returncode == 2
        and "campagne" in this_run.stderr
        and list(tmp_path.iterdir()) == []
    )


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    bad = tmp_path / "retour.xlsx"
    bad.write_bytes(b"PK\x03\x04 rien")
    assert run("exporter", bad, "-o", tmp_path / "t").returncode == 3
    occupied = tmp_path / "occupe"
    occupied.write_text("x", encoding="utf-8")
    assert run("exporter", VALIDE, "-o", occupied).returncode == 2
    assert run("exporter", VALIDE, "-o", occupied / "dessous").returncode == 2
