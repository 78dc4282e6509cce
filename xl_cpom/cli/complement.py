"""Command `xl-cpom complement`: build, install, diagnose the add-ins of Excel and LibreOffice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.typography import typeset

if TYPE_CHECKING:
    from xl_cpom.udfs.excel.addin_diagnostic import AddInCheck

MARKS = {True: "✔", False: "✖", None: "?"}


@click.group()
def complement() -> None:
    """Construire, installer ou diagnostiquer le complément Excel et LibreOffice."""


@complement.command()
@click.option(
    "-o",
    "--sortie",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DOSSIER",
    help="Dossier où écrire le complément Excel, celui de LibreOffice, le dossier du serveur et "
    "le classeur sans complément.",
)
@click.option(
    "--adresse",
    metavar="https://…",
    help="N'écrire que le complément statique d'Excel (web, Mac, Windows), pour l'adresse où il "
    "sera hébergé.",
)
def construire(sortie: Path, adresse: str | None) -> None:
    """Écrire les compléments et le classeur qui n'en a pas besoin."""
    if adresse is not None:
        _build_static(sortie, adresse)
        return
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.udfs.excel.delivery import CLASSEUR, deliver
    from xl_cpom.udfs.excel.xlam import FICHIER
    from xl_cpom.workbook.template import Variante, write_template

    try:
        delivery = deliver(sortie)
        write_template(sortie / CLASSEUR, load_referentiel(), variante=Variante.LAMBDA)
    except (OSError, WriteError) as refusal:
        raise CommandRefusedError(typeset(f"Écriture impossible : {refusal}")) from refusal
    written = delivery.written | {sortie / CLASSEUR: "classeur pour Excel 365, sans complément"}
    for path, said in written.items():
        click.echo(typeset(f"{path} : {said}"))
    if delivery.missing:
        raise CommandRefusedError(typeset(f"{FICHIER} n'a pas été construit : {delivery.missing}."))


def _build_static(output: Path, adresse: str) -> None:
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.udfs import office

    try:
        written = office.write(output, adresse)
    except office.AddressRefusedError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    except (OSError, WriteError) as refusal:
        raise CommandRefusedError(typeset(f"Écriture impossible : {refusal}")) from refusal
    for path, said in written.items():
        click.echo(typeset(f"{path} : {said}"))


@complement.command()
def installer() -> None:
    """Copier le complément là où Excel le charge (Windows)."""
    from xl_cpom.udfs.excel import installation, xlam

    try:
        places = installation.Locations.ici()
        installation.install_addin(xlam.construire(), places)
    except (installation.InstallationError, xlam.XlwingsTemplateError) as refusal:
        raise CommandRefusedError(typeset(f"Installation impossible : {refusal}.")) from refusal
    click.echo(typeset(f"Complément installé : {places.complement}"))
    click.echo(typeset(f"Python du complément : {places.interpreter}"))
    click.echo("Redémarrez Excel : l'onglet «\u00a0CPOM\u00a0» apparaît.")


@complement.command()
@click.pass_context
def diagnostic(ctx: click.Context) -> None:
    """Dire ce qui empêche les fonctions CPOM de se calculer.

    Dans Excel pour Windows : Python, xlwings, complément, fichier bloqué, réglages de sécurité.

    Code de sortie : 0 si rien ne manque, 1 sinon.
    """
    from xl_cpom.udfs.excel.addin_diagnostic import diagnose, machine_probes

    ctx.exit(show_checks(diagnose(machine_probes()), click.echo))


def show_checks(constats: list[AddInCheck], dire: Callable[[str], object]) -> int:
    """Print the findings; 1 when something is to mend."""
    for found in constats:
        dire(f"{MARKS[found.state]} {found.question}\u00a0: {found.detail}")
        if found.state is False and found.remedy:
            dire(f"  → {found.remedy}")
    return int(any(found.state is False for found in constats))
