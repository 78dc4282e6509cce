"""Write the shipped workbooks: the blank one, the valid example, the faulty example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.workbook.exemples import contenu_valide
from xl_cpom.workbook.exemples.fautif import ecrire_fautif
from xl_cpom.workbook.template import write_template

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

VIERGE = "CPOM_socle_2026-2030.xlsx"
VALIDE = "exemple_valide.xlsx"
FAUTIF = "exemple_fautif.xlsx"


def ecrire_valide(path: Path, referentiel: Referentiel) -> None:
    """Write the valid example."""
    write_template(path, referentiel, contenu=contenu_valide())


def ecrire_classeurs(folder: Path, referentiel: Referentiel) -> tuple[Path, ...]:
    """Write the three workbooks in a folder; the same inputs give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    vierge, valide, fautif = folder / VIERGE, folder / VALIDE, folder / FAUTIF
    write_template(vierge, referentiel)
    ecrire_valide(valide, referentiel)
    ecrire_fautif(fautif, referentiel)
    return vierge, valide, fautif
