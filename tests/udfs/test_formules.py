"""The plain formulas in LibreOffice, the LAMBDA in IronCalc: the same table of cases."""

import re

import pytest

from tests.indicators.classeur import recompute
from tools.bureau import SOFFICE
from xl_cpom.functions import FUNCTIONS, lambda_definitions, native
from xl_cpom.indicators.excel_text import FORMULA_LENGTH, NoExcelFormError
from xl_cpom.workbook.formulas.variants import Variante, expand_calls

from .bilan import calls_of, judge
from .feuille import compute, feuille, texts

EXCEL_2016 = {
    "AND", "CHOOSE", "COUNTIFS", "ERROR.TYPE", "EXACT", "FIND", "IF", "IFERROR", "INDEX", "ISERROR",
    "ISNA", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "SUBSTITUTE", "LOOKUP", "MAX", "MID", "MIN", "MOD",
    "NA", "OR", "ROUND", "SUMPRODUCT",
}  # fmt: skip
EXCEL_LEVELS = 64


@pytest.mark.soffice
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice absent : formules natives non vérifiées")
@pytest.mark.parametrize("constants", [False, True], ids=["références", "constantes"])
def test_native_formulas(tmp_path, record_property, constants):
    sheet = feuille(tmp_path / "natif.xlsx")
    calls = calls_of("natif")
    for _, call in calls:
        refs = texts(sheet, call.args, constants=constants)
        try:
            text = native(call.fonction, refs)
        except NoExcelFormError:  # too long for any indicator: the code must be a constant
            text = native(call.fonction, [f'"{call.args[0]}"', *refs[1:]])
        assert len(text) <= FORMULA_LENGTH
        sheet.compute(text)
    sheet.close()
    rows = recompute(sheet.path, tmp_path)
    found = {rank: row[0] for (rank, _), row in zip(calls, rows, strict=True)}
    name = f"formules natives ({'constantes' if constants else 'références'})"
    judge("natif", found, record_property, name)


def test_lambda(tmp_path, record_property):
    ironcalc = pytest.importorskip("ironcalc", reason="IronCalc absent : LAMBDA non évaluées")
    sheet = feuille(tmp_path / "lambda.xlsx")
    for name, text in lambda_definitions().items():
        sheet.book.define_name(name, "=" + text)
    places = {}
    for rank, call in calls_of("lambda"):
        text = f"{call.fonction}({','.join(texts(sheet, call.args))})"
        rows = len(call.attendu) if isinstance(call.attendu, list) else 1
        places[rank] = (compute(sheet, text, rows), rows)
    sheet.close()
    model = ironcalc.load_from_xlsx(str(sheet.path))
    model.evaluate()
    found = {}
    for rank, (first, rows) in places.items():
        cells = [[model.get_cell_value(0, first + n, 1)] for n in range(rows)]
        found[rank] = cells if rows > 1 else cells[0][0]
    judge("lambda", found, record_property, "LAMBDA (IronCalc)")


def _mixte(name, refs):
    return expand_calls(f"{name}({','.join(refs)})", Variante.MIXTE)


@pytest.mark.long
def test_the_default_workbook_in_an_engine_of_excel_365(tmp_path, record_property):
    """formulon has Excel 365's rules and a French profile, and no add-in: each cell falls back."""
    formulon = pytest.importorskip(
        "formulon", reason="formulon absent : formules mixtes à vérifier"
    )
    sheet = feuille(tmp_path / "mixte.xlsx")
    places = {}
    for rank, call in calls_of("formulon"):
        refs = texts(sheet, call.args)
        try:
            text = _mixte(call.fonction, refs)
        except NoExcelFormError:
            text = _mixte(call.fonction, [f'"{call.args[0]}"', *refs[1:]])
        assert text.startswith(f"IFERROR({call.fonction}(")
        places[rank] = sheet.compute(text)
    sheet.close()
    with formulon.Workbook.load(sheet.path.read_bytes()) as book:
        book.set_excel_profile_id("mac-365-fr_FR")
        book.recalc()
        values = {rank: book.get_value(0, row - 1, 0) for rank, row in places.items()}
    found = {
        rank: formulon.error_display_name(value.error_code)
        if value.kind == formulon.ValueKind.ERROR
        else value.to_python()
        for rank, value in values.items()
    }
    judge("formulon", found, record_property, "formules mixtes (formulon, profil français)")


def profondeur(text: str) -> int:
    """Depth of nested functions, outside quotes."""
    deepest, stack = 0, []
    for token in re.finditer(r'"[^"]*"|([A-Za-z_.][\w.]*)?\(|\)', text):
        if token[0] == ")":
            stack.pop()
        elif not token[0].startswith('"'):
            stack.append(bool(token[1]))
            deepest = max(deepest, sum(stack))
    return deepest


def test_every_function_has_a_plain_form():
    for name, function in FUNCTIONS.items():
        refs = [f"$A${row}:$A${row + 5}" for row in range(1, len(function.params) + 1)]
        texts = {
            native(name, refs[: function.required]),
            native(name, refs[: function.required + 1]),
        }
        for text in texts:
            assert 0 < len(text) <= FORMULA_LENGTH
            assert set(re.findall(r"([A-Z.]+)\(", text)) <= EXCEL_2016
            assert profondeur(text) <= EXCEL_LEVELS
            assert all(len(t) <= 257 for t in re.findall(r'"[^"]*"', text))


def test_every_lambda_fits_excel():
    defined = lambda_definitions()
    assert set(FUNCTIONS) <= set(defined)
    assert all(name.startswith("_CPOM_") for name in set(defined) - set(FUNCTIONS))
    seen: set[str] = set()
    for name, text in defined.items():
        assert text.startswith("_xlfn.LAMBDA(")
        assert len(text) <= FORMULA_LENGTH
        assert profondeur(text) <= EXCEL_LEVELS
        assert set(re.findall(r"(?<![\w.])(_?CPOM_\w+)\(", text)) <= seen, "helpers come first"
        assert not re.search(r"_xlpm\.(?:[cr]|[a-z]{1,3}[0-9]+)\b", text, re.IGNORECASE)
        seen.add(name)


def test_call_without_plain_form_is_refused():
    with pytest.raises(KeyError):
        native("CPOM_RIEN", ["A1"])
    long = [f"'Une feuille au nom vraiment très long'!$A${n}:$A$300" for n in range(3)]
    with pytest.raises(NoExcelFormError, match="guillemets"):
        native("CPOM_TAUX", ["'Une feuille au nom vraiment très long'!$A$1", *long])
    assert native("CPOM_VERSION", ["A1"]) == "#VALUE!"
