"""What a hand meets in the workbook: lists that speak, comments within reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from xl_cpom.referentiel import Referentiel
from xl_cpom.workbook.geometry import Place
from xl_cpom.workbook.model import HEADER_ROW, Layout, Sheet
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template.far_comment import SCREEN, is_far

TABLES = [sheet for sheet in SHEETS.values() if sheet.layout is not Layout.FICHE]


def _rows(book: Workbook, name: str) -> list[list[object]]:
    title, area = next(book.defined_names[name].destinations)
    return [[cell.value for cell in row] for row in book[title][area]]


def test_codes_are_offered_with_their_labels_then_alone(ouvert: Workbook) -> None:
    offered = [row[0] for row in _rows(ouvert, "liste_categorie")]
    assert len(offered) == len(set(offered)) and len(offered) % 2 == 0
    told, alone = offered[: len(offered) // 2], offered[len(offered) // 2 :]
    assert "500 – EHPAD" in told and "500" in alone
    assert [str(text).split(" – ")[0] for text in told] == alone
    assert "21 – Côte-d'Or" in [row[0] for row in _rows(ouvert, "liste_departement")]


def test_the_lookups_of_formulas_find_a_code_in_both_spellings(
    ouvert: Workbook, ref: Referentiel
) -> None:
    labels = dict(_rows(ouvert, "nomenclature_categories"))
    assert labels["500"] == labels["500 – EHPAD"] == ref.categories["500"].libelle
    said = ref.spoken["statuts_juridiques"]
    accounts = {row[0]: row[1:] for row in _rows(ouvert, "listes_comptes")}
    for code in accounts.keys() & said.keys():
        assert accounts[code] == accounts[said[code]]
    deposits = dict(_rows(ouvert, "listes_depots"))
    particular = [key for key in deposits if "|c" in key and " – " not in key.split("|c")[1]]
    assert particular
    for key in particular:
        system, code = key.split("|c")
        assert deposits[f"{system}|c{ref.spoken['categories'][code]}"] == deposits[key]


def test_the_years_of_the_contract_are_told_with_their_civil_year(ouvert: Workbook) -> None:
    years = [row[0] for row in _rows(ouvert, "liste_annee_suivie")]
    assert years[0] == "N" and years[7:] == ["N1", "N2", "N3", "N4", "N5", "N6"]
    assert years[2] == '="N2"&IF(N(id_annee_n1)=0,""," ("&id_annee_n1+1&")")'


def test_what_is_written_as_a_code_is_shown_with_its_label(valide: Path) -> None:
    book = load_workbook(valide)
    shown: dict[str, set[str]] = {}
    for name in ("Identification", "Établissements"):
        shown[name] = {
            rule.dxf.numFmt.formatCode
            for area in book[name].conditional_formatting
            for rule in area.rules
            if rule.dxf is not None and rule.dxf.numFmt is not None
        }
    assert {'@" (2027)"', '@" – Côte-d\'Or"'} <= shown["Identification"]
    assert {'@" – EHPAD"', '@" – Côte-d\'Or"'} <= shown["Établissements"]


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.key)
def test_comments_are_on_the_screen_or_one_click_away(ouvert: Workbook, sheet: Sheet) -> None:
    tab, place = ouvert[sheet.name], Place(sheet, 1)
    column = place.columns.get("commentaire")
    if column is None:
        return
    width = sum(7 * one.width + 5 for one in sheet.columns[:column])
    here = "'" + sheet.name.replace("'", "''") + "'!"
    link = tab.cell(HEADER_ROW - 1, 1).hyperlink
    if not is_far(place):
        assert width <= SCREEN + column and link is None
        return
    assert width > SCREEN
    assert tab.freeze_panes is not None and tab.freeze_panes[0] != "A"  # the link stays in sight
    assert link.location == f"{here}{col_letters(column)}{HEADER_ROW + 1}"
    back = tab.cell(HEADER_ROW - 1, column).hyperlink
    first = next(n for n, one in enumerate(sheet.columns, 1) if one.is_entry)
    assert back.location == f"{here}{col_letters(first)}{HEADER_ROW + 1}"
