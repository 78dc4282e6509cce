"""`xl-cpom demo`: the main job on the example workbooks, shown as a user would run it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from xl_cpom.cli.report_output import terminal_width, write_reports
from xl_cpom.files.temporaries import private_folder
from xl_cpom.typography import typeset

EXAMPLES = ("exemple_valide.xlsx", "exemple_fautif.xlsx")


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
        folder = dossier or _books() or _written(stack)
        reports = [check(folder / name) for name in EXAMPLES]
        for name, report in zip(EXAMPLES, reports, strict=True):
            click.echo(f"\n$ xl-cpom valider {folder.name}/{name}\n")
            write_reports([report], "console", None, largeur=terminal_width())
    click.echo(typeset("\nÀ vous : « xl-cpom valider VOTRE_CLASSEUR.xlsx »."))
    if any(report.count_rules(Status.EN_PANNE) for report in reports):
        sys.exit(4)


def _books() -> Path | None:
    folder = Path("workbooks")
    return folder if all((folder / name).is_file() for name in EXAMPLES) else None


def _written(stack: ExitStack) -> Path:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.examples.generation import write_examples

    folder = stack.enter_context(private_folder())
    write_examples(folder, load_referentiel())
    return folder
