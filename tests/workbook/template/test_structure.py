"""The blank workbook as openpyxl sees it: tables, notes, drop-downs, formats, protection."""

from __future__ import annotations

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from xl_cpom.workbook.geometry import Place, fiche_name
from xl_cpom.workbook.lists import choices, is_code_list
from xl_cpom.workbook.mark import template_fingerprint
from xl_cpom.workbook.model import HEADER_ROW, Kind, Layout, Sheet
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT
from xl_cpom.workbook.template.bands import bands
from xl_cpom.workbook.template.lists_sheet import list_range, types_range
from xl_cpom.workbook.template.proposed_targets import blank_content

TABLES = [sheet for sheet in SHEETS.values() if sheet.layout is not Layout.FICHE]
ENTRIES = [
    pytest.param(sheet, column, id=f"{sheet.key}.{column.key}")
    for sheet in TABLES
    for column in sheet.columns
    if column.is_entry
]


def test_the_tabs_are_those_of_the_declarations(ouvert: Workbook) -> None:
    assert ouvert.sheetnames == [
        "Accueil", *(sheet.name for sheet in SHEETS.values()), "Contrôles",
        "Aide aux actions", "Listes", "_cpom",
    ]  # fmt: skip
    states = {tab.title: tab.sheet_state for tab in ouvert if tab.sheet_state != "visible"}
    assert states == {"Listes": "hidden", "_cpom": "veryHidden"}


PUBLISHED = Path(__file__).resolve().parents[2] / "data" / "gabarits.toml"


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.key)
def test_each_table_is_a_list_object_with_its_headers(ouvert: Workbook, sheet: Sheet) -> None:
    tab = ouvert[sheet.name]
    (table,) = tab.tables.values()
    last = get_column_letter(len(sheet.columns))
    assert table.name == table.displayName == sheet.table
    assert table.ref == f"A{HEADER_ROW}:{last}{HEADER_ROW + sheet.capacity}"
    assert table.column_names == [column.header for column in sheet.columns]
    assert [cell.value for cell in tab[HEADER_ROW]] == table.column_names


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.key)
def test_each_header_has_its_help(ouvert: Workbook, sheet: Sheet) -> None:
    for cell, column in zip(ouvert[sheet.name][HEADER_ROW], sheet.columns, strict=True):
        folded = cell.comment.text.replace("\u00a0", " ").replace("\u202f", " ")
        assert folded.startswith(column.help.replace("\u00a0", " ").replace("\u202f", " "))
        assert ("Obligatoire." in folded) == column.required


def _validation(ouvert: Workbook, sheet: Sheet, key: str) -> list[object]:
    tab = ouvert[sheet.name]
    row = HEADER_ROW + sheet.capacity  # the last row laid out, not only the first
    cell = f"{get_column_letter(Place(sheet, sheet.capacity).columns[key])}{row}"
    return [v for v in tab.data_validations.dataValidation if cell in v.sqref]


@pytest.mark.parametrize(("sheet", "column"), ENTRIES)
def test_each_entry_is_helped(ouvert: Workbook, sheet: Sheet, column) -> None:
    found = _validation(ouvert, sheet, column.key)
    free = {Kind.TEXT, Kind.CODE, Kind.FINESS_LIST}
    if column.list_name is None and column.kind in free:
        assert found == []
        return
    (rule,) = found
    assert rule.errorTitle and rule.error and rule.showErrorMessage
    assert len(rule.error) <= 255 and len(rule.errorTitle) <= 32
    own = column.kind is Kind.FINESS and column.refers_to is not None
    assert (rule.errorStyle or "stop") == ("warning" if own else "stop") and rule.allow_blank
    if own and column.list_name is None:
        assert (rule.type, rule.formula1) == ("list", "liste_finess_et")
        return
    if column.depends_on:
        assert rule.type == "list"
        assert rule.formula1 == (
            f'INDIRECT("types_action_"&$B{HEADER_ROW + 1}'
            f'&IF($C{HEADER_ROW + 1}="","","_"&$C{HEADER_ROW + 1}))'
        )
    elif column.list_name is not None:
        assert (rule.type, rule.formula1) == ("list", list_range(column.list_name))
    else:
        assert rule.type == {
            Kind.DATE: "date", Kind.INTEGER: "whole", Kind.ANNEE: "whole", Kind.TAUX: "decimal",
            Kind.NUMBER: "decimal", Kind.MONTANT: "decimal", Kind.FINESS: "textLength",
            Kind.SIRET: "textLength", Kind.EMAIL: "custom",
            Kind.COTATION: "custom",
        }[column.kind]  # fmt: skip


def _named(ouvert: Workbook, name: str) -> list[object]:
    title, area = next(ouvert.defined_names[name].destinations)
    return [row[0].value for row in ouvert[title][area]]


def test_the_numbers_offered_are_those_of_etablissements(ouvert: Workbook) -> None:
    assert ouvert.defined_names["liste_finess_et"].attr_text == (
        "OFFSET('Établissements'!$A$6,0,0,MAX(1,COUNTA('Établissements'!$A$6:$A$65)),1)"
    )


def test_the_lists_hold_what_the_referentiel_says(ouvert: Workbook, ref) -> None:
    for sheet in SHEETS.values():
        for column in sheet.columns:
            if column.list_name and not column.depends_on and column.key != "annee_suivie":
                assert _named(ouvert, list_range(column.list_name)) == list(choices(column, ref))


def test_the_types_of_action_follow_module_and_secteur(ouvert: Workbook, ref) -> None:
    modules = dict.fromkeys(kind.module for kind in ref.types_action)
    for module in modules:
        for secteur in ("", "PA", "PH"):
            expected = [kind.libelle for kind in ref.types_de(module, secteur)]
            assert expected and _named(ouvert, types_range(module, secteur)) == expected


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.key)
def test_formats_and_locks(ouvert: Workbook, sheet: Sheet) -> None:
    tab = ouvert[sheet.name]
    for col, column in enumerate(sheet.columns, start=1):
        for row in (HEADER_ROW + 1, HEADER_ROW + sheet.capacity):
            cell = tab.cell(row, col)
            assert cell.protection.locked is not column.is_entry
            if column.kind.is_identifier or column.kind is Kind.CODE or is_code_list(column):
                assert cell.number_format == "@"
            elif column.kind is Kind.DATE:
                assert cell.number_format == "dd/mm/yyyy"
            elif column.kind in (Kind.TAUX, Kind.RATIO):
                assert cell.number_format == "0.0\\ %"
            elif column.kind is Kind.MONTANT:
                assert cell.number_format.startswith('#,##0 "€"')
        assert tab.cell(HEADER_ROW, col).protection.locked
        assert _width(tab, col) >= column.width


def _width(tab, col: int) -> float:
    """Width of a column (openpyxl keeps neighbours of the same width as one)."""
    return next(d.width for d in tab.column_dimensions.values() if d.min <= col <= d.max)


def test_protection_without_password_lets_people_work(ouvert: Workbook) -> None:
    for tab in ouvert:
        if tab.title in ("Listes", "_cpom"):
            continue
        protection = tab.protection
        assert protection.sheet and protection.password is None
        # False means allowed in the file format
        assert not any(
            (protection.autoFilter, protection.formatColumns, protection.formatCells,
             protection.insertRows)
        ), tab.title  # fmt: skip


def test_sorting_is_offered_where_no_locked_cell_prevents_it(ouvert: Workbook) -> None:
    """Excel refuses to sort a protected range that holds a locked cell."""
    offered_on = {tab.title for tab in ouvert if tab.protection.sheet and not tab.protection.sort}
    assert (
        offered_on
        == {sheet.name for sheet in TABLES if all(column.is_entry for column in sheet.columns)}
        == {"Avenants", "Photographie SI", "Référents"}
    )


def test_each_sheet_opens_on_its_first_entry(ouvert: Workbook) -> None:
    opened = {tab.title: tab.sheet_view.selection[-1].activeCell for tab in ouvert}
    for sheet in SHEETS.values():
        key = next(column.key for column in sheet.columns if column.is_entry)
        assert opened[sheet.name] == Place(sheet, sheet.capacity).address(key)


def test_the_compulsory_modules_are_active_in_the_blank_workbook(tmp_path: Path, ref) -> None:
    rows = {row["code"]: row["actif"] for row in blank_content(ref)["modules"]}
    assert rows == {
        code: "Oui" for code, module in ref.modules.items() if module.statut == "Obligatoire"
    }
    assert len(rows) == 5


def test_the_wide_table_is_told_in_bands_that_fold(ouvert: Workbook) -> None:
    sheet = SHEETS["activite"]
    tab = ouvert[sheet.name]
    found = bands(sheet)
    titles = ["Activité", "Personnel", "Finances", "Taux : activité", "Taux : personnel",
              "Taux : finances"]  # fmt: skip
    assert [band.title for band in found] == titles
    assert [tab.cell(HEADER_ROW - 2, band.first + 1).value for band in found] == titles
    folded = {
        number
        for dimension in tab.column_dimensions.values()
        if dimension.outlineLevel  # one that was only looked at has no bounds
        for number in range(dimension.min, dimension.max + 1)
    }
    assert folded == {n + 1 for band in found for n in range(band.first + 1, band.last + 1)}
    assert {sheet.columns[n - 1].key for n in range(1, 78)} - {
        sheet.columns[n].key for band in found for n in range(band.first, band.last + 1)
    } == {"finess_et", "exercice", "commentaire"}


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.key)
def test_headers_and_identity_stay_in_sight_and_on_paper(ouvert: Workbook, sheet: Sheet) -> None:
    tab = ouvert[sheet.name]
    frozen = Place(sheet, 1).frozen_columns
    assert tab.freeze_panes == f"{get_column_letter(frozen + 1)}{HEADER_ROW + 1}"
    assert tab.page_setup.orientation == "landscape" and tab.page_setup.paperSize == 9
    assert tab.sheet_properties.pageSetUpPr.fitToPage and tab.page_setup.fitToHeight == 0
    if sheet.layout is Layout.TABLE:
        above = 2 if bands(sheet) else 1
        assert tab.print_title_rows == f"${HEADER_ROW - above}:${HEADER_ROW}"


def test_each_value_of_the_fiche_has_a_name_and_a_label(ouvert: Workbook) -> None:
    sheet = SHEETS["identification"]
    tab, place = ouvert[sheet.name], Place(sheet, 1)
    for column in sheet.columns:
        cell = place.address(column.key)
        name = ouvert.defined_names[fiche_name(sheet, column.key)]
        assert name.attr_text == f"'Identification'!${cell[0]}${cell[1:]}"
        label = tab.cell(tab[cell].row, 1).value
        assert label.replace("\u00a0", " ").replace("\u202f", " ") == column.header
        assert tab[cell].protection.locked is not column.is_entry


def test_the_mark_stands_twice(ouvert: Workbook) -> None:
    marks = {
        "cpom_gabarit": VERSION_GABARIT,
        "cpom_referentiel": "BFC-2026-2030",
        "cpom_variante": "mixte",
    }
    assert {row[0].value: row[1].value for row in ouvert["_cpom"].iter_rows()} == marks
    assert {prop.name: prop.value for prop in ouvert.custom_doc_props.props} == marks


def test_no_macro_no_link_no_recalculation_asked(blank: Path) -> None:
    with zipfile.ZipFile(blank) as archive:
        names = archive.namelist()
        book = archive.read("xl/workbook.xml").decode()
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
    assert "fullCalcOnLoad" not in book and 'calcId="191029"' in book


def test_the_columns_of_a_table_carry_the_formula_of_their_cells(blank: Path) -> None:
    """A row added by Excel gets the calculated columns by itself."""
    with zipfile.ZipFile(blank) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/tables/")]
    found = {
        re.search(r' name="(\w+)"', part)[1]: part.count("<calculatedColumnFormula>")
        for part in parts
    }
    expected = {
        sheet.table: sum(column.formula is not None for column in sheet.columns)
        for sheet in TABLES
        if sheet.layout is Layout.TABLE
    }
    assert {name: count for name, count in found.items() if count} == {
        name: count for name, count in expected.items() if count
    }


def test_the_chart_and_its_choice(ouvert: Workbook) -> None:
    tab = ouvert["Indicateurs"]
    assert len(tab._charts) == 1
    assert ouvert.defined_names["graphique_indicateur"].attr_text == "'Indicateurs'!$E$3"
    assert tab["E3"].value == "TRANSFO/PA" and not tab["E3"].protection.locked
    assert [v.formula1 for v in tab.data_validations.dataValidation if "E3" in v.sqref] == [
        "$A$6:$A$21"
    ]


def test_statuses_have_a_symbol_a_word_and_a_colour(ouvert: Workbook, ref) -> None:
    tab = ouvert["Plan d'actions"]
    words = {}
    for area in tab.conditional_formatting:
        for rule in area.rules:
            if rule.type == "cellIs":
                words[rule.formula[0].strip('"')] = rule.dxf
    assert set(words) == set(ref.listes["statut_action"])
    for dxf in words.values():
        assert dxf.numFmt.formatCode.endswith(' "@') and dxf.font.color and dxf.fill.bgColor
    assert words["Réalisée"].numFmt.formatCode == '"✓ "@'


def test_a_published_version_keeps_its_structure() -> None:
    """A column more, less or of another type: add one to VERSIONS (docs/ajouter/colonne.md)."""
    published = tomllib.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert published.get(VERSION_GABARIT, template_fingerprint()) == template_fingerprint()
