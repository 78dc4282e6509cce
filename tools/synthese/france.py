"""All France: 101 départements, 18 regions, 6,500 returns: `python -m tools.synthese.france OUT`.

A campaign is a region's; what is tried here is the size. The returns are judged under one cycle
that holds every département, made from that of the product, then gathered, and the figures of the
run are printed: time, memory of the parent and of a worker all along, size of what is written.

It lasts: `OUT/avancement.log` says where it is, and the same command takes a run that was stopped
up again, returns written and answers of the journal kept, as long as the program is the same.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click
from openpyxl import load_workbook

from tools.synthese.france_page import put_in_page, shown
from tools.synthese.long_run import LongRun, NotOurFolderError
from tools.synthese.population import Territory
from tools.synthese.production import DrawnCampaign, draw, synthetic_tasks, write, write_return
from xl_cpom.batch.campagne import CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.consolidation.consolidate import MAX_ROWS, Consolidation, consolidate
from xl_cpom.batch.consolidation.tables import TABLES
from xl_cpom.batch.deposit import CampaignFile, depot_files
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.region.figures import Region, region_figures
from xl_cpom.batch.region.page import region_page, summary_page
from xl_cpom.batch.region.xlsx_tables import region_workbook
from xl_cpom.batch.situation import situations
from xl_cpom.batch.task import FileTask, Options, control_file, engine_fingerprint
from xl_cpom.referentiel import DEFAULT_REFERENTIEL, Referentiel, load_referentiel, raw_files
from xl_cpom.typography import number_text
from xl_cpom.validators.model import Verdict
from xl_cpom.workers.pool import WorkerSettings
from xl_cpom.workers.worker import peak_memory

ORGANISMES, SEED = 6_500, 2026

WRITING, CONTROL, GATHERING = "écriture des retours", "contrôle", "consolidation et pages"

PARTS = ("retours", "consolidation", "FRA-2026-2030", "attendus.csv", "programmation.csv",
         "extrait_finess.csv", "manifeste.json")  # fmt: skip
"""What a run writes."""

SAMPLED = 20
"""Returns written and controlled once more, one by one, to know what one costs a processor."""

MOMENTS = 4
"""Readings of the memory, spread over the control."""

REGIONS: Mapping[str, str] = {
    "Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
    "Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
    "Bretagne": "22 29 35 56",
    "Centre-Val de Loire": "18 28 36 37 41 45",
    "Corse": "2A 2B",
    "Grand Est": "08 10 51 52 54 55 57 67 68 88",
    "Guadeloupe": "971",
    "Guyane": "973",
    "Hauts-de-France": "02 59 60 62 80",
    "Île-de-France": "75 77 78 91 92 93 94 95",
    "La Réunion": "974",
    "Martinique": "972",
    "Mayotte": "976",
    "Normandie": "14 27 50 61 76",
    "Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "Pays de la Loire": "44 49 53 72 85",
    "Provence-Alpes-Côte d'Azur": "04 05 06 13 83 84",
}
"""Region -> its départements (code officiel géographique, Insee)."""

DEPARTEMENTS = tuple(sorted(code for codes in REGIONS.values() for code in codes.split()))


def territory() -> Territory:
    """Every département alike: what is tried is their number, not their size."""
    text = (raw_files.DATA_FOLDER / "FR-2025" / "departements.csv").read_text("utf-8")
    known = {row["code"]: row for row in csv.DictReader(text.splitlines(), delimiter=";")}
    return Territory(
        dict.fromkeys(DEPARTEMENTS, 1),
        {code: [f"{known[code]['libelle']}-Ville {n}" for n in range(1, 6)]
         for code in DEPARTEMENTS},
        {code: prefix for code in DEPARTEMENTS
         if (prefix := known[code]["prefixe_finess"]) != code},
    )  # fmt: skip


def national_cycle(folder: Path) -> Path:
    """Write the data of the cycle of the product for all départements, under a folder."""
    made = folder / "FRA-2026-2030"
    if made.exists():
        return made
    source = raw_files.DATA_FOLDER / DEFAULT_REFERENTIEL
    shutil.copytree(source, made)
    kept = []
    for line in (source / "cycle.toml").read_text("utf-8").split("[carte]")[0].splitlines():
        key = line.split(" =")[0]
        if key == "departements":
            line = f"departements = {json.dumps(DEPARTEMENTS)}"
        elif key == "id":
            line = 'id = "FRA-2026-2030"'
        elif key in ("region", "autorite", "libelle"):
            line = f'{key} = "France entière (essai)"'
        elif key == "code_region":
            continue
        kept.append(line)
    (made / "cycle.toml").write_text("\n".join(kept) + "\n", "utf-8")
    return made


class MemoryReading(NamedTuple):
    """Highest memory so far, in MB, once `returns` were controlled."""

    returns: int
    parent: float
    worker: float


def program_fingerprint() -> str:
    """Changes with the product or with the generator: what was made before is then made again."""
    digest = hashlib.sha256(engine_fingerprint().encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def megabytes(folder: Path) -> float:
    """Size of what a folder holds."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def write_returns(run: LongRun, drawn: DrawnCampaign, cycle: Path, jobs: int) -> None:
    """Write the returns that are not there yet, then the lists."""
    there = sum((drawn.depot / retour.fichier).exists() for retour in drawn.retours)
    with run.phase(WRITING, len(drawn.retours) - there) as phase:
        names = write(drawn, graine=SEED, jobs=jobs, referentiel=cycle, again=False)
        for rank, _ in enumerate(names):
            if rank >= there:
                phase.tick()


class France:
    """The control of the returns, and what it gives."""

    def __init__(self, run: LongRun, referentiel: Referentiel, jobs: int) -> None:
        self.run, self.referentiel = run, referentiel
        self.means = BatchMeans(WorkerSettings(jobs=jobs))
        self.readings: list[MemoryReading] = []
        self.settings = CampaignSettings(
            options=Options(referentiel=referentiel),
            attendus=read_attendus(run.folder / "attendus.csv", referentiel),
            resume=True,
        )
        self.conso = run.folder / "consolidation"

    def control(self, files: list[CampaignFile], sheet_rows: int) -> tuple[Region, Consolidation]:
        """Control, gather, write the pages."""
        self.conso.mkdir(exist_ok=True)
        with Journal(self.conso / "journal.sqlite") as journal:
            moments = {len(files) * rank // MOMENTS for rank in range(1, MOMENTS)}
            with self.run.phase(CONTROL, len(files)) as phase:

                def told(name: str, verdict: Verdict, known: bool) -> None:
                    if phase.done in moments:
                        self._read_memory(phase.done)
                    phase.tick(self._memory_text())

                result = check_campaign(
                    files, self.settings, journal, moyens=self.means, suivi=told
                )
            self._read_memory(len(files))
            with self.run.phase(GATHERING, 1, anew=True) as phase:
                known = situations(result.report)
                made = consolidate(result, known, self.conso, sheet_rows)
                figures = region_figures(result, known, self.referentiel, facts=made.facts)
                (self.conso / "region.html").write_text(region_page(figures), "utf-8")
                (self.conso / "synthese.html").write_text(summary_page(figures), "utf-8")
                (self.conso / "region.xlsx").write_bytes(region_workbook(figures))
                phase.tick()
        return figures, made

    def _read_memory(self, returns: int) -> None:
        self.readings.append(MemoryReading(returns, peak_memory() / 1024, self.means.peak / 1024))

    def _memory_text(self) -> str:
        return (f"mémoire : principal {number_text(peak_memory() / 1024, 0)} Mo, "
                f"ouvrier {number_text(self.means.peak / 1024, 0)} Mo")  # fmt: skip


def processor_seconds(work: Callable[[int], object], count: int) -> float:
    """Seconds of processor of one piece of work, the first ones (imports) left out."""
    warm = min(3, count - 1)
    for rank in range(warm):
        work(rank)
    start = time.process_time()
    for rank in range(warm, count):
        work(rank)
    return (time.process_time() - start) / (count - warm)


def cost_of_one(
    drawn: DrawnCampaign, files: list[CampaignFile], cycle: Path, options: Options
) -> tuple[float, float]:
    """Seconds of processor to write a return, and to control it."""
    with TemporaryDirectory() as folder:
        tasks = synthetic_tasks(DrawnCampaign(Path(folder), (), drawn.retours), SEED, True, cycle)
        Path(folder, "retours").mkdir()
        writing = processor_seconds(lambda n: write_return(tasks[n]), min(SAMPLED, len(tasks)))
    asked = [FileTask(str(file.path), file.name, options) for file in files[:SAMPLED]]
    return writing, processor_seconds(lambda n: control_file(asked[n]), len(asked))


def continued_sheets(book: Path) -> list[str]:
    """Sheets of a consolidation that go on with a table too long for one."""
    read = load_workbook(book, read_only=True)
    found = [name for name in read.sheetnames if name not in {t.title[:31] for t in TABLES}]
    read.close()
    return [name for name in found if name != "Lisez-moi"]


def load() -> float:
    """Processes that wanted a processor, on average: above their number, seconds say little."""
    return os.getloadavg()[2] if hasattr(os, "getloadavg") else float("nan")


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--og", default=ORGANISMES, show_default=True, help="Nombre d'organismes.")
@click.option("-j", "jobs", default=2, show_default=True, help="Processus en parallèle.")
@click.option(
    "--lignes-par-feuille",
    "sheet_rows",
    type=click.IntRange(100, MAX_ROWS),
    default=MAX_ROWS,
    show_default=True,
    help="Lignes d'une feuille de la consolidation, pour voir une table se partager.",
)
@click.option(
    "--page",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Page de la documentation où mettre les mesures.",
)
def main(out: Path, og: int, jobs: int, sheet_rows: int, page: Path | None) -> None:
    """Écrire les retours de la France entière, les contrôler, et dire ce que cela coûte."""
    stamp: dict[str, object] = {
        "organismes": og,
        "graine": SEED,
        "programme": program_fingerprint(),
    }
    try:
        run = LongRun(out, stamp, PARTS)
    except NotOurFolderError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Avancement : {out / 'avancement.log'}", err=True)
    cycle = national_cycle(out)
    referentiel = load_referentiel(cycle)
    drawn = draw(out, nombre=og, graine=SEED, territory=territory(), referentiel=cycle)
    write_returns(run, drawn, cycle, jobs)
    files = depot_files([drawn.depot])
    france = France(run, referentiel, jobs)
    figures, made = france.control(files, sheet_rows)
    memory_at_the_end = peak_memory() / 1024
    writing, control = cost_of_one(drawn, files, cycle, france.settings.options)
    seconds = run.seconds
    table: dict[str, float] = {
        "organismes": og, "retours": len(files), "comptés": figures.counted,
        "départements": len(figures.departements), "processus": jobs,
        f"{WRITING} (s)": seconds[WRITING], f"{CONTROL} (s)": seconds[CONTROL],
        f"{GATHERING} (s)": seconds[GATHERING],
        "processeur, écrire un retour (s)": writing,
        "processeur, contrôler un retour (s)": control,
        **{f"mémoire après {number_text(r.returns)} retours, principal (Mo)": r.parent
           for r in france.readings},
        **{f"mémoire après {number_text(r.returns)} retours, ouvrier (Mo)": r.worker
           for r in france.readings if r.worker},
        "mémoire à la fin, principal (Mo)": memory_at_the_end,
        "retours (Mo)": megabytes(drawn.depot),
        "consolidation.xlsx (Mo)": made.classeur.stat().st_size / 1e6,
        "Parquet (Mo)": megabytes(france.conso / "parquet"),
        "journal (Mo)": (france.conso / "journal.sqlite").stat().st_size / 1e6,
        "lignes de la plus grande table": max(made.rows.values()),
        "lignes d'une feuille d'Excel": MAX_ROWS,
        "feuilles qui continuent une table": len(continued_sheets(made.classeur)),
        "charge de la machine, 15 dernières minutes": load(),
    }  # fmt: skip
    for name, value in table.items():
        line = f"{name:52} {shown(value)}"
        click.echo(line)
        run.say(line)
    if page is not None:
        put_in_page(page, table)
    run.close()


if __name__ == "__main__":
    main()
