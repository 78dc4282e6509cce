"""The examples of the rules across returns: campaigns written as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from xl_cpom.validators.model import Verdict
from xl_cpom.validators.retours import Attendu, Campagne, EtablissementRendu, EtAttendu, Rendu

_CELLS = {"finess_ej": "B8", "annee_n1": "B26", "annee_suivie": "B27", "date_arrete": "B30"}

_FIELDS = {
    "fichier": "file",
    "contenu": "content",
    "enregistre": "saved",
    "numeros_faux": "wrong_numbers",
}
"""Word of an example, as the page of its rule shows it -> the field that it fills."""


def campagne(exemple: Mapping[str, Any]) -> Campagne:
    """The campaign of an example. Raises TypeError on an unknown key.

    Returns have their verdict « recevable », a fingerprint of their own unless given, and the cells
    of the template.
    """
    rendus = [_rendu(dict(given), rank) for rank, given in enumerate(exemple["retours"])]
    attendus = [_attendu(dict(given)) for given in exemple.get("attendus", ())]
    return Campagne(rendus, {a.finess_ej: a for a in attendus}, exemple.get("annee"))


def _rendu(given: dict[str, Any], rank: int) -> Rendu:
    ets = given.pop("etablissements", ())
    if "date_arrete" in given:
        given["date_arrete"] = dt.date.fromisoformat(given["date_arrete"])
    said = {_FIELDS.get(word, word): value for word, value in given.items()}
    return Rendu(
        **{"file": f"retour_{rank}.xlsx", "sha256": f"{rank:064x}", **said},
        verdict=Verdict.RECEVABLE,
        etablissements=tuple(
            EtablissementRendu(**_dated(et),
                               cells={"finess_et": f"A{row}", "categorie": f"C{row}",
                                               "capacite_autorisee": f"N{row}"})
            for row, et in enumerate(ets, 6)
        ),
        cells=_CELLS,
        sheets={"identification": "Identification", "etablissements": "Établissements"},
    )  # fmt: skip


def _dated(et: Mapping[str, Any]) -> dict[str, Any]:
    days = {key: dt.date.fromisoformat(et[key]) for key in ("entre_le", "sorti_le") if key in et}
    return {**et, **days}


def _attendu(given: dict[str, Any]) -> Attendu:
    ets = given.pop("etablissements", ())
    return Attendu(**given, etablissements=tuple(EtAttendu(**et) for et in ets))
