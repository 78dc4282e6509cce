"""`xl-cpom comparer`: two versions of one return, or the returns of two years, side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.cli.report_output import terminal_width, write_bytes

if TYPE_CHECKING:
    from xl_cpom.reports.comparison import Comparison


@click.command()
@click.argument("avant", metavar="A", type=FICHIER)
@click.argument("apres", metavar="B", type=FICHIER)
@click.option(
    "--format", "format_", type=click.Choice(["console", "html", "json"]), default="console",
    show_default=True, help="Forme de la comparaison.",
)  # fmt: skip
@click.option(
    "-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), metavar="SORTIE",
    help="Fichier où écrire la comparaison.",
)  # fmt: skip
def comparer(avant: Path, apres: Path, format_: str, sortie: Path | None) -> None:
    """Comparer deux classeurs du même organisme gestionnaire : A avant, B après.

    Deux versions d'un retour : cellules modifiées, anomalies corrigées, nouvelles et restantes,
    indicateurs avant et après. Deux années : évolution de chaque indicateur.

    Code de retour : celui du verdict de B (0 recevable, 1 non recevable), 2 pour deux organismes
    différents ou une mauvaise utilisation, 3 si l'un des fichiers est illisible, 4 en cas de panne.
    """
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.reports.comparison import ComparisonRefusedError, UnreadableSideError
    from xl_cpom.reports.comparison import comparer as confronter
    from xl_cpom.validators.model import exit_code

    try:
        comparaison = confronter(avant, apres)
    except UnreadableSideError as refusal:
        raise UnreadableFileError(str(refusal)) from refusal
    except ComparisonRefusedError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    text = _text(comparaison, format_)
    try:
        if sortie is None:
            click.echo(text, nl=False)
        else:
            write_bytes(sortie, text.encode())
    except WriteError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    sys.exit(exit_code(comparaison.after))


def _text(comparaison: Comparison, format_: str) -> str:
    if format_ == "json":
        from xl_cpom.reports.comparison import json_document

        return json_document.render(comparaison)
    if format_ == "html":
        from xl_cpom.reports.comparison import html_page

        return html_page.render(comparaison)
    from xl_cpom.reports.comparison import console

    return console.render(comparaison, terminal_width())
