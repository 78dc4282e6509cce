"""Small contents from which each module indicator is recomputed: what the IND examples start from.

Every one gives 3 out of 5 (60 %) for the secteur PA in the year 2027: declared rates around 60 %
then tell the tolerances apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

ATTENDU = 0.6
"""Rate recomputed from each content."""

_TILLE = "210781456"
_ESMS = [{"finess_et": _TILLE, "categorie": "500", "secteur": "PA"}]
_MARS = dt.date(2027, 3, 15)


def _three_of_five(done: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(done)] * 3 + [dict(other)] * 2


def _plan(module: str) -> dict[str, Any]:
    action = {"module": module, "secteur": "PA", "annee_entree": 2026}
    return {
        "actions": _three_of_five(
            {**action, "statut": "Réalisée", "avancement": 1.0},
            {**action, "statut": "En cours", "avancement": 0.0},
        )
    }


def _module_actif(module: str) -> dict[str, Any]:
    return {"etablissements": _ESMS, "modules": [{"code": module, "actif": "Oui"}]}


_POINT = {"secteur": "PA", "annee_identification": 2025}
_COUPLE = {"si": "ROR par ET", "secteur": "PA", "exigible": "Oui"}
_CRITERE = {"finess_et": _TILLE, "critere": "2.2.2", "type": "impératif", "cotation": 3.0}
_MESURE = {"finess_et": _TILLE, "type": "injonction", "date_notification": _MARS}
_DEFICIT = {
    "finess_et": _TILLE,
    "exercice": 2026,
    "base": "annuelle",
    "deficit_reference": 250_000.0,
}

CONTENTS: Mapping[str, Mapping[str, Any]] = {
    "TRANSFO": _plan("TRANSFO"),
    "UNESANTE": _plan("UNESANTE"),
    "PREVENTION": _plan("PREVENTION"),
    "EFFICIENCE": {
        "fragilites": _three_of_five(
            {**_POINT, "statut": "Résolu"}, {**_POINT, "statut": "En cours"}
        )
    },
    "SI": {
        "si": _three_of_five(
            {**_COUPLE, "taux_completude": 1.0}, {**_COUPLE, "taux_completude": 0.99}
        )
    },
    "HAS": {
        **_module_actif("HAS"),
        "has": _three_of_five(
            {**_CRITERE, "statut": "Réalisée"}, {**_CRITERE, "statut": "En cours"}
        ),
    },
    "INSPECTION": {
        **_module_actif("INSPECTION"),
        "mesures": _three_of_five(
            {**_MESURE, "statut": "Levée", "date_levee": _MARS, "reference_courrier": "ARS 12"},
            {**_MESURE, "statut": "Notifiée"},
        ),
    },
    "DIFFICULTE": {
        **_module_actif("DIFFICULTE"),
        "difficulte": [{**_DEFICIT, "produits": 900_000.0, "charges": 1_000_000.0}],
    },
}
"""Content by module."""

BY_CHOICE = frozenset(module for module, content in CONTENTS.items() if "modules" in content)
"""Modules whose content must activate them."""
