"""« Année suivie » as the drop-down says it, « N2 (2027) », or as people do: « 2027 », « année 2 ».

All that is judged by year depends on this one cell. It is read when a single reading is possible,
and it is said; the year of the contract's beginning is then needed to read « 2027 ». « N2 (2027) »
is read in silence, unless the first year changed since: its two halves no longer agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xl_cpom.typography import fold, guillemets, visible
from xl_cpom.workbook.interpretation.notices import Notice
from xl_cpom.workbook.interpretation.parsing import clean
from xl_cpom.workbook.reader.refs import parse_cell
from xl_cpom.workbook.records import NON_LU

if TYPE_CHECKING:
    from xl_cpom.workbook.interpretation.coercion import CellReading
    from xl_cpom.workbook.interpretation.rows import TabReading
    from xl_cpom.workbook.reader import RawSheet

_KEY = "annee_suivie"
_RANK = re.compile(r"(?:annee )?n? ?(?:°|o)? ?([0-6])(?:e|ere|er|eme|nde?)?(?: annee)?")
_YEAR = re.compile(r"(?:annee|exercice|campagne|an)? ?(20\d\d)")
_TOLD = re.compile(r"(N[0-6]?) ?\((20\d\d)\)")
_WORDS = {"premiere": 1, "deuxieme": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4,
          "cinquieme": 5, "sixieme": 6}  # fmt: skip


def understand_year(fiche: TabReading | None, tab: RawSheet | None, reading: CellReading) -> None:
    """Read « Année suivie » in other words, when one reading is possible; else suggest it."""
    if fiche is None or tab is None or not fiche.table.rows:
        return
    row = fiche.table.rows[0]
    place = parse_cell(fiche.table.anchors.get(_KEY, ""))
    cell = None if place is None else tab.cells.get(place)
    if row.values.get(_KEY) is not NON_LU or cell is None:
        return
    column = fiche.table.sheet[_KEY]
    text = str(int(cell.value)) if isinstance(cell.value, float) else str(cell.value)
    told = _TOLD.fullmatch(clean(text))
    if told is not None and told[1] in reading.admitted(column):
        _read_told(fiche, cell.ref, (told[1], int(told[2])))
        return
    meant = meaning(text, row.values["annee_n1"] or None, reading.admitted(column))
    if not meant:
        return
    row.values[_KEY] = meant
    values = {"lu": visible(text), "attendu": meant, "nuance": "", "colonne": column.header,
              "ligne": 0}  # fmt: skip
    for rank, notice in enumerate(fiche.notices):
        if notice.code == "FMT-013" and notice.cells == (cell.ref,):
            fiche.notices[rank] = Notice(
                "FMT-019", notice.sheet, notice.cells, notice.value, values
            )


def _read_told(fiche: TabReading, ref: str, told: tuple[str, int]) -> None:
    """Take « N2 (2027) » when the first year agrees; else propose the year of that rank."""
    row = fiche.table.rows[0]
    value, year = told
    annee_n1 = row.values["annee_n1"]
    due = annee_n1 - 1 + int(value[1:] or 0) if isinstance(annee_n1, int) else year
    at = next(n for n, one in enumerate(fiche.notices) if one.cells == (ref,))
    if due == year:
        row.values[_KEY] = value
        del fiche.notices[at]
        return
    notice, expected = fiche.notices[at], f"{value} ({due})"
    suggestion = f" ; vouliez-vous dire {guillemets(expected)} ?"
    values = {**notice.values, "attendu": expected, "suggestion": suggestion}
    fiche.notices[at] = Notice(notice.code, notice.sheet, notice.cells, notice.value, values)


def meaning(text: str, annee_n1: int | None, admitted: tuple[str, ...]) -> str:
    """The value of the list that a text means; "" when it could be none, or several."""
    folded = " ".join(re.sub(r"(?<=\w)-", " ", fold(text)).split())  # « -1 » is no « N1 »
    words = folded.removesuffix(" annee")
    if words in _WORDS:
        found = f"N{_WORDS[words]}"
    elif (rank := _RANK.fullmatch(folded)) is not None:
        found = f"N{rank[1]}" if rank[1] != "0" else "N"
    elif (year := _YEAR.fullmatch(folded)) is not None and annee_n1:
        place = int(year[1]) - annee_n1 + 1
        found = f"N{place or ''}" if place >= 0 else ""
    else:
        return ""
    return found if found in admitted else ""


__all__ = ["meaning", "understand_year"]
