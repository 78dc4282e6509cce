"""One folder of consolidation, year after year: what another year left is put in its own folder."""

from __future__ import annotations

from pathlib import Path

from xl_cpom.files.atomic import WriteError
from xl_cpom.files.os_errors import os_reason
from xl_cpom.typography import typeset

ROOT_FILES = ("consolidation.xlsx", "region.html", "region.xlsx", "synthese.html")
"""What stands at the root of a consolidation, for the campaign at hand."""


def keep_last_year(folder: Path, before: int | None, annee: int | None) -> None:
    """Move what the campaign of another year left at the root to « annee=2027/ ».

    Run again on that year, it is written anew at the root. Raises WriteError.
    """
    if before is None or before == annee:
        return
    aside = folder / f"annee={before}"
    for name in ROOT_FILES:
        if not (folder / name).is_file():
            continue
        try:
            aside.mkdir(exist_ok=True)
            (folder / name).replace(aside / name)
        except OSError as failure:
            raise WriteError(
                typeset(
                    f"« {name} » de {before} ne peut pas être rangé dans « {aside.name} » "
                    f"({os_reason(failure)}). Fermez-le s'il est ouvert, puis relancez."
                )
            ) from failure
