"""What FINESS says has changed, brought into the workbooks of the next issue.

The list is what `xl-cpom finess changements` writes (CSV or JSON). An opening dates the entry of an
ESMS, a closing its exit, a cession the exit from one organisme and the entry into the other; a new
number is written everywhere the old one stood, which is kept beside it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xl_cpom.batch.given_lists import UnreadableListError
from xl_cpom.batch.planned_workbook import PlannedWorkbook
from xl_cpom.finess.flows.changes import ChangeKind
from xl_cpom.typography import typeset, visible

COLUMNS = ("date", "nature", "finess_et", "finess_ej", "ancien", "nouveau")
"""What is read of a change; the others are for the reader."""

_MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class PerimeterChange:
    """One change of the list; numbers are "" when it does not say them."""

    kind: ChangeKind
    date: dt.date | None
    finess_et: str
    finess_ej: str
    before: str
    after: str


def read_changes(path: Path) -> list[PerimeterChange]:
    """The changes of a list. Raises UnreadableListError: nothing is then taken from it."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _refused(path, "ce fichier est trop gros pour une liste de changements")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(path, "ce fichier n'est pas en UTF-8") from error
    lines = _json(path, text) if text.lstrip().startswith("{") else _csv(path, text)
    return [_change(path, rank, line) for rank, line in enumerate(lines, 1)]


def _json(path: Path, text: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(text)["changements"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused(path, "ce JSON n'est pas une liste de changements") from error
    if not isinstance(found, list) or not all(isinstance(line, dict) for line in found):
        raise _refused(path, "ce JSON n'est pas une liste de changements")
    return found


def _csv(path: Path, text: str) -> list[Mapping[str, Any]]:
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise _refused(path, f"il manque la colonne « {missing[0]} »")
    try:
        return list(reader)
    except csv.Error as error:
        raise _refused(path, f"ligne {reader.line_num} illisible") from error


def _change(path: Path, rank: int, line: Mapping[str, Any]) -> PerimeterChange:
    said = {name: str(line.get(name) or "").strip().lstrip("'") for name in COLUMNS}
    kind = next((kind for kind in ChangeKind if kind.value == said["nature"]), None)
    if kind is None:
        what = visible(said["nature"], 40)
        raise _refused(path, f"changement {rank} : « {what} » n'est pas une nature connue")
    try:
        day = dt.date.fromisoformat(said["date"]) if said["date"] else None
    except ValueError as error:
        wrong = visible(said["date"], 20)
        raise _refused(path, f"changement {rank} : « {wrong} » n'est pas une date") from error
    return PerimeterChange(
        kind, day, said["finess_et"], said["finess_ej"], said["ancien"], said["nouveau"]
    )


def _refused(path: Path, what: str) -> UnreadableListError:
    return UnreadableListError(
        typeset(
            f"« {path.name} » : {what}. Donnez la liste que « xl-cpom finess changements » écrit "
            "avec --format csv ou json."
        )
    )


def with_changes(
    planned: PlannedWorkbook, changes: Iterable[PerimeterChange]
) -> tuple[PlannedWorkbook, int]:
    """The workbook with its perimeter dated, and how many changes it took.

    What somebody already said of an ESMS is never replaced.
    """
    content = {key: [dict(row) for row in rows] for key, rows in planned.content.items()}
    taken = 0
    for change in changes:
        if change.kind is ChangeKind.NUMERO and _renumbered(content, change):
            taken += 1
            continue
        for row in content.get("etablissements", ()):
            said = _moved(row, change, planned.finess_ej)
            new = {key: value for key, value in said.items() if row.get(key) is None}
            if new:
                row.update(new)
                taken += 1
    return replace(planned, content=content), taken


def _moved(row: Mapping[str, Any], change: PerimeterChange, finess_ej: str) -> dict[str, Any]:
    """What a change says of an ESMS of this organisme."""
    if row.get("finess_et") != change.finess_et or not change.finess_et:
        return {}
    day = change.date
    match change.kind:
        case ChangeKind.OUVERTURE | ChangeKind.REOUVERTURE:
            return _said("entre_le", day, "ouverture")
        case ChangeKind.FERMETURE:
            return _said("sorti_le", day, "fermeture")
        case ChangeKind.NUMERO:
            return {"ancien_finess_et": change.before, "motif_mouvement": "changement de numéro"}
        case ChangeKind.ENTITY if change.after == finess_ej:
            return _said("entre_le", day, "reprise")
        case ChangeKind.ENTITY if change.before == finess_ej:
            return _said("sorti_le", day, "cession")
    return {}


def _said(key: str, day: dt.date | None, why: str) -> dict[str, Any]:
    """Nothing is dated of what FINESS does not date."""
    return {"motif_mouvement": why} | ({key: day} if day is not None else {})


def _renumbered(content: Mapping[str, Sequence[dict[str, Any]]], change: PerimeterChange) -> bool:
    """Write the new number wherever the old one stood; False when it stands nowhere."""
    rows = [
        row for row in content.get("etablissements", ()) if row.get("finess_et") == change.before
    ]
    if not rows or not change.before or not change.after:
        return False
    for table in content.values():
        for row in table:
            for key, value in row.items():
                if isinstance(value, (tuple, list)):
                    row[key] = tuple(change.after if v == change.before else v for v in value)
                elif value == change.before and key in _NUMBERS:
                    row[key] = change.after
    for row in rows:
        row.setdefault("ancien_finess_et", None)
        row["ancien_finess_et"] = row["ancien_finess_et"] or change.before
        row.setdefault("motif_mouvement", "changement de numéro")
    return True


_NUMBERS = frozenset({"finess_et", "finess_principal", "entite"})
"""Columns that name an ESMS."""
