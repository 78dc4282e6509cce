"""A workbook made again from the ranges of Excel says what its file says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.atelier import WORKBOOKS
from xl_cpom.browser.desk import answer
from xl_cpom.validators.check import check


def as_excel_shows(path: Path) -> Iterator[dict[str, Any]]:
    """The ranges of a workbook, as Office.js gives them."""
    values, formulas = (openpyxl.load_workbook(path, data_only=known) for known in (True, False))
    for tab in values:
        cells = list(tab.iter_rows())
        yield {
            "nom": tab.title,
            "ligne": 0,
            "colonne": 0,
            "valeurs": [[_value(cell) for cell in row] for row in cells],
            "formules": [[_formula(cell) for cell in row] for row in formulas[tab.title].rows],
            "formats": [[cell.number_format for cell in row] for row in cells],
        }


def _value(cell: Any) -> Any:
    if cell.value is None:
        return ""
    if cell.is_date:
        return openpyxl.utils.datetime.to_excel(cell.value)
    return cell.value


def _formula(cell: Any) -> Any:
    text = getattr(cell.value, "text", cell.value)
    return text if isinstance(text, str) and text.startswith("=") else _value(cell)


MERGED, HIDDEN_ROWS, NO_LIST = ("STR-009", ("B13",)), ("STR-012", ("A8",)), "STR-014"


@pytest.mark.parametrize("name", ["exemple_valide", "exemple_fautif"])
def test_same_verdict_as_the_file(name: str) -> None:
    path = WORKBOOKS / f"{name}.xlsx"
    asked = {"action": "controler_plages", "nom": path.name, "feuilles": list(as_excel_shows(path))}
    head = json.loads(answer(json.dumps(asked))[0])
    assert "panne" not in head, head
    found, expected = json.loads(head["json"]), check(path)
    assert found["verdict"] == expected.verdict.value and found["fichier"] == path.name
    told = {(one["code"], tuple(one["cellules"])) for one in found["anomalies"]}
    of_the_file = {(one.code, tuple(one.cells)) for one in expected.findings}
    unseen = {one for one in of_the_file if one in (MERGED, HIDDEN_ROWS) or one[0] == NO_LIST}
    assert of_the_file - told == unseen
    assert told - of_the_file == ({("FMT-015", ("B14",))} if MERGED in unseen else set())
