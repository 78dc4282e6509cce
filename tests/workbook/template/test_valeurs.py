"""What is stored in the cells: references that resolve, values of formulas, right types."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from xl_cpom.referentiel import Referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.geometry import Place, escape_header
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.model import HEADER_ROW, Kind, Layout
from xl_cpom.workbook.reader import ExcelError, RawWorkbook
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.template.cell_writing import serial
from xl_cpom.workbook.template.content import build

PLACEHOLDER = re.compile(r"\{[a-z][\w.]*\}")
COLUMN = re.compile(r"(t[A-Z]\w+)\[(?:\[#This Row\],\[)?((?:'.|[^\]'])*)\]")
NAME = re.compile(r"(?<![\w.\"'\[/])((?:id|liste|listes|nomenclature)_\w+)")


def _tab(book: RawWorkbook, name: str):
    return next(tab for tab in book.sheets if tab.name == name)


def test_every_reference_of_every_formula_exists(raw: RawWorkbook) -> None:
    headers = {
        sheet.table: {escape_header(column.header) for column in sheet.columns}
        for sheet in SHEETS.values()
        if sheet.layout is not Layout.FICHE
    }
    names = {name.name if hasattr(name, "name") else name for name in raw.defined_names}
    seen = 0
    for tab in raw.sheets:
        for cell in tab.cells.values():
            if cell.formula is None:
                continue
            seen += 1
            assert not PLACEHOLDER.search(cell.formula), cell.formula
            for table, header in COLUMN.findall(cell.formula):
                assert header in headers[table], cell.formula
            assert set(NAME.findall(cell.formula)) <= names, cell.formula
    assert seen > 3000


def test_every_formula_carries_a_value(raw: RawWorkbook) -> None:
    uncached = [
        (tab.name, place)
        for tab in raw.sheets
        for place, cell in tab.cells.items()
        if cell.formula is not None and not cell.cached
    ]
    assert uncached == []


def test_the_values_are_those_python_computes(raw: RawWorkbook, ref: Referentiel) -> None:
    contents, _ = build(ref, SHEETS, valid_content())
    compared = 0
    for key, sheet in SHEETS.items():
        tab = _tab(raw, sheet.name)
        place = Place(sheet, sheet.capacity)
        for index, row in enumerate(contents[key].table.rows):
            for column in sheet.columns:
                if column.formula is None:
                    continue
                cell = tab.cells[coordinate_to_tuple(place.address(column.key, index))]
                expected = row[column.key]
                if column.kind is Kind.DATE and expected is not None:
                    expected = serial(expected)
                if expected is None:
                    assert cell.value in (None, "") or cell.value == ExcelError("#N/A")
                else:
                    assert (
                        cell.value == pytest.approx(expected)
                        if isinstance(expected, float)
                        else cell.value == expected
                    )
                compared += 1
    assert compared > 400


def test_sans_objet_is_an_error_cell_and_an_empty_result_is_a_text(blank: Path) -> None:
    with zipfile.ZipFile(blank) as archive:
        book = archive.read("xl/workbook.xml").decode()
        rank = [m[1] for m in re.finditer(r'<sheet name="([^"]+)"', book)].index("Indicateurs") + 1
        indicators = archive.read(f"xl/worksheets/sheet{rank}.xml").decode()
        actions = archive.read("xl/worksheets/sheet5.xml").decode()
    assert re.search(
        r'<c r="G6" s="\d+" t="e"><f>IFERROR\(CPOM_TAUX\([^<]+</f><v>#N/A</v></c>', indicators
    )
    assert re.search(r'<c r="P6" s="\d+" t="str"><f>[^<]+</f><v></v></c>', actions)


def test_the_valid_example_is_read_back_without_a_remark(raw: RawWorkbook, ref) -> None:
    retour = interpret(raw, ref)
    assert raw.remarks == () and retour.notices == ()
    for key, rows in valid_content().items():
        sheet, read = SHEETS[key], list(retour.classeur[key].rows)
        if sheet.layout is Layout.FIXED:
            # Fixed rows come in the order of the template; one of which the example says nothing
            # is read too, and holds nothing else.
            (identity,) = sheet.identity
            told = {row[identity]: row for row in rows}
            assert len(told) == len(rows)
            rows = [told.pop(row[identity], row) for row in sheet.fixed_rows(ref)]
            assert told == {}
            keys = [column.key for column in sheet.columns if not column.formula]
            silent = list(sheet.fixed_rows(ref))
            for got, wrote in zip(read, rows, strict=True):
                if wrote in silent:
                    assert {key: got[key] for key in keys if got[key] is not None} == wrote
        assert len(read) == len(rows)
        for got, wrote in zip(read, rows, strict=True):
            assert {k: got[k] for k in wrote} == wrote


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, valide: Path, ref) -> None:
    again = tmp_path / "autre_nom.xlsx"
    write_template(again, ref, contenu=valid_content())
    assert again.read_bytes() == valide.read_bytes()


def test_more_rows_than_the_capacity_make_the_table_longer(tmp_path: Path, ref) -> None:
    from openpyxl import load_workbook

    sheet = SHEETS["fragilites"]
    rows = [{"numero": f"F{n}", "secteur": "PA"} for n in range(sheet.capacity + 15)]
    path = tmp_path / "long.xlsx"
    write_template(path, ref, contenu={"fragilites": rows})
    (table,) = load_workbook(path)[sheet.name].tables.values()
    assert table.ref == f"A{HEADER_ROW}:K{HEADER_ROW + len(rows) + 20}"


@pytest.mark.parametrize(
    "content",
    [
        {"inconnue": []},
        {"actions": [{"inconnue": 1}]},
        {"modules": [{"code": "INCONNU", "actif": "Oui"}]},
    ],
)
def test_content_for_nothing_known_is_refused(tmp_path: Path, ref, content) -> None:
    with pytest.raises(ValueError, match=r"no (sheet|column|row)"):
        write_template(tmp_path / "x.xlsx", ref, contenu=content)
    assert list(tmp_path.iterdir()) == []
