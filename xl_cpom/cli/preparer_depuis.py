"""`xl-cpom preparer --depuis`: the workbooks of the next year, from the returns received."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.cli.campaign_run import tell_the_rest, unpacked
from xl_cpom.cli.finess_reading import followed_reading
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.typography import listing, plural, typeset

if TYPE_CHECKING:
    from xl_cpom.batch.last_returns import LastReturns, WantedYear
    from xl_cpom.batch.planned_workbook import PlannedWorkbook
    from xl_cpom.finess.extract import FinessExtract
    from xl_cpom.finess.flows import Filter
    from xl_cpom.reports.bilan.decisions import Decisions

_RANK = re.compile(r"[Nn]([1-6]?)")
_YEAR = re.compile(r"20\d\d")

SHOWN = 10


class FollowedYear(click.ParamType[Any]):
    """« N3 » or « N », a year of the contract, or « 2028 », a civil year."""

    name = "année"

    def convert(self, value: Any, param: Any, ctx: Any) -> WantedYear:
        """Read one of the two; a year that is neither is a wrong usage."""
        from xl_cpom.batch.last_returns import WantedYear

        if isinstance(value, WantedYear):
            return value
        text = str(value).strip()
        if found := _RANK.fullmatch(text):
            return WantedYear(rank=int(found[1] or 0))
        if _YEAR.fullmatch(text):
            return WantedYear(year=int(text))
        said = f"« {text} » n'est pas une année : écrivez N3, ou 2028."
        raise click.BadParameter(typeset(said), ctx, param)


def plan_next(
    returns: Sequence[Path],
    wanted: WantedYear,
    folder: Path,
    *,
    extract: Path | None,
    programmation: Path | None,
    bilans: Sequence[Path],
    accepted: Mapping[str, Path | None],
    national_filter: Filter | None,
    jobs: int | None,
) -> tuple[list[PlannedWorkbook], list[str]]:
    """The workbooks to write after these returns, and what the ARS has to be told.

    accepted: --derogations and --profil, as the returns were judged. Writes the two tables that go
    with them. Raises what `preparer` turns into refusals.
    """
    from xl_cpom.batch.deposit import mixed_output, open_depot
    from xl_cpom.batch.finess_changes import finess_changes
    from xl_cpom.batch.from_returns import (
        CHANGES,
        RETOURS,
        plan_from_returns,
        write_finess_changes,
        write_origins,
    )
    from xl_cpom.batch.last_returns import choose_last
    from xl_cpom.batch.preparation_tables import followed_elsewhere
    from xl_cpom.batch.programmation import read_programmation
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.workers.pool import WorkerSettings

    if mixed_output(returns, [folder]) is not None:
        raise CommandRefusedError(
            typeset(f"« {folder} » est parmi les retours : écrivez les classeurs ailleurs.")
        )
    deposit = unpacked(open_depot(returns, sauf=[folder]))
    tell_the_rest(deposit)
    if not deposit.files:
        raise CommandRefusedError("Aucun retour dans ce dossier.")
    programmed = read_programmation(programmation, load_referentiel()) if programmation else {}
    found = choose_last(_judged(deposit.files, accepted, jobs), wanted)
    settings = WorkerSettings(jobs=jobs, time_limit=120.0)
    planned = list(plan_from_returns(found, wanted, programmed, settings, _decisions(bilans)))
    planned = [one for one in planned if _is_asked(one, national_filter)]
    if elsewhere := followed_elsewhere(planned, folder):
        raise CommandRefusedError(
            typeset(
                f"« {folder} » suit déjà une autre année ({elsewhere[0]}) : donnez un dossier par "
                "campagne."
            )
        )
    write_origins(folder, found)
    told = list(_told(planned, found, RETOURS))
    if extract is not None:
        returned = {ej: [one.rendu for one in kept] for ej, kept in found.retained.items()}
        changes = finess_changes(returned, _extract(extract), load_referentiel())
        write_finess_changes(folder, changes)
        many = plural(len(changes), "différence") if changes else "aucune différence"
        told.append(typeset(f"FINESS : {many} avec les retours, dans {folder / CHANGES}"))
    return planned, told


def _judged(
    files: Sequence[Any],
    accepted: Mapping[str, Path | None],
    jobs: int | None,
) -> list[Any]:
    from xl_cpom.batch.check_files import BatchMeans, preload
    from xl_cpom.batch.last_returns import judge_returns
    from xl_cpom.batch.progress import avancement
    from xl_cpom.batch.task import Options
    from xl_cpom.validators.companion_files import BadFileError
    from xl_cpom.validators.companions import completed
    from xl_cpom.validators.model import DIRECT, TAKEN
    from xl_cpom.workers.pool import WorkerSettings

    try:
        complements = completed(**accepted)
    except BadFileError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
    options = Options(arguments=dict(complements.as_arguments()), juge=DIRECT)
    means = BatchMeans(WorkerSettings(jobs=jobs), preload=preload(DIRECT))
    good = [verdict.value for verdict in TAKEN]
    with avancement(len(files), "Lecture des retours") as follow:
        return judge_returns(
            files, options, means, lambda verdict: follow(verdict, verdict not in good)
        )


def _decisions(bilans: Sequence[Path]) -> dict[str, Decisions]:
    """What the bilans given decided: files, or folders of « bilan….xlsx »."""
    from xl_cpom.reports.bilan.decisions import UnreadableBilanError, read_bilans

    paths = [
        path
        for given in bilans
        for path in (sorted(given.rglob("*bilan*.xlsx")) if given.is_dir() else [given])
    ]
    try:
        return read_bilans(paths)
    except UnreadableBilanError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal


def _extract(path: Path) -> FinessExtract:
    from xl_cpom.finess.extract import load_extract

    with followed_reading("Lecture de FINESS") as suivi:
        return load_extract(path, suivi=suivi)


def _is_asked(planned: PlannedWorkbook, national_filter: Filter | None) -> bool:
    if national_filter is None:
        return True
    places = [
        (str(row.get("departement") or ""), str(row.get("categorie") or ""), planned.finess_ej)
        for row in planned.etablissements
    ]
    return any(national_filter.keeps(*place) for place in places)


def _told(planned: Sequence[PlannedWorkbook], found: LastReturns, table: str) -> Iterator[str]:
    for one in planned:
        for remark in one.remarks:
            yield typeset(f"{one.finess_ej} {one.name} : {remark}")
    aside = [o for o in found.origins if o.outcome != "retenu"]
    if aside:
        shown = listing(f"{o.judged.file.name} ({o.outcome})" for o in aside[:SHOWN])
        more = f" et {plural(len(aside) - SHOWN, 'autre')}" if len(aside) > SHOWN else ""
        yield typeset(f"Retours non retenus : {shown}{more}. Tout est dans {table}.")
