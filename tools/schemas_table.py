"""Table Schema (frictionless) of each data sheet, for Validata: `python -m tools.schemas_table`.

A schema describes the sheet once exported as CSV, dates in ISO form, rates as numbers between 0
and 1. It is derived from the columns and holds nothing more: no rule across sheets, no severity.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xl_cpom import __version__
from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.workbook.constraints import SHAPES
from xl_cpom.workbook.lists import admitted
from xl_cpom.workbook.model import Column, Kind, Sheet
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT

DOSSIER = Path(__file__).resolve().parent.parent / "xl_cpom" / "schemas" / "table"

NORME = "https://specs.frictionlessdata.io/schemas/table-schema.json"

TYPES: Mapping[Kind, str] = {
    Kind.DATE: "date",
    Kind.TAUX: "number",
    Kind.RATIO: "number",
    Kind.NUMBER: "number",
    Kind.MONTANT: "number",
    Kind.INTEGER: "integer",
    Kind.ANNEE: "integer",
    Kind.EMAIL: "string",
}


def schemas(referentiel: Referentiel | None = None) -> Mapping[str, Mapping[str, Any]]:
    """Schema of every sheet, by file name."""
    known = referentiel or load_referentiel()
    return {f"{key}.schema.json": schema(sheet, known) for key, sheet in SHEETS.items()}


def schema(sheet: Sheet, referentiel: Referentiel) -> Mapping[str, Any]:
    """Table Schema of one sheet: entry columns and calculated ones, in order."""
    described: dict[str, Any] = {
        "$schema": NORME,
        "name": f"cpom-socle-{sheet.key.replace('_', '-')}",
        "title": sheet.name,
        "description": sheet.purpose,
        "version": f"{__version__}+gabarit.{VERSION_GABARIT}",
        "missingValues": [""],
        "fields": [_field(column, referentiel) for column in sheet.columns],
    }
    identity = [key for key in sheet.identity if sheet[key].required]
    if identity and identity == list(sheet.identity):
        described["primaryKey"] = [sheet[key].header for key in identity]
    return described


def _field(column: Column, referentiel: Referentiel) -> Mapping[str, Any]:
    field: dict[str, Any] = {
        "name": column.header,
        "title": column.header,
        "type": TYPES.get(column.kind, "string"),
        "description": column.help + (f" Unité : {column.unit}." if column.unit else ""),
    }
    constraints = _constraints(column, referentiel)
    if constraints:
        field["constraints"] = constraints
    return field


def _constraints(column: Column, referentiel: Referentiel) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    if column.required and column.is_entry:
        found["required"] = True
    values = admitted(column, referentiel)
    if values and column.formula is None:
        found["enum"] = list(values)
    elif column.kind in SHAPES and column.is_entry:
        found["pattern"] = SHAPES[column.kind]
    number = TYPES.get(column.kind) in ("number", "integer")
    if number and column.is_entry:
        low, high = column.bounds(referentiel)
        found |= {k: v for k, v in (("minimum", low), ("maximum", high)) if v is not None}
    return found


def texte(content: Mapping[str, Any]) -> str:
    """What the file holds."""
    return re.sub(r"\u202f|\u00a0", " ", json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def perimes(folder: Path = DOSSIER) -> list[str]:
    """Files that differ from the declarations, files that should no longer exist included."""
    wanted = {name: texte(content) for name, content in schemas().items()}
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n))


def main() -> None:
    """Write the schemas, remove those the code no longer knows."""
    DOSSIER.mkdir(parents=True, exist_ok=True)
    wanted = schemas()
    for path in DOSSIER.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, content in wanted.items():
        (DOSSIER / name).write_text(texte(content), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
