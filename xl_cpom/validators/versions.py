"""Of two files of one organisme, which is the later: what each says of its own age, in order.

The date of the data first, which the gestionnaire types; then « définitif » against « provisoire »,
said by the name of the file or by the comment of the fiche; then the date or the version that both
names carry (« CPOM2630_210099008_20280115_v2.xlsx »); then the day each was last saved, which the
spreadsheet program writes; then the order of the names, « v10 » after « v9 ».
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from xl_cpom.light_dataclass import dataclass
from xl_cpom.typography import date_text, fold

_DAY = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)")
_VERSION = re.compile(r"(?<![^\W_])v(?:ersion)?[ _.-]*(\d{1,3})(?!\d)", re.IGNORECASE)


PROVISOIRE, DEFINITIF = "provisoire", "définitif"

_NATURE = re.compile(r"(?<![a-z])(provisoire|definiti(?:f|ve))s?(?![a-z])")
_SAID = re.compile(
    r"(?:^|(?:retour|version|envoi|classeur|donnees|chiffres) )(provisoire|definiti(?:f|ve))s?\b"
)
_REASON = re.compile(r"(?i)\bmotif[^:\n]{0,40}:\s*([^\n;]{3,200})")


def declared_nature(fichier: str, comment: str) -> str:
    """« provisoire », « définitif » or "": what the name of a file, else its fiche, declares."""
    for text, pattern in ((PurePosixPath(fichier).stem, _NATURE), (comment, _SAID)):
        found = {match[1] for match in pattern.finditer(fold(text.replace("_", " ")))}
        if found:
            return DEFINITIF if found != {PROVISOIRE} else PROVISOIRE
    return ""


def declared_reason(comment: str) -> str:
    """Why a new version is sent, as the comment of the fiche says it (« Motif : … »); else ""."""
    found = _REASON.search(comment)
    return found[1].strip().rstrip(".") if found else ""


@dataclass(frozen=True)
class Trace:
    """What a file says of its age. saved: ISO instant, "" when not known."""

    file: str
    date_arrete: dt.date | None = None
    saved: str = ""
    nature: str = ""

    @cached_property
    def name(self) -> str:
        """Name without folder nor extension."""
        return PurePosixPath(self.file).stem

    @cached_property
    def day(self) -> dt.date | None:
        """Last date written AAAAMMJJ in the name."""
        for year, month, day in reversed(_DAY.findall(self.name)):
            try:
                return dt.date(int(year), int(month), int(day))
            except ValueError:  # eight digits that are no date
                continue
        return None

    @cached_property
    def version(self) -> int | None:
        """Last version number in the name (« v2 », « Version 10 »)."""
        found = _VERSION.findall(self.name)
        return int(found[-1]) if found else None


def comparer(one: Trace, other: Trace) -> tuple[int, str]:
    """(1 when `one` is the later, -1 when it is `other`, why the later is: French)."""
    steps: tuple[tuple[Any, Any, Callable[[Any], str]], ...] = (
        (one.date_arrete, other.date_arrete, lambda d: f"données arrêtées au {date_text(d)}"),
        (_RANKS.get(one.nature), _RANKS.get(other.nature), lambda _: "déclarée définitive"),
        (one.day, other.day, lambda d: f"datée du {date_text(d)} par son nom"),
        (one.version, other.version, lambda n: f"version {n} d'après son nom"),
        (one.saved, other.saved, _enregistree),
    )
    for first, second, said in steps:
        sign = _sign(first, second)
        if sign:
            return sign, said(first if sign > 0 else second)
    return _sign(_naturel(one.file), _naturel(other.file)) or -1, "dernière par son nom"


_RANKS = {PROVISOIRE: 1, DEFINITIF: 2}


def _sign(first: Any, second: Any) -> int:
    """Sign of a comparison; 0 when one of them is not known."""
    if not first or not second or first == second:
        return 0
    return 1 if first > second else -1


def _enregistree(instant: str) -> str:
    try:
        return f"enregistrée le {date_text(dt.date.fromisoformat(instant[:10]))}"
    except ValueError:
        return "enregistrée plus tard"


def _naturel(name: str) -> tuple[tuple[int, int | str], ...]:
    parts: list[tuple[int, int | str]] = []
    digits = ""
    for char in f"{name.casefold()}\0":
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            parts.append((0, int(digits)))
            digits = ""
        parts.append((1, char))
    return tuple(parts)
