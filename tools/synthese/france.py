"""All France: 101 départements, 18 regions, 6,500 returns: `python -m tools.synthese.france OUT`.

A campaign is a region's; what is tried here is the size. The returns are judged under one cycle
that holds every département, made from that of the product, then gathered, and the figures of the
run are printed: time, highest memory of the parent and of a worker, size of what is written.
"""

from __future__ import annotations

import csv
import json
import resource
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import click

from tools.synthese.population import Territory
from tools.synthese.production import produce
from xl_cpom.batch.campagne import CampaignSettings, check_campaign
from xl_cpom.batch.check_files import BatchMeans
from xl_cpom.batch.consolidation.consolidate import consolidate
from xl_cpom.batch.deposit import depot_files
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.region.figures import region_figures
from xl_cpom.batch.region.page import region_page, summary_page
from xl_cpom.batch.region.xlsx_tables import region_workbook
from xl_cpom.batch.situation import situations
from xl_cpom.batch.task import Options
from xl_cpom.referentiel import DEFAULT_REFERENTIEL, load_referentiel, raw_files
from xl_cpom.typography import number_text
from xl_cpom.workers.pool import WorkerSettings

ORGANISMES = 6_500

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


def megabytes(folder: Path) -> float:
    """Size of what a folder holds."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--og", default=ORGANISMES, show_default=True, help="Nombre d'organismes.")
@click.option("-j", "jobs", default=2, show_default=True, help="Processus en parallèle.")
@click.option("--garder", is_flag=True, help="Ne pas refaire les retours s'ils sont déjà là.")
def main(out: Path, og: int, jobs: int, garder: bool) -> None:
    """Écrire les retours de la France entière, les contrôler, et dire ce que cela coûte."""
    out.mkdir(parents=True, exist_ok=True)
    cycle = national_cycle(out)
    referentiel = load_referentiel(cycle)
    started = time.monotonic()
    if not (garder and (out / "attendus.csv").exists()):
        produce(out, nombre=og, jobs=jobs, territory=territory(), referentiel=cycle)
    written = time.monotonic()
    files = depot_files([out / "retours"])
    means = BatchMeans(WorkerSettings(jobs=jobs))
    settings = CampaignSettings(
        options=Options(referentiel=referentiel),
        attendus=read_attendus(out / "attendus.csv", referentiel),
    )
    conso = out / "consolidation"
    conso.mkdir(exist_ok=True)
    with Journal(conso / "journal.sqlite") as journal:
        result = check_campaign(files, settings, journal, moyens=means)
        controlled = time.monotonic()
        known = situations(result.report)
        made = consolidate(result, known, conso)
        figures = region_figures(result, known, referentiel, facts=made.facts)
        (conso / "region.html").write_text(region_page(figures), "utf-8")
        (conso / "synthese.html").write_text(summary_page(figures), "utf-8")
        (conso / "region.xlsx").write_bytes(region_workbook(figures))
    ended = time.monotonic()
    parent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table = {
        "organismes": og, "retours": len(files), "comptés": figures.counted,
        "départements": len(figures.departements), "processus": jobs,
        "écriture des retours (s)": written - started, "contrôle (s)": controlled - written,
        "retours par seconde": len(files) / (controlled - written),
        "consolidation et pages (s)": ended - controlled,
        "mémoire du processus principal (Mo)": parent,
        "mémoire d'un ouvrier (Mo)": means.peak / 1024,
        "retours (Mo)": megabytes(out / "retours"),
        "consolidation.xlsx (Mo)": made.classeur.stat().st_size / 1e6,
        "Parquet (Mo)": megabytes(conso / "parquet"),
        "journal (Mo)": (conso / "journal.sqlite").stat().st_size / 1e6,
        "lignes de la plus grande table": max(made.rows.values()),
    }  # fmt: skip
    for name, value in table.items():
        click.echo(f"{name:38} {number_text(round(value, 1))}")


if __name__ == "__main__":
    main()
