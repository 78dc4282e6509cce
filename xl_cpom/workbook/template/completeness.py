"""How far each sheet is filled: the formulas of the « Accueil », and their values.

| state | meaning |
|---|---|
| ✓ rempli | something is entered and no compulsory cell is empty |
| ○ à compléter | nothing is entered, or a compulsory cell is empty |
| ○ à décider | « Modules » does not say yet whether the module of the sheet is active |
| – sans objet | the module of the sheet is not active |
| – si concerné | nothing is entered in a sheet that some contracts only fill in |

How much of it is filled (`workbook.filled_share`) stands beside it, and the whole under the table.
"""

from __future__ import annotations

from xl_cpom.light_dataclass import dataclass
from xl_cpom.workbook.filled_share import compulsory_keys, sheet_fill
from xl_cpom.workbook.geometry import column_reference
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.template.fiche import required_blank

FILLED, TO_COMPLETE, SANS_OBJET = "✓ rempli", "○ à compléter", "– sans objet"
TO_DECIDE, IF_CONCERNED = "○ à décider", "– si concerné"


@dataclass(frozen=True)
class StatePanel:
    """The formulas of one line of the « Accueil », with the value of each.

    share: the rate of the sheet (0 to 1, "" when nothing is expected); expected, filled: the terms
    it adds to the rate of the whole workbook.
    """

    rows: tuple[str, int | str]
    empty: tuple[str, int | str]
    state: tuple[str, str]
    share: tuple[str, float | str]
    expected: str
    filled: str


def etat(sheet: Sheet, classeur: Classeur, cells: tuple[str, str, str]) -> StatePanel:
    """The state of a sheet. cells: addresses of the two counts and of the state, read in turn."""
    fill = sheet_fill(sheet, classeur)
    rows, empty = _formulas(sheet)
    lines, blank, state = cells
    begun = fill.rows > 0 or sheet.layout is Layout.FICHE
    blank_now = fill.empty if begun else 0
    begun_rows = fill.rows
    if _without_compulsory(sheet):
        rows, begun_rows = _answered(sheet, classeur)
    module = sheet.module
    text = f'IF(AND({lines}>0,{blank}=0),"{FILLED}","{TO_COMPLETE}")'
    shown = FILLED if begun_rows and not blank_now else TO_COMPLETE
    if module:
        active, answer = _active(sheet, classeur)
        text = f'IF({active}="Oui",{text},IF({active}="","{TO_DECIDE}","{SANS_OBJET}"))'
        shown = shown if answer == "Oui" else SANS_OBJET if answer else TO_DECIDE
    elif sheet.occasional:
        text = f'IF({lines}>0,{text},"{IF_CONCERNED}")'
        shown = shown if begun_rows else IF_CONCERNED
    expected = _expected(sheet, lines)
    filled = f"({expected}-({_missing(sheet, lines, blank)}))"
    out = f'OR({state}="{SANS_OBJET}",{state}="{TO_DECIDE}")'
    counted = f"(1-{out})*" if module else ""
    share = f'IF({expected}=0,"",{filled}/({expected}))' if expected != "0" else '""'
    if module and expected != "0":
        share = f'IF({out},"",{share})'
    rate = fill.rate
    return StatePanel(
        (rows, begun_rows),
        (empty, blank_now),
        (text, shown),
        (share, "" if rate is None else rate),
        f"{counted}{expected}",
        f"{counted}{filled}",
    )


def _expected(sheet: Sheet, lines: str) -> str:
    """The compulsory cells of a sheet, from the count of its rows."""
    each = len(compulsory_keys(sheet))
    if sheet.layout is Layout.FICHE or not each:
        return str(each)
    return f"{each}*MAX({lines},1)" if sheet.owed else f"{each}*{lines}"


def _missing(sheet: Sheet, lines: str, blank: str) -> str:
    """The compulsory cells still empty: all those of the first row when no row is begun."""
    each = len(compulsory_keys(sheet))
    if sheet.layout is Layout.FICHE or not sheet.owed or not each:
        return blank
    return f"IF({lines}=0,{each},{blank})"


def _formulas(sheet: Sheet) -> tuple[str, str]:
    """How many rows are begun, and how many of their compulsory cells are empty."""
    keys = compulsory_keys(sheet)
    if sheet.layout is Layout.FICHE:
        entries = [c.key for c in sheet.columns if c.is_entry]
        names = "+".join(f"(LEN({sheet.table}_{key})>0)" for key in entries)
        return names, required_blank(sheet)
    called = {c.expected_with for c in sheet.columns if c.expected_with}
    if called:
        (key,) = called
        number = _reference(sheet, sheet[key])
        test, counted = f"ISNUMBER({number})", f"SUMPRODUCT(--ISNUMBER({number}))"
    else:
        first = _reference(sheet, sheet.columns[0])
        test, counted = f"(LEN({first})>0)", f"SUMPRODUCT(--(LEN({first})>0))"
    terms = [
        f"SUMPRODUCT({test}*(LEN({_reference(sheet, sheet[key])})=0))"
        for key in keys
        if key != sheet.columns[0].key
    ]
    return counted, "+".join(terms) or "0"


def _without_compulsory(sheet: Sheet) -> bool:
    """Rows written beforehand, none of whose entries is compulsory."""
    return sheet.layout is Layout.FIXED and not any(
        column.is_entry and (column.required or column.expected_with) for column in sheet.columns
    )


def _answered(sheet: Sheet, classeur: Classeur) -> tuple[str, int]:
    """The rows written beforehand in which something is entered."""
    entries = [column for column in sheet.columns if column.is_entry]
    lengths = "+".join(f"LEN({_reference(sheet, column)})" for column in entries)
    begun = sum(
        any(row[column.key] not in (None, ()) for column in entries)
        for row in classeur[sheet.key].rows
    )
    return f"SUMPRODUCT(--({lengths}>0))", begun


def _active(sheet: Sheet, classeur: Classeur) -> tuple[str, str]:
    """What « Modules » says of the module of a sheet: « Oui », « Non », or "" for no answer."""
    formula = f'INDEX(tModules[Actif],MATCH("{sheet.module}",tModules[Code],0))'
    rows = classeur["modules"].rows
    answers = (row["actif"] or "" for row in rows if row["code"] == sheet.module)
    return formula, next(answers, "")


def _reference(sheet: Sheet, column: Column) -> str:
    return column_reference(sheet, column)
