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
_INVISIBLES = re.compile("[\\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]+")
_APOSTROPHES = "'’‘`´"

_DOUBLE = {str(c): (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[c] for c in range(10)}
_SIMPLE = {str(c): c for c in range(10)}
_CORSE = str.maketrans("AB", "12")

SIREN_LA_POSTE = "356000000"
SIRET_SIEGE_LA_POSTE = "35600000000048"


def cle_luhn(chiffres: str) -> str:
    """The Luhn check digit to append to `chiffres` (ASCII digits only; ValueError otherwise)."""
    if not _CHIFFRES.fullmatch(chiffres):
        raise ValueError("cle_luhn attend des chiffres")
    return str(-_somme_luhn(chiffres + "0") % 10)


def _somme_luhn(chiffres: str) -> int:
    return sum([_SIMPLE[c] for c in chiffres[-1::-2]]) + sum([_DOUBLE[c] for c in chiffres[-2::-2]])


def finess_forme(text: str) -> bool:
    """Has this text the shape of a FINESS number (whatever its key)?"""
    return _FINESS.fullmatch(text) is not None


def finess_cle(text: str) -> str | None:
    """The key the first eight characters call for; None when they have not the right shape."""
    debut = text[:8]
    return cle_luhn(debut.translate(_CORSE)) if finess_forme(debut + "0") else None


def finess_valide(text: str) -> bool:
    """Is this exact text a FINESS number with a right key?"""
    return finess_forme(text) and _somme_luhn(text.translate(_CORSE)) % 10 == 0


def finess_troisieme_zero(text: str) -> bool:
    """Is the third character « 0 », as in every number known? (A doubt, not a refusal.)"""
    return text[2:3] == "0"


def siren_valide(text: str) -> bool:
    """Is this exact text a SIREN with a right key?"""
    return _SIREN.fullmatch(text) is not None and _somme_luhn(text) % 10 == 0


def siret_valide(text: str) -> bool:
    """Is this exact text a SIRET with a right key (that of its SIREN too)?"""
    if not _SIRET.fullmatch(text) or not siren_valide(text[:9]):
        return False
    if text.startswith(SIREN_LA_POSTE) and text != SIRET_SIEGE_LA_POSTE:
        return sum([_SIMPLE[c] for c in text]) % 5 == 0
    return _somme_luhn(text) % 10 == 0


# --- repairs: each gives the text mended, or None when it has nothing to mend -------------------


def sans_blancs(text: str) -> str | None:
    """« 21 000 002 2 » → « 210000022 »: blanks of any kind, inside or around."""
    net = _INVISIBLES.sub("", text)
    return net if net != text else None


def sans_apostrophe(text: str) -> str | None:
    """« '010780001 » → « 010780001 »: the apostrophe that forces text, typed as a character."""
    net = text.lstrip(_APOSTROPHES)
    return net if net != text else None


def en_majuscules(text: str) -> str | None:
    """« 2a0000014 » → « 2A0000014 »."""
    net = text.upper()
    return net if net != text and net[1:2] in ("A", "B") else None


def sans_point_zero(text: str) -> str | None:
    """« 210000022.0 » → « 210000022 »: an identifier that went through a decimal number."""
    trouve = _POINT_ZERO.fullmatch(text)
    return trouve[1] if trouve else None


def sans_notation_scientifique(text: str) -> str | None:
    """« 2,60104633000012E+13 » → « 26010463300012 », only when no digit is missing.

    « 2,601E+13 » has lost ten digits: it is beyond repair, even if its key happened to be right.
    """
    trouve = _SCIENTIFIQUE.fullmatch(text)
    if not trouve:
        return None
    tete, decimales, exposant = trouve[1], trouve[2] or "", int(trouve[3])
    entiers, reste = decimales[:exposant], decimales[exposant:]
    if tete == "0" or len(entiers) < exposant or reste.strip("0"):
        return None
    return tete + entiers


def avec_zeros(text: str, longueur: int, au_plus: int) -> str | None:
    """« 10780001 » → « 010780001 »: at most `au_plus` leading zeros given back."""
    if not _CHIFFRES.fullmatch(text) or not 0 < longueur - len(text) <= au_plus:
        return None
    return text.zfill(longueur)


class IdentifierRepair(NamedTuple):
    """A repaired identifier and the names (French) of what was undone, in order."""

    valeur: str
    etapes: tuple[str, ...]


_ETAPES: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("espaces retirées", sans_blancs),
    ("apostrophe retirée", sans_apostrophe),
    ("lettre mise en majuscule", en_majuscules),
    ("«\u00a0.0\u00a0» retiré", sans_point_zero),
    ("notation scientifique développée", sans_notation_scientifique),
)


def finess_repair(text: str) -> IdentifierRepair | None:
    """The certain repair of a FINESS number; None when there is none, or nothing to repair.

    Only one zero can be lost (departments 01 to 09), and only when the number it gives back has a
    right key and « 0 » as third character: a number that lost its last digit is not mended.
    """
    return _reparer(text, finess_valide, 9, 1, finess_troisieme_zero)


def siren_repair(text: str) -> IdentifierRepair | None:
    """The certain repair of a SIREN; None when there is none, or nothing to repair."""
    return _reparer(text, siren_valide, 9, 2)


def siret_repair(text: str) -> IdentifierRepair | None:
    """The certain repair of a SIRET; None when there is none, or nothing to repair."""
    return _reparer(text, siret_valide, 14, 2)


def repair_finess(text: str) -> str | None:
    """The value of `finess_repair`."""
    return _valeur(finess_repair(text))


def repair_siren(text: str) -> str | None:
    """The value of `siren_repair`."""
    return _valeur(siren_repair(text))


def repair_siret(text: str) -> str | None:
    """The value of `siret_repair`."""
    return _valeur(siret_repair(text))


def _valeur(reparation: IdentifierRepair | None) -> str | None:
    return reparation.valeur if reparation else None


def _reparer(
    text: str,
    valide: Callable[[str], bool],
    longueur: int,
    zeros: int,
    plausible: Callable[[str], bool] = bool,
) -> IdentifierRepair | None:
    valeur, etapes = text, []
    for nom, reparer in _ETAPES:
        mieux = reparer(valeur)
        if mieux is not None:
            valeur = mieux
            etapes.append(nom)
    complete = avec_zeros(valeur, longueur, zeros)
    if complete is not None and plausible(complete):
        valeur = complete
        etapes.append("zéro initial rétabli" if zeros == 1 else "zéros initiaux rétablis")
    return IdentifierRepair(valeur, tuple(etapes)) if etapes and valide(valeur) else None
