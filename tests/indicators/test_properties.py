"""What must hold whatever the data."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_cpom.indicators import INDICATORS, InvalidInputError, arrondi, cumul, find_indicator
from xl_cpom.indicators.cibles import atteinte, cible, ecart
from xl_cpom.indicators.rounding import ecart_absolu

STATUTS = ["À démarrer", "En cours", "Réalisée", "RÉALISÉE", "Abandonnée", "Sans objet", "", None]
PERIMETRES = ["TRANSFO/PA", "transfo/pa", "TRANSFO/PH", "", None]
ratios = st.one_of(st.none(), st.floats(0, 1, allow_subnormal=False))
weights = st.one_of(st.none(), st.floats(0.01, 100))
actions = st.lists(
    st.tuples(st.sampled_from(PERIMETRES), st.sampled_from(STATUTS), ratios, weights), max_size=30
)
amounts = st.integers(-(10**7), 10**7).map(lambda cents: cents / 100)
positive = st.floats(0.01, 1e9)
methods = st.sampled_from(list(INDICATORS["TRANSFO"].methodes))
anything = st.one_of(
    st.none(), st.text(max_size=5), st.booleans(), st.integers(), st.floats(), st.dates()
)


def close(valeur):
    return None if valeur is None else pytest.approx(valeur, rel=1e-9)


def plan(rows):
    columns = zip(*rows, strict=True) if rows else [(), (), (), ()]
    keys = ("perimetre", "statut", "avancement", "poids")
    return {"code": "TRANSFO/PA", **dict(zip(keys, map(list, columns), strict=True))}


@given(actions, methods, st.randoms(use_true_random=False))
def test_order_of_rows_is_of_no_consequence(rows, methode, rng):
    shuffled = rng.sample(rows, len(rows))
    transfo = find_indicator("TRANSFO")
    first, second = transfo.compute(plan(rows), methode), transfo.compute(plan(shuffled), methode)
    for part in ("numerateur", "denominateur", "value"):
        assert getattr(first, part) == close(getattr(second, part))


@given(actions, methods)
def test_rate_stays_within_its_bounds(rows, methode):
    found = find_indicator("TRANSFO").compute(plan(rows), methode)
    assert found.value is None or -1e-12 <= found.value <= 1 + 1e-12
    assert (found.value is None) == (found.denominateur == 0)


@given(actions, actions, methods)
def test_pooled_is_the_rate_of_all_the_rows(left, right, methode):
    transfo = find_indicator("TRANSFO")
    pooled = cumul([transfo.compute(plan(left), methode), transfo.compute(plan(right), methode)])
    whole = transfo.compute(plan(left + right), methode)
    assert pooled.value == close(whole.value)


@given(actions, actions)
def test_rows_of_another_perimeter_change_nothing(rows, others):
    foreign = [("TRANSFO/PH", *row[1:]) for row in others]
    for methode in find_indicator("TRANSFO").methodes:
        mixed = find_indicator("TRANSFO").compute(plan(rows + foreign), methode)
        assert mixed == find_indicator("TRANSFO").compute(plan(rows), methode)


@given(actions, st.floats(0.5, 50))
def test_scaling_the_weights_changes_no_rate(rows, factor):
    filled = [(*row[:3], 1.0 if row[3] is None else row[3]) for row in rows]
    scaled = [(*row[:3], row[3] * factor) for row in filled]
    found = find_indicator("TRANSFO").compute(plan(filled), "PONDEREE").value
    assert find_indicator("TRANSFO").compute(plan(scaled), "PONDEREE").value == close(found)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=12), st.integers(2, 9))
def test_resorption_is_the_ratio_of_the_sums(rows, factor):
    kept = [(Fraction(d), Fraction(r)) for d, r in rows if d > 0]
    reference = sum((d for d, _ in kept), Fraction())
    absorbed = sum((d - max(Fraction(), -r) for d, r in kept), Fraction())
    data = {"deficit_reference": [d for d, _ in rows], "resultat": [r for _, r in rows]}
    found = find_indicator("RESORPTION").compute(data, "NON_SIGNEE")
    if not kept:
        assert found.sans_objet
        return
    assert found.value == pytest.approx(float(absorbed / reference), rel=1e-9, abs=1e-12)
    assert found.value <= 1
    scaled = {key: [v * factor for v in values] for key, values in data.items()}
    again = find_indicator("RESORPTION").compute(scaled, "NON_SIGNEE").value
    assert again == pytest.approx(found.value, rel=1e-9, abs=1e-12)


@given(st.sampled_from(list(INDICATORS)), positive, positive)
def test_scaling_both_terms_of_a_plain_ratio(code, first, second):
    indicator = INDICATORS[code]
    if len(indicator.inputs) != 2 or indicator.denominator is None or indicator.module:
        return
    low, high = (i.key for i in indicator.inputs)
    found = indicator.compute({low: first, high: second}).value
    doubled = indicator.compute({low: first * 4, high: second * 4}).value
    assert doubled == close(found)


@settings(max_examples=400)
@given(st.data())
def test_whatever_is_given_the_answer_is_a_result_or_a_named_refusal(data):
    indicator = INDICATORS[data.draw(st.sampled_from(list(INDICATORS)))]
    methode = data.draw(st.sampled_from([None, *indicator.methodes]))
    rows = st.lists(anything, min_size=3, max_size=3)
    given_inputs = {
        i.key: data.draw(rows if i.kind == "vector" else anything)
        for i in indicator.inputs
        if data.draw(st.booleans())
    }
    answers = []
    for _ in range(2):
        try:
            answers.append(indicator.compute(given_inputs, methode))
        except InvalidInputError as refusal:
            assert str(refusal)
            answers.append(str(refusal))
    assert answers[0] == answers[1]


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_rounding_of_exact_halves_goes_away_from_zero(units, decimals):
    half = float(Fraction(2 * units + 1, 2 * 10**decimals))
    expected = (abs(2 * units + 1) // 2 + 1) * (1 if 2 * units + 1 > 0 else -1)
    assert arrondi(half, decimals) == float(Fraction(expected, 10**decimals))


def test_rounding_as_a_spreadsheet():
    assert [arrondi(v) for v in (0.5, 1.5, 2.5, -0.5, -2.5)] == [1.0, 2.0, 3.0, -1.0, -3.0]
    assert arrondi(1.005, 2) == 1.01
    assert arrondi(2.675, 2) == 2.68
    assert arrondi(0.285 * 100, 0) == 29.0
    assert str(arrondi(-0.001, 1)) == "0.0"
    assert arrondi(1e20, 2) == 1e20
    assert arrondi(1234.5, -2) == 1200.0
    assert ecart_absolu(0.7, 0.6) == 0.1


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_gap_agrees_with_the_figures_shown(realise, wanted):
    gap = ecart(realise / 1000, wanted / 1000)
    assert gap == pytest.approx((realise - wanted) / 10)
    word = atteinte(realise / 1000, wanted / 1000)
    assert (word == "Atteint") == (realise >= wanted)
    assert (word == "Non atteint") == (realise < wanted - 100)


@given(st.integers(2000, 2100), st.integers(-3, 9), st.floats(0, 1))
def test_trajectory_never_decreases_and_ends_on_the_final_target(n1, rank, final):
    if rank < 0:
        assert cible(n1 + rank, n1, final) is None
        return
    assert cible(n1 + rank, n1, final) <= cible(n1 + rank + 1, n1, final) <= final
    if rank >= 4:
        assert cible(n1 + rank, n1, final) == final
