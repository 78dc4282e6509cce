"""The batch part of `xl-cpom valider`: options, journal, progress, what is written for the ARS."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xl_cpom.cli.bundle_run import write_briefs, write_councils, write_lots
from xl_cpom.cli.campaign_journal import open_journal, output_folder
from xl_cpom.cli.control_page_option import control_page_file
from xl_cpom.cli.dask_cluster import cluster_executor
from xl_cpom.cli.decorated import DecoratedCommand
from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.receipts import note_receipts, noted_receipts
from xl_cpom.cli.refusing import CommandRefusedError, unwritten_journal
from xl_cpom.extras import to_install
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import listing, plural, typeset, visible
from xl_cpom.validators.model import PANDERA

if TYPE_CHECKING:
    from xl_cpom.batch.campagne import CampaignResult
    from xl_cpom.batch.deposit import CampaignFile, DepotContent
    from xl_cpom.batch.history import Taux
    from xl_cpom.batch.situation import Situation
    from xl_cpom.validators.model import Report

INTERROMPU = 130
"""Exit code of a run stopped by Ctrl-C, as a shell gives it."""

FAILURE = 4
"""Exit code of a failure of the control itself."""

CITES = 10
"""Names given before « et 33 autres »."""


@dataclass(frozen=True)
class BatchRequest:
    """What was asked of a batch on the command line."""

    attendus: Path | None = None
    resume: bool = False
    jobs: int | None = None
    consolidation: Path | None = None
    lots: Path | None = None
    control_page: Path | None = None
    journal: Path | None = None
    dask: str | None = None
    date: dt.date | None = None
    juge: str = PANDERA
    second_reading: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[Path, Mapping[str, Any]] = field(default_factory=dict)
    """Other arguments of the control: the same for all, and those of one file."""
    letter: Mapping[str, Any] = field(default_factory=dict)
    """What the letters say beside the report: see `cli.lettre`."""

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Folders that are written, and so are not folders of returns."""
        return tuple(path for path in (self.consolidation, self.lots) if path is not None)

    @property
    def is_asked(self) -> bool:
        """True when an option only makes sense for a campaign."""
        return any(
            (self.attendus, self.resume, self.consolidation, self.lots, self.journal, self.dask)
        )


def batch_options(command: DecoratedCommand) -> DecoratedCommand:
    """Add the options of a batch to a command."""
    folder = click.Path(file_okay=False, path_type=Path)
    for option in (
        click.option("-j", "--processus", "jobs", type=click.IntRange(1, 256), metavar="N",
                     help="Classeurs contrôlés en même temps (par défaut : un par cœur)."),
        click.option("--attendus", type=FICHIER, metavar="F.csv",
                     help="Liste des organismes attendus (colonne « finess_ej »), et de leurs "
                          "établissements si elle les donne."),
        click.option("--reprendre", "resume", is_flag=True,
                     help="Ne pas relire les classeurs inchangés depuis le dernier passage."),
        click.option("--consolidation", type=folder, metavar="DOSSIER",
                     help="Dossier où écrire la consolidation, la page de la région et le journal "
                          "de la campagne."),
        click.option("--lots", type=folder, metavar="DOSSIER",
                     help="Dossier où écrire, pour chaque organisme, la copie annotée, le rapport, "
                          "la lettre et la feuille e-CARS."),
        control_page_file("Avec --lots : page qui contrôle sans installation, jointe à chaque lot "
                          "(« make navigateur » l'écrit)."),
        click.option("--journal", type=click.Path(dir_okay=False, path_type=Path), metavar="F",
                     help="Journal de la campagne (par défaut : dans le dossier de consolidation, "
                          "sinon dans vos données d'application)."),
        click.option("--dask", metavar="ADRESSE",
                     help="Ordonnanceur d'un groupe Dask qui contrôle les classeurs à la place de "
                          "cet ordinateur (tcp://serveur:8786) ; il doit voir les mêmes fichiers."),
    ):  # fmt: skip
        command = option(command)
    return command


def unpacked(deposit: DepotContent) -> DepotContent:
    """The deposit with its archives opened, for as long as the command lasts."""
    from xl_cpom.batch.archives import ARCHIVE, open_archives
    from xl_cpom.files.temporaries import private_folder

    if not any(file.path.suffix.lower() == ARCHIVE for file in deposit.files):
        return deposit
    folder = click.get_current_context().with_resource(private_folder())
    found = open_archives(deposit.files, folder)
    if found.opened:
        names = listing(visible(name) for name in found.opened[:CITES])
        click.echo(typeset(f"Archives ouvertes, classeurs contrôlés : {names}."), err=True)
    return replace(deposit, files=found.files, others=(*deposit.others, *found.others))


def tell_the_rest(deposit: DepotContent) -> None:
    """Name, on the error output, what lies in the folders and is not controlled."""
    for said, names in (
        ("Ni classeur ni archive, laissé de côté", deposit.others),
        ("Dossier de sorties, non parcouru", deposit.outputs),
        ("Dossier qui ne peut pas être ouvert", deposit.closed),
    ):
        if names:
            shown = listing(visible(name) for name in names[:CITES])
            more = f" et {plural(len(names) - CITES, 'autre')}" if len(names) > CITES else ""
            click.echo(typeset(f"{said} : {shown}{more}."), err=True)


class BatchOutcome(NamedTuple):
    """The reports in the order of the files, the bilan, the files not counted and why."""

    reports: list[Report]
    bilan: Sequence[str]
    discarded: Mapping[str, str]


def check_many(
    files: Sequence[CampaignFile], paths: Sequence[Path], lot: BatchRequest
) -> BatchOutcome:
    """Control many workbooks and write what was asked.

    Ends the process with exit code 130 when interrupted: nothing known is lost.
    """
    import sqlite3

    from xl_cpom.batch.campagne import CampaignSettings, check_campaign
    from xl_cpom.batch.check_files import BatchMeans, preload
    from xl_cpom.batch.given_lists import UnreadableListError, read_attendus
    from xl_cpom.batch.history import UnreadableHistoryError
    from xl_cpom.batch.journal import UnreadableJournalError
    from xl_cpom.batch.progress import progress
    from xl_cpom.batch.situation import situations
    from xl_cpom.batch.summary import campaign_summary
    from xl_cpom.batch.task import Options
    from xl_cpom.files.atomic import WriteError
    from xl_cpom.workers.pool import WorkerSettings, WorkerStartError

    try:
        reglement = CampaignSettings(
            options=Options(
                lot.date, arguments=lot.arguments, juge=lot.juge, second_reading=lot.second_reading
            ),
            attendus=read_attendus(lot.attendus) if lot.attendus else {},
            resume=lot.resume,
            cross=lot.is_asked or any(path.is_dir() for path in paths),
            day=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        )
        memory = open_journal(paths, lot.journal, lot.consolidation, reprendre=lot.resume)
        with memory as journal, cluster_executor(lot.dask) as executor:
            for said in journal.avis:
                click.echo(said, err=True)
            moyens = BatchMeans(WorkerSettings(jobs=lot.jobs), executor, preload=preload(lot.juge))
            with progress(len(files)) as suivi:
                result = check_campaign(files, reglement, journal, moyens=moyens, suivi=suivi)
            if lot.dask is not None and moyens.redone:
                lost = plural(moyens.redone, "classeur")
                told = f"Repris sur ce poste, le groupe Dask ne répondant plus : {lost}."
                click.echo(typeset(told), err=True)
            known = situations(result.report)
            note_receipts(known, lot.attendus, reglement.day)
            _write_outputs(result, known, files, lot)
        aside = {name: ecart.text for name, ecart in result.campagne.discarded.items()}
        return BatchOutcome(list(result.reports), campaign_summary(result, known), aside)
    except KeyboardInterrupt:
        click.echo(
            typeset(
                "Interrompu. Ce qui était contrôlé est gardé : relancez la même commande avec "
                "--reprendre."
            ),
            err=True,
        )
        sys.exit(INTERROMPU)
    except sqlite3.OperationalError as failure:  # at any moment: while files are read too
        raise unwritten_journal(failure) from failure
    except WorkerStartError as failure:
        click.echo(str(failure), err=True)
        sys.exit(FAILURE)
    except (
        UnreadableJournalError,
        UnreadableHistoryError,
        UnreadableListError,
        WriteError,
    ) as refusal:
        raise CommandRefusedError(str(refusal)) from refusal


def _write_outputs(
    result: CampaignResult,
    known: Sequence[Situation],
    files: Sequence[CampaignFile],
    lot: BatchRequest,
) -> None:
    """The consolidation and the bundles; the one is written while workers make the others."""
    from concurrent.futures import ThreadPoolExecutor

    lots = lot.lots
    if lots is not None:
        output_folder(lots)

    def bundles() -> None:
        if lots is not None:
            letter = {**lot.letter, "received": noted_receipts(lot.attendus)}
            write_lots(result, known, files, lots, lettre=letter, jobs=lot.jobs,
                       reprendre=lot.resume, control_page=lot.control_page)  # fmt: skip

    if lot.consolidation is None:
        bundles()
        return
    together = lots is not None and result.journal.shared
    if together:
        with ThreadPoolExecutor(1) as side:
            told = side.submit(_consolider, result, known, lot.consolidation, lot)
            bundles()
            lines = told.result()
    else:
        lines = _consolider(result, known, lot.consolidation, lot)
    for line in lines:
        click.echo(line, err=True)
    if not together:
        bundles()
    if line := write_councils(result, lot.consolidation, lots, reprendre=lot.resume):
        click.echo(line, err=True)
    if lots is not None:
        write_briefs(result, lots, lot.consolidation, jobs=lot.jobs, reprendre=lot.resume)


def _consolider(
    result: CampaignResult, known: Sequence[Situation], folder: Path, lot: BatchRequest
) -> list[str]:
    """Write the consolidation; what is to be told of it."""
    from xl_cpom.batch import fresh_outputs
    from xl_cpom.batch.consolidation.consolidate import duckdb_version

    output_folder(folder)
    duckdb = duckdb_version()
    before = result.journal.historique.rates(result.campagne.annee)
    why = fresh_outputs.cause(result.digest, duckdb, before)
    again = lot.resume and not result.read_again
    if again and fresh_outputs.is_intact(result.journal, folder, why):
        return [typeset(f"Consolidation inchangée : {folder}")]
    fresh_outputs.write_output(
        result.journal, folder, why, lambda: _tables(result, known, folder, before)
    )
    lines = [typeset(f"Consolidation et page de la région : {folder}")]
    if duckdb is None:
        lines.append(typeset(f"Pas de fichiers Parquet : {to_install('campagne')}."))
    return lines


def _tables(
    result: CampaignResult, known: Sequence[Situation], folder: Path, before: Taux
) -> Iterator[str]:
    """Write the tables and the page; the names of the files, as they are written."""
    from xl_cpom.batch.consolidation.consolidate import consolidate
    from xl_cpom.batch.consolidation.years import keep_last_year
    from xl_cpom.batch.region.figures import region_figures
    from xl_cpom.batch.region.page import region_page, summary_page
    from xl_cpom.batch.region.xlsx_tables import region_workbook
    from xl_cpom.cli.report_output import write_bytes
    from xl_cpom.referentiel import load_referentiel

    keep_last_year(folder, result.journal.historique.current_year(), result.campagne.annee)
    made = consolidate(result, known, folder)
    yield from (path.relative_to(folder).as_posix() for path in (made.classeur, *made.parquet))
    figures = region_figures(result, known, load_referentiel(), before, made.facts)
    if figures.annee is not None:
        rates = {(t.module, t.secteur): t.taux for t in figures.taux if t.taux is not None}
        result.journal.historique.record_rates(figures.annee, rates)
    for name, content in (
        ("region.html", region_page(figures).encode()),
        ("synthese.html", summary_page(figures).encode()),
        ("region.xlsx", region_workbook(figures)),
    ):
        write_bytes(folder / name, content)
        yield name
    result.journal.historique.note_current_year(result.campagne.annee)
