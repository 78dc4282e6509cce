"""Values compared with the thresholds of the référentiel, on what a reader sees of them."""

from __future__ import annotations

from xl_cpom.indicators import arrondi
from xl_cpom.referentiel import Seuil
from xl_cpom.typography import rate_text

DECIMALES = 3
"""A rate is compared at one decimal of a percent, as it is displayed."""


def out_of_bounds(valeur: float, seuil: Seuil) -> bool:
    """Is this rate atypical, once rounded as it is displayed?"""
    return seuil.atypique(arrondi(valeur, DECIMALES))


def usuel(seuil: Seuil) -> str:
    """The usual values in words: « entre 0 % et 120 % », « de 0 % à moins de 40 % »."""
    if seuil.maximum is None:
        assert seuil.minimum is not None, "a threshold that nothing passes"
        return f"au moins {rate_text(seuil.minimum, 0)}"
    haut = rate_text(seuil.maximum, 0)
    if seuil.minimum is None:
        return f"moins de {haut}" if seuil.maximum_exclu else f"au plus {haut}"
    bas = rate_text(seuil.minimum, 0)
    return f"de {bas} à moins de {haut}" if seuil.maximum_exclu else f"entre {bas} et {haut}"
