"""The workbook of the next year of the same contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xl_cpom.typography import typeset
from xl_cpom.workbook.carry_over.carried import (
    COMMENT,
    Carried,
    CarryOverError,
    entries,
    is_closed,
)
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Layout, Sheet
from xl_cpom.workbook.presence import present_in
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.sheets import ETABLISSEMENTS, SHEETS, SI
from xl_cpom.workbook.template.prefill import due_systems
from xl_cpom.workbook.transfer.pouring import for_tables

LockedRow = tuple[dict[str, Any], frozenset[str]]


def carry_over(retour: Retour, rang: int) -> Carried:
    """The content of the workbook of year N`rang`, after a return of an earlier year.

    What the contract settled and the results of the years past are locked; what is said each year
    is empty; the rows of a new exercise are opened; what is over goes below, locked. Raises
    CarryOverError when that year does not come after, or is not in the contract.
    """
    classeur = retour.classeur
    remarks = tuple(_check(classeur, rang))
    annee = int(classeur.annee_n1) + rang - 1
    carried = Carried(f"N{rang}", remarks=remarks)
    poured = for_tables(retour).content
    gone = frozenset(n for n, row in classeur.etablissements.items() if not present_in(row, annee))
    poured["si"] += _missing_systems(poured, gone, classeur)
    for sheet in SHEETS.values():
        carried.add(sheet, _rows(sheet, poured[sheet.key], rang, annee, gone))
    _date_the_fiche(carried)
    return carried


def _check(classeur: Classeur, rang: int) -> Iterator[str]:
    last = classeur.followed_rank
    if last is None:
        raise CarryOverError("l'année suivie du retour n'est pas lue")
    if last >= rang:
        raise CarryOverError(f"le retour porte déjà sur N{last or ''}")
    if not 1 <= rang <= 6:
        raise CarryOverError(f"N{rang} n'est pas une année d'un CPOM")
    end = classeur.identification.date_echeance
    annee = int(classeur.annee_n1) + rang - 1
    if end and end.year < annee:
        raise CarryOverError(
            f"le contrat prend fin le {end:%d/%m/%Y}, avant {annee} : sans avenant de "
            "prorogation, préparez le suivant avec --renouvellement"
        )
    if last < rang - 1:
        missing = f"N{last + 1}" if last == rang - 2 else f"N{last + 1} à N{rang - 1}"
        yield typeset(f"d'après le retour de N{last or ''} : rien n'est repris de {missing}")


def _missing_systems(
    poured: Mapping[str, Sequence[Mapping[str, Any]]], gone: frozenset[str], classeur: Classeur
) -> list[dict[str, Any]]:
    """The systems that an ESMS owes and that it had no row for: it came in during the year."""
    known = {(row["si"], row["secteur"], row["entite"]) for row in poured["si"]}
    present = [
        row
        for row in poured["etablissements"]
        if row.get("finess_et") not in gone and row.get("finess_et") and row.get("categorie")
    ]
    finess_ej = str(poured["identification"][0].get("finess_ej") or "")
    due = due_systems(finess_ej, [_filled(row) for row in present], classeur.referentiel)
    return [
        row
        for row in due
        if row["entite"] != finess_ej
        and (row["si"], row.get("secteur"), row["entite"]) not in known
    ]


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _rows(
    sheet: Sheet, rows: Sequence[dict[str, Any]], rang: int, annee: int, gone: frozenset[str]
) -> Iterator[LockedRow]:
    """The rows to write, those that are over last."""
    if sheet is SI:  # nothing is asked of an ESMS that left before the year
        rows = [row for row in rows if row["entite"] not in gone]
    if sheet.exercise:
        opened = [row for row in _opened(sheet, rows, annee) if row["finess_et"] not in gone]
        yield from (_open(sheet, row, rang, new=True) for row in opened)
        dated = sorted(rows, key=lambda row: _year(row, sheet) or annee, reverse=True)
        for row in dated:
            past = (_year(row, sheet) or annee) < annee
            yield _past(sheet, row) if past else _open(sheet, row, rang)
        return
    over = [
        is_closed(sheet, row) or (sheet is ETABLISSEMENTS and row["finess_et"] in gone)
        for row in rows
    ]
    yield from (_open(sheet, row, rang) for row, past in zip(rows, over, strict=True) if not past)
    yield from (_past(sheet, row) for row, past in zip(rows, over, strict=True) if past)


def _open(sheet: Sheet, row: Mapping[str, Any], rang: int, *, new: bool = False) -> LockedRow:
    """A row to bring up to date: what the year has to say is empty."""
    values = dict(row)
    locked = set()
    for column in entries(sheet):
        if _said_again(column, rang):
            values[column.key] = None
        elif values.get(column.key) is not None and (
            column.lasts.locked or column.lasts is Lifetime.RESULT
        ):
            locked.add(column.key)
    if sheet is ETABLISSEMENTS and values.get("entre_le") is values.get("sorti_le") is None:
        values["motif_mouvement"] = None  # a new number is told the year it is given
    return values, frozenset(locked)


def _said_again(column: Column, rang: int) -> bool:
    if column.lasts is Lifetime.RESULT:
        return column.rank >= rang
    return not column.lasts.kept


def _past(sheet: Sheet, row: Mapping[str, Any]) -> LockedRow:
    """A row that is over: as it was told, locked; its comment may still answer the control."""
    told = {c.key for c in entries(sheet) if c.key != COMMENT and row.get(c.key) is not None}
    return dict(row), frozenset(told)


def _opened(
    sheet: Sheet, rows: Sequence[Mapping[str, Any]], annee: int
) -> Iterator[dict[str, Any]]:
    """One row of the new exercise per record that the latest exercise followed."""
    others = [key for key in sheet.identity if key != sheet.exercise]
    latest: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        year = _year(row, sheet)
        record = tuple(row.get(key) for key in others)
        if year is None or None in record:
            continue
        if record not in latest or year > latest[record][sheet.exercise]:
            latest[record] = row
    years = [row[sheet.exercise] for row in latest.values()]
    for row in latest.values():
        if row[sheet.exercise] == max(years) < annee:
            yield {**row, sheet.exercise: min(annee, max(max(years) + 1, annee - 1))}


def _year(row: Mapping[str, Any], sheet: Sheet) -> int | None:
    value = row.get(sheet.exercise)
    return value if isinstance(value, int) else None


def _date_the_fiche(carried: Carried) -> None:
    for sheet in SHEETS.values():
        if sheet.layout is Layout.FICHE:
            ((fiche,), (locked,)) = carried.content[sheet.key], carried.locks[sheet.key]
            fiche["annee_suivie"] = carried.annee
            carried.locks[sheet.key] = [locked | {"annee_suivie"}]
