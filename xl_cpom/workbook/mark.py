"""The mark of the template: its version, its référentiel, its variant.

It stands twice: on the veryHidden sheet `_cpom` and in the custom properties of the document,
because some tools lose one or the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT
from xl_cpom.workbook.tabs import MARK

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.workbook.formulas.variants import Variante
    from xl_cpom.workbook.reader import RawWorkbook

VERSION_KEY = "cpom_gabarit"
REFERENTIEL_KEY = "cpom_referentiel"
VARIANTE_KEY = "cpom_variante"


def template_fingerprint(sheets: Mapping[str, Sheet] = SHEETS) -> str:
    """SHA-256 of the declarations: sheets, tables, columns, types, lists, bounds, formulas.

    Another one under a version already published asks for a new version (a test holds it). It is
    not written in the workbooks: decision 16 says why.
    """
    structure = [
        [
            sheet.key,
            sheet.name,
            sheet.table,
            sheet.layout.value,
            [
                [
                    column.key,
                    column.header,
                    column.kind.value,
                    column.required,
                    column.list_name,
                    column.depends_on,
                    column.minimum,
                    column.maximum,
                    column.formula is not None
                    and isinstance(column.formula.excel, str)
                    and column.formula.excel,
                ]
                for column in sheet.columns
            ],
        ]
        for sheet in sheets.values()
    ]
    text = json.dumps(structure, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def template_mark(referentiel: Referentiel, variante: Variante) -> dict[str, str]:
    """The marks of a workbook written now, by property name."""
    return {
        VERSION_KEY: VERSION_GABARIT,
        REFERENTIEL_KEY: referentiel.id,
        VARIANTE_KEY: variante.value,
    }


def write_mark(workbook: Any, marks: Mapping[str, str]) -> None:
    """Write the marks on the veryHidden sheet and as custom properties."""
    tab = workbook.add_worksheet(MARK)
    tab.set_column(0, 0, 24)
    tab.set_column(1, 1, 70)
    for row, (key, value) in enumerate(marks.items()):
        tab.write_string(row, 0, key)
        tab.write_string(row, 1, value)
        workbook.set_custom_property(key, value, "text")
    tab.very_hidden()


def read_mark(raw: RawWorkbook, key: str) -> str | None:
    """A mark of a returned workbook, None when it does not say.

    Looked for in the properties first, then on the hidden sheet: some tools lose the former.
    """
    if told := raw.properties.get(key, "").strip():
        return told
    hidden = raw.sheet(MARK)
    for (row, column), cell in hidden.cells.items() if hidden else ():
        if cell.value == key:
            value = hidden.cells.get((row, column + 1)) if hidden else None
            return str(value.value) if value is not None and value.value else None
    return None
