"""Was this ESMS in the contract on that day, in that year? One answer for rates, rules and reports.

An ESMS says when it came in and when it went out (`entre_le`, `sorti_le`: first and last day, empty
when it is there from the start or to the end). What fell due while it was there is asked; nothing
is asked after. A date that could not be read counts as empty: an entry rule tells it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row


def entered(esms: Row) -> dt.date | None:
    """First day of an ESMS in the contract, None when it was there from the start."""
    return _day(esms.entre_le)


def left(esms: Row) -> dt.date | None:
    """Last day of an ESMS in the contract, None when it is still there."""
    return _day(esms.sorti_le)


def present_in(esms: Row, year: int) -> bool:
    """Was the ESMS in the contract at least one day of that civil year?"""
    first, last = entered(esms), left(esms)
    return (first is None or first.year <= year) and (last is None or last.year >= year)


def asked(esms: Row, year: int, due: dt.date | None = None, *, since_entry: bool = False) -> bool:
    """Is something about this ESMS asked in the return of a civil year?

    due: the day it falls due (None: the last day of the year). It is not asked when the ESMS left
    before that day, or before the year. since_entry: nor when it fell due before the ESMS came in
    (a deposit; the measure that an ESMS brings along is still to be lifted).
    """
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    first, last = entered(esms), left(esms)
    day = min(due or end, end)
    if first is not None and (first > end or (since_entry and first > day)):
        return False
    return last is None or last >= max(start, day)


def somebody_moves(classeur: Classeur) -> bool:
    """Does an ESMS come in or go out? Otherwise no row need say whose it is, nor when it falls due.

    Asked first, so that a number or a day that could not be read takes nothing away then.
    """
    return any(
        esms.entre_le is not None or esms.sorti_le is not None
        for esms in classeur.tables["etablissements"].rows
    )


def row_asked(
    classeur: Classeur, number: Any, due: Any = None, *, since_entry: bool = False
) -> bool:
    """The same of the ESMS of this number, in the year followed; True for one not listed.

    Without a year, one that comes in or goes out may not be there.
    """
    esms, year = classeur.etablissements.get(number), classeur.annee_suivie
    if esms is None:
        return True
    if year is None:
        return esms.entre_le is None and esms.sorti_le is None
    return asked(esms, year, _day(due), since_entry=since_entry)


def some_asked(classeur: Classeur, numbers: Any, due: Any = None) -> bool:
    """Is at least one of these ESMS asked for? None named, or none known: the row is of all."""
    known = [n for n in numbers or () if n in classeur.etablissements]
    return not known or any(row_asked(classeur, number, due) for number in known)


def still_asked(row: Row, classeur: Classeur) -> bool:
    """Is what a row says of an ESMS still asked in the year followed? True for a row of no ESMS.

    The row of the ESMS itself, or a row that names one or several.
    """
    values, year = row.values, classeur.annee_suivie
    if row.table.sheet.key == "etablissements":
        return year is None or asked(row, year)
    due = values.get("echeance")
    if "entite" in values:
        return row_asked(classeur, values["entite"], due, since_entry=True)
    numbers = values.get("finess_et")
    several = numbers if isinstance(numbers, tuple) else (numbers,) if numbers else ()
    return some_asked(classeur, several, due)


def renumbered(classeur: Classeur) -> dict[str, str]:
    """The numbers that changed: the one of the returns before -> the present one."""
    found = {
        row.ancien_finess_et: row.finess_et
        for row in classeur.tables["etablissements"].rows
        if row.ancien_finess_et and row.finess_et
    }
    fiche = classeur.identification
    if fiche.ancien_finess_ej and fiche.finess_ej:
        found[fiche.ancien_finess_ej] = fiche.finess_ej
    return found


def _day(value: Any) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


# --- the same in Excel -------------------------------------------------------------------------

_END = "{identification.fin_annee_suivie}"
_START = "DATE({identification.annee_civile_suivie},1,1)"


def asked_excel(number: str, due: str = "", *, since_entry: bool = False) -> str:
    """`row_asked` as a formula over the cell that holds the number, and the one of the day due."""
    day = _END if not due else f'IF({due}="",{_END},MIN({due},{_END}))'
    last = f"MAX({_START},{day})"
    first = day if since_entry else _END
    entries = "{etablissements.finess_et},%s,{etablissements.%s},%s"
    came = entries % (number, "entre_le", f'">"&{first}')
    went = entries % (number, "sorti_le", f'"<"&{last}')
    return _whatever_the_year(f"COUNTIFS({came})+COUNTIFS({went})=0")


def some_asked_excel(numbers: str, due: str = "") -> str:
    """`some_asked` as a formula over the cell that holds the numbers."""
    day = _END if not due else f'IF({due}="",{_END},MIN({due},{_END}))'
    own = "{etablissements.finess_et}"
    named = f"(LEN({own})>0)*ISNUMBER(SEARCH({own},{numbers}))"
    here = (
        f"({{etablissements.entre_le}}<={_END})*"
        f"(({{etablissements.sorti_le}}=0)+({{etablissements.sorti_le}}>=MAX({_START},{day}))>0)"
    )
    found = f"SUMPRODUCT({named})=0,SUMPRODUCT({named}*{here})>0"
    return _whatever_the_year(f'IF({numbers}="",TRUE,OR({found}))')


def _whatever_the_year(text: str) -> str:
    return f'IF({{identification.annee_civile_suivie}}="",TRUE,{text})'
