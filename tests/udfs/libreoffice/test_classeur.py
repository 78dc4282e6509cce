"""The standard workbook recalculated by LibreOffice with the extension, against the core."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest

from tests.udfs.cases import pareil
from xl_cpom import __version__, check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.udfs.libreoffice.oxt import build_oxt
from xl_cpom.udfs.libreoffice.workbook_copy import prepare_for_libreoffice
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.model import HEADER_ROW
from xl_cpom.workbook.reader import ExcelError, read_workbook
from xl_cpom.workbook.reader.refs import col_letters
from xl_cpom.workbook.sheets import SHEETS
from xl_cpom.workbook.template import Variante, write_template

from .appels_du_classeur import Classeur
from .bureau import EXCEL_NAMES, SOFFICE, UNOPKG, Desk, unopkg, version

EXAMPLE, BLANK = "exemple", "vierge"
"""The two workbooks, in the variant that only the add-in computes: no plain formula to fall on."""

COMPUTED_CIBLE = {
    (SHEETS["indicateurs"].name, rank)
    for rank, column in enumerate(SHEETS["indicateurs"].columns, 1)
    if column.key in {"ecart", "atteinte"}
}
"""Columns whose argument is a formula, CPOM_ECART and CPOM_ATTEINTE: against the cache only."""

pytestmark = [
    pytest.mark.soffice,
    pytest.mark.xdist_group("libreoffice"),
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice absent : classeur non recalculé"),
]


def formules(path):
    """(sheet, row, column) → (formula, value) of every formula of a workbook."""
    return {
        (sheet.name, *place): (cell.formula, cell.value)
        for sheet in read_workbook(path).sheets
        for place, cell in sheet.cells.items()
        if cell.formula
    }


def valeur(value):
    """A value as compared: blank is "", an error is its code, a number a float."""
    if isinstance(value, ExcelError):
        return value.code
    return "" if value is None else float(value) if isinstance(value, int | float) else value


def differences(before, after):
    return {
        place: (cached, after[place][1])
        for place, (_, cached) in before.items()
        if not pareil(valeur(after[place][1]), valeur(cached))
    }


@pytest.fixture(scope="module")
def classeurs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classeurs")
    for name, content in ((EXAMPLE, valid_content()), (BLANK, None)):
        write_template(
            folder / f"{name}.xlsx", load_referentiel(), contenu=content, variante=Variante.XLWINGS
        )
    return {name: folder / f"{name}.xlsx" for name in (EXAMPLE, BLANK)}


@pytest.fixture(scope="module")
def recalcules(bureau, classeurs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("copies")
    prepared = [prepare_for_libreoffice(p, folder / p.name) for p in classeurs.values()]
    return dict(zip(classeurs, bureau.recompute(*prepared), strict=True))


@pytest.mark.parametrize("classeur", [EXAMPLE, BLANK])
def test_every_formula_gives_the_cached_value(recalcules, classeurs, classeur):
    before, after = formules(classeurs[classeur]), formules(recalcules[classeur])
    assert sum("CPOM_" in formula for formula, _ in before.values()) > 2000
    assert differences(before, after) == {}


def test_every_cpom_cell_gives_the_value_of_the_core(recalcules, classeurs):
    after = formules(recalcules[EXAMPLE])
    calls = dict(Classeur(read_workbook(classeurs[EXAMPLE])).reponses())
    left_out = {
        place for place, (formula, _) in formules(classeurs[EXAMPLE]).items() if "CPOM_" in formula
    } - calls.keys()
    last_step = {("Accueil", 2)}  # asks whether the add-in answers, inside ISERROR
    assert {(sheet, column) for sheet, _, column in left_out} == COMPUTED_CIBLE | last_step
    assert sum(value != "" for value in calls.values()) > 200
    assert {
        place: (value, after[place][1])
        for place, value in calls.items()
        if not pareil(valeur(after[place][1]), valeur(value))
    } == {}


def test_the_workbook_of_excel_as_it_is(bureau, classeurs, tmp_path):
    if version() < EXCEL_NAMES:
        pytest.skip("LibreOffice antérieur à 25.2 : ne lit que les noms longs")
    (path,) = bureau.recompute(Path(shutil.copy(classeurs[EXAMPLE], tmp_path / "tel quel.xlsx")))
    assert differences(formules(classeurs[EXAMPLE]), formules(path)) == {}


def constats(path):
    """(code, sheet, cells) of every finding, the cells as a set."""
    return {(f.code, f.sheet, frozenset(f.cells)) for f in check(path).findings}


FILLED = {
    SHEETS[key].name: HEADER_ROW + len(rows)
    for key, rows in valid_content().items()
    if isinstance(rows, list | tuple)
}
"""Last row filled of each table of the example."""


def in_error(path):
    """Sheet → calculated cells, on filled rows, in an error other than « sans objet »."""
    found = defaultdict(set)
    for (sheet, row, column), (_, value) in formules(path).items():
        filled = row <= FILLED.get(sheet, 0)
        if filled and isinstance(value, ExcelError) and value.code != "#N/A":
            found[sheet].add(f"{col_letters(column)}{row}")
    return {sheet: frozenset(cells) for sheet, cells in found.items()}


SAVED_BY_LIBREOFFICE = ("STR-028", "", frozenset())


def test_the_control_of_what_libreoffice_saved_with_the_add_in(recalcules):
    assert constats(recalcules[EXAMPLE]) == {SAVED_BY_LIBREOFFICE}


@pytest.mark.long
def test_the_control_of_what_libreoffice_saved_without_it(classeurs, tmp_path):
    """Functions nothing computed are one information a sheet; their values are recomputed."""
    book = shutil.copy(classeurs[EXAMPLE], tmp_path / "sans.xlsx")
    lambdas = tmp_path / "lambda.xlsx"
    write_template(lambdas, load_referentiel(), contenu=valid_content(), variante=Variante.LAMBDA)
    office = Desk(tmp_path / "bureau", complement=False)
    saved = office.recompute(Path(book), lambdas)
    for path in saved:
        assert sum(map(len, in_error(path).values())) > 250
        absent = {("STR-017", sheet, cells) for sheet, cells in in_error(path).items()}
        assert constats(path) == {SAVED_BY_LIBREOFFICE, *absent}
    assert {check(path).verdict.value for path in saved} == {"recevable"}


@pytest.mark.skipif(UNOPKG is None, reason="unopkg absent : installation non vérifiée")
def test_installed_with_unopkg(tmp_path):
    office = Desk(tmp_path, complement=False)
    package = build_oxt(tmp_path)
    listed = unopkg(office, "add", "--suppress-license", str(package))
    assert "fr.cpom.calc" in unopkg(office, "list")
    book = openpyxl.Workbook()
    book.active["A1"] = "=CPOM_VERSION()"
    book.active["A2"] = '=CPOM_TAUX("EFFICIENCE",B1:B2)'
    book.active["B1"], book.active["B2"] = "Résolu", "Identifié"
    book.save(tmp_path / "essai.xlsx")
    prepared = prepare_for_libreoffice(tmp_path / "essai.xlsx")
    (path,) = office.recompute(prepared)
    sheet = openpyxl.load_workbook(path, data_only=True).active
    assert [sheet["A1"].value, sheet["A2"].value] == [__version__, 0.5], listed
    unopkg(office, "remove", "fr.cpom.calc")
    assert "fr.cpom.calc" not in unopkg(office, "list")
