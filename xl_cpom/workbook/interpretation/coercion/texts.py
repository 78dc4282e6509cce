"""Texts, codes, values of a list, addresses. A value close to one of the list is only suggested."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.typography import fold, guillemets, visible
from xl_cpom.workbook import lists
from xl_cpom.workbook.interpretation.coercion.model import CellReading, Coerced, said, shown, unread
from xl_cpom.workbook.interpretation.parsing import clean, date_from_serial
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.reader import RawCell


def read_text(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
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
    raw = as_shown(raw)
    return str(int(raw)) if float(raw).is_integer() else repr(raw)


_OUI_NON = {True: "Oui", False: "Non"}
_BOXES = {
    **dict.fromkeys(("vrai", "true", "☑", "☒", "✓", "✔"), True),
    **dict.fromkeys(("faux", "false", "☐", "□", "◻"), False),
}
"""What other programs write for a box ticked or not."""


def read_list(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A value of the closed list of the column, or its nearest spelling."""
    admitted = reading.admitted(column)
    text = raw if isinstance(raw, str) else read_text(cell, raw, column, reading).value
    if isinstance(raw, bool) and _OUI_NON[raw] in admitted:
        text = _OUI_NON[raw]  # a check box of Excel
    if text in admitted:
        return Coerced(text)
    if clean(text) in admitted:
        return said(clean(text), "FMT-006", lu=visible(text), attendu=clean(text))
    if lists.is_code_list(column):
        found = list_code(text, column, admitted, reading.nomenclature(column))
        return found or _outside_list(text, column, "", ())
    folded = {fold(value): value for value in admitted}
    if (flag := _BOXES.get(fold(text))) is not None and _OUI_NON[flag] in admitted:
        return said(_OUI_NON[flag], "FMT-019", lu=visible(text), attendu=_OUI_NON[flag], nuance="")
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


def list_code(
    text: str, column: Column, admitted: tuple[str, ...], labels: Mapping[str, str]
) -> Coerced | None:
    """The code that a text names in one way: « 500 – EHPAD », « 021 », « Territoire de Belfort ».

    labels: code -> what people write for it. None when it names no code, or several.
    """
    code = clean(text).split(" ")[0].rstrip("-–:")
    if code in admitted:  # « 500 – EHPAD »: the code, then its label
        return said(code, "FMT-019", lu=visible(text), attendu=code, nuance="")
    if not code.isascii() or not code.isalnum():
        code = ""
    if code and (padded := code.zfill(2)) in admitted:
        return said(padded, "FMT-004", lu=visible(text), attendu=padded)
    if code and (bare := code.lstrip("0")) in admitted and bare != code:
        return said(bare, "FMT-019", lu=visible(text), attendu=bare, nuance="")
    bare_text = re.sub(r"\s*\(?\b(\w{1,4})\)?$", "", clean(text))
    tail = clean(text)[len(bare_text) :].strip(" ()")
    for written in dict.fromkeys((clean(text), bare_text)):
        named = [c for c, label in labels.items() if fold(label) == fold(written) and written]
        if len(named) == 1 and (written == clean(text) or tail in (named[0], "")):
            return said(named[0], "FMT-019", lu=visible(text), attendu=named[0], nuance="")
    return None


def _suggestion(text: str, admitted: tuple[str, ...]) -> str:
    """The value of the list meant, or the closest; "" when none is. Never used as the value."""
    if meant := lists.synonym(text, admitted):
        return meant
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        fold(text), [fold(value) for value in admitted], scorer=fuzz.ratio, score_cutoff=70
    )
    return admitted[found[2]] if found else ""


_EMAIL = re.compile(r"[^@\s:;,<>]+@[^@\s:;,<>]+\.[A-Za-z]{2,}")


def read_email(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """An e-mail address; a malformed one is kept, and said."""
    text = str(read_text(cell, raw, column, reading).value)
    if _EMAIL.fullmatch(text):
        return Coerced(text)
    return said(text, "FMT-014", lu=visible(text))
