"""The registry: the table of cases, the help texts, and that nothing raises."""

import datetime as dt
import os
import random
import re
from decimal import Decimal

import pytest

from xl_cpom.functions import ERRORS, FUNCTIONS, ExcelFunctionError, evaluate, invoke
from xl_cpom.functions.model import EXCEL_HELP

from .bilan import judge
from .cases import CALLS, EMPTY


def cellules(argument):
    """An argument as the core takes it: columns as rows of one cell."""
    if isinstance(argument, list):
        return [[cell] for cell in argument]
    return [[None]] if argument is EMPTY else argument


def test_case(record_property):
    found = {n: invoke(a.fonction, [cellules(x) for x in a.args]) for n, a in enumerate(CALLS)}
    judge("cœur", found, record_property)


def test_every_function_has_cases():
    tried = {call.fonction for call in CALLS}
    untried = {name for name in FUNCTIONS if name not in tried}
    simple = {n for n in untried if all(p.kind == "scalar" for p in FUNCTIONS[n].params)}
    assert untried == simple  # the other activity rates: tried below on numbers
    for name in simple:
        params = FUNCTIONS[name].params
        assert isinstance(invoke(name, [7] * len(params)), float)
        for rank in range(len(params)):
            args = [7] * len(params)
            assert invoke(name, [*args[:rank], "#REF!", *args[rank + 1 :]]) == "#REF!"
            assert invoke(name, [*args[:rank], None, *args[rank + 1 :]]) == "#N/A"
            assert invoke(name, [*args[:rank], "7", *args[rank + 1 :]]) == "#VALUE!"


def test_names_and_help_fit_excel():
    for name, function in FUNCTIONS.items():
        assert re.fullmatch(r"CPOM_[A-Z][A-Z0-9_]*", name)
        assert not re.fullmatch(r"[A-Z]{1,3}[0-9]+", name)
        assert 0 < len(function.description) <= EXCEL_HELP
        optional = [p.optional for p in function.params]
        assert optional == sorted(optional), "optional arguments come last"
        for param in function.params:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", param.name)
            assert 0 < len(param.doc) <= EXCEL_HELP
            assert param.unit and param.example and param.example in param.doc
            assert not re.search(r" [:;!?%»]|« ", param.doc + function.description)


def test_errors_first_then_type_then_sans_objet():
    assert invoke("CPOM_OCCUPATION", ["x", "#DIV/0!", None]) == "#DIV/0!"
    assert invoke("CPOM_OCCUPATION", ["x", 80, None]) == "#VALUE!"
    assert invoke("CPOM_OCCUPATION", [1, 80, None]) == "#N/A"


def test_call_that_cannot_be():
    assert invoke("CPOM_RIEN", [1]) == "#NAME?"
    assert invoke("CPOM_VERSION", [1]) == "#VALUE!"
    assert invoke("CPOM_OCCUPATION", [[[1], [2]], 80, 365]) == "#VALUE!"
    assert invoke("CPOM_AVANCEMENT", [[[]]]) == "#VALUE!"
    assert invoke("CPOM_FILE_ACTIVE", [1e308, 1e308]) == "#NUM!"
    with pytest.raises(ExcelFunctionError) as refused:
        evaluate("CPOM_SI", [[["85 %"]]])
    assert refused.value.code == "#VALUE!"
    assert "ligne 1" in refused.value.motif
    assert "85\u202f%" in refused.value.motif


def test_explain_names_the_cell_at_fault():
    assert invoke("CPOM_EXPLIQUE", ["cpom_si", [[1], ["85 %"]]]) == (
        "#VALEUR!\u00a0: Taux de complétude de chaque couple SI × entité, de 0 à 1, "
        "ligne 2\u00a0: un nombre est attendu, «\u00a085\u202f%\u00a0» a été lu"
    )
    assert "Capacité autorisée et financée" in invoke(
        "CPOM_EXPLIQUE", ["CPOM_OCCUPATION", 27740, [[None]], 365]
    )
    assert "vouliez-vous dire TRANSFO" in invoke(
        "CPOM_EXPLIQUE", ["CPOM_TAUX", "TRANSFORMATION", [["Réalisée"]]]
    )
    assert invoke("CPOM_EXPLIQUE", ["CPOM_SI", [[1]]]) == (
        "Pas d'erreur\u00a0: la fonction donne 1."
    )
    assert invoke("CPOM_EXPLIQUE", ["CPOM_SI"]).startswith("CPOM_SI(taux; [exigibles]")
    assert invoke("CPOM_EXPLIQUE", ["#NOM?"]) == invoke("CPOM_EXPLIQUE", ["#NAME?"])
    assert invoke("CPOM_EXPLIQUE", ["LEVEE"]).startswith("Taux de levée")
    assert invoke("CPOM_EXPLIQUE", ["ins-002"]).endswith("xl-cpom expliquer INS-002")
    for nothing in ("INCONNU", "CPOM_EXPLIQUE", True):
        assert isinstance(invoke("CPOM_EXPLIQUE", [nothing]), str)


CELLS = [
    None, "", 0, 1, -1, 0.5, 85, 1e308, -1e308, float("nan"), float("inf"), True, False, "85 %",
    "Réalisée", "Levée", "Résolu", "injonction", "Oui", "TRANSFO/PA", "SI/PH", "DIFFICULTE", "/",
    "TRANSFO", "MOYENNE", "PAR_SI", "categories", "500", "210780581", "CPOM_TAUX", "#N/A",
    "#DIV/0!", "#REF!", "★", "NC", "impératif", 46000, "é" * 300, "\x00", 10**400, "CPOM_EXPLIQUE",
    Decimal("250000"), Decimal("NaN"), dt.date(2027, 3, 1), dt.datetime(2027, 3, 1, 12),
    dt.date.max,
]  # fmt: skip


def arguments(rng, function):
    """Arguments of any shape, sometimes too many, sometimes ragged."""
    found = []
    for _ in range(rng.randint(0, len(function.params) + (rng.random() < 0.05))):
        kind = rng.random()
        if kind < 0.35:
            found.append(rng.choice(CELLS))
        else:
            rows, columns = rng.choice([(1, 1), (3, 1), (3, 1), (1, 3), (2, 2), (0, 1)])
            found.append([[rng.choice(CELLS) for _ in range(columns)] for _ in range(rows)])
            if kind > 0.98 and rows:
                found[-1][0].append(1)
    return found


def is_answer(value):
    if isinstance(value, list):
        return bool(value) and all(
            is_answer(c) and not isinstance(c, list) for r in value for c in r
        )
    return isinstance(value, bool | int | float | str) and value == value


@pytest.mark.parametrize("name", FUNCTIONS)
def test_any_arguments_never_raise_and_always_give_the_same(name):
    draws = int(os.environ.get("XL_CPOM_TIRAGES", "300"))  # 10000 for a long run
    rng = random.Random(name)
    for _ in range(draws):
        args = arguments(rng, FUNCTIONS[name])
        shown = repr(args)
        first = invoke(name, args)
        assert is_answer(first), shown
        assert invoke(name, args) == first
        assert repr(args) == shown, "arguments are left as they were"


def test_examples_of_the_help_are_right():
    for name in ("CPOM_FINESS_VALIDE", "CPOM_SIRET_VALIDE"):
        assert invoke(name, [FUNCTIONS[name].params[0].example]) is True
    assert (
        invoke("CPOM_LIBELLE", [p.example for p in FUNCTIONS["CPOM_LIBELLE"].params])[:3] == "Eta"
    )
    for name in ("CPOM_TAUX", "CPOM_SI", "CPOM_AVANCEMENT"):
        for param in FUNCTIONS[name].params:
            if param.name == "methode":
                assert param.example in ("REALISEES", "COUPLES")


def test_error_values_are_known():
    assert {"#N/A", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!"} <= ERRORS
