"""The batch part of `xl-cpom valider`: options, journal, progress, what is written for the ARS."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xl_cpom.cli.entrees import FICHIER
from xl_cpom.cli.groupe import executeur
from xl_cpom.cli.refus import Refus
from xl_cpom.typographie import liste, pluriel, typographie, visible
from xl_cpom.workbook.systeme import raison

if TYPE_CHECKING:
    from xl_cpom.batch.campagne import ResultatCampagne
    from xl_cpom.batch.depot import Depot, Fichier
    from xl_cpom.batch.journal import Journal, Taux
    from xl_cpom.batch.situation import Situation
    from xl_cpom.validators.model import Report

Commande = TypeVar("Commande", bound=Callable[..., Any])

INTERROMPU = 130
"""Exit code of a run stopped by Ctrl-C, as a shell gives it."""

PANNE = 4
"""Exit code of a failure of the control itself."""

CITES = 10
"""Names given before « et 33 autres »."""


@dataclass(frozen=True)
class Lot:
    """What was asked of a batch on the command line."""

    attendus: Path | None = None
    reprendre: bool = False
    jobs: int | None = None
    consolidation: Path | None = None
    lots: Path | None = None
    journal: Path | None = None
    dask: str | None = None
    date: dt.date | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    propres: Mapping[Path, Mapping[str, Any]] = field(default_factory=dict)
    """Other arguments of the control: the same for all, and those of one file."""
    lettre: Mapping[str, Any] = field(default_factory=dict)
    """What the letters say beside the report: see `cli.lettre`."""

    @property
    def sorties(self) -> tuple[Path, ...]:
        """Folders that are written, and so are not folders of returns."""
        return tuple(path for path in (self.consolidation, self.lots) if path is not None)

    @property
    def demande(self) -> bool:
        """True when an option only makes sense for a campaign."""
        return any((self.attendus, self.reprendre, self.consolidation, self.lots, self.journal,
                    self.dask))  # fmt: skip


def options_de_lot(command: Commande) -> Commande:
    """Add the options of a batch to a command."""
    dossier = click.Path(file_okay=False, path_type=Path)
    for option in (
        click.option("-j", "--processus", "jobs", type=click.IntRange(1, 256), metavar="N",
                     help="Classeurs contrôlés en même temps (par défaut : un par cœur)."),
        click.option("--attendus", type=FICHIER, metavar="F.csv",
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
        click.option("--dask", metavar="ADRESSE",
                     help="Ordonnanceur d'un groupe Dask qui contrôle les classeurs à la place de "
                          "cet ordinateur (tcp://serveur:8786) ; il doit voir les mêmes fichiers."),
    ):  # fmt: skip
        command = option(command)
    return command


def dire_le_reste(depot: Depot) -> None:
    """Name, on the error output, what lies in the folders and is not controlled."""
    for said, names in (
        ("Ni classeur ni archive, laissé de côté", depot.autres),
        ("Dossier de sorties, non parcouru", depot.sorties),
        ("Dossier qui ne peut pas être ouvert", depot.fermes),
    ):
        if names:
            shown = liste(visible(name) for name in names[:CITES])
            more = f" et {pluriel(len(names) - CITES, 'autre')}" if len(names) > CITES else ""
            click.echo(typographie(f"{said} : {shown}{more}."), err=True)


def controler_lot(
    files: Sequence[Fichier], chemins: Sequence[Path], lot: Lot
) -> tuple[list[Report], Sequence[str]]:
    """Control many workbooks and write what was asked; their reports in order, and the bilan.

    Ends the process with exit code 130 when interrupted: nothing known is lost.
    """
    from xl_cpom.batch.bilan import bilan
    from xl_cpom.batch.campagne import Reglement, controler_campagne
    from xl_cpom.batch.controle import Moyens
    from xl_cpom.batch.journal import JournalIllisibleError
    from xl_cpom.batch.listes import ListeIllisibleError, lire_attendus
    from xl_cpom.batch.pool import OuvrierInutilisableError, Reglages
    from xl_cpom.batch.progres import progres
    from xl_cpom.batch.situation import situations
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
        with _journal(chemins, lot) as journal, executeur(lot.dask) as executor:
            moyens = Moyens(Reglages(jobs=lot.jobs), executor)
            with progres(len(files)) as suivi:
                result = controler_campagne(files, reglement, journal, moyens=moyens, suivi=suivi)
            known = situations(result.rapport)
            if lot.consolidation is not None:
                _consolider(result, known, lot.consolidation, lot)
            if lot.lots is not None:
                _lots(result, files, lot.lots, lot)
        return list(result.reports), bilan(result, known)
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
        sys.exit(PANNE)
    except (JournalIllisibleError, ListeIllisibleError, EcritureImpossible) as refusal:
        raise Refus(str(refusal)) from refusal


def _journal(chemins: Sequence[Path], lot: Lot) -> Journal:
    """The journal of the campaign; in memory when no folder can hold it, which is said."""
    from xl_cpom.batch.journal import Journal

    if lot.journal is not None:
        return Journal(lot.journal)
    if lot.consolidation is not None:
        _dossier(lot.consolidation)
        return Journal(lot.consolidation / "journal.sqlite")
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
            typographie(f"Pas de journal ({raison(failure)}) : « --reprendre » relira tout."),
            err=True,
        )
        return Journal()


def _dossier(path: Path) -> None:
    """Make a folder of outputs. Raises Refus."""
    from xl_cpom.batch.depot import creer_sortie

    try:
        creer_sortie(path)
    except OSError as failure:
        said = (
            f"Le dossier « {path} » ne peut pas être écrit ({raison(failure)}). "
            "Choisissez-en un autre."
        )
        raise Refus(typographie(said)) from failure


def donnees_d_application() -> Path:
    """Where programs keep what belongs to the user of this machine."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "xl_cpom"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/xl_cpom"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "xl_cpom"


def _consolider(
    result: ResultatCampagne, known: Sequence[Situation], dossier: Path, lot: Lot
) -> None:
    from xl_cpom.batch import sorties
    from xl_cpom.batch.consolidation import version_duckdb

    _dossier(dossier)
    duckdb = version_duckdb()
    before = result.journal.taux(result.campagne.annee)
    why = sorties.cause(result.empreinte, duckdb, before)
    again = lot.reprendre and not result.relus
    if again and sorties.a_jour(result.journal, dossier, why) is not None:
        click.echo(typographie(f"Consolidation inchangée : {dossier}"), err=True)
        return
    sorties.ecrire(result.journal, dossier, why, lambda: _tables(result, known, dossier, before))
    click.echo(typographie(f"Consolidation et page de la région : {dossier}"), err=True)
    if duckdb is None:
        click.echo(
            typographie(
                "Pas de fichiers Parquet : installez l'option « campagne » "
                "(pip install 'xl-cpom[campagne]')."
            ),
            err=True,
        )


def _tables(
    result: ResultatCampagne, known: Sequence[Situation], dossier: Path, before: Taux
) -> Iterator[str]:
    """Write the tables and the page; the names of the files, as they are written."""
    from xl_cpom.batch.consolidation import consolider
    from xl_cpom.batch.page import page
    from xl_cpom.batch.region import region
    from xl_cpom.batch.region_xlsx import classeur
    from xl_cpom.cli.sortie import ecrire_octets
    from xl_cpom.referentiel import charger

    made = consolider(result, known, dossier)
    yield from (path.relative_to(dossier).as_posix() for path in (made.classeur, *made.parquet))
    figures = region(result, known, charger(), before)
    if figures.annee is not None:
        rates = {(t.module, t.secteur): t.taux for t in figures.taux if t.taux is not None}
        result.journal.noter_taux(figures.annee, rates)
    for name, content in (("region.html", page(figures).encode()),
                          ("region.xlsx", classeur(figures))):  # fmt: skip
        ecrire_octets(dossier / name, content)
        yield name


def _lots(result: ResultatCampagne, files: Sequence[Fichier], dossier: Path, lot: Lot) -> None:
    from xl_cpom.batch.lots import ECRIT, Pieces, ecrire_lots, nombre_de_lots
    from xl_cpom.batch.pool import Reglages
    from xl_cpom.batch.progres import avancement

    _dossier(dossier)
    total = nombre_de_lots(result)
    with avancement(total, "Lots à envoyer") as told:
        for made in ecrire_lots(
            result, files, dossier, pieces=Pieces(**lot.lettre),
            reglages=Reglages(jobs=lot.jobs), reprendre=lot.reprendre,
        ):  # fmt: skip
            told(made.etat, made.etat != ECRIT)
            for missing in made.manques:
                click.echo(typographie(f"{made.fichier} : {missing}"), err=True)
    click.echo(typographie(f"{pluriel(total, 'lot')} à envoyer : {dossier}"), err=True)
