"""Rounding and comparison of rates the way a spreadsheet shows them.

Python's `round` is half to even on the binary value; ARRONDI is half away from zero on the fifteen
significant digits Excel keeps. Two rates are compared on what a reader sees.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CHIFFRES_SIGNIFICATIFS = 15
"""Excel computes and shows at most fifteen significant digits."""


def decimal_excel(valeur: float) -> Decimal:
    """The number as Excel keeps it: fifteen significant digits, without binary noise."""
    return Decimal(format(valeur, f".{CHIFFRES_SIGNIFICATIFS}g"))


def as_shown(valeur: float) -> float:
    """The number a reader sees and Excel compares: ``as_shown(60.00000000000001) == 60.0``.

    The dust that a computation leaves beyond the fifteenth digit is taken off.
    """
    return float(format(valeur, f".{CHIFFRES_SIGNIFICATIFS}g"))


def arrondi(valeur: float, decimales: int = 0) -> float:
    """Half away from zero, as ARRONDI: ``arrondi(2.5) == 3.0``, ``arrondi(-0.0005, 3) == -0.001``.

    Never returns -0.0.
    """
    pas = Decimal(1).scaleb(-decimales)
    exact = decimal_excel(valeur)
    if exact.adjusted() + decimales >= CHIFFRES_SIGNIFICATIFS:
        return float(exact)  # nothing left to round at this precision
    return float(exact.quantize(pas, rounding=ROUND_HALF_UP)) + 0.0


def ecart_absolu(a: float, b: float) -> float:
    """|a − b| without binary noise: ``ecart_absolu(0.7, 0.6) == 0.1``."""
    return float(decimal_excel(abs(float(decimal_excel(a) - decimal_excel(b)))))
