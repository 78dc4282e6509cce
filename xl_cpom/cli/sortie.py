"""Where a command's report goes: the terminal, one file, or one file per workbook in a folder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.refus import Refus
from xl_cpom.reports.contexte import Contexte, ModeleInvalideError
from xl_cpom.reports.formats import FORMATS, Format, noms_de_sortie
from xl_cpom.typographie import typographie
from xl_cpom.workbook.atomic import EcritureImpossible, atomic_write
from xl_cpom.workbook.remplacement import refuser_si_rempli

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report


def largeur_du_terminal() -> int:
    """Columns of the terminal, 100 at most: beyond that lines are hard to read."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


def exiger_un_fichier(nom_format: str, sortie: Path | None) -> None:
    """Refuse, before any work, to print what a terminal cannot show."""
    if FORMATS[nom_format].binaire and sortie is None:
        raise click.UsageError(
            typographie(f"Le format {nom_format} demande un fichier : ajoutez -o FICHIER.")
        )


def ecrire_rapports(
    reports: Sequence[Report],
    nom_format: str,
    sortie: Path | None,
    *,
    largeur: int,
    lettre: Mapping[str, Any] | None = None,
) -> None:
    """Print or write the reports. A target that cannot be written ends with a French error.

    lettre: what the letters say beside the report (`Contexte.date` and its neighbours).
    """
    rendering = FORMATS[nom_format]
    couleur = sortie is None and sys.stdout.isatty()
    contexte = _contexte(largeur=largeur, couleur=couleur, **lettre or {})
    try:
        if sortie is None:
            click.echo(rendering.render(reports, contexte), nl=False)
        else:
            _ecrire(reports, rendering, sortie, contexte)
    except (EcritureImpossible, ModeleInvalideError) as refusal:
        raise Refus(str(refusal)) from refusal


def _ecrire(reports: Sequence[Report], rendering: Format, sortie: Path, contexte: Contexte) -> None:
    if not sortie.is_dir():
        ecrire_octets(sortie, rendering.octets(reports, contexte))
        return
    names = noms_de_sortie(reports, rendering.extension)
    for report, name in zip(reports, names, strict=True):
        ecrire_octets(sortie / name, rendering.octets([report], contexte))


def ecrire_octets(path: Path, content: bytes) -> None:
    """Write a report whole or not at all, never over a filled workbook.

    Raises EcritureImpossible.
    """
    refuser_si_rempli(path)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def _contexte(**options: Any) -> Contexte:
    from xl_cpom.referentiel import charger
    from xl_cpom.validators.catalogue import RULES

    return Contexte(regles=RULES, referentiel=charger(), **options)
