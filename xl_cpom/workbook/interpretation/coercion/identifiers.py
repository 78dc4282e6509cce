"""FINESS, SIREN and SIRET: repaired only when a single reading has a right key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from xl_cpom import identifiants
from xl_cpom.lazy_regex import lazy_pattern
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import guillemets, visible, without_unseen
from xl_cpom.workbook.interpretation.coercion.model import (
    CellReading,
    CellRemark,
    Coerced,
    is_calendar,
    said,
    shown,
    unread,
)
from xl_cpom.workbook.interpretation.coercion.texts import plain_number, read_text
from xl_cpom.workbook.interpretation.parsing import clean
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import RawCell
from xl_cpom.workbook.records import NON_LU


@dataclass(frozen=True, slots=True)
class _IdentifierKind:
    """How an identifier is checked: name, length, shape, key, and the codes that say it."""

    name: str
    length: int
    shape: re.Pattern[str]
    valid: Callable[[str], bool]
    repair: Callable[[str], identifiants.IdentifierRepair | None]
    code_shape: str
    code_key: str


_IDENTIFIANTS = {
    Kind.FINESS: _IdentifierKind(
        "FINESS", 9, re.compile(r"(\d{2}|2[AB])\d{7}", re.ASCII), identifiants.finess_valide,
        identifiants.finess_repair, "FMT-001", "FMT-002",
    ),
    Kind.SIREN: _IdentifierKind(
        "SIREN", 9, re.compile(r"\d{9}", re.ASCII), identifiants.siren_valide,
        identifiants.siren_repair, "FMT-005", "FMT-005",
    ),
    Kind.SIRET: _IdentifierKind(
        "SIRET", 14, re.compile(r"\d{14}", re.ASCII), identifiants.siret_valide,
        identifiants.siret_repair, "FMT-005", "FMT-005",
    ),
}  # fmt: skip


def read_identifiant(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """A FINESS, SIREN or SIRET number, repaired when a single reading is right."""
    if isinstance(raw, bool):
        return unread(
            "FMT-001" if column.kind is Kind.FINESS else "FMT-005",
            lu=shown(cell, column, reading.date1904),
        )
    stored_as_number = isinstance(raw, float | int)
    if stored_as_number and is_calendar(cell):
        text = shown(cell, column, reading.date1904)  # « 21/01/2026 », not the number of its day
    else:
        text = plain_number(raw) if stored_as_number else str(raw)
    return _read_identifier(text, _IDENTIFIANTS[column.kind], stored_as_number)


_LETTER_O = "attention à la lettre O à la place d'un zéro"
_SEVERAL = "séparez plusieurs numéros par un point-virgule"


def _read_identifier(
    text: str, rule: _IdentifierKind, stored_as_number: bool, conseil: str = _LETTER_O
) -> Coerced:
    lu = visible(without_unseen(text))
    values = {"nom": rule.name, "longueur": rule.length, "conseil": conseil, "lu": lu}
    if rule.valid(text):
        if stored_as_number:
            return said(text, "FMT-004", attendu=text, **values)
        return Coerced(text)
    if (repaired := rule.repair(text)) is not None:
        steps = repaired.steps
        code = "FMT-006"
        if any("zéro" in step for step in steps):
            code = "FMT-003"
        elif stored_as_number or any(".0" in step or "scientifique" in step for step in steps):
            code = "FMT-004"
        return said(repaired.value, code, attendu=repaired.value, **values)
    bare = _GROUPS.fullmatch(clean(text).strip(" ;,.:"))
    if bare and rule.valid(number := re.sub(r"\W", "", bare[0]).upper()):
        return said(number, "FMT-006", attendu=number, **values)
    compact = re.sub(r"[\s'’]", "", clean(text)).upper()
    if rule.shape.fullmatch(compact):
        return unread(rule.code_key, **values)
    if found := _contained_numbers(text, rule):
        values["suggestion"] = f" ; est-ce {guillemets(found)} ?"
    return unread(rule.code_shape, **values)


_GROUPS = lazy_pattern(r"\d[\dABab](?:\d*[ .-]?\d+)+", re.ASCII)
"""A number in groups, as people dictate it: « 210.781.456 », « 210-781-456 »."""


def read_identifier_or_name(
    cell: RawCell, raw: Any, column: Column, reading: CellReading
) -> Coerced:
    """A number, read as in a column of its kind, or the name of something that has none."""
    assert column.holds is not None
    text = plain_number(raw) if isinstance(raw, float | int) else str(raw)
    rule = _IDENTIFIANTS[column.holds]
    if isinstance(raw, bool) or cell.is_date or not looks_like_a_number(text, column.holds):
        return read_text(cell, raw, column, reading)
    if re.search(r"[^\W\d_]{3}", text):  # « PFR de Dijon 210781456 » is a name
        return read_text(cell, raw, column, reading)
    return _read_identifier(text, rule, isinstance(raw, float | int))


_CONFUS = str.maketrans("OIL", "011")


def _contained_numbers(text: str, rule: _IdentifierKind) -> str:
    """The numbers with a right key that a text holds, to be proposed: « EHPAD (210781456) »."""
    words = re.findall(r"\w+", text.upper())
    found = [word for word in words if rule.valid(word)]
    if not found:
        found = [run for run in re.findall(r"(?<!\d)\d[\dAB]\d+", text.upper()) if rule.valid(run)]
    if not found and len(words) == 1 and rule.valid(word := words[0].translate(_CONFUS)):
        found = [word]
    return " ; ".join(dict.fromkeys(found))


_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_RUN = re.compile(r"\d(?:[ .\u00a0\u202f-]?[\dOoIl]){5,}")


def looks_like_a_number(text: str, kind: Kind) -> bool:
    """Is a text that could not be read a damaged FINESS, SIREN or SIRET number all the same?"""
    return kind.is_identifier and _RUN.search(_DATE.sub("", text)) is not None


def read_finess_list(cell: RawCell, raw: Any, column: Column, reading: CellReading) -> Coerced:
    """Several FINESS numbers in one cell."""
    stored_as_number = isinstance(raw, float | int)
    text = plain_number(raw) if stored_as_number else str(raw)
    numbers: list[str] = []
    remarks: list[CellRemark] = []
    rule = _IDENTIFIANTS[Kind.FINESS]
    if rule.repair(text) is not None:  # « 1,0000008E+07 »: one number, its comma is no separator
        read = _read_identifier(text, rule, stored_as_number, _SEVERAL)
        return Coerced((read.value,), read.remarks)
    for part in re.split(r"[;,/\n]", text):
        if not clean(part):
            continue
        read = _read_identifier(clean(part), rule, stored_as_number, _SEVERAL)
        remarks.extend(read.remarks)
        if read.value is NON_LU:
            return Coerced(NON_LU, tuple(remarks))
        numbers.append(read.value)
    return Coerced(tuple(numbers), tuple(remarks))
