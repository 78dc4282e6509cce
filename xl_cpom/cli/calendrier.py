"""Command `xl-cpom calendrier`: what each ESMS has to deposit, when, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.input_files import FICHIER, keep
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.typography import plural, typeset

if TYPE_CHECKING:
    from xl_cpom.workbook.deposit_calendar import DueDeposit


@click.command()
@click.argument("retour", metavar="[RETOUR]", type=FICHIER, required=False)
@click.option("--annee", type=click.IntRange(2000, 2100), metavar="AAAA",
              help="Année civile (par défaut : l'année suivie du classeur).")  # fmt: skip
@click.option("--categorie", metavar="CODE",
              help="Sans classeur : catégorie FINESS d'un ESMS (exemple : 500).")  # fmt: skip
@click.option("--statut", "status", default="", metavar="CODE",
              help="Sans classeur : statut juridique de l'organisme (exemple : 60).")  # fmt: skip
@click.option("--format", "format_", type=click.Choice(["console", "csv", "json"]),
              default="console", show_default=True, help="Forme du calendrier.")  # fmt: skip
@click.option("-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), metavar="F",
              help="Fichier où l'écrire.")  # fmt: skip
def calendrier(
    retour: Path | None,
    annee: int | None,
    categorie: str | None,
    status: str,
    format_: str,
    sortie: Path | None,
) -> None:
    """Dire ce que chaque ESMS doit déposer dans l'année, quand, et pourquoi.

    RETOUR : un classeur, dont les ESMS et l'organisme donnent le calendrier. Sans classeur,
    --categorie ou --statut donnent celui d'un ESMS ou d'un organisme.

    Code de retour : 0 calendrier donné, 2 mauvaise utilisation, 3 fichier illisible.
    """
    from xl_cpom.files.atomic import WriteError, atomic_write
    from xl_cpom.reports.due_deposits import as_csv, as_json, as_text

    if (retour is None) == (categorie is None and not status):
        raise click.UsageError(
            typeset("Donnez un classeur, ou --categorie, ou --statut : l'un d'eux seulement.")
        )
    if retour is not None:
        keep([retour])
        found, year = _of_workbook(retour, annee)
    else:
        found, year = _of_category(categorie, status, annee)
    text = {"console": lambda: as_text(found, year) + "\n", "csv": lambda: as_csv(found),
            "json": lambda: as_json(found, year)}[format_]()  # fmt: skip
    if sortie is None:
        click.echo(text, nl=False)
        return
    try:
        with atomic_write(sortie) as temporary:
            temporary.write_text(
                ("\ufeff" if format_ == "csv" else "") + text, encoding="utf-8", newline=""
            )
    except WriteError as failure:
        raise CommandRefusedError(str(failure)) from failure
    click.echo(typeset(f"{plural(len(found), 'dépôt')} : {sortie}"))


def _of_workbook(path: Path, annee: int | None) -> tuple[list[DueDeposit], int]:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.deposit_calendar import calendar_of
    from xl_cpom.workbook.interpretation.interpret import interpret
    from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

    try:
        classeur = interpret(read_workbook(path), load_referentiel()).classeur
    except UnreadableWorkbookError as refusal:
        raise UnreadableFileError(f"{refusal.message} {refusal.fix}".strip()) from refusal
    year = annee or classeur.annee_suivie or classeur.annee_n1
    return calendar_of(classeur, year), year


def _of_category(
    categorie: str | None, status: str, annee: int | None
) -> tuple[list[DueDeposit], int]:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.deposit_calendar import Depositor, deposits

    referentiel = load_referentiel()
    year = annee or referentiel.annee_n1
    if categorie is not None and categorie not in referentiel.categories:
        raise click.UsageError(typeset(f"Catégorie FINESS inconnue : « {categorie} »."))
    if status and status not in referentiel.statuts_juridiques:
        raise click.UsageError(typeset(f"Statut juridique inconnu : « {status} »."))
    asked = []
    if categorie is not None:
        label = referentiel.categories[categorie].libelle
        asked.append(Depositor("", label, "ET", categorie))
    if status:
        label = referentiel.statuts_juridiques[status].libelle
        asked.append(Depositor("", label, "OG", statut_juridique=status))
    return [d for entity in asked for d in deposits(referentiel, entity, year)], year
