"""The batch part of `xl-cpom valider`: options, journal, progress, what is written for the ARS."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xl_cpom.cli.refus import Refus
from xl_cpom.typographie import pluriel, typographie

if TYPE_CHECKING:
    from xl_cpom.batch.campagne import Fichier, ResultatCampagne
    from xl_cpom.batch.journal import Journal
    from xl_cpom.validators.model import Report

Commande = TypeVar("Commande", bound=Callable[..., Any])

INTERROMPU = 130
"""Exit code of a run stopped by Ctrl-C, as a shell gives it."""


@dataclass(frozen=True)
class Lot:
    """What was asked of a batch on the command line."""

    attendus: Path | None = None
    reprendre: bool = False
    jobs: int | None = None
    consolidation: Path | None = None
    lots: Path | None = None
    journal: Path | None = None
    date: dt.date | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    propres: Mapping[Path, Mapping[str, Any]] = field(default_factory=dict)
    """Other arguments of the control: the same for all, and those of one file."""

    @property
    def demande(self) -> bool:
        """True when an option only makes sense for a campaign."""
        return any((self.attendus, self.reprendre, self.consolidation, self.lots, self.journal))


def options_de_lot(command: Commande) -> Commande:
    """Add the options of a batch to a command."""
    fichier = click.Path(exists=True, dir_okay=False, path_type=Path)
    dossier = click.Path(file_okay=False, path_type=Path)
    for option in (
        click.option("-j", "--processus", "jobs", type=click.IntRange(1, 256), metavar="N",
                     help="Classeurs contrôlés en même temps (par défaut : un par cœur)."),
        click.option("--attendus", type=fichier, metavar="F.csv",
                     help="Liste des organismes attendus (colonne « finess_ej »), et de leurs "
                          "établissements si elle les donne."),
        click.option("--reprendre", is_flag=True,
                     help="Ne pas relire les classeurs inchangés depuis le dernier passage."),
        click.option("--consolidation", type=dossier, metavar="DOSSIER",
                     help="Dossier où écrire la consolidation, la page de la région et le journal "
                          "de la campagne."),
        click.option("--lots", type=dossier, metavar="DOSSIER",
                     help="Dossier où écrire, pour chaque organisme, la copie annotée, le rapport, "
                          "la lettre et la feuille e-CARS."),
        click.option("--journal", type=click.Path(dir_okay=False, path_type=Path), metavar="F",
                     help="Journal de la campagne (par défaut : dans le dossier de consolidation, "
                          "sinon dans vos données d'application)."),
    ):  # fmt: skip
        command = option(command)
    return command


def controler_lot(files: Sequence[Fichier], chemins: Sequence[Path], lot: Lot) -> list[Report]:
    """Control many workbooks and write what was asked; their reports, in order.

    Ends the process with exit code 130 when interrupted: nothing known is lost.
    """
    from xl_cpom.batch.campagne import Reglement, controler_campagne
    from xl_cpom.batch.controle import Moyens
    from xl_cpom.batch.journal import JournalIllisibleError
    from xl_cpom.batch.listes import ListeIllisibleError, lire_attendus
    from xl_cpom.batch.pool import OuvrierInutilisableError, Reglages
    from xl_cpom.batch.progres import progres
    from xl_cpom.batch.travail import Options
    from xl_cpom.workbook.atomic import EcritureImpossible

    try:
        reglement = Reglement(
            options=Options(lot.date, arguments=lot.arguments),
            attendus=lire_attendus(lot.attendus) if lot.attendus else {},
            reprendre=lot.reprendre,
            croiser=lot.demande or any(chemin.is_dir() for chemin in chemins),
            jour=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        )
        with _journal(chemins, lot) as journal, progres(len(files)) as suivi:
            moyens = Moyens(Reglages(jobs=lot.jobs))
            result = controler_campagne(files, reglement, journal, moyens=moyens, suivi=suivi)
            _ecrire(result, files, lot)
        return list(result.reports)
    except KeyboardInterrupt:
        click.echo(
            typographie(
                "Interrompu. Ce qui était contrôlé est gardé : relancez la même commande avec "
                "--reprendre."
            ),
            err=True,
        )
        sys.exit(INTERROMPU)
    except OuvrierInutilisableError as failure:
        click.echo(str(failure), err=True)
        sys.exit(4)
    except (JournalIllisibleError, ListeIllisibleError, EcritureImpossible) as refusal:
        raise Refus(str(refusal)) from refusal


def _journal(chemins: Sequence[Path], lot: Lot) -> Journal:
    """The journal of the campaign; in memory when no folder can hold it, which is said."""
    from xl_cpom.batch.journal import Journal

    path = lot.journal
    if path is None and lot.consolidation is not None:
        path = lot.consolidation / "journal.sqlite"
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Journal(path)
    if not (lot.reprendre or any(chemin.is_dir() for chemin in chemins)):
        return Journal()
    said = "\n".join(sorted(str(chemin.resolve()) for chemin in chemins))
    name = f"{hashlib.sha256(said.encode()).hexdigest()[:24]}.sqlite"
    folder = donnees_d_application() / "journaux"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Journal(folder / name)
    except OSError as failure:
        click.echo(
            typographie(f"Pas de journal ({failure.strerror}) : « --reprendre » relira tout."),
            err=True,
        )
        return Journal()


def donnees_d_application() -> Path:
    """Where programs keep what belongs to the user of this machine."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "xl_cpom"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/xl_cpom"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "xl_cpom"


def _ecrire(result: ResultatCampagne, files: Sequence[Fichier], lot: Lot) -> None:
    if lot.consolidation is not None:
        _consolider(result, lot.consolidation)
    if lot.lots is not None:
        _lots(result, files, lot.lots, lot)


def _consolider(result: ResultatCampagne, dossier: Path) -> None:
    from xl_cpom.batch.consolidation import consolider, duckdb_present
    from xl_cpom.batch.page import page
    from xl_cpom.batch.region import region
    from xl_cpom.batch.region_xlsx import classeur
    from xl_cpom.batch.situation import situations
    from xl_cpom.cli.sortie import ecrire_octets
    from xl_cpom.referentiel import charger

    known = situations(result.rapport)
    consolider(result, known, dossier)
    figures = region(result, known, charger())
    ecrire_octets(dossier / "region.html", page(figures).encode())
    ecrire_octets(dossier / "region.xlsx", classeur(figures))
    click.echo(typographie(f"Consolidation et page de la région : {dossier}"), err=True)
    if not duckdb_present():
        click.echo(
            typographie(
                "Pas de fichiers Parquet : installez l'option « campagne » "
                "(pip install 'xl-cpom[campagne]')."
            ),
            err=True,
        )


def _lots(result: ResultatCampagne, files: Sequence[Fichier], dossier: Path, lot: Lot) -> None:
    from xl_cpom.batch.lots import Pieces, ecrire_lots
    from xl_cpom.batch.pool import Reglages

    count = 0
    for made in ecrire_lots(result, files, dossier, pieces=Pieces(date=lot.date),
                            reglages=Reglages(jobs=lot.jobs)):  # fmt: skip
        count += 1
        for missing in made.manques:
            click.echo(typographie(f"{made.fichier} : {missing}"), err=True)
    click.echo(typographie(f"{pluriel(count, 'lot')} à envoyer : {dossier}"), err=True)
