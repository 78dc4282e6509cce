"""FINESS, SIREN and SIRET: their keys, and what Excel does to them.

An identifier is the thread that ties a return to an establishment, and the first thing a
spreadsheet destroys: a leading zero lost, « 2,60104633000012E+13 », a trailing « .0 », insecable
blanks. In real exports this is far more frequent than a typing error. So damage that can be undone
without any doubt is undone, by name, and said to the user; nothing is ever guessed: a repair is
kept only when the key of the repaired number is right.

FINESS: 9 characters, department (01 to 98, 2A, 2B) + 7 digits, the last being the Luhn key of the
whole, computed with A→1 and B→2 in Corsica (checked on 8 605 distinct real numbers; the
construction is described by the Agence du numérique en santé, ansforge/finess-plus). SIREN and
SIRET: Luhn key (Insee); the establishments of La Poste, 356000000, have digits that add up to a
multiple of five instead.

A key does not say which kind of number it is: a SIREN typed in a FINESS cell can pass, and FINESS
EJ and ET share one series. Only the referential settles that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_FINESS = re.compile(r"(?!00)(?:[0-9]{2}|2[AB])[0-9]{7}", re.ASCII)
_SIREN = re.compile(r"(?!0{9})[0-9]{9}", re.ASCII)
_SIRET = re.compile(r"(?!0{9})[0-9]{14}", re.ASCII)
_CHIFFRES = re.compile(r"[0-9]+", re.ASCII)
_POINT_ZERO = re.compile(r"([0-9AB]+)[.,]0+", re.ASCII)
_SCIENTIFIQUE = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})", re.ASCII)
_INVISIBLE = re.compile("[\\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]+")
_APOSTROPHES = "'’‘`´"

_DOUBLE = {str(c): (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[c] for c in range(10)}
_SIMPLE = {str(c): c for c in range(10)}
_CORSE = str.maketrans("AB", "12")

SIREN_LA_POSTE = "356000000"
SIRET_SIEGE_LA_POSTE = "35600000000048"


def luhn_key(chiffres: str) -> str:
    """The Luhn check digit to append to `chiffres` (ASCII digits only; ValueError otherwise)."""
    if not _CHIFFRES.fullmatch(chiffres):
        raise ValueError("cle_luhn attend des chiffres")
    return str(-_luhn_sum(chiffres + "0") % 10)


def _luhn_sum(chiffres: str) -> int:
    return sum([_SIMPLE[c] for c in chiffres[-1::-2]]) + sum([_DOUBLE[c] for c in chiffres[-2::-2]])


def finess_shape(text: str) -> bool:
    """Has this text the shape of a FINESS number (whatever its key)?"""
    return _FINESS.fullmatch(text) is not None


def finess_key(text: str) -> str | None:
    """The key the first eight characters call for; None when they have not the right shape."""
    start = text[:8]
    return luhn_key(start.translate(_CORSE)) if finess_shape(start + "0") else None


def finess_valide(text: str) -> bool:
    """Is this exact text a FINESS number with a right key?"""
    return finess_shape(text) and _luhn_sum(text.translate(_CORSE)) % 10 == 0


def finess_troisieme_zero(text: str) -> bool:
    """Is the third character « 0 », as in every number known? (A doubt, not a refusal.)"""
    return text[2:3] == "0"


def siren_valide(text: str) -> bool:
    """Is this exact text a SIREN with a right key?"""
    return _SIREN.fullmatch(text) is not None and _luhn_sum(text) % 10 == 0


def siret_valide(text: str) -> bool:
    """Is this exact text a SIRET with a right key (that of its SIREN too)?"""
    if not _SIRET.fullmatch(text) or not siren_valide(text[:9]):
        return False
    if text.startswith(SIREN_LA_POSTE) and text != SIRET_SIEGE_LA_POSTE:
        return sum([_SIMPLE[c] for c in text]) % 5 == 0
    return _luhn_sum(text) % 10 == 0


# --- repairs: each gives the text mended, or None when it has nothing to mend -------------------


def without_blanks(text: str) -> str | None:
    """« 21 000 002 2 » → « 210000022 »: blanks of any kind, inside or around."""
    net = _INVISIBLE.sub("", text)
    return net if net != text else None


def without_apostrophe(text: str) -> str | None:
    """« '010780001 » → « 010780001 »: the apostrophe that forces text, typed as a character."""
    net = text.lstrip(_APOSTROPHES)
    return net if net != text else None


def en_majuscules(text: str) -> str | None:
    """« 2a0000014 » → « 2A0000014 »."""
    net = text.upper()
    return net if net != text and net[1:2] in ("A", "B") else None


def without_point_zero(text: str) -> str | None:
    """« 210000022.0 » → « 210000022 »: an identifier that went through a decimal number."""
    found = _POINT_ZERO.fullmatch(text)
    return found[1] if found else None


def without_scientific_notation(text: str) -> str | None:
    """« 2,60104633000012E+13 » → « 26010463300012 », only when no digit is missing.

    « 2,601E+13 » has lost ten digits: it is beyond repair, even if its key happened to be right.
    """
    found = _SCIENTIFIQUE.fullmatch(text)
    if not found:
        return None
    head, decimales, exponent = found[1], found[2] or "", int(found[3])
    integers, rest = decimales[:exponent], decimales[exponent:]
    if head == "0" or len(integers) < exponent or rest.strip("0"):
        return None
    return head + integers


def with_zeros(text: str, length: int, au_plus: int) -> str | None:
    """« 10780001 » → « 010780001 »: at most `au_plus` leading zeros given back."""
    if not _CHIFFRES.fullmatch(text) or not 0 < length - len(text) <= au_plus:
        return None
    return text.zfill(length)


class IdentifierRepair(NamedTuple):
    """A repaired identifier and the names (French) of what was undone, in order."""

    value: str
    steps: tuple[str, ...]


_STEPS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("espaces retirées", without_blanks),
    ("apostrophe retirée", without_apostrophe),
    ("lettre mise en majuscule", en_majuscules),
    ("«\u00a0.0\u00a0» retiré", without_point_zero),
    ("notation scientifique développée", without_scientific_notation),
)


def finess_repair(text: str) -> IdentifierRepair | None:
    """The certain repair of a FINESS number; None when there is none, or nothing to repair.

    Only one zero can be lost (departments 01 to 09), and only when the number it gives back has a
    right key and « 0 » as third character: a number that lost its last digit is not mended.
    """
    return _repair(text, finess_valide, 9, 1, finess_troisieme_zero)


def siren_repair(text: str) -> IdentifierRepair | None:
    """The certain repair of a SIREN; None when there is none, or nothing to repair."""
    return _repair(text, siren_valide, 9, 2)


def siret_repair(text: str) -> IdentifierRepair | None:
    """The certain repair of a SIRET; None when there is none, or nothing to repair."""
    return _repair(text, siret_valide, 14, 2)


def repair_finess(text: str) -> str | None:
    """The value of `finess_repair`."""
    return _value(finess_repair(text))


def repair_siren(text: str) -> str | None:
    """The value of `siren_repair`."""
    return _value(siren_repair(text))


def repair_siret(text: str) -> str | None:
    """The value of `siret_repair`."""
    return _value(siret_repair(text))


def _value(reparation: IdentifierRepair | None) -> str | None:
    return reparation.value if reparation else None


def _repair(
    text: str,
    valide: Callable[[str], bool],
    length: int,
    zeros: int,
    plausible: Callable[[str], bool] = bool,
) -> IdentifierRepair | None:
    value, steps = text, []
    for name, repair in _STEPS:
        mieux = repair(value)
        if mieux is not None:
            value = mieux
            steps.append(name)
    complete = with_zeros(value, length, zeros)
    if complete is not None and plausible(complete):
        value = complete
        steps.append("zéro initial rétabli" if zeros == 1 else "zéros initiaux rétablis")
    return IdentifierRepair(value, tuple(steps)) if steps and valide(value) else None
