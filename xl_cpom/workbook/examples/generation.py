"""Write the shipped workbooks: the blank one, the valid example, the faulty example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.workbook.blank_name import blank_name
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.examples.faulty import write_faulty_example
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.template.proposed_targets import blank_content

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

VALIDE = "exemple_valide.xlsx"
FAULTY = "exemple_fautif.xlsx"


def write_valid_example(path: Path, referentiel: Referentiel) -> None:
    """Write the valid example."""
    write_template(path, referentiel, contenu=valid_content())


def write_examples(folder: Path, referentiel: Referentiel) -> tuple[Path, ...]:
    """Write the three workbooks in a folder; the same inputs give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    blank, valide, faulty = folder / blank_name(referentiel), folder / VALIDE, folder / FAULTY
    write_template(blank, referentiel, contenu=blank_content(referentiel))
    write_valid_example(valide, referentiel)
    write_faulty_example(faulty, referentiel)
    return blank, valide, faulty
