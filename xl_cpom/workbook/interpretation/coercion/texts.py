"""Texts, codes, values of a list, addresses. A value close to one of the list is only suggested."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from xl_cpom.indicators.rounding import as_shown
from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.typography import fold, guillemets, listing, visible
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
    **dict.fromkeys(("vrai", "true", "☑", "☒", "✓", "✔", "✅", "[x]", "(x)", "coche"), True),
    **dict.fromkeys(("faux", "false", "☐", "□", "◻", "[ ]", "( )", "non coche", "decoche"), False),
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
    if (value := reading.written_otherwise(column).get(text)) is not None:
        return Coerced(value)
    if clean(text) in admitted:
        return said(clean(text), "FMT-006", lu=visible(text), attendu=clean(text))
    if lists.is_code_list(column):
        found = list_code(text, column, admitted, reading.nomenclature(column))
        return found or _outside_list(text, column, "", ())
    folded = {fold(value): value for value in admitted}
    if (flag := _BOXES.get(fold(text))) is not None and _OUI_NON[flag] in admitted:
        return said(_OUI_NON[flag], "FMT-019", lu=visible(text), attendu=_OUI_NON[flag], nuance="")
    match = folded.get(fold(text)) or _same_letters(text, admitted)
    if match:
        return said(match, "FMT-019", lu=visible(text), attendu=match, nuance=_nuance(text, match))
    return _outside_list(text, column, _suggestion(text, admitted, reading), admitted)


_MARKS = lazy_pattern(r"[\s.,;:!'\"«»“”()\[\]*_/+&✓✔☑✅-]+")


def _same_letters(text: str, admitted: tuple[str, ...]) -> str:
    """The only value of the list with these letters: « En-cours. », « P.A. », « ✔ Oui »."""
    wanted = _MARKS.sub("", fold(text))
    found = [value for value in admitted if wanted and _MARKS.sub("", fold(value)) == wanted]
    return found[0] if len(found) == 1 else ""


def _outside_list(text: str, column: Column, attendu: str, admitted: tuple[str, ...]) -> Coerced:
    suggestion = f" ; vouliez-vous dire {guillemets(attendu)} ?" if attendu else ""
    few = listing(map(guillemets, admitted), "ou") if 0 < len(admitted) <= _CITED else ""
    return unread(
        column.list_code,
        lu=visible(text),
        attendu=attendu or few,
        suggestion=suggestion,
        sinon=f" : {few}" if few else "",
    )


_CITED = 8
"""Values of a list that a message gives in full; a longer one is in the cell's drop-down."""


def _nuance(text: str, match: str) -> str:
    """What sets the text apart when nothing shows it: accents written as two characters."""
    if unicodedata.normalize("NFC", clean(text)) == unicodedata.normalize("NFC", match):
        return " (accents décomposés)"
    return ""


def list_code(
    typed: str, column: Column, admitted: tuple[str, ...], labels: Mapping[str, str]
) -> Coerced | None:
    """The code that a text names in one way: « 500 – EHPAD », « 021 », « Territoire de Belfort ».

    labels: code -> what people write for it. None when it names no code, or several.
    """
    if len(set(_codes_in(typed, admitted))) > 1:  # « 21 et 71 », « 1 ; 71 »: one cell, one code
        return None
    text = clean(typed).rstrip(" .,;:")
    if (decimal := _DECIMAL.fullmatch(text)) is not None:  # « 500.0 »: it went through a number
        text = decimal[1]
        if text in admitted:
            return said(text, "FMT-004", lu=visible(typed), attendu=text)
    code = _first_code(text, admitted)
    if code in admitted:  # « 500 – EHPAD »: the code, then its label
        return said(code, "FMT-019", lu=visible(typed), attendu=code, nuance="")
    if code and (padded := code.zfill(2)) in admitted:
        return said(padded, "FMT-004", lu=visible(typed), attendu=padded)
    if code and (bare := code.lstrip("0")) in admitted:
        return said(bare, "FMT-019", lu=visible(typed), attendu=bare, nuance="")
    if named := _named(text, labels):
        return said(named, "FMT-019", lu=visible(typed), attendu=named, nuance="")
    return None


_DECIMAL = lazy_pattern(r"(\d+)[.,]0+", re.ASCII)
_CALLED = lazy_pattern(r"(?:cat(?:egorie)?|code|dep(?:artemen)?t?|n(?:um(?:ero)?)?)[°o.:]* ?(?=\d)")
_ARTICLES = lazy_pattern(r"^(?:departement )?(?:de la |du |des |de |d')?(?:la |le |les |l')?")


def _first_code(text: str, admitted: tuple[str, ...]) -> str:
    """The code that a text begins with, or the only one in it: « EHPAD (500) », « dépt 21 »."""
    if len({word for word in re.findall(r"\w+", text) if word in admitted}) > 1:
        return ""  # « 500 ou 501 »
    first = text.split(" ")[0].rstrip("-–:")
    if first in admitted:
        return first
    called = _CALLED.sub("", fold(text), count=1) if _CALLED.match(fold(text)) else ""
    if called.upper() in admitted:
        return called.upper()
    bracketed = re.fullmatch(r"[^\d()]+\((\w{2,3})\)", text)
    if bracketed and bracketed[1] in admitted and len(bracketed[1]) == len(admitted[0]) == 3:
        return bracketed[1]
    return first if first.isascii() and first.isalnum() else ""


def _named(text: str, labels: Mapping[str, str]) -> str:
    """The code whose label a text is, alone or with the very code: « Jura (39) », « Yonne 89 »."""
    bare = re.sub(r"\s*\(?\b(\w{1,4})\)?$", "", text)
    tail = text[len(bare) :].strip(" ()")
    for written in dict.fromkeys((text, bare)):
        name = _letters(_ARTICLES.sub("", fold(written)))
        found = [code for code, label in labels.items() if name and _letters(label) == name]
        if len(found) == 1 and (written == text or tail in (found[0], "")):
            return found[0]
    return ""


def _letters(text: str) -> str:
    """The letters and digits alone: « Côte-d’Or », « COTE D'OR » are one name."""
    return re.sub(r"[\W_]", "", fold(text))


_BETWEEN = lazy_pattern(r"\s*[;,/&+\n]\s*| et | ou ")


def _codes_in(text: str, admitted: tuple[str, ...]) -> list[str]:
    """The codes that a text lists."""
    parts = [clean(part) for part in _BETWEEN.split(text)]
    return [code for part in parts for code in (part, part.zfill(2)) if code in admitted]


def _suggestion(text: str, admitted: tuple[str, ...], reading: CellReading) -> str:
    """The value of the list meant, or the closest; "" when none is. Never used as the value."""
    if meant := lists.synonym(text, admitted, reading.referentiel):
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
