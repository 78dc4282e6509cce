"""Command `xl-cpom gabarit`: write the standard workbook, blank or pre-filled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xl_cpom.cli.entrees import FICHIER
from xl_cpom.cli.refus import Illisible, Refus
from xl_cpom.typographie import pluriel, typographie

if TYPE_CHECKING:
    from xl_cpom.workbook.template.prefill import Preremplissage

MODELE_DE_LETTRE = "modele_lettre.md"
NOM_PAR_DEFAUT = "CPOM_socle_2026-2030.xlsx"


@click.command()
@click.option(
    "-o", "--sortie", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER",
    help=f"Classeur à écrire (par défaut : {NOM_PAR_DEFAUT}, s'il n'existe pas déjà).",
)  # fmt: skip
@click.option(
    "--annee-n1", type=click.IntRange(2015, 2035), default=None, metavar="ANNÉE",
    help="Première année du contrat (par défaut : celle du cycle, 2026).",
)  # fmt: skip
@click.option(
    "--finess-ej", metavar="NUMÉRO",
    help="Préremplir pour cette entité juridique (avec --referentiel).",
)  # fmt: skip
@click.option(
    "--referentiel", "extrait", type=FICHIER, metavar="FICHIER.csv",
    help="Extrait FINESS : fichier « etalab-cs1100502 », ou CSV dont la première ligne nomme les "
         "colonnes.",
)  # fmt: skip
@click.option(
    "--variante", type=click.Choice(["xlwings", "lambda", "native"]), default="xlwings",
    show_default=True, metavar="NOM",
    help="Comment les taux se calculent : « xlwings » (complément), « lambda » (Excel 365, rien à "
         "installer) ou « native » (formules ordinaires, partout).",
)  # fmt: skip
@click.option(
    "--lettre", is_flag=True,
    help="Écrire plutôt le modèle de lettre (.md), à adapter et à donner à « valider » avec "
         "--modele-lettre.",
)  # fmt: skip
@click.option("--ecraser", is_flag=True, help="Remplacer FICHIER même s'il est rempli.")
def gabarit(
    sortie: Path | None,
    annee_n1: int | None,
    finess_ej: str | None,
    extrait: Path | None,
    variante: str,
    lettre: bool,
    ecraser: bool,
) -> None:
    """Écrire le classeur standard, vierge ou prérempli d'après FINESS, ou le modèle de lettre."""
    from xl_cpom.referentiel import charger
    from xl_cpom.workbook.atomic import EcritureImpossible
    from xl_cpom.workbook.remplacement import est_vierge
    from xl_cpom.workbook.template import Variante, write_template

    if lettre:
        _lettre(sortie or Path(MODELE_DE_LETTRE), ecraser=ecraser)
        return
    if (finess_ej is None) != (extrait is None):
        raise click.UsageError(
            typographie("--finess-ej et --referentiel vont ensemble : donnez les deux, ou aucun.")
        )
    given, sortie = sortie is not None, sortie or Path(NOM_PAR_DEFAUT)
    if sortie.exists() and not ecraser and not (given and est_vierge(sortie)):
        raise Refus(
            typographie(
                f"« {sortie} » existe déjà et n'est pas remplacé. Choisissez un autre nom avec "
                "l'option -o, ou ajoutez --ecraser."
            )
        )
    if sortie.suffix.lower() != ".xlsx":
        raise click.UsageError(
            typographie(f"Le classeur doit porter l'extension .xlsx : « {sortie.name} ».")
        )
    referentiel = charger()
    filled = None
    if finess_ej is not None and extrait is not None:
        filled = _prefilled(extrait, finess_ej)
    try:
        write_template(
            sortie, referentiel, contenu=filled.contenu if filled else None, annee_n1=annee_n1,
            variante=Variante(variante),
        )  # fmt: skip
    except EcritureImpossible as failure:
        raise Refus(str(failure)) from failure
    click.echo(_said(sortie, finess_ej, filled))


def _lettre(sortie: Path, *, ecraser: bool) -> None:
    """Write the template of the letter, for the ARS to change."""
    from xl_cpom.cli.sortie import ecrire_octets
    from xl_cpom.reports.gabarits import source_du_modele
    from xl_cpom.workbook.atomic import EcritureImpossible

    if sortie.exists() and not ecraser:
        raise Refus(
            typographie(
                f"« {sortie} » existe déjà et n'est pas remplacé. Choisissez un autre nom avec "
                "l'option -o, ou ajoutez --ecraser."
            )
        )
    try:
        ecrire_octets(sortie, source_du_modele("lettre.md").encode())
    except EcritureImpossible as failure:
        raise Refus(str(failure)) from failure
    click.echo(typographie(f"Modèle de lettre écrit : {sortie}"))


def _prefilled(extrait: Path, finess_ej: str) -> Preremplissage:
    from xl_cpom.referentiel import charger
    from xl_cpom.workbook.template.prefill import ExtraitIllisible, OrganismeInconnu, prefill

    try:
        return prefill(extrait, finess_ej.strip(), charger())
    except ExtraitIllisible as failure:
        raise Illisible(str(failure)) from failure
    except OrganismeInconnu as failure:
        raise Refus(str(failure)) from failure


def _said(sortie: Path, finess_ej: str | None, filled: Preremplissage | None) -> str:
    if filled is None:
        return typographie(f"Classeur vierge écrit : {sortie}")
    aside = []
    if filled.hors_champ:
        aside.append(f"{filled.hors_champ} hors du champ du CPOM")
    if filled.hors_region:
        aside.append(f"{filled.hors_region} hors de la région")
    rest = f" ; non repris : {', '.join(aside)}" if aside else ""
    count = pluriel(filled.etablissements, "établissement")
    return typographie(f"Classeur prérempli pour {finess_ej} ({count}{rest}) : {sortie}")
