"""The faulty example: the valid one, and a declared list of the faults people really make.

Each fault says where it is (a sheet, a row recognised by some of its values, a column), what the
cell holds, and why it is wrong. `cellules` tells the address of each, so that a test can keep the
exact set of findings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.examples.faults import (
    ADDITIONS,
    BELOW_TABLE,
    FAULTS,
    FULL_TABLES,
    HEADERS,
    HIDDEN,
    LOST_LISTS,
    NOTE,
    OFFSETS,
    RETRAITS,
    TABS,
    Flaw,
)
from xl_cpom.workbook.examples.organisme import EJ
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.template.content import SheetContent

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

EJ_DE_L_AIN = "010099000"
"""The organisme of the faulty example has its seat in the Ain: Excel drops the zero."""


def faulty_content() -> dict[str, list[dict[str, Any]]]:
    """Content of the faulty example (raw: some values are of the wrong type on purpose)."""
    return _edited()[0]


def cellules() -> list[tuple[Flaw, str]]:
    """Each fault of a cell with its address, in the order they are declared."""
    content, rows = _edited()
    found = []
    for fault, row in zip((*FAULTS, *ADDITIONS), rows, strict=True):
        sheet = faulty_sheets()[fault.sheet]
        place = Place(sheet, len(content[fault.sheet]), OFFSETS.get(fault.sheet, 0))
        index = next(i for i, one in enumerate(content[fault.sheet]) if one is row)
        if sheet.layout is Layout.FIXED:
            index = _fixed_index(sheet, row)
        found.append((fault, place.address(fault.column, index)))
    return found


def _fixed_index(sheet: Sheet, row: Mapping[str, Any]) -> int:
    from xl_cpom.referentiel import load_referentiel

    assert sheet.fixed_rows is not None
    identity = sheet.identity[0]
    return [fixed[identity] for fixed in sheet.fixed_rows(load_referentiel())].index(row[identity])


def _edited() -> tuple[dict[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """The content with every fault in it, and the row each fault is on."""
    content = valid_content()
    for row in content["si"]:
        if row["entite"] == EJ:
            row["entite"] = EJ_DE_L_AIN
    content["identification"][0].update(departement="01", finess_ej=EJ_DE_L_AIN)
    touched = [_row(content, fault.sheet, fault.where) for fault in FAULTS]
    removed = [(retrait.sheet, _row(content, retrait.sheet, retrait.where)) for retrait in RETRAITS]
    for fault, row in zip(FAULTS, touched, strict=True):
        row[fault.column] = fault.value
    for sheet, row in removed:
        content[sheet] = [one for one in content[sheet] if one is not row]
    for addition in ADDITIONS:
        row = {**_row(content, addition.sheet, addition.where), **addition.value}
        content[addition.sheet].append(row)
        touched.append(row)
    return content, touched


def _row(
    content: Mapping[str, list[dict[str, Any]]], sheet: str, where: Mapping[str, Any]
) -> dict[str, Any]:
    rows = [r for r in content[sheet] if all(r.get(key) == value for key, value in where.items())]
    if len(rows) != 1:
        raise LookupError(f"{len(rows)} rows of {sheet!r} match {where!r}")
    return rows[0]


def faulty_sheets() -> dict[str, Sheet]:
    """The declarations as the faulty file shows them: renamed headers and tab, lost drop-downs."""
    sheets = dict(SHEETS)
    for key, sheet in sheets.items():
        columns = tuple(
            dataclasses.replace(
                column,
                header=HEADERS.get((key, column.key), column.header),
                list_name=None if (key, column.key) in LOST_LISTS else column.list_name,
            )
            for column in sheet.columns
        )
        full = key in FULL_TABLES
        sheets[key] = dataclasses.replace(
            sheet,
            columns=columns,
            name=TABS.get(key, sheet.name),
            capacity=len(valid_content()[key]) if full else sheet.capacity,
        )
    return sheets


def write_faulty_example(path: Path, referentiel: Referentiel) -> None:
    """Write the faulty example."""
    write_template(
        path,
        referentiel,
        contenu=faulty_content(),
        sheets=faulty_sheets(),
        offsets=OFFSETS,
        finition=_finition,
    )


def _finition(workbook: Any, tabs: Mapping[str, Any], contents: Mapping[str, SheetContent]) -> None:
    """What no declaration can say: a scrap sheet, merged cells, hidden rows, stray notes."""
    scrap = workbook.add_worksheet("Feuil1")
    scrap.write_string("A1", "Brouillon : rappeler le département avant vendredi")
    tabs["has"].write_string("A1", "Version relue par Camille le 12/01")
    _type_under(workbook, tabs["fragilites"], contents["fragilites"].place)
    below = contents["difficulte"].place
    tabs["difficulte"].write_string(below.last_row + 1, 1, NOTE)
    for key, index in HIDDEN:
        row = contents[key].place.first_row - 1 + index
        tabs[key].set_row(row, None, None, {"hidden": True})


def _type_under(workbook: Any, tab: Any, place: Place) -> None:
    """Two rows typed under the table, one cell merged over both (a table allows no merge)."""
    merged = place.columns["domaine"] - 1
    for index, values in enumerate(BELOW_TABLE):
        for key, value in values.items():
            row, column = place.last_row + index, place.columns[key] - 1
            if column != merged:
                write = tab.write_number if isinstance(value, int) else tab.write_string
                write(row, column, value)
    tab.merge_range(
        place.last_row, merged, place.last_row + len(BELOW_TABLE) - 1, merged,
        BELOW_TABLE[0]["domaine"], workbook.add_format(),
    )  # fmt: skip
