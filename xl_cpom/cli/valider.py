"""`xl-cpom valider`: control workbooks, print or write the report, exit with the verdict."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from xl_cpom.cli.annoter import ecrire_copies
from xl_cpom.cli.campagne import Lot, controler_lot, dire_le_reste, options_de_lot
from xl_cpom.cli.complements import lire_complements, options_de_complement
from xl_cpom.cli.dates import DateIso
from xl_cpom.cli.entrees import FICHIER_OU_DOSSIER, garder
from xl_cpom.cli.lettre import lire_lettre, options_de_lettre
from xl_cpom.cli.mot_de_passe import lire_mot_de_passe
from xl_cpom.cli.sortie import ecrire_rapports, exiger_un_fichier, largeur_du_terminal
from xl_cpom.reports.formats import FORMATS
from xl_cpom.typographie import typographie


@click.command()
@click.argument(
    "chemins",
    nargs=-1,
    required=True,
    metavar="FICHIER|DOSSIER…",
    type=FICHIER_OU_DOSSIER,
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
    type=DateIso(),
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
    envvar="XL_CPOM_MOT_DE_PASSE",
    metavar="MOT",
    help="Mot de passe des classeurs qui en demandent un pour s'ouvrir ; « - » le fait demander, "
    "sans l'afficher. Il n'est écrit nulle part.",
)
@options_de_complement
@options_de_lettre
@options_de_lot
def valider(
    chemins: tuple[Path, ...],
    format_: str,
    sortie: Path | None,
    date: dt.date | None,
    copie_annotee: Path | None,
    mot_de_passe: str | None,
    **options: Any,
) -> None:
    """Contrôler un classeur, plusieurs, ou tous ceux d'un dossier.

    Code de retour : 0 recevable (avec ou sans réserves), 1 au moins un non recevable, 2 mauvaise
    utilisation, 3 fichier illisible, 4 panne du contrôle lui-même. Le plus grave l'emporte. Une
    copie annotée qui n'a pas pu être écrite donne 2 quand tous les classeurs sont recevables.
    """  # fmt: skip
    from xl_cpom.batch.depot import melange, ouvrir
    from xl_cpom.validators.model import exit_code

    exiger_un_fichier(format_, sortie)
    complements = lire_complements(options)
    arguments = dict(complements.a_transmettre())
    if mot_de_passe is not None:
        arguments["mot_de_passe"] = lire_mot_de_passe(mot_de_passe)
    lettre = lire_lettre(options, format_, options["lots"], date)
    lot = Lot(**options, date=date, arguments=arguments, lettre=lettre)
    mixed = melange(chemins, lot.sorties)
    if mixed is not None:
        raise click.UsageError(
            typographie(
                f"« {mixed} » contient des retours ou d'autres fichiers : choisissez pour les "
                "sorties un dossier nouveau, ou hors des dossiers à contrôler."
            )
        )
    depot = ouvrir(chemins, sauf=[p for p in (*lot.sorties, copie_annotee, sortie) if p])
    files = depot.fichiers
    dire_le_reste(depot)
    if not files and lot.attendus is None:
        raise click.UsageError("Aucun classeur .xlsx ou .xlsm dans ce dossier.")
    garder([file.chemin for file in files])
    bilan: Sequence[str] = ()
    if lot.demande or len(files) != 1 or mot_de_passe is not None:
        reports, bilan = controler_lot(files, chemins, lot)
    else:
        from xl_cpom.validators.check import check

        reports = [check(files[0].chemin, date=date, **lot.arguments)]
    code = 0
    if copie_annotee is not None:
        code = ecrire_copies([file.chemin for file in files], reports, copie_annotee)
    ecrire_rapports(reports, format_, sortie, largeur=largeur_du_terminal(), lettre=lettre)
    for line in bilan:
        click.echo(line, err=True)
    sys.exit(max((exit_code(report) for report in reports), default=0) or code)
