"""How a severity looks, wherever it is shown: declared here, once.

The word and the symbol are the same everywhere; the colours are those of each medium. In a
terminal, the name of a colour. On a page (report, region, server, pane of Excel), a class, whose
inks are the variables of `templates/palette.css`. In a workbook, the fill, the ink and the border
of the cell at fault.
"""

from __future__ import annotations

import re

from xl_cpom.light_dataclass import dataclass
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, INFORMATION, Severity


@dataclass(frozen=True, slots=True)
class SeverityLook:
    """How a severity or a verdict is shown: a symbol, a word, a colour; never the colour alone."""

    symbol: str
    word: str
    color: str
    """In a terminal."""
    key: str
    """Class on a page."""


@dataclass(frozen=True, slots=True)
class CellLook:
    """ARGB of the fill and of the ink of a cell at fault (contrast above 7); its border."""

    background: str
    ink: str
    border: str
    bold: bool = False


SEVERITY_LOOKS: dict[Severity, SeverityLook] = {
    BLOQUANT: SeverityLook("✖", "Bloquant", "red", "bloquant"),
    AVERTISSEMENT: SeverityLook("▲", "Avertissement", "yellow", "avertissement"),
    INFORMATION: SeverityLook("●", "Information", "blue", "information"),
}

CELL_LOOKS: dict[Severity, CellLook] = {
    BLOQUANT: CellLook("FFFFC7CE", "FF7A0012", "thin", bold=True),
    AVERTISSEMENT: CellLook("FFFFE699", "FF5C3A00", "dashed"),
    INFORMATION: CellLook("FFDDEBF7", "FF1B3A66", "dotted"),
}

INKS = re.compile("|".join(a.ink[2:] for a in CELL_LOOKS.values()).encode(), re.IGNORECASE)
"""Found in the styles of every workbook that holds one of our highlights, whoever saved it."""


def label(severity: Severity) -> str:
    """Symbol and word: « ✖ Bloquant »."""
    return f"{SEVERITY_LOOKS[severity].symbol} {SEVERITY_LOOKS[severity].word}"
