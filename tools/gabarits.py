"""Regenerate `workbooks/` and the frozen référentiels: `python -m tools.gabarits`.

They are never edited by hand.
"""

from __future__ import annotations

from pathlib import Path

from xl_cpom.referentiel import available_referentiels, load_referentiel
from xl_cpom.referentiel.frozen_tables import write_frozen_tables
from xl_cpom.workbook.examples.generation import write_examples

FOLDER = Path(__file__).resolve().parent.parent / "workbooks"


def main() -> None:
    """Write the workbooks and name them."""
    for identifiant in available_referentiels():
        print(write_frozen_tables(identifiant).relative_to(FOLDER.parent))
    for path in write_examples(FOLDER, load_referentiel()):
        print(path.relative_to(FOLDER.parent))


if __name__ == "__main__":
    main()
