"""How far each sheet is filled: the formulas of the « Accueil », and their values.

| state | meaning |
|---|---|
| ✓ rempli | something is entered and no compulsory cell is empty |
| ○ à compléter | nothing is entered, or a compulsory cell is empty |
| – sans objet | the module of the sheet is not active |
"""

from __future__ import annotations

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.geometry import column_reference
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import Classeur, Row
from xl_cpom.workbook.template.fiche import required_blank

FILLED, TO_COMPLETE, SANS_OBJET = "✓ rempli", "○ à compléter", "– sans objet"


@dataclass(frozen=True)
class StatePanel:
    """Three formulas of one line of the « Accueil », with the value of each."""

    rows: tuple[str, int | str]
    empty: tuple[str, int | str]
    state: tuple[str, str]


def etat(sheet: Sheet, classeur: Classeur, cells: tuple[str, str]) -> StatePanel:
    """The state of a sheet. cells: addresses of the two counts, which the third formula reads."""
    rows, empty = _counts(sheet, classeur)
    active, is_active = _active(sheet, classeur)
    text = f'IF(AND({cells[0]}>0,{cells[1]}=0),"{FILLED}","{TO_COMPLETE}")'
    shown = FILLED if rows[1] and not empty[1] else TO_COMPLETE
    if active:
        text = f'IF({active},{text},"{SANS_OBJET}")'
        shown = shown if is_active else SANS_OBJET
    return StatePanel(rows, empty, (text, shown))


def _counts(sheet: Sheet, classeur: Classeur) -> tuple[tuple[str, int], tuple[str, int]]:
    rows = classeur[sheet.key].rows
    if sheet.layout is Layout.FICHE:
        keys = [c.key for c in sheet.columns if c.required and c.is_entry]
        blank = sum(_empty(rows[0], key) for key in keys)
        entries = [c.key for c in sheet.columns if c.is_entry]
        filled = len(entries) - sum(_empty(rows[0], key) for key in entries)
        names = "+".join(f"(LEN({sheet.table}_{key})>0)" for key in entries)
        return (names, filled), (required_blank(sheet), blank)
    if expected := [column for column in sheet.columns if column.expected_with]:
        return _expected(sheet, rows, expected)
    first = _reference(sheet, sheet.columns[0])
    required = [c for c in sheet.columns if c.required and c.is_entry]
    used = [row for row in rows if not _empty(row, sheet.columns[0].key)]
    terms = [f"SUMPRODUCT((LEN({first})>0)*(LEN({_reference(sheet, c)})=0))" for c in required
             if c is not sheet.columns[0]]  # fmt: skip
    blank = sum(_empty(row, c.key) for row in used for c in required)
    return (f"SUMPRODUCT(--(LEN({first})>0))", len(used)), ("+".join(terms) or "0", blank)


def _expected(
    sheet: Sheet, rows: list[Row], expected: list[Column]
) -> tuple[tuple[str, int], tuple[str, int]]:
    """Rows that have the number that calls for others (a rate), and the empty ones (targets)."""
    (key,) = {column.expected_with for column in expected if column.expected_with}
    number = _reference(sheet, sheet[key])
    live = [row for row in rows if row[key] is not None]
    blank = sum(_empty(row, column.key) for row in live for column in expected)
    terms = "+".join(
        f"SUMPRODUCT(ISNUMBER({number})*(LEN({_reference(sheet, column)})=0))"
        for column in expected
    )
    return (f"SUMPRODUCT(--ISNUMBER({number}))", len(live)), (terms, blank)


def _active(sheet: Sheet, classeur: Classeur) -> tuple[str, bool]:
    module = sheet.module
    if not module:
        return "", True
    formula = f'INDEX(tModules[Actif],MATCH("{module}",tModules[Code],0))="Oui"'
    rows = classeur["modules"].rows
    return formula, any(row["code"] == module and row["actif"] == "Oui" for row in rows)


def _reference(sheet: Sheet, column: Column) -> str:
    return column_reference(sheet, column)


def _empty(row: Row, key: str) -> int:
    return int(row[key] is None or row[key] == ())
