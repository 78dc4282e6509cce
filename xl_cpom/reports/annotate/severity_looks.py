"""How each severity is shown: a word, a symbol, a colour and a line, so that none stands alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Severity


@dataclass(frozen=True, slots=True)
class Look:
    """Word and symbol of a severity; ARGB of its fill and ink (contrast above 7); its border."""

    mot: str
    symbole: str
    fond: str
    encre: str
    filet: str
    gras: bool = False

    @property
    def etiquette(self) -> str:
        """Symbol and word: « ✖ Bloquant »."""
        return f"{self.symbole} {self.mot}"


LOOKS: dict[Severity, Look] = {
    BLOQUANT: Look("Bloquant", "✖", "FFFFC7CE", "FF7A0012", "thin", gras=True),
    AVERTISSEMENT: Look("Avertissement", "▲", "FFFFE699", "FF5C3A00", "dashed"),
    INFORMATION: Look("Information", "●", "FFDDEBF7", "FF1B3A66", "dotted"),
}

INKS = re.compile("|".join(a.encre[2:] for a in LOOKS.values()).encode(), re.IGNORECASE)
"""Found in the styles of every workbook that holds one of our highlights, whoever saved it."""
