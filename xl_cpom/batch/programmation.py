"""The programming list of the ARS: who enters a CPOM, when, on what footing, with whom.

It is written by hand after the arrêtés: « Primo CPOM », « compétence conjointe », « 1/1/2026 » are
understood; what is not is refused with its line, since a workbook sent with an empty or wrong
contract would come back so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.batch.given_lists import Faults, UnreadableListError, departement, finess, read_list
from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import date_text, fold, listing, typeset, visible
from xl_cpom.workbook.interpretation.typed_dates import readings

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


@dataclass(frozen=True, slots=True)
class Programme:
    """An organisme of the programming list; what the list does not say is "" or None."""

    finess_ej: str
    raison_sociale: str = ""
    departement: str = ""
    type_contrat: str = ""
    date_entree: dt.date | None = None
    autorites: str = ""
    contact: str = ""
    courriel: str = ""
    telephone: str = ""


def read_programmation(path: Path, referentiel: Referentiel) -> dict[str, Programme]:
    """The organismes to prepare, by FINESS EJ, in the order of the list.

    Several lines of one organisme add up, the first that says something being right. Raises
    UnreadableListError.
    """
    found: dict[str, Programme] = {}
    faults = Faults(path)
    for line in read_list(path):
        with faults:
            number = finess(line["finess_ej"], "finess_ej", line, path)
            read = Programme(
                finess_ej=number,
                raison_sociale=visible(line.get("raison_sociale", "")),
                departement=departement(line.get("departement", ""), referentiel),
                type_contrat=_type(line, path, referentiel.listes["type_contrat"]),
                date_entree=_day(line, path),
                autorites=_autorites(line, path, referentiel.listes["autorites_signataires"]),
                contact=visible(line.get("contact", "")),
                courriel=visible(line.get("courriel", "")),
                telephone=visible(line.get("telephone", "")),
            )
            known = found.get(number)
            if known is not None:
                _hold_against(known, read, line, faults)
            found[number] = read if known is None else _ensemble(known, read)
    faults.tell()
    return found


def _hold_against(
    known: Programme, read: Programme, line: Mapping[str, str], faults: Faults
) -> None:
    """Two lines of one organisme do not contradict each other on its contract."""
    for key, what in (("type_contrat", "le type de contrat"), ("date_entree", "la date d'entrée"),
                      ("autorites", "la compétence")):  # fmt: skip
        one, other = getattr(known, key), getattr(read, key)
        if one and other and one != other:
            faults.contradiction(line, what, _shown(one), _shown(other))


def _shown(value: object) -> str:
    return date_text(value) if isinstance(value, dt.date) else str(value)


def _ensemble(known: Programme, read: Programme) -> Programme:
    return replace(
        known,
        **{key: getattr(read, key) for key in Programme.__slots__ if not getattr(known, key)},
    )


def _type(line: Mapping[str, str], path: Path, names: Sequence[str]) -> str:
    text = _serre(line.get("type_contrat", ""))
    if not text:
        return ""
    for name in names:
        if _serre(name) == text:
            return name
    for words, name in (
        (("primo", "premier", "1er"), "primo-CPOM"),
        (("renouv",), "renouvellement"),
        (("encours", "validite"), "CPOM en cours de validité"),
    ):
        if name in names and any(word in text for word in words):
            return name
    raise _refusal(line, path, "type_contrat", "un type de contrat", names)


def _autorites(line: Mapping[str, str], path: Path, names: Sequence[str]) -> str:
    text = _serre(line.get("competence", ""))
    if not text:
        return ""
    ars = "ars" in text or "propre" in text or "exclusive" in text
    shared = "conjoint" in text or (ars and ("cd" in text or "departement" in text))
    if shared:
        return next(name for name in names if "CD" in name)
    if ars:
        return next(name for name in names if "CD" not in name)
    raise _refusal(line, path, "competence", "une compétence", names)


def _day(line: Mapping[str, str], path: Path) -> dt.date | None:
    text = line.get("date_entree", "")
    days = readings(text)
    day = days[0] if len(days) == 1 else _as_excel(text)
    if text and day is None:
        raise _refusal(line, path, "date_entree", "une date", ("31/12/2026",))
    return day


_SERIAL = range(36526, 73051)
"""Serial numbers of Excel for the years 2000 to 2099."""

_MONTH = re.compile(r"(\d{1,2})[/-](\d{4})")


def _as_excel(text: str) -> dt.date | None:
    """« 46023 » is the serial number of a day that lost its format; « 01/2026 », a month."""
    if text.isascii() and text.isdigit() and int(text) in _SERIAL:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(text))
    month = _MONTH.fullmatch(text)
    if month is not None and 1 <= int(month[1]) <= 12:
        return dt.date(int(month[2]), int(month[1]), 1)
    return None


def _refusal(
    line: Mapping[str, str], path: Path, key: str, what: str, names: Sequence[str]
) -> UnreadableListError:
    return UnreadableListError(
        typeset(
            f"« {path.name} », ligne {line['ligne']} : « {visible(line[key], 40)} » n'est pas "
            f"{what}. Écrivez par exemple {listing((f'« {name} »' for name in names), 'ou')}."
        )
    )


def _serre(text: str) -> str:
    """Folded, letters and digits alone."""
    return "".join(char for char in fold(text) if char.isalnum())
