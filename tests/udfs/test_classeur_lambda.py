"""The LAMBDA variant of the standard workbook, filled, recalculated by IronCalc."""

import re

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.template import Variante, write_template

CALL = re.compile(r"\bCPOM_\w+\(")


def formule(cell):
    """Text of the formula of a cell, "" when it has none."""
    held = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
    return held if isinstance(held, str) and held.startswith("=") else ""


@pytest.fixture(scope="module")
def classeur(tmp_path_factory):
    path = tmp_path_factory.mktemp("lambda") / "exemple.xlsx"
    write_template(path, load_referentiel(), contenu=valid_content(), variante=Variante.LAMBDA)
    return path


def test_every_cpom_cell_gives_its_stored_value(classeur):
    ironcalc = pytest.importorskip("ironcalc", reason="IronCalc absent : LAMBDA non évaluées")
    formulas = openpyxl.load_workbook(classeur)
    stored = openpyxl.load_workbook(classeur, data_only=True)
    model = ironcalc.load_from_xlsx(str(classeur))
    model.evaluate()
    wrong, seen = [], set()
    for number, sheet in enumerate(formulas.worksheets):
        for cell in (c for row in sheet.iter_rows() for c in row):
            if not CALL.search(formule(cell)):
                continue
            assert isinstance(cell.value, ArrayFormula), "as Excel 365 stores what calls a LAMBDA"
            assert cell.value.ref == cell.coordinate
            seen.update(CALL.findall(formule(cell)))
            expected = stored[sheet.title][cell.coordinate].value
            found = model.get_cell_value(number, cell.row, cell.column)
            same = (found or "") == (expected or "") or found == pytest.approx(expected, abs=1e-9)
            if not same:
                wrong.append((sheet.title, cell.coordinate, expected, found))
    assert wrong == []
    assert {"CPOM_TAUX(", "CPOM_NUMERATEUR(", "CPOM_LIBELLE(", "CPOM_FINESS_VALIDE("} <= seen


def test_the_rate_follows_the_action(classeur):
    ironcalc = pytest.importorskip("ironcalc", reason="IronCalc absent : LAMBDA non évaluées")
    book = openpyxl.load_workbook(classeur)
    names = [sheet.title for sheet in book.worksheets]
    actions, indicators = names.index("Plan d'actions"), names.index("Indicateurs")
    tab = book["Plan d'actions"]
    header = next(row for row in tab.iter_rows() if any(c.value == "Statut" for c in row))
    columns = {cell.value: cell.column for cell in header if cell.value}
    done = next(
        row
        for row in range(header[0].row + 1, tab.max_row)
        if tab.cell(row, columns["Statut"]).value == "Réalisée"
        and tab.cell(row, columns["Module"]).value == "TRANSFO"
    )
    rates = {
        (c.row, c.column)
        for row in book["Indicateurs"].iter_rows()
        for c in row
        if formule(c).startswith('=CPOM_TAUX("TRANSFO/')
    }
    model = ironcalc.load_from_xlsx(str(classeur))
    model.evaluate()
    before = [model.get_cell_value(indicators, *place) for place in sorted(rates)]
    model.set_user_input(actions, done, columns["Statut"], "En cours")
    model.evaluate()
    after = [model.get_cell_value(indicators, *place) for place in sorted(rates)]
    assert sum(b != a for b, a in zip(before, after, strict=True)) == 1
    assert sum(a < b for b, a in zip(before, after, strict=True) if b != a) == 1
