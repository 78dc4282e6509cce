"""The Table Schemas say what the columns say, are valid, and accept what the example holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools.schemas_table import DOSSIER, perimes, schemas
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.constraints import SHAPES
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.model import Kind
from xl_cpom.workbook.sheets import SHEETS

frictionless = pytest.importorskip("frictionless")

FILES = sorted(DOSSIER.glob("*.json"))


def test_files_are_up_to_date(tmp_path: Path) -> None:
    assert perimes() == [], "run « make docs »"
    assert len(FILES) == len(SHEETS)
    assert perimes(tmp_path) == sorted(schemas())  # the check above can fail


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_schemas_are_valid_table_schemas(path: Path) -> None:
    described = json.loads(path.read_text(encoding="utf-8"))
    read = frictionless.Schema.from_descriptor(described)
    assert read.field_names == [c.header for c in SHEETS[path.name.split(".")[0]].columns]
    assert len(set(read.field_names)) == len(read.field_names)


def test_the_valid_example_conforms(tmp_path: Path) -> None:
    """Entry cells of the valid example, as CSV rows, against the schema of their sheet."""
    seen = 0
    for key, rows in valid_content().items():
        described = dict(schemas(load_referentiel())[f"{key}.schema.json"])
        sheet = SHEETS[key]
        entries = [column for column in sheet.columns if column.is_entry]
        described["fields"] = [
            field for field in described["fields"] if field["name"] in {c.header for c in entries}
        ]
        described.pop("primaryKey", None)
        listed = [rows] if isinstance(rows, dict) else list(rows)
        data = [[column.header for column in entries]]
        data += [[_as_csv(row.get(column.key)) for column in entries] for row in listed]
        report = frictionless.validate(
            data=data,
            schema=frictionless.Schema.from_descriptor(described),
            skip_errors=["type-error"] if sheet.fixed_rows else [],
        )
        assert report.flatten(["rowNumber", "fieldName", "type", "note"]) == [], key
        seen += len(listed)
    assert seen > 50


def _as_csv(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return " ; ".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def test_pattern_of_finess_is_the_shape_of_the_key() -> None:
    assert re.fullmatch(SHAPES[Kind.FINESS], "210000014")
    assert re.fullmatch(SHAPES[Kind.FINESS], "2A0000014")
    assert not re.fullmatch(SHAPES[Kind.FINESS], "21000001")
