"""How each severity looks in a workbook: colours and a line, beside its word and its symbol.

The word and the symbol are those of every report (`mots.SEVERITY_LOOKS`).
"""

from __future__ import annotations

import re

from xl_cpom.light_dataclass import dataclass
from xl_cpom.reports.words import SEVERITY_LOOKS
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Severity


@dataclass(frozen=True, slots=True)
class Look:
    """ARGB of the fill and of the ink of a severity (contrast above 7); its border."""

    background: str
    ink: str
    border: str
    bold: bool = False


LOOKS: dict[Severity, Look] = {
    BLOQUANT: Look("FFFFC7CE", "FF7A0012", "thin", bold=True),
    AVERTISSEMENT: Look("FFFFE699", "FF5C3A00", "dashed"),
    INFORMATION: Look("FFDDEBF7", "FF1B3A66", "dotted"),
}


def label(severity: Severity) -> str:
    """Symbol and word: « ✖ Bloquant »."""
    return f"{SEVERITY_LOOKS[severity].symbol} {SEVERITY_LOOKS[severity].word}"


INKS = re.compile("|".join(a.ink[2:] for a in LOOKS.values()).encode(), re.IGNORECASE)
"""Found in the styles of every workbook that holds one of our highlights, whoever saved it."""
