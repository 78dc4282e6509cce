"""The workbook N of the next contract, from the last return of the one that ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from xl_cpom.workbook.carry_over.carried import (
    COMMENT,
    Carried,
    CarryOverError,
    entries,
    five_years_from,
    identity_text,
    is_closed,
)
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.model import Layout, Sheet
from xl_cpom.workbook.presence import present_in
from xl_cpom.workbook.records import COMPULSORY, Classeur
from xl_cpom.workbook.sheets import ETABLISSEMENTS, SHEETS, SI
from xl_cpom.workbook.transfer.pouring import for_tables

NO_DECISION: Mapping[tuple[str, str], str] = MappingProxyType({})
CLOSE, TRANSFORM = "clore", "transformer"
TO_TRANSFORM = "À transformer : décision du bilan."


def renew(retour: Retour, decisions: Mapping[tuple[str, str], str] = NO_DECISION) -> Carried:
    """The content of the workbook N of the contract that follows.

    The organisme, its ESMS and what is not over are carried over; what the old contract had
    settled (dates, targets, deadlines, deficits of reference) is empty and nothing is locked:
    all is to be negotiated. An à la carte module is proposed when it has rows that are not over.
    decisions: (name of a sheet, identity of a row) -> what the bilan says it becomes; without one,
    what is not over is carried over. Raises CarryOverError when the end of the contract is not
    known.
    """
    classeur = retour.classeur
    end = _end(classeur)
    carried = Carried("N")
    poured = for_tables(retour).content
    gone = {n for n, row in classeur.etablissements.items() if not present_in(row, end.year + 1)}
    for sheet in SHEETS.values():
        rows = [] if sheet.exercise else list(_kept(sheet, poured[sheet.key], decisions))
        if sheet is ETABLISSEMENTS:
            rows = [row for row in rows if row["finess_et"] not in gone]
        elif sheet is SI:
            rows = [row for row in rows if row["entite"] not in gone]
        carried.add(sheet, ((row, frozenset()) for row in rows))
    _fiche(carried, end, classeur.referentiel.duree)
    _modules(carried, classeur)
    return carried


def _end(classeur: Classeur) -> dt.date:
    if classeur.followed_rank is None:
        raise CarryOverError("l'année suivie du retour n'est pas lue")
    end = classeur.identification.date_echeance
    if not isinstance(end, dt.date):
        raise CarryOverError("la date d'échéance du contrat n'est pas lue")
    return end


def _kept(
    sheet: Sheet, rows: Sequence[Mapping[str, Any]], decisions: Mapping[tuple[str, str], str]
) -> Iterator[dict[str, Any]]:
    gone = [c.key for c in entries(sheet) if not c.lasts.renewed]
    for row in rows:
        decided = decisions.get((sheet.name, identity_text(sheet, row)))
        if is_closed(sheet, row) or decided == CLOSE:
            continue
        kept = {**row, **dict.fromkeys(gone)}
        if sheet.layout is Layout.TABLE and all(value is None for value in kept.values()):
            continue  # what only the old contract held: its avenants
        if decided == TRANSFORM:
            kept[COMMENT] = TO_TRANSFORM
        yield kept


def _fiche(carried: Carried, end: dt.date, years: int) -> None:
    start = end + dt.timedelta(days=1)
    for sheet in SHEETS.values():
        if sheet.layout is Layout.FICHE:
            carried.content[sheet.key][0].update(
                type_contrat="renouvellement",
                echeance_precedente=end,
                date_effet=start,
                date_echeance=five_years_from(start, years),
                annee_n1=start.year,
                annee_suivie=carried.annee,
            )


def _modules(carried: Carried, classeur: Classeur) -> None:
    """The compulsory modules, and those whose rows are not over; the others are to be chosen."""
    served = {sheet.module: sheet.key for sheet in SHEETS.values() if sheet.module}
    known = classeur.referentiel.modules
    for row in carried.content["modules"]:
        code = row["code"]
        compulsory = code in known and known[code].statut == COMPULSORY
        left = carried.content.get(served.get(code, ""))
        row["actif"] = "Oui" if compulsory or left else None
        row["commentaire"] = None
