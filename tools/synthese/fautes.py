"""Faults that gestionnaires really make, each with the rule that must find it.

A fault changes the content of an honest return in place and says False when the return has nothing
to make it with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from tools.synthese.contenu import Contenu

SeededFault = Callable[[Contenu], bool]


def _finess_key(contenu: Contenu) -> bool:
    row = contenu["etablissements"][-1]
    number = row["finess_et"]
    row["finess_et"] = number[:-1] + str((int(number[-1]) + 1) % 10)
    return True


def _levee_without_courrier(contenu: Contenu) -> bool:
    for row in contenu["mesures"]:
        if row["statut"] == "Levée":
            del row["reference_courrier"]
            return True
    return False


def _half_realisee(contenu: Contenu) -> bool:
    for row in contenu["actions"]:
        if row["statut"] == "Réalisée":
            row["avancement"] = 0.5
            return True
    return False


def _without_pilote(contenu: Contenu) -> bool:
    contenu["actions"][0]["pilote"] = None
    return True


def _taux_embelli(contenu: Contenu) -> bool:
    for row in contenu["indicateurs"]:
        if row["realise_n2"] < 0.8 and row["code"].startswith(("SI/", "TRANSFO/")):
            row["realise_n2"] += 0.15
            return True
    return False


def _without_siren(contenu: Contenu) -> bool:
    del contenu["identification"][0]["siren"]
    return True


def _date_in_words(contenu: Contenu) -> bool:
    contenu["actions"][0]["echeance"] = "fin 2028"
    return True


def _taux_en_points(contenu: Contenu) -> bool:
    for row in contenu["actions"]:
        if row["statut"] == "En cours":
            row["avancement"] *= 100
            return True
    return False


def _made_up_statut(contenu: Contenu) -> bool:
    contenu["actions"][-1]["statut"] = "presque fini"
    return True


def _resolu_without_date(contenu: Contenu) -> bool:
    for row in contenu["fragilites"]:
        if row["statut"] == "Résolu":
            del row["date_resolution"]
            return True
    return False


def _levee_in_the_future(contenu: Contenu) -> bool:
    for row in contenu["mesures"]:
        if row["statut"] == "Levée":
            row["date_levee"] = dt.date(2031, 1, 1)
            return True
    return False


FAULTS: Mapping[str, tuple[SeededFault, str]] = {
    "clé FINESS fausse": (_finess_key, "FMT-002"),
    "levée sans courrier": (_levee_without_courrier, "INS-002"),
    "réalisée à moitié": (_half_realisee, "SUI-001"),
    "sans pilote": (_without_pilote, "MOD-005"),
    "taux embelli": (_taux_embelli, "IND-001"),
    "sans SIREN": (_without_siren, "FMT-015"),
    "date en lettres": (_date_in_words, "FMT-007"),
    "taux en points": (_taux_en_points, "FMT-010"),
    "statut inventé": (_made_up_statut, "FMT-013"),
    "résolu sans date": (_resolu_without_date, "SUI-026"),
    "levée dans le futur": (_levee_in_the_future, "INS-011"),
}
"""Name of the fault -> (what it does, code of the rule that finds it)."""


def apply(nom: str, contenu: Contenu) -> bool:
    """Make a fault; False when this return has nothing to make it with."""
    done: Any = FAULTS[nom][0](contenu)
    return bool(done)
