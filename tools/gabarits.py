"""Regenerate `workbooks/`, which is never edited by hand: `python -m tools.gabarits`."""

from __future__ import annotations

from pathlib import Path

from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.examples.generation import write_examples

FOLDER = Path(__file__).resolve().parent.parent / "workbooks"


def main() -> None:
    """Write the workbooks and name them."""
    for path in write_examples(FOLDER, load_referentiel()):
        print(path.relative_to(FOLDER.parent))


if __name__ == "__main__":
    main()
