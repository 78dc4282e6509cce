"""`xl-cpom exporter`: the sheets of a return as tables, CSV or Parquet."""

from __future__ import annotations

from pathlib import Path

import click

from xl_cpom.cli.input_files import FICHIER, keep
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.extras import install_command
from xl_cpom.typography import plural, typeset


@click.command()
@click.argument("retour", metavar="RETOUR", type=FICHIER)
@click.option(
    "--format", "format_", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True,
    help="CSV conforme aux Table Schemas publiés, ou Parquet (option « campagne »).",
)  # fmt: skip
@click.option(
    "-o", "--sortie", "dossier", required=True, metavar="DOSSIER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier où écrire une table par feuille.",
)  # fmt: skip
def exporter(retour: Path, format_: str, dossier: Path) -> None:
    """Écrire les feuilles d'un retour en tables, une par feuille, pour qui calcule.

    En CSV : en-têtes du classeur, dates AAAA-MM-JJ, taux entre 0 et 1, et un « datapackage.json »
    qui relie chaque table à son Table Schema. Une cellule illisible y est telle quelle. Le
    classeur n'est pas modifié.

    Code de retour : 0 tables écrites, 2 écriture refusée, 3 fichier illisible, 4 panne.
    """
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.files.os_errors import os_reason
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.tables import DuckdbAbsentError, write_csv, write_parquet
    from xl_cpom.workbook.decryption import open_workbook
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import UnreadableWorkbookError

    keep([retour])
    try:
        read = interpret(open_workbook(retour), load_referentiel())
    except UnreadableWorkbookError as refusal:
        raise UnreadableFileError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    write = write_csv if format_ == "csv" else write_parquet
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        paths = write(read, dossier)
    except WriteError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    except OSError as failure:
        said = f"Le dossier « {dossier} » ne peut pas être écrit ({os_reason(failure)})."
        raise CommandRefusedError(typeset(said)) from failure
    except DuckdbAbsentError as absent:
        said = f"Parquet demande l'option « campagne » : {install_command('campagne')}."
        raise CommandRefusedError(typeset(said)) from absent
    tables = sum(path.suffix == f".{format_}" for path in paths)
    click.echo(typeset(f"{plural(tables, 'table écrite', 'tables écrites')} : {dossier}"))
