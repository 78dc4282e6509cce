"""From a raw cell to a typed value: repaired when it is certain, and always said.

`coerce` never guesses: a damaged identifier is repaired only when a single reading has a valid
key, a value close to one of the list is only suggested. Each remark carries the code of the rule
that explains it; what cannot be read becomes `NON_LU`, so that one fault does not raise ten.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xl_cpom.typography import visible, without_unseen
from xl_cpom.workbook.interpretation.coercion.codes import read_code, read_reference
from xl_cpom.workbook.interpretation.coercion.dates import read_date
from xl_cpom.workbook.interpretation.coercion.identifiers import (
    read_finess_list,
    read_identifiant,
    read_identifier_or_name,
)
from xl_cpom.workbook.interpretation.coercion.model import (
    EMPTY,
    CellReading,
    CellRemark,
    Coerced,
    said,
    shown,
    unread,
)
from xl_cpom.workbook.interpretation.coercion.numbers import (
    read_cotation,
    read_integer,
    read_number,
    read_taux,
)
from xl_cpom.workbook.interpretation.coercion.texts import read_email, read_list, read_text
from xl_cpom.workbook.interpretation.coercion.undress import undressed
from xl_cpom.workbook.interpretation.parsing import is_blank
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import ExcelError, Malformed, NonFinite, RawCell

__all__ = ["CellReading", "CellRemark", "Coerced", "coerce", "shown"]

_READERS: dict[Kind, Callable[[RawCell, Any, Column, CellReading], Coerced]] = {
    Kind.TEXT: read_text,
    Kind.CODE: read_code,
    Kind.FINESS: read_identifiant,
    Kind.SIREN: read_identifiant,
    Kind.SIRET: read_identifiant,
    Kind.FINESS_LIST: read_finess_list,
    Kind.LISTING: read_list,
    Kind.DATE: read_date,
    Kind.TAUX: read_taux,
    Kind.RATIO: read_number,
    Kind.INTEGER: read_integer,
    Kind.NUMBER: read_number,
    Kind.MONTANT: read_number,
    Kind.ANNEE: read_integer,
    Kind.EMAIL: read_email,
    Kind.COTATION: read_cotation,
}


def coerce(cell: RawCell | None, column: Column, reading: CellReading) -> Coerced:
    """Typed value of a cell for its column, with the remarks of the reading.

    Types by kind: texts and codes str; FINESS, SIREN, SIRET str; FINESS_LISTE tuple of str;
    dates datetime.date; TAUX, NOMBRE, MONTANT float; ENTIER, ANNEE int; COTATION float or str.
    """
    raw = None if cell is None else cell.value
    if cell is None or raw is None or (isinstance(raw, str) and is_blank(raw)):
        return EMPTY
    if isinstance(raw, ExcelError):
        if isinstance(raw, NonFinite | Malformed):
            return unread("FMT-025", lu=visible(raw.code))
        return unread("STR-010", erreur=str(raw))
    reader = read_reference if column.reference else _READERS[column.kind]
    if column.holds is not None:
        reader = read_identifier_or_name
    if isinstance(raw, str) and (column.reference or not _is_free(column)):
        bare = undressed(raw)
        if bare and bare != raw.strip():
            return _dressed(reader(cell, bare, column, reading), raw)
    return reader(cell, raw, column, reading)


def _is_free(column: Column) -> bool:
    """Is it a column where any text may be: its quotes then belong to it."""
    return column.kind is Kind.TEXT and column.list_name is None and column.holds is None


_INNER = str.maketrans("«»", "“”")
"""The message puts its own quotes around."""


def _dressed(read: Coerced, raw: str) -> Coerced:
    """What was read inside a text that dressed it, told of the text as it was typed."""
    was_read = visible(without_unseen(raw)).translate(_INNER)
    if not read.remarks:
        attendu = " ; ".join(read.value) if isinstance(read.value, tuple) else str(read.value)
        return said(read.value, "FMT-006", lu=was_read, attendu=attendu)
    remarks = (CellRemark(one.code, {**one.values, "lu": was_read}) for one in read.remarks)
    return Coerced(read.value, tuple(remarks))
