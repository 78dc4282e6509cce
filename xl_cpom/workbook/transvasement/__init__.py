"""The content of a damaged, re-arranged or older workbook poured into a clean one.

`transvaser` places every value that has a place, typed; keeps as it is what could not be read;
and writes on a sheet « Non repris », with its origin, whatever has no room. Nothing is dropped
in silence: the new file is read again and compared with the old one before it is published.
"""

from xl_cpom.workbook.transvasement.modele import (
    CibleRefusee,
    NonRepris,
    RelectureDifferente,
    Reparation,
    Transvasement,
)
from xl_cpom.workbook.transvasement.transvaser import transvaser

__all__ = [
    "CibleRefusee",
    "NonRepris",
    "RelectureDifferente",
    "Reparation",
    "Transvasement",
    "transvaser",
]
