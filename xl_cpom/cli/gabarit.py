"""Command `xl-cpom gabarit`: write the standard workbook, blank or pre-filled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.control_page_option import control_page_name
from xl_cpom.cli.finess_reading import READINGS, followed_reading
from xl_cpom.cli.input_files import FILE_OR_FOLDER
from xl_cpom.cli.refusing import CommandRefusedError, UnreadableFileError
from xl_cpom.cli.variante_option import variante_option
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import plural, typeset
from xl_cpom.workbook.blank_name import blank_name

if TYPE_CHECKING:
    from xl_cpom.workbook.template.prefill import Prefilling

_ANNEES = tuple(load_referentiel().valeur(f"date_{end}").year for end in ("minimale", "maximale"))
LETTER_TEMPLATE = "modele_lettre.md"
DEFAULT_NAME = blank_name(load_referentiel())


@click.command()
@click.option(
    "-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER",
    help=f"Classeur à écrire (par défaut : {DEFAULT_NAME}, s'il n'existe pas déjà).",
)  # fmt: skip
@click.option(
    "--annee-n1",
    type=click.IntRange(*_ANNEES),
    default=None,
    metavar="ANNÉE",
    help=f"Première année du contrat (par défaut : celle du cycle, {load_referentiel().annee_n1}).",
)
@click.option(
    "--finess-ej",
    metavar="NUMÉRO",
    help="Préremplir pour cette entité juridique (avec --referentiel).",
)
@click.option(
    "--referentiel", "extrait", type=FILE_OR_FOLDER, metavar="T",
    help=f"Répertoire FINESS : {READINGS}.",
)  # fmt: skip
@variante_option
@control_page_name
@click.option(
    "--lettre",
    is_flag=True,
    help="Écrire plutôt le modèle de lettre (.md), à adapter et à donner à « valider » avec "
    "--modele-lettre.",
)
@click.option("--ecraser", is_flag=True, help="Remplacer FICHIER même s'il est rempli.")
def gabarit(
    sortie: Path | None,
    annee_n1: int | None,
    finess_ej: str | None,
    extrait: Path | None,
    variante: str,
    control_page: str,
    lettre: bool,
    ecraser: bool,
) -> None:
    """Écrire le classeur standard, vierge ou prérempli d'après FINESS, ou le modèle de lettre."""
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.replacement import is_blank_workbook
    from xl_cpom.workbook.template import Variante, write_template
    from xl_cpom.workbook.template.proposed_targets import blank_content

    if lettre:
        _letter(sortie or Path(LETTER_TEMPLATE), ecraser=ecraser)
        return
    if (finess_ej is None) != (extrait is None):
        raise click.UsageError(
            typeset("--finess-ej et --referentiel vont ensemble : donnez les deux, ou aucun.")
        )
    given, sortie = sortie is not None, sortie or Path(DEFAULT_NAME)
    if sortie.exists() and not ecraser and not (given and is_blank_workbook(sortie)):
        raise CommandRefusedError(
            typeset(
                f"« {sortie} » existe déjà et n'est pas remplacé. Choisissez un autre nom avec "
                "l'option -o, ou ajoutez --ecraser."
            )
        )
    if sortie.suffix.lower() != ".xlsx":
        raise click.UsageError(
            typeset(f"Le classeur doit porter l'extension .xlsx : « {sortie.name} ».")
        )
    referentiel = load_referentiel()
    filled = None
    if finess_ej is not None and extrait is not None:
        filled = _prefilled(extrait, finess_ej)
    try:
        write_template(
            sortie, referentiel, annee_n1=annee_n1, variante=Variante(variante),
            contenu=filled.content if filled else blank_content(referentiel),
            control_page=control_page,
        )  # fmt: skip
    except WriteError as failure:
        raise CommandRefusedError(str(failure)) from failure
    click.echo(_said(sortie, finess_ej, filled))


def _letter(output: Path, *, ecraser: bool) -> None:
    """Write the template of the letter, for the ARS to change."""
    from xl_cpom.cli.report_output import write_bytes
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.reports.jinja_environment import template_source

    if output.exists() and not ecraser:
        raise CommandRefusedError(
            typeset(
                f"« {output} » existe déjà et n'est pas remplacé. Choisissez un autre nom avec "
                "l'option -o, ou ajoutez --ecraser."
            )
        )
    try:
        write_bytes(output, template_source("lettre.md").encode())
    except WriteError as failure:
        raise CommandRefusedError(str(failure)) from failure
    click.echo(typeset(f"Modèle de lettre écrit : {output}"))


def _prefilled(extrait: Path, finess_ej: str) -> Prefilling:
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workbook.template.prefill import (
        UnknownOrganismeError,
        UnreadableExtractError,
        prefill,
    )

    try:
        with followed_reading("Lecture de FINESS") as suivi:
            return prefill(extrait, finess_ej.strip(), load_referentiel(), suivi)
    except UnreadableExtractError as failure:
        raise UnreadableFileError(str(failure)) from failure
    except UnknownOrganismeError as failure:
        raise CommandRefusedError(str(failure)) from failure


def _said(output: Path, finess_ej: str | None, filled: Prefilling | None) -> str:
    if filled is None:
        return typeset(f"Classeur vierge écrit : {output}")
    aside = []
    if filled.hors_champ:
        aside.append(f"{filled.hors_champ} hors du champ du CPOM")
    if filled.hors_region:
        aside.append(f"{filled.hors_region} hors de la région")
    aside.extend(filled.closed)
    rest = f" ; non repris : {', '.join(aside)}" if aside else ""
    count = plural(filled.etablissements, "établissement")
    return typeset(f"Classeur prérempli pour {finess_ej} ({count}{rest}) : {output}")
