"""The rate of résorption: the last closed exercice, and two figures of the same nature."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.building import build

ET = "210781456"
END_OF_2027, MAI_2028 = dt.date(2027, 12, 31), dt.date(2028, 5, 2)


def ligne(exercice: int, resultat: float, **values: Any) -> dict[str, Any]:
    return {
        "finess_et": ET, "base": "annuelle", "exercice_reference": 2025,
        "deficit_reference": 600_000.0, "exercice": exercice, "produits": 4_000_000.0,
        "charges": 4_000_000.0 - resultat, **values,
    }  # fmt: skip


def taux(
    *lignes: dict[str, Any], arrete: dt.date | None = END_OF_2027, **fiche: Any
) -> float | None:
    content = {
        "identification": [
            {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": arrete, **fiche}
        ],
        "etablissements": [{"finess_et": ET, "categorie": "500", "secteur": "PA"}],
        "modules": [{"code": "DIFFICULTE", "actif": "Oui"}],
        "difficulte": list(lignes),
    }
    return build(content, load_referentiel()).results["DIFFICULTE", "PA"].value


TWO_ANS = (ligne(2026, -180_000), ligne(2027, -100_000))


@pytest.mark.parametrize(
    ("arrete", "fiche", "attendu"),
    [
        (END_OF_2027, {}, 420 / 600),
        (None, {}, 420 / 600),
        (dt.date(2027, 4, 29), {}, None),  # 2025 closes on 30 April
        (dt.date(2028, 4, 29), {}, 420 / 600),
        (dt.date(2028, 4, 30), {}, 500 / 600),
        (MAI_2028, {"statut_juridique": "60"}, 500 / 600),
        (MAI_2028, {"statut_juridique": "13"}, 420 / 600),  # 8 July
        (dt.date(2028, 7, 8), {"statut_juridique": "13"}, 500 / 600),
        (dt.date(2029, 12, 31), {}, 500 / 600),  # not beyond the year followed
    ],
)
def test_the_last_closed_exercice(arrete: Any, fiche: Any, attendu: float | None) -> None:
    found = taux(*TWO_ANS, arrete=arrete, **fiche)
    assert found == (None if attendu is None else pytest.approx(attendu))


CUMULES = (
    ligne(2026, -180_000, base="cumulée", deficit_cumule=780_000.0),
    ligne(2027, -100_000, base="cumulée", deficit_cumule=880_000.0),
)


def test_600_000_cumulated_then_180_000_then_100_000() -> None:
    assert taux(*CUMULES, arrete=MAI_2028) == pytest.approx(-280 / 600)  # −46,7 %, never 83,3 %
    assert taux(*CUMULES) == pytest.approx(-180 / 600)


@pytest.mark.parametrize(("cumul", "attendu"), [(0.0, 1.0), (300_000.0, 0.5), (None, None)])
def test_what_is_left_of_a_cumulated_deficit(cumul: float | None, attendu: float | None) -> None:
    found = taux(ligne(2026, -1, base="cumulée", deficit_cumule=cumul))
    assert found == (None if attendu is None else pytest.approx(attendu))


def test_without_deficit_the_rate_is_sans_objet() -> None:
    assert taux(ligne(2026, -1, deficit_reference=0.0)) is None
