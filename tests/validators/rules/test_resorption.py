"""The rate of résorption never sets a cumulated deficit against the result of one year."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.building import build


def classeur(base: str, **row: Any) -> Any:
    content = {
        "identification": [
            {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": dt.date(2027, 12, 31)}
        ],
        "etablissements": [{"finess_et": "210781456", "categorie": "500", "secteur": "PA"}],
        "modules": [{"code": "DIFFICULTE", "actif": "Oui"}],
        "difficulte": [
            {"finess_et": "210781456", "base": base, "exercice_reference": 2025,
             "deficit_reference": 600_000.0, "exercice": 2027, "produits": 900_000.0,
             "charges": 1_000_000.0, **row}
        ],
    }  # fmt: skip
    return build(content, load_referentiel())


@pytest.mark.parametrize(("base", "taux"), [("annuelle", 5 / 6), ("cumulée", None)])
def test_600_000_then_a_loss_of_100_000(base: str, taux: float | None) -> None:
    found = classeur(base).resultats["DIFFICULTE", "PA"]
    assert found.valeur == (pytest.approx(taux) if taux is not None else None)


def test_without_deficit_the_rate_is_sans_objet() -> None:
    found = classeur("annuelle", deficit_reference=0.0).resultats["DIFFICULTE", "PA"]
    assert found.valeur is None
