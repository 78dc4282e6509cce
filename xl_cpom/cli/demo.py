"""`xl-cpom demo`: the main job on the example workbooks, shown as a user would run it."""

from __future__ import annotations

import shutil
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
        kept = dossier or _books()
        folder = kept or _written(stack)
        reports = [check(folder / name) for name in EXAMPLES]
        for name, report in zip(EXAMPLES, reports, strict=True):
            shown = f"$ {_program()} valider {kept / name}" if kept else typeset(f"« {name} » :")
            click.echo(f"\n{shown}\n")
            write_reports([report], "console", None, width=terminal_width())
    click.echo(typeset(f"\nÀ vous : {_program()} valider VOTRE_CLASSEUR.xlsx"))
    if any(report.count_rules(Status.EN_PANNE) for report in reports):
        sys.exit(4)


def _program() -> str:
    """What to type in this terminal to start this program again."""
    started = Path(sys.argv[0])
    if shutil.which("xl-cpom") or started.stem != "xl-cpom":
        return "xl-cpom"
    here = Path.cwd()
    return str(started.relative_to(here) if started.is_relative_to(here) else started)


def _books() -> Path | None:
    folder = Path("workbooks")
    return folder if all((folder / name).is_file() for name in EXAMPLES) else None


def _written(stack: ExitStack) -> Path:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.examples.generation import write_examples

    folder = stack.enter_context(private_folder())
    write_examples(folder, load_referentiel())
    return folder
