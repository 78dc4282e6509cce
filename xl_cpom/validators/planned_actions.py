"""The actions that a return holds for each objective of the contract, as e-CARS asks for them.

An objective is a module. Its actions are those of the plan; for the evaluation of the HAS, those
that answer a criterion under its threshold, and for inspections, those that answer a measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.presence import still_asked
from xl_cpom.workbook.records import NON_LU, Classeur, Row
from xl_cpom.workbook.sheets.mesures import FOLLOWED


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action of an objective. echeance: ISO, "" unknown; avancement: a ratio, None unknown."""

    module: str
    secteur: str
    numero: str
    intitule: str
    pilote: str
    echeance: str
    statut: str
    avancement: float | None = None


def planned_actions(classeur: Classeur) -> tuple[PlannedAction, ...]:
    """Every action of the return, in the order of its sheets; nothing of a module not active."""
    return tuple(_all(classeur))


def _all(classeur: Classeur) -> Iterator[PlannedAction]:
    for row in classeur["actions"]:
        done = row.avancement
        yield _action(
            row, _text(row, "module"), _text(row, "secteur"), _text(row, "numero"), "intitule",
            float(done) if isinstance(done, int | float) else None,
        )  # fmt: skip
    for row in classeur["has"] if classeur.actif("HAS") else ():
        if row.sous_seuil == "Oui" and row.action and still_asked(row, classeur):
            yield _action(row, "HAS", _secteur(row, classeur), _text(row, "critere"), "action")
    for row in classeur["mesures"] if classeur.actif("INSPECTION") else ():
        if row.type in FOLLOWED and row.action_correctrice and still_asked(row, classeur):
            number = " ".join(filter(None, (_text(row, "numero_mission"), _text(row, "numero"))))
            yield _action(row, "INSPECTION", _secteur(row, classeur), number, "action_correctrice")


def _action(
    row: Row, module: str, secteur: str, number: str, title: str, done: float | None = None
) -> PlannedAction:
    due = row.echeance
    return PlannedAction(
        module, secteur, number, _text(row, title), _text(row, "pilote"),
        due.isoformat() if isinstance(due, dt.date) else "", _text(row, "statut"), done,
    )  # fmt: skip


def _secteur(row: Row, classeur: Classeur) -> str:
    esms = classeur.etablissements.get(row.finess_et)
    return "" if esms is None else _text(esms, "secteur")


def _text(row: Row, key: str) -> str:
    value: Any = row.values.get(key)
    return "" if value is None or value is NON_LU else str(value)
