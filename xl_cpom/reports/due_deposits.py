"""The calendar of deposits, for the terminal, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from xl_cpom.reports import harmless
from xl_cpom.typography import date_text, typeset, visible
from xl_cpom.workbook.deposit_calendar import Depositor, DueDeposit

KEYS = ("entite", "nom", "niveau", "systeme", "depot", "date", "pourquoi", "condition", "source",
        "certitude", "exigible", "depose")  # fmt: skip
"""What is said of a deposit, in CSV and JSON."""


def as_object(deposit: DueDeposit) -> dict[str, Any]:
    """What `calendrier --format json` publishes of one; exigible is what the workbook answers."""
    row = deposit.row
    values = (
        deposit.entity.numero, deposit.entity.name, deposit.entity.level, deposit.system.libelle,
        deposit.echeance.libelle, deposit.date.isoformat() if deposit.date else None,
        deposit.why, deposit.condition or None, deposit.echeance.source,
        deposit.echeance.certitude, (row.exigible or None) if row is not None else None,
        deposit.deposited_on.isoformat() if deposit.deposited_on else None,
    )  # fmt: skip
    return dict(zip(KEYS, values, strict=True))


def as_json(found: Sequence[DueDeposit], annee: int) -> str:
    """The calendar as one JSON object."""
    said = {"annee": annee, "depots": [as_object(deposit) for deposit in found]}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def as_csv(found: Sequence[DueDeposit]) -> str:
    """The calendar as a table that Excel opens."""
    out = io.StringIO()
    writer = csv.DictWriter(out, KEYS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for deposit in found:
        line = {key: harmless.safe_csv(value or "") for key, value in as_object(deposit).items()}
        writer.writerow(line)
    return out.getvalue()


def as_text(found: Sequence[DueDeposit], annee: int) -> str:
    """The calendar for a terminal: one block per entity, what is due in the order of the dates."""
    lines = [f"Ce qui est à déposer pendant l'année {annee}"]
    current: Depositor | None = None
    for deposit in found:
        if deposit.entity != current:
            current = deposit.entity
            lines += ["", _title(current)]
        lines += _said(deposit)
    lines += ["", "Compte pour une année ce qui devait être déposé pendant cette année civile."]
    return typeset("\n".join(lines))


def _title(entity: Depositor) -> str:
    name = visible(entity.name) or "sans nom"
    if entity.level == "dispositif":
        return f"Dispositif {visible(entity.numero)}"
    return f"{name} ({entity.numero or 'sans numéro'})"


def _said(deposit: DueDeposit) -> list[str]:
    day = date_text(deposit.date) if deposit.date else "date non connue"
    head = f"  {day:<16}{deposit.system.libelle} : {deposit.echeance.libelle}"
    why = f"{deposit.why}{', ' * bool(deposit.condition)}{deposit.condition}"
    doubt = " – échéance déduite, à confirmer" if deposit.echeance.certitude == "inféré" else ""
    return [head, f"{'':18}{why}{doubt}{_done(deposit)}"]


def _done(deposit: DueDeposit) -> str:
    """What the workbook says of it."""
    row = deposit.row
    if row is None:
        return ""
    if row.exigible == "Non":
        return " – déclaré non exigible"
    if deposit.deposited_on is None:
        return ""
    late = deposit.date is not None and deposit.deposited_on > deposit.date
    return f" – déposé le {date_text(deposit.deposited_on)}{', hors délai' * late}"
