"""`xl-cpom valider`: control workbooks, print or write the report, exit with the verdict."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from xl_cpom.cli.annoter import write_copies
from xl_cpom.cli.campaign_run import (
    BatchRequest,
    batch_options,
    check_many,
    tell_the_rest,
    unpacked,
)
from xl_cpom.cli.companion_options import complement_options, read_complements
from xl_cpom.cli.date_option import IsoDate, doubtful_date
from xl_cpom.cli.input_files import FICHIER, FILE_OR_FOLDER, keep
from xl_cpom.cli.letter_options import letter_options, read_letter_template
from xl_cpom.cli.password_list import with_passwords
from xl_cpom.cli.password_option import VARIABLE, read_password
from xl_cpom.cli.report_output import require_one_file, terminal_width, write_reports
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.typography import typeset

JUGES = ("direct", "pandera", "deux")
"""As `validators.judges` names them, which the help alone need not import."""


@click.command()
@click.argument(
    "chemins",
    nargs=-1,
    required=True,
    metavar="FICHIER|DOSSIER…",
    type=FILE_OR_FOLDER,
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="console",
    show_default=True,
    help="Forme du rapport.",
)
@click.option(
    "-o",
    "--sortie",
    type=click.Path(path_type=Path),
    metavar="SORTIE",
    help="Fichier où écrire le rapport, ou dossier pour un rapport par classeur.",
)
@click.option(
    "--date",
    type=IsoDate(),
    help="Date à laquelle juger les échéances "
    "(par défaut : la date d'arrêté des données du classeur).",
)
@click.option(
    "--copie-annotee",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DOSSIER",
    help="Dossier où écrire une copie annotée de chaque classeur.",
)
@click.option(
    "--mot-de-passe",
    envvar=VARIABLE,
    metavar="MOT",
    help="Mot de passe des classeurs qui en demandent un pour s'ouvrir ; « - » le fait demander, "
    "sans l'afficher ni le laisser dans l'historique des commandes. Il n'est écrit nulle part.",
)
@click.option(
    "--juge",
    type=click.Choice(JUGES),
    help="Qui dit quelles lignes sont en anomalie : les règles directement, les schémas pandera, "
    "ou les deux, comparés. Par défaut : direct pour un fichier, pandera pour un dossier ou "
    "plusieurs fichiers. Les anomalies sont les mêmes.",
)
@click.option(
    "--double-lecture",
    is_flag=True,
    help="Faire relire chaque classeur, cellule par cellule, par un second lecteur indépendant "
    "(openpyxl), dans un processus à part : une cellule lue autrement est dite.",
)
@click.option(
    "--mots-de-passe",
    "mots_de_passe",
    type=FICHIER,
    metavar="F.csv",
    help="Un mot de passe par classeur : colonnes « fichier » (ou « finess_ej ») et "
    "« mot_de_passe ». Ils ne sont écrits nulle part.",
)
@complement_options
@letter_options
@batch_options
def valider(
    chemins: tuple[Path, ...],
    format_: str,
    sortie: Path | None,
    date: dt.date | None,
    copie_annotee: Path | None,
    mot_de_passe: str | None,
    mots_de_passe: Path | None,
    juge: str | None,
    double_lecture: bool,
    **options: Any,
) -> None:
    """Contrôler un classeur, plusieurs, ou tous ceux d'un dossier.

    Code de retour : 0 recevable (avec ou sans réserves), 1 au moins un non recevable, 2 mauvaise
    utilisation, 3 fichier illisible, 4 panne du contrôle lui-même. Le plus grave l'emporte. Une
    copie annotée qui n'a pas pu être écrite donne 2 quand tous les classeurs sont recevables.
    """
    from xl_cpom.batch.deposit import mixed_output, open_depot
    from xl_cpom.validators.model import DIRECT, PANDERA, exit_code

    require_one_file(format_, sortie)
    complements = read_complements(options)
    arguments = dict(complements.as_arguments())
    if mot_de_passe is not None:
        arguments["mot_de_passe"] = read_password(mot_de_passe)
    if options["control_page"] is not None and options["lots"] is None:
        raise click.UsageError("--page-controle demande --lots.")
    letter = read_letter_template(options, format_, options["lots"], date)
    one = len(chemins) == 1 and chemins[0].is_file()
    juge = juge or (DIRECT if one else PANDERA)
    lot = BatchRequest(**options, date=date, arguments=arguments, letter=letter, juge=juge,
                       second_reading=double_lecture)  # fmt: skip
    mixed = mixed_output(chemins, lot.outputs)
    if mixed is not None:
        raise click.UsageError(
            typeset(
                f"« {mixed} » contient des retours ou d'autres fichiers : choisissez pour les "
                "sorties un dossier nouveau, ou hors des dossiers à contrôler."
            )
        )
    deposit = open_depot(chemins, sauf=[p for p in (*lot.outputs, copie_annotee, sortie) if p])
    if lot.dask is None:  # the other machines would not see what is taken out here
        deposit = unpacked(deposit)
    files = deposit.files
    if mots_de_passe is not None:
        files = with_passwords(files, mots_de_passe)
    tell_the_rest(deposit)
    if not files and lot.attendus is None:
        raise click.UsageError("Aucun classeur .xlsx ou .xlsm dans ce dossier.")
    keep([file.path for file in files])
    bilan: Sequence[str] = ()
    aside: Mapping[str, str] = {}
    if lot.is_asked or len(files) != 1 or mot_de_passe is not None or mots_de_passe:
        reports, bilan, aside = check_many(files, chemins, lot)
    else:
        from xl_cpom.validators.check import check

        reports = [check(files[0].path, date=date, juge=juge, **lot.arguments)]
        if double_lecture:
            from xl_cpom.batch.second_readings import with_second_readings

            reports = with_second_readings([files[0].path], reports)
    code = 0
    if copie_annotee is not None:
        code = write_copies([file.path for file in files], reports, copie_annotee)
    letter.pop("word_templates", None)  # of the bundles, written above: no report has one
    write_reports(reports, format_, sortie, width=terminal_width(), lettre=letter, discarded=aside)
    for line in (*bilan, *filter(None, [doubtful_date(date, reports)])):
        click.echo(line, err=True)
    sys.exit(max((exit_code(report) for report in reports), default=0) or code)
