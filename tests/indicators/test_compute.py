"""The table of cases in Python, and what the definitions promise."""

import datetime as dt

import pytest

from xl_cpom.indicators import (
    INDICATORS,
    IndicatorResult,
    InvalidInputError,
    UnknownIndicatorError,
    cumul,
    current_parameters,
    find_indicator,
)
from xl_cpom.indicators.cibles import TARGET_FUNCTIONS, atteinte, cible, ecart

from .cases import CAS, FUNCTION_CASES, VALUE, Cas, FunctionCase


def close(valeur):
    return valeur if valeur is None or isinstance(valeur, str) else pytest.approx(valeur, rel=1e-12)


@pytest.mark.parametrize("cas", CAS, ids=lambda c: f"{c.code}-{c.nom}")
def test_case(cas: Cas):
    indicator = INDICATORS[cas.code]
    if cas.attendu[2] == VALUE:
        with pytest.raises(ValueError, match=r"."):
            indicator.compute(cas.data, cas.methode)
        return
    found = indicator.compute(cas.data, cas.methode)
    expected = tuple(map(close, cas.attendu))
    assert (found.numerateur, found.denominateur, found.value) == expected


@pytest.mark.parametrize("cas", FUNCTION_CASES, ids=lambda c: f"{c.code}-{c.nom}")
def test_function(cas: FunctionCase):
    function = TARGET_FUNCTIONS[cas.code]
    if cas.attendu == VALUE:
        with pytest.raises(InvalidInputError):
            function.compute(cas.data)
    else:
        assert function.compute(cas.data) == close(cas.attendu)


def test_helpers_of_targets():
    assert cible(2028, 2026) == 0.6
    assert ecart(0.25, 0.4) == -15.0
    assert atteinte(None, 0.4) == "Sans objet"
    stricter = current_parameters().merged_with(seuil_atteinte_partielle=5.0)
    assert atteinte(0.5, 0.6, parametres=stricter) == "Non atteint"


def test_parameters_of_another_cycle_change_the_result():
    data = {"statut": ["Terminée", "Réalisée"]}
    other = current_parameters().merged_with(statuts_action_realises=("Terminée",))
    assert find_indicator("TRANSFO").compute(data).numerateur == 1
    assert (
        find_indicator("TRANSFO").compute({"statut": ["Terminée"]}, parametres=other).value == 1.0
    )
    mean = current_parameters().merged_with(methode_avancement="MOYENNE")
    assert find_indicator("TRANSFO").compute({"statut": ["En cours"]}, parametres=mean).value == 0.5
    signed = current_parameters().merged_with(resorption_signee=True)
    data = {"deficit_reference": 100, "resultat": 8}
    assert find_indicator("RESORPTION").compute(data, parametres=signed).value == 1.08


def test_the_eight_modules_each_have_their_indicator():
    modules = {i.module: i.code for i in INDICATORS.values() if i.module}
    assert modules == {
        "TRANSFO": "TRANSFO",
        "UNESANTE": "UNESANTE",
        "PREVENTION": "PREVENTION",
        "EFFICIENCE": "EFFICIENCE",
        "SI": "SI",
        "HAS": "HAS",
        "INSPECTION": "LEVEE",
        "DIFFICULTE": "RESORPTION",
    }
    assert list(INDICATORS)[:8] == list(modules.values())


def test_every_indicator_is_exercised_or_is_a_plain_ratio():
    tested = {c.code for c in CAS}
    for code in set(INDICATORS) - tested:
        indicator = INDICATORS[code]
        if indicator.module:
            assert indicator.methodes is INDICATORS["TRANSFO"].methodes
            continue
        values = {i.key: 2.0 for i in indicator.inputs}
        assert indicator.compute(values).value is not None
        assert indicator.compute({**values, indicator.inputs[0].key: None}).value is None


def test_lookup_by_code_module_or_perimeter():
    assert find_indicator("transfo").code == "TRANSFO"
    assert find_indicator("TRANSFO/PA").code == "TRANSFO"
    assert find_indicator("INSPECTION/PH").code == "LEVEE"
    with pytest.raises(UnknownIndicatorError) as caught:
        find_indicator("TRANFO")
    assert isinstance(caught.value, KeyError)
    assert caught.value.close[0] == "TRANSFO"
    assert str(caught.value).startswith(
        "indicateur «\u00a0TRANFO\u00a0» inconnu\u00a0: vouliez-vous"
    )


def test_errors_name_the_input_and_the_row():
    data = {"statut": ["Réalisée", "En cours"], "avancement": [1, "85 %"]}
    with pytest.raises(InvalidInputError, match="ligne 2\u00a0: un nombre est attendu") as caught:
        find_indicator("TRANSFO").compute(data, "MOYENNE")
    assert (caught.value.entree, caught.value.index) == ("avancement", 1)
    with pytest.raises(InvalidInputError, match="entrée inconnue pour TRANSFO\u00a0: statuts"):
        find_indicator("TRANSFO").compute({"statuts": []})
    with pytest.raises(InvalidInputError, match="REALISEES, MOYENNE, PONDEREE"):
        find_indicator("TRANSFO").compute({"statut": []}, "AUTRE")
    for refused in (float("nan"), float("inf"), 10**400):
        with pytest.raises(InvalidInputError, match="nombre fini"):
            find_indicator("FILE_ACTIVE").compute({"effectif_31_12": refused, "sorties": 1})


def test_nothing_given_is_sans_objet():
    for indicator in INDICATORS.values():
        assert indicator.compute({}).sans_objet
        assert indicator.compute({i.key: None for i in indicator.inputs}).sans_objet


def test_date_and_serial_number_are_the_same():
    data = {"statut": ["Levée"], "date_levee": [46_447.0], "au": dt.date(2027, 3, 1)}
    assert find_indicator("LEVEE").compute(data).value == 1.0
    assert find_indicator("LEVEE").compute({**data, "au": 46_446}).value == 0.0
    late = {**data, "date_levee": [dt.datetime(2027, 3, 1, 8, 30)]}
    assert find_indicator("LEVEE").compute(late).value == 0.0


def test_cumul_pools_and_never_averages():
    assert cumul([IndicatorResult(1, 2, 0.5), IndicatorResult(9, 10, 0.9)]) == IndicatorResult(
        10, 12, 10 / 12
    )
    assert cumul([IndicatorResult(1, 2, 0.5), IndicatorResult(0, 0, None)]) == IndicatorResult(
        1, 2, 0.5
    )
    assert cumul([]).sans_objet
    assert cumul([IndicatorResult(3, None, 3), IndicatorResult(4, None, 4)]) == IndicatorResult(
        7, None, 7
    )


@pytest.mark.parametrize(
    ("declare", "expected"),
    [(0.667, "conforme"), (0.6657, "conforme"), (0.66, "arrondi"), (0.6567, "arrondi"),
     (0.656, "différent"), (66.7, "différent")],
)  # fmt: skip
def test_declared_against_recomputed(declare, expected):
    assert find_indicator("TRANSFO").concordance(declare, 2 / 3) == expected


def test_tolerance_is_inclusive_despite_binary_noise():
    transfo = find_indicator("TRANSFO")
    assert transfo.ecart(0.601, 0.6) == 0.1
    assert transfo.concordance(0.601, 0.6) == "conforme"
    assert transfo.concordance(0.31, 0.3) == "arrondi"
    assert find_indicator("RESULTAT_NET").concordance(-29_999, -30_000) == "conforme"
    assert find_indicator("RESULTAT_NET").concordance(-29_998, -30_000) == "différent"


@pytest.mark.parametrize("code", INDICATORS)
def test_definition_is_complete(code):
    indicator = INDICATORS[code]
    assert indicator.source and indicator.certitude in {"guide", "trouvé", "connu", "inféré"}
    assert 0 < len(indicator.explication) <= 255
    assert indicator.explication.endswith(".") and indicator.libelle
    assert indicator.numerateur_libelle
    assert (indicator.denominator is None) == (indicator.denominateur_libelle is None)
    low, high = indicator.bounds
    assert low is None or high is None or low < high
    keys = [i.key for i in indicator.inputs]
    assert len(keys) == len(set(keys))
    for entry in indicator.inputs:
        assert entry.libelle and entry.unite and entry.example


def test_thresholds_named_exist_in_the_referentiel():
    from xl_cpom.referentiel import load_referentiel

    known = load_referentiel().seuils
    assert {i.seuil for i in INDICATORS.values() if i.seuil} <= set(known)


def test_inputs_read_depend_on_the_method():
    given = {"code", "perimetre", "statut", "avancement", "poids"}
    transfo = find_indicator("TRANSFO")
    assert transfo.useful_inputs(given) == ("perimetre", "statut", "code")
    assert transfo.useful_inputs(given, "MOYENNE") == (
        "perimetre", "statut", "avancement", "code",
    )  # fmt: skip
    assert set(transfo.useful_inputs(given, "PONDEREE")) == given
