"""From a raw cell to a typed value: repaired when it is certain, and always said.

`coerce` never guesses: a damaged identifier is repaired only when a single reading has a valid
key, a value close to one of the list is only suggested. Each remark carries the code of the rule
that explains it; what cannot be read becomes `NON_LU`, so that one fault does not raise ten.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xl_cpom import identifiants
from xl_cpom.typographie import nombre, plier, taux, visible
from xl_cpom.workbook import lists
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.parsing import clean, date_from_serial, parse_date, parse_number
from xl_cpom.workbook.reader import ExcelError, Malformed, NonFinite, RawCell
from xl_cpom.workbook.records import NON_LU

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say about one cell: the code of the rule and the words it needs."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coerced:
    """The typed value of a cell (None: empty, NON_LU: unreadable) and what there is to say."""

    value: Any
    remarks: tuple[Remark, ...] = ()


VIDE = Coerced(None)


def _unread(code: str, **values: Any) -> Coerced:
    return Coerced(NON_LU, (Remark(code, values),))


def _said(value: Any, code: str, **values: Any) -> Coerced:
    return Coerced(value, (Remark(code, values),))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a coercion needs beside the cell: the référentiel and the date system of the file."""

    referentiel: Referentiel
    date1904: bool = False
    _lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def admitted(self, column: Column) -> tuple[str, ...]:
        """The values a column admits, looked up once a reading."""
        name = column.list_name or ""
        if name not in self._lists:
            self._lists[name] = lists.admitted(column, self.referentiel)
        return self._lists[name]


def coerce(cell: RawCell | None, column: Column, reading: Reading) -> Coerced:
    """Typed value of a cell for its column, with the remarks of the reading.

    Types by kind: texts and codes str; FINESS, SIREN, SIRET str; FINESS_LISTE tuple of str;
    dates datetime.date; TAUX, NOMBRE, MONTANT float; ENTIER, ANNEE int; COTATION float or str.
    """
    raw = None if cell is None else cell.value
    if cell is None or raw is None or (isinstance(raw, str) and not clean(raw)):
        return VIDE
    if isinstance(raw, NonFinite | Malformed):
        return _unread("FMT-025", lu=visible(raw.code))
    if isinstance(raw, ExcelError):
        return _unread("STR-010", erreur=str(raw))
    return _READERS[column.kind](cell, raw, column, reading)


def shown(cell: RawCell) -> str:
    """The content of a cell as the gestionnaire sees it, safe to print."""
    raw = cell.value
    if isinstance(raw, bool):
        return "VRAI" if raw else "FAUX"
    if isinstance(raw, float | int):
        if cell.is_date and (day := date_from_serial(raw, False)):
            return day.strftime("%d/%m/%Y")
        if "%" in (cell.number_format or ""):
            return taux(raw)
        return nombre(raw)
    return visible(str(raw)) if raw is not None else ""


# --- texts ---------------------------------------------------------------------------------------


def _texte(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    if isinstance(raw, str):
        return Coerced(clean(raw))
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if cell.is_date and (day := date_from_serial(raw, reading.date1904)):
            return Coerced(day.strftime("%d/%m/%Y"))
        return Coerced(_plain_number(raw))
    return Coerced(shown(cell))


def _plain_number(raw: float) -> str:
    return str(int(raw)) if float(raw).is_integer() else repr(raw)


def _code(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    """HAS and SERAFIN codes: Excel turns 2.2.1 into 02/02/2001, which has one reading back."""
    if isinstance(raw, float | int) and not isinstance(raw, bool) and cell.is_date:
        day = date_from_serial(raw, reading.date1904)
        if day is not None and day.year >= 2000:
            code = f"{day.day}.{day.month}.{day.year - 2000}"
            return _said(code, "FMT-012", lu=day.strftime("%d/%m/%Y"), attendu=code)
        return _unread("FMT-012", lu=shown(cell), attendu="un code au format texte")
    if column.list_name is None:
        return _texte(cell, raw, column, reading)
    return _liste(cell, raw, column, reading)


def _liste(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    admitted = reading.admitted(column)
    text = raw if isinstance(raw, str) else _texte(cell, raw, column, reading).value
    if raw is True and "Oui" in admitted:
        text = "Oui"
    if text in admitted:
        return Coerced(text)
    if clean(text) in admitted:
        return _said(clean(text), "FMT-006", lu=visible(text), attendu=clean(text))
    if lists.is_code_list(column):
        return _code_de_liste(text, column, admitted)
    folded = {plier(value): value for value in admitted}
    if (match := folded.get(plier(text))) is not None:
        return _said(match, "FMT-019", lu=visible(text), attendu=match)
    return _unread(
        column.list_code, lu=visible(text), attendu=_suggestion(text, admitted), liste=admitted
    )


def _code_de_liste(text: str, column: Column, admitted: tuple[str, ...]) -> Coerced:
    code = clean(text).split(" ")[0].rstrip("-–:")
    if code in admitted:  # « 500 – EHPAD »: the code, then its label
        return _said(code, "FMT-019", lu=visible(text), attendu=code)
    if (padded := code.zfill(2)) in admitted:
        return _said(padded, "FMT-004", lu=visible(text), attendu=padded)
    return _unread(column.list_code, lu=visible(text), attendu="", liste=())


def _suggestion(text: str, admitted: tuple[str, ...]) -> str:
    """The closest value of the list, or "" when none is close. Never used as the value."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        plier(text), [plier(value) for value in admitted], scorer=fuzz.ratio, score_cutoff=70
    )
    return admitted[found[2]] if found else ""


_COURRIEL = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[A-Za-z]{2,}")


def _courriel(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    text = str(_texte(cell, raw, column, reading).value)
    if _COURRIEL.fullmatch(text):
        return Coerced(text)
    return _said(text, "FMT-014", lu=visible(text))


# --- identifiers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Identifiant:
    """How an identifier is checked: name, length, shape, key, and the codes that say it."""

    nom: str
    longueur: int
    forme: re.Pattern[str]
    valide: Callable[[str], bool]
    reparer: Callable[[str], identifiants.Reparation | None]
    code_forme: str
    code_cle: str


_IDENTIFIANTS = {
    Kind.FINESS: _Identifiant(
        "FINESS", 9, re.compile(r"(\d{2}|2[AB])\d{7}", re.ASCII), identifiants.finess_valide,
        identifiants.reparation_finess, "FMT-001", "FMT-002",
    ),
    Kind.SIREN: _Identifiant(
        "SIREN", 9, re.compile(r"\d{9}", re.ASCII), identifiants.siren_valide,
        identifiants.reparation_siren, "FMT-005", "FMT-005",
    ),
    Kind.SIRET: _Identifiant(
        "SIRET", 14, re.compile(r"\d{14}", re.ASCII), identifiants.siret_valide,
        identifiants.reparation_siret, "FMT-005", "FMT-005",
    ),
}  # fmt: skip


def _identifiant(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    if isinstance(raw, bool):
        return _unread("FMT-001" if column.kind is Kind.FINESS else "FMT-005", lu=shown(cell))
    stored_as_number = isinstance(raw, float | int)
    text = _plain_number(raw) if stored_as_number else str(raw)
    return _read_identifier(text, _IDENTIFIANTS[column.kind], stored_as_number)


def _read_identifier(text: str, rule: _Identifiant, stored_as_number: bool) -> Coerced:
    values = {"nom": rule.nom, "longueur": rule.longueur, "lu": visible(text)}
    if rule.valide(text):
        if stored_as_number:
            return _said(text, "FMT-004", attendu=text, **values)
        return Coerced(text)
    if (repaired := rule.reparer(text)) is not None:
        steps = repaired.etapes
        code = "FMT-006"
        if any("zéro" in step for step in steps):
            code = "FMT-003"
        elif stored_as_number or any(".0" in step or "scientifique" in step for step in steps):
            code = "FMT-004"
        return _said(repaired.valeur, code, attendu=repaired.valeur, **values)
    compact = re.sub(r"[\s'’]", "", clean(text)).upper()
    return _unread(rule.code_cle if rule.forme.fullmatch(compact) else rule.code_forme, **values)


def _finess_liste(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    text = _plain_number(raw) if isinstance(raw, float | int) else str(raw)
    numbers: list[str] = []
    remarks: list[Remark] = []
    for part in re.split(r"[;,/\n]", text):
        if not clean(part):
            continue
        read = _read_identifier(clean(part), _IDENTIFIANTS[Kind.FINESS], False)
        remarks.extend(read.remarks)
        if read.value is NON_LU:
            return Coerced(NON_LU, tuple(remarks))
        numbers.append(read.value)
    return Coerced(tuple(numbers), tuple(remarks))


# --- numbers -------------------------------------------------------------------------------------


def _nombre(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    remarks: tuple[Remark, ...] = ()
    if isinstance(raw, bool) or (cell.is_date and not isinstance(raw, str)):
        return _unread("FMT-020", lu=shown(cell))
    if isinstance(raw, str):
        parsed = parse_number(raw)
        if parsed is None or (parsed.percent and column.kind is not Kind.RATIO):
            return _unread("FMT-020", lu=visible(raw))
        code = "FMT-011" if parsed.point else "FMT-021"
        remarks = (Remark(code, {"lu": visible(raw), "attendu": nombre(parsed.value)}),)
        raw = parsed.value
    return _bounded(float(raw), column, remarks)


def _entier(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    read = _nombre(cell, raw, column, reading)
    if read.value is NON_LU:
        return read
    if not float(read.value).is_integer():
        return Coerced(NON_LU, (*read.remarks, Remark("FMT-023", {"lu": nombre(read.value)})))
    return Coerced(int(read.value), read.remarks)


def _taux(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    remarks: tuple[Remark, ...] = ()
    limit = float(reading.referentiel.valeur("seuil_taux_saisi_en_points"))
    if isinstance(raw, bool) or (cell.is_date and not isinstance(raw, str)):
        return _unread("FMT-020", lu=shown(cell))
    if isinstance(raw, str):
        parsed = parse_number(raw)
        if parsed is None:
            return _unread("FMT-009", lu=visible(raw))
        value = parsed.value
        if not parsed.percent and limit < value <= 100:
            value /= 100
        code = "FMT-011" if parsed.point else "FMT-018"
        return _bounded(
            value, column, (Remark(code, {"lu": visible(raw), "attendu": taux(value)}),)
        )
    value = float(raw)
    if limit < value <= 100:
        value /= 100
        remarks = (Remark("FMT-010", {"lu": nombre(raw), "attendu": taux(value)}),)
    return _bounded(value, column, remarks)


def _bounded(value: float, column: Column, remarks: tuple[Remark, ...]) -> Coerced:
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        shown_as = taux if column.kind is Kind.TAUX else nombre
        remark = Remark(
            "FMT-022",
            {
                "lu": shown_as(value),
                "minimum": "" if low is None else shown_as(low),
                "maximum": "" if high is None else shown_as(high),
            },
        )
        return Coerced(NON_LU, (*remarks, remark))
    return Coerced(value, remarks)


def _cotation(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    if isinstance(raw, str):
        text = clean(raw)
        specials = reading.referentiel.listes["cotation_speciale"]
        if text.upper() in specials or text in specials:
            return Coerced(text.upper())
        if text == "*":
            return _said("★", "FMT-019", lu="*", attendu="★")
        parsed = parse_number(text)
        if parsed is None or parsed.percent:
            return _unread("HAS-005", lu=visible(raw))
        raw = parsed.value
        remarks: tuple[Remark, ...] = (
            Remark("FMT-021", {"lu": visible(text), "attendu": nombre(raw)}),
        )
    elif isinstance(raw, bool) or cell.is_date:
        return _unread("HAS-005", lu=shown(cell))
    else:
        remarks = ()
    assert column.minimum is not None and column.maximum is not None
    if not column.minimum <= raw <= column.maximum:
        return Coerced(NON_LU, (*remarks, Remark("HAS-005", {"lu": nombre(raw)})))
    return Coerced(float(raw), remarks)


# --- dates ---------------------------------------------------------------------------------------


def _date(cell: RawCell, raw: Any, column: Column, reading: Reading) -> Coerced:
    if isinstance(raw, bool):
        return _unread("FMT-007", lu=shown(cell))
    if isinstance(raw, str):
        day = parse_date(raw)
        if day is None:
            return _unread("FMT-007", lu=visible(raw))
        return _dated(day, reading, column, _date_remark(visible(raw), day))
    found = date_from_serial(float(raw), reading.date1904)
    if found is None:
        return _unread("FMT-007", lu=nombre(raw))
    if cell.is_date:
        return _dated(found, reading, column, ())
    if _is_plausible(found, reading):
        return _dated(found, reading, column, _date_remark(nombre(raw), found))
    return _unread("FMT-007", lu=nombre(raw))


def _date_remark(read: str, day: dt.date) -> tuple[Remark, ...]:
    return (Remark("FMT-016", {"lu": read, "attendu": day.strftime("%d/%m/%Y")}),)


def _is_plausible(day: dt.date, reading: Reading) -> bool:
    ref = reading.referentiel
    return bool(ref.valeur("date_minimale") <= day <= ref.valeur("date_maximale"))


def _dated(day: dt.date, reading: Reading, column: Column, remarks: tuple[Remark, ...]) -> Coerced:
    if not _is_plausible(day, reading) and not column.any_date:
        remarks = (*remarks, Remark("FMT-008", {"lu": day.strftime("%d/%m/%Y")}))
    return Coerced(day, remarks)


_READERS: dict[Kind, Callable[[RawCell, Any, Column, Reading], Coerced]] = {
    Kind.TEXTE: _texte,
    Kind.CODE: _code,
    Kind.FINESS: _identifiant,
    Kind.SIREN: _identifiant,
    Kind.SIRET: _identifiant,
    Kind.FINESS_LISTE: _finess_liste,
    Kind.LISTE: _liste,
    Kind.DATE: _date,
    Kind.TAUX: _taux,
    Kind.RATIO: _nombre,
    Kind.ENTIER: _entier,
    Kind.NOMBRE: _nombre,
    Kind.MONTANT: _nombre,
    Kind.ANNEE: _entier,
    Kind.COURRIEL: _courriel,
    Kind.COTATION: _cotation,
}
