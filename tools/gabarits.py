"""Regenerate `workbooks/`, which is never edited by hand: `python -m tools.gabarits`."""

from __future__ import annotations

from pathlib import Path

from xl_cpom.referentiel import charger
from xl_cpom.workbook.exemples.generation import ecrire_classeurs

FOLDER = Path(__file__).resolve().parent.parent / "workbooks"


def main() -> None:
    """Write the workbooks and name them."""
    for path in ecrire_classeurs(FOLDER, charger()):
        print(path.relative_to(FOLDER.parent))


if __name__ == "__main__":
    main()
