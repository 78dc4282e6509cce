"""What Calc hands over and what it is given back, without LibreOffice."""

from __future__ import annotations

import math
import struct

import pytest

from xl_cpom.functions import ERRORS, FUNCTIONS
from xl_cpom.udfs.libreoffice import conversion
from xl_cpom.udfs.libreoffice.conversion import appeler, call_table


def code(number):
    """Calc's error code carried by a NaN."""
    assert math.isnan(number)
    return struct.unpack("<Q", struct.pack("<d", number))[0] & 0xFFFF


class Reference:
    """A UNO cell range: values, None where a cell is in error."""

    def __init__(self, rows, errors=()):
        self.rows, self.errors = rows, dict(errors)

    def getDataArray(self):
        return tuple(tuple(row) for row in self.rows)

    def getCellByPosition(self, column, row):
        error = self.errors[column, row]
        return type("Cell", (), {"getError": lambda self: error})()


def complete(nom, *args):
    """Arguments of a call as Calc gives them: those left out are None."""
    return [*args, *[None] * (len(FUNCTIONS[nom].params) - len(args))]


def test_an_empty_cell_given_as_a_reference_stays_empty():
    reference = [Reference([[27740.0]]), Reference([[""]]), Reference([[365.0]])]
    assert code(appeler("CPOM_OCCUPATION", reference)) == 32767
    reference[1] = Reference([[0.0]])
    assert code(appeler("CPOM_OCCUPATION", reference)) == 32767  # no capacity: sans objet
    reference[1] = Reference([[80.0]])
    assert appeler("CPOM_OCCUPATION", reference) == 0.95


def test_an_error_in_a_reference_is_the_answer():
    refused = Reference([[None]], {(0, 0): 532})
    assert code(appeler("CPOM_RESORPTION", complete("CPOM_RESORPTION", refused, refused))) == 532
    assert appeler("CPOM_EXPLIQUE", complete("CPOM_EXPLIQUE", refused)).startswith("#DIV/0!")
    unknown = Reference([[None]], {(0, 0): 522})
    assert code(appeler("CPOM_RESORPTION", complete("CPOM_RESORPTION", unknown, unknown))) == 519


def test_empty_cells_of_a_range():
    rows = (("Résolu",), ("",), ("Identifié",))
    assert appeler("CPOM_RESOLUTION", [rows]) == 0.5


@pytest.mark.parametrize(
    ("name", "args", "attendu"),
    [
        ("CPOM_TAUX", ["EFFICIENCE", (("Résolu",),)], 1.0),
        ("CPOM_TAUX", ["DIFFICULTE", 250000.0, 0.0], 1.0),  # a quantity may be 0
        ("CPOM_CIBLE", [2027.0, 2026.0, 0.0], 0.4),  # a final target may not
        ("CPOM_RESORPTION", [250000.0, 20000.0, 0.0], 1.0),  # « Non » may be a 0
        ("CPOM_VERSION", [], FUNCTIONS["CPOM_VERSION"].compute({})),
    ],
)
def test_zero_is_an_empty_cell_only_where_it_means_nothing(name, args, attendu):
    assert appeler(name, complete(name, *args)) == attendu


def test_zero_for_a_text_or_a_date_is_an_empty_cell():
    assert code(call_table("CPOM_FINESS_VALIDE", [0.0])[0][0]) == 32767
    assert code(call_table("CPOM_HAS_SOUS_SEUIL", ["standard", 0.0])[0][0]) == 32767
    assert code(appeler("CPOM_TAUX", complete("CPOM_TAUX", 0.0, "Réalisée"))) == 32767


def test_answers_cell_by_cell_are_rows():
    found = call_table("CPOM_FINESS_VALIDE", [(("210780581",), ("210780582",), ("",))])
    assert found[:2] == ((1.0,), (0.0,))
    assert code(found[2][0]) == 32767
    assert call_table("CPOM_FINESS_VALIDE", ["210780581"]) == ((1.0,),)
    assert type(found[0][0]) is float, "Calc takes any boolean of an array for 1"


def test_every_error_has_a_code():
    codes = {error: code(conversion.resultat(error)) for error in ERRORS}
    assert {error: c for error, c in codes.items() if error in conversion.CODES} == dict(
        conversion.CODES
    )
    assert {c for error, c in codes.items() if error not in conversion.CODES} == {519}
