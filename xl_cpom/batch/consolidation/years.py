"""One folder of consolidation, year after year: what another year left is put in its own folder."""

from __future__ import annotations

from pathlib import Path

from xl_cpom.files.atomic import WriteError
from xl_cpom.files.os_errors import os_reason
from xl_cpom.typography import typeset

COUNCILS = "conseils_departementaux"
"""Folder of what each conseil départemental is given, in the consolidation and the bundles."""

ROOT_PIECES = ("consolidation.xlsx", "region.html", "region.xlsx", "synthese.html", COUNCILS)
"""What stands at the root of a consolidation, for the campaign at hand."""


def keep_last_year(folder: Path, before: int | None, annee: int | None) -> None:
    """Move what the campaign of another year left at the root to « annee=2027/ ».

    Run again on that year, it is written anew at the root. Raises WriteError.
    """
    if before is None or before == annee:
        return
    aside = folder / f"annee={before}"
    for name in ROOT_PIECES:
        if not (folder / name).exists():
            continue
        try:
            _move(folder / name, aside / name)
        except OSError as failure:
            raise WriteError(
                typeset(
                    f"« {name} » de {before} ne peut pas être rangé dans « {aside.name} » "
                    f"({os_reason(failure)}). Fermez-le s'il est ouvert, puis relancez."
                )
            ) from failure


def _move(piece: Path, place: Path) -> None:
    """A file, or a folder file by file, over what an earlier run of that year put there."""
    if piece.is_dir():
        for inside in sorted(piece.iterdir()):
            _move(inside, place / inside.name)
        piece.rmdir()
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        piece.replace(place)
