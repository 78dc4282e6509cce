"""Texts, codes, values of a list, addresses. A value close to one of the list is only suggested."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from xl_cpom.typography import fold, guillemets, visible
from xl_cpom.workbook import lists
from xl_cpom.workbook.interpretation.coercion.model import CellReading, Coerced, said, shown, unread
from xl_cpom.workbook.interpretation.parsing import clean, date_from_serial
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import RawCell


def read_texte(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A text; a number or a date typed in a text column is kept as it is read."""
    if isinstance(raw, str):
        return Coerced(unicodedata.normalize("NFC", clean(raw)))
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if cell.is_date and (day := date_from_serial(raw, reading.date1904)):
            return Coerced(day.strftime("%d/%m/%Y"))
        return Coerced(plain_number(raw))
    return Coerced(shown(cell, column, reading.date1904))


def plain_number(raw: float) -> str:
    """A number as it was typed: 21 and not 21.0."""
    return str(int(raw)) if float(raw).is_integer() else repr(raw)


def read_code(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """HAS and SERAFIN codes: Excel turns 2.2.1 into 02/02/2001, which has one reading back."""
    if isinstance(raw, float | int) and not isinstance(raw, bool) and cell.is_date:
        day = date_from_serial(raw, reading.date1904)
        if day is not None and day.year >= 2000:
            code = f"{day.day}.{day.month}.{day.year - 2000}"
            return said(code, "FMT-012", lu=day.strftime("%d/%m/%Y"), attendu=code)
        return unread(
            "FMT-012", lu=shown(cell, column, reading.date1904), attendu="un code au format texte"
        )
    if column.list_name is None:
        return read_texte(cell, raw, column, reading)
    return read_liste(cell, raw, column, reading)


def read_liste(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A value of the closed list of the column, or its nearest spelling."""
    admitted = reading.admitted(column)
    text = raw if isinstance(raw, str) else read_texte(cell, raw, column, reading).value
    if raw is True and "Oui" in admitted:
        text = "Oui"
    if text in admitted:
        return Coerced(text)
    if clean(text) in admitted:
        return said(clean(text), "FMT-006", lu=visible(text), attendu=clean(text))
    if lists.is_code_list(column):
        return _code_de_liste(text, column, admitted)
    folded = {fold(value): value for value in admitted}
    if (match := folded.get(fold(text))) is not None:
        return said(match, "FMT-019", lu=visible(text), attendu=match, nuance=_nuance(text, match))
    return _outside_list(text, column, _suggestion(text, admitted), admitted)


def _outside_list(text: str, column: Column, attendu: str, admitted: tuple[str, ...]) -> Coerced:
    suggestion = f" ; vouliez-vous dire {guillemets(attendu)} ?" if attendu else ""
    return unread(
        column.list_code,
        lu=visible(text), attendu=attendu, suggestion=suggestion, liste=admitted,
    )  # fmt: skip


def _nuance(text: str, match: str) -> str:
    """What sets the text apart when nothing shows it: accents written as two characters."""
    if unicodedata.normalize("NFC", clean(text)) == unicodedata.normalize("NFC", match):
        return " (accents décomposés)"
    return ""


def _code_de_liste(text: str, column: Column, admitted: tuple[str, ...]) -> Coerced:
    code = clean(text).split(" ")[0].rstrip("-–:")
    if code in admitted:  # « 500 – EHPAD »: the code, then its label
        return said(code, "FMT-019", lu=visible(text), attendu=code, nuance="")
    if (padded := code.zfill(2)) in admitted:
        return said(padded, "FMT-004", lu=visible(text), attendu=padded)
    return _outside_list(text, column, "", ())


def _suggestion(text: str, admitted: tuple[str, ...]) -> str:
    """The value of the list meant, or the closest; "" when none is. Never used as the value."""
    if meant := lists.synonyme(text, admitted):
        return meant
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        fold(text), [fold(value) for value in admitted], scorer=fuzz.ratio, score_cutoff=70
    )
    return admitted[found[2]] if found else ""


_COURRIEL = re.compile(r"[^@\s:;,<>]+@[^@\s:;,<>]+\.[A-Za-z]{2,}")


def read_courriel(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """An e-mail address; a malformed one is kept, and said."""
    text = str(read_texte(cell, raw, column, reading).value)
    if _COURRIEL.fullmatch(text):
        return Coerced(text)
    return said(text, "FMT-014", lu=visible(text))
