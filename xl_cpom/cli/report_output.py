"""Where a command's report goes: the terminal, one file, or one file per workbook in a folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.files.atomic import WriteError, atomic_write
from xl_cpom.reports.render_context import InvalidTemplateError, RenderOptions
from xl_cpom.reports.renderings import FORMATS, Format, output_names
from xl_cpom.typography import typeset
from xl_cpom.workbook.replacement import refuse_if_filled

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


def terminal_width() -> int:
    """Columns of the terminal, 100 at most: beyond that lines are hard to read."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def require_one_file(nom_format: str, sortie: Path | None) -> None:
    """Refuse, before any work, to print what a terminal cannot show."""
    if FORMATS[nom_format].binaire and sortie is None:
        raise click.UsageError(
            typeset(f"Le format {nom_format} demande un fichier : ajoutez -o FICHIER.")
        )


def write_reports(
    reports: Sequence[Report],
    nom_format: str,
    sortie: Path | None,
    *,
    largeur: int,
    lettre: Mapping[str, Any] | None = None,
    ecartes: Mapping[str, str] | None = None,
) -> None:
    """Print or write the reports. A target that cannot be written ends with a French error.

    lettre: what the letters say beside the report (`RenderOptions.date` and its neighbours).
    ecartes: the files that the campaign does not count, and why.
    """
    rendering = FORMATS[nom_format]
    couleur = sortie is None and sys.stdout.isatty()
    contexte = _contexte(largeur=largeur, couleur=couleur, ecartes=ecartes or {}, **lettre or {})
    try:
        if sortie is None:
            click.echo(rendering.render(reports, contexte), nl=False)
        else:
            _ecrire(reports, rendering, sortie, contexte)
    except (WriteError, InvalidTemplateError) as refusal:
        raise CommandRefusedError(str(refusal)) from refusal


def _ecrire(
    reports: Sequence[Report], rendering: Format, sortie: Path, contexte: RenderOptions
) -> None:
    if not sortie.is_dir():
        write_bytes(sortie, rendering.octets(reports, contexte))
        return
    names = output_names(reports, rendering.extension)
    for report, name in zip(reports, names, strict=True):
        write_bytes(sortie / name, rendering.octets([report], contexte))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a report whole or not at all, never over a filled workbook.

    Raises WriteError.
    """
    refuse_if_filled(path)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def _contexte(**options: Any) -> RenderOptions:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.validators.catalogue import RULES

    return RenderOptions(regles=RULES, referentiel=load_referentiel(), **options)
