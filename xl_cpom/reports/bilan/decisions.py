"""What the parties decided of each line left, read in the « Suites » of a bilan filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from xl_cpom.errors import XlCpomError
from xl_cpom.identifiants import finess_valide, repair_finess
from xl_cpom.reports.bilan.bilan_workbook import (
    BECOMING_HEADER,
    CONTRACT_TAB,
    IDENTITY_HEADER,
    LEFTOVERS_TAB,
    NUMBER_LABEL,
    SHEET_HEADER,
)
from xl_cpom.reports.bilan.contract_outcome import BECOMINGS
from xl_cpom.typography import fold, listing, typeset, visible
from xl_cpom.workbook.reader import RawSheet, UnreadableWorkbookError, read_workbook

Decisions: TypeAlias = Mapping[tuple[str, str], str]
"""(name of the sheet, identity of the row) -> what it becomes."""


class UnreadableBilanError(XlCpomError, ValueError):
    """A bilan cannot be used. The message is French."""


def read_bilans(paths: Iterable[Path]) -> dict[str, Decisions]:
    """The decisions of each organisme, by FINESS EJ. Raises UnreadableBilanError."""
    found: dict[str, Decisions] = {}
    for path in paths:
        number, decisions = read_decisions(path)
        if number in found:
            raise UnreadableBilanError(
                typeset(f"« {path.name} » : un autre bilan de l'organisme {number} est donné.")
            )
        found[number] = decisions
    return found


def read_decisions(path: Path) -> tuple[str, Decisions]:
    """The organisme of a bilan and what becomes of each line. Raises UnreadableBilanError."""
    try:
        raw = read_workbook(path)
    except UnreadableWorkbookError as refusal:
        raise UnreadableBilanError(typeset(f"« {path.name} » : {refusal.message}")) from refusal
    contract, left = raw.sheet(CONTRACT_TAB), raw.sheet(LEFTOVERS_TAB)
    if contract is None or left is None:
        raise UnreadableBilanError(
            typeset(
                f"« {path.name} » n'est pas un bilan : il n'a pas les feuilles "
                f"« {CONTRACT_TAB} » et « {LEFTOVERS_TAB} »."
            )
        )
    number = _number(contract)
    if not number:
        raise UnreadableBilanError(typeset(f"« {path.name} » : le FINESS EJ n'est pas lu."))
    return number, _decisions(left, path)


def _number(tab: RawSheet) -> str:
    for (row, col), cell in tab.cells.items():
        if col == 1 and cell.value == NUMBER_LABEL:
            text = _text(tab, row, 2)
            return text if finess_valide(text) else repair_finess(text) or ""
    return ""


def _decisions(tab: RawSheet, path: Path) -> Decisions:
    places = {str(cell.value): col for (row, col), cell in tab.cells.items() if row == 1}
    wanted = (SHEET_HEADER, IDENTITY_HEADER, BECOMING_HEADER)
    if missing := [header for header in wanted if header not in places]:
        named = listing(f"« {header} »" for header in missing)
        raise UnreadableBilanError(
            typeset(f"« {path.name} », « {tab.name} » : il manque la colonne {named}.")
        )
    found: dict[tuple[str, str], str] = {}
    for row in sorted({row for row, _ in tab.cells if row > 1}):
        sheet, identity, said = (_text(tab, row, places[header]) for header in wanted)
        if not identity or not said:
            continue
        becoming = next((word for word in BECOMINGS if fold(said).startswith(fold(word))), "")
        if not becoming:
            raise UnreadableBilanError(
                typeset(
                    f"« {path.name} », « {tab.name} », ligne {row} : « {visible(said, 40)} » n'est "
                    f"pas un devenir. Choisissez {listing(BECOMINGS, 'ou')}."
                )
            )
        found[sheet, identity] = becoming
    return found


def _text(tab: RawSheet, row: int, col: int) -> str:
    cell = tab.cells.get((row, col))
    if cell is None or cell.value is None:
        return ""
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
