"""`xl-cpom demo`: the main job on the example workbooks, shown as a user would run it."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from xl_cpom.cli.sortie import ecrire_rapports, largeur_du_terminal
from xl_cpom.typographie import typographie

EXEMPLES = ("exemple_valide.xlsx", "exemple_fautif.xlsx")


@click.command()
@click.argument("dossier", required=False, type=click.Path(path_type=Path, file_okay=False))
def demo(dossier: Path | None) -> None:
    """Contrôler les classeurs d'exemple et montrer les verdicts.

    DOSSIER : celui des classeurs livrés (« workbooks » par défaut) ; sans lui, les exemples sont
    écrits dans un dossier temporaire.
    """
    from xl_cpom.validators.check import check
    from xl_cpom.validators.model import Status

    with ExitStack() as stack:
        folder = dossier or _livres() or _ecrits(stack)
        reports = [check(folder / name) for name in EXEMPLES]
        for name, report in zip(EXEMPLES, reports, strict=True):
            click.echo(f"\n$ xl-cpom valider {folder.name}/{name}\n")
            ecrire_rapports([report], "console", None, largeur=largeur_du_terminal())
    click.echo(typographie("\nÀ vous : « xl-cpom valider VOTRE_CLASSEUR.xlsx »."))
    if any(report.count_rules(Status.EN_PANNE) for report in reports):
        sys.exit(4)


def _livres() -> Path | None:
    folder = Path("workbooks")
    return folder if all((folder / name).is_file() for name in EXEMPLES) else None


def _ecrits(stack: ExitStack) -> Path:
    from xl_cpom.referentiel import charger
    from xl_cpom.workbook.exemples.generation import ecrire_classeurs

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xl-cpom-")))
    ecrire_classeurs(folder, charger())
    return folder
