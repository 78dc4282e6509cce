"""crease 2.0.0, the lightest public validator of workbooks, on the same file: venv and template.

The template asks for what it can check (type, list, bounds, shape, compulsory cells) of the entry
columns of our tables; it gives no cell. The venv is made under build/, once.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.constraints import SHAPES
from xl_cpom.workbook.lists import admitted
from xl_cpom.workbook.model import HEADER_ROW, Column, Kind, Layout
from xl_cpom.workbook.sheets import SHEETS

VERSION = "2.0.0"
_TYPES = {Kind.DATE: "date", Kind.INTEGER: "integer", Kind.ANNEE: "integer", Kind.TAUX: "number",
          Kind.NUMBER: "number", Kind.MONTANT: "number"}  # fmt: skip


def command(workbook: Path, folder: Path) -> list[str]:
    """The command that checks a workbook with it; installs it first. Raises CalledProcessError."""
    executable = folder / "crease" / "bin" / "python"
    if not executable.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "crease"], check=True)
        pip = [executable, "-m", "pip", "install", "--quiet", f"crease=={VERSION}"]
        subprocess.run(pip, check=True)
    template = folder / "crease.yaml"
    template.write_text(json.dumps(_template(), ensure_ascii=False), encoding="utf-8")
    crease = str(executable.with_name("crease"))
    return [crease, "check", "--compact", "--template", str(template), str(workbook)]


def _template() -> dict[str, Any]:
    return {
        "template_id": "cpom",
        "description": "Colonnes de saisie obligatoires",
        "entities": [
            {
                "name": key,
                "cardinality": "many",
                "locate": {
                    "tab": sheet.name,
                    "orientation": "flat",
                    "header_row": HEADER_ROW - 1,
                    "duplicate_policy": "ignore",
                    "data_ends_at": {"type": "blank_row"},
                },
                "fields": [_field(column) for column in sheet.columns if _checked(column)],
            }
            for key, sheet in SHEETS.items()
            if sheet.layout is Layout.TABLE
        ],
    }


def _checked(column: Column) -> bool:
    return column.is_entry and column.required


def _field(column: Column) -> dict[str, Any]:
    referentiel = load_referentiel()
    field: dict[str, Any] = {
        "name": column.key,
        "type": _TYPES.get(column.kind, "string"),
        "source_column": column.header,
        "nullable": not column.required,
    }
    low, high = column.bounds(referentiel)
    if column.kind.is_number:
        field |= {k: v for k, v in (("minimum", low), ("maximum", high)) if v is not None}
    elif listed := admitted(column, referentiel):
        field["enum"] = list(listed)
    elif column.kind in SHAPES:
        field["pattern"] = SHAPES[column.kind]
    return field
