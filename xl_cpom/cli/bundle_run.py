"""What `valider --lots` writes: a bundle per return, a reminder per missing one, the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xl_cpom.batch.consolidation.years import COUNCILS
from xl_cpom.extras import to_install
from xl_cpom.files.atomic import WriteError
from xl_cpom.files.os_errors import os_reason
from xl_cpom.typography import plural, typeset
from xl_cpom.validators.facts.whole_workbook import some

if TYPE_CHECKING:
    from xl_cpom.batch.campagne import CampaignResult
    from xl_cpom.batch.deposit import CampaignFile
    from xl_cpom.batch.situation import Situation

CITES = 10
"""Names given before « et 33 autres »."""


def write_lots(
    result: CampaignResult,
    known: Sequence[Situation],
    files: Sequence[CampaignFile],
    folder: Path,
    *,
    lettre: Mapping[str, Any],
    jobs: int | None,
    reprendre: bool,
    control_page: Path | None = None,
) -> None:
    """Write the folder of what is to be sent, and tell what it holds. Raises WriteError.

    lettre: what the letters say beside the report, the fields of `BundleParts`. control_page: file
    of the page that controls, put in each folder.
    """
    from xl_cpom.batch import fresh_outputs
    from xl_cpom.batch.bundle_folder import (
        LISTING,
        OLD,
        REMINDERS,
        carry_page,
        put_pieces_aside,
        put_stale_aside,
        write_list,
        write_reminders,
    )
    from xl_cpom.batch.bundles import (
        EMAIL,
        MISSING,
        WRITTEN,
        BundleParts,
        bundle_names,
        count_bundles,
        write_bundles,
    )
    from xl_cpom.batch.progress import avancement
    from xl_cpom.reports import word_letters
    from xl_cpom.workers.pool import WorkerSettings

    total = count_bundles(result)
    parts = BundleParts(**lettre)
    why = fresh_outputs.cause(
        result.digest, parts, parts.template_texts(), word_letters.available()
    )
    again = reprendre and not result.read_again
    if again and fresh_outputs.is_intact(result.journal, folder, why, [LISTING]):
        click.echo(
            typeset(f"{plural(total, 'lot')} à envoyer, sans changement : {folder} "
                    f"(liste : {LISTING})"),
            err=True,
        )  # fmt: skip
        if control_page is not None:
            carry_page(control_page, folder)
        return
    result.journal.forget_output(folder)
    written, whole = [LISTING], True
    current: dict[str, Sequence[str]] = {}
    with avancement(total, "Lots à envoyer") as told:
        for made in write_bundles(
            result, files, folder, pieces=parts,
            settings=WorkerSettings(jobs=jobs), reprendre=reprendre,
        ):  # fmt: skip
            told(made.state, made.state != WRITTEN)
            whole = whole and made.state != MISSING
            written += [f"{made.folder.name}/{name}" for name in made.pieces]
            if made.state != MISSING:
                current[made.folder.name] = made.pieces
            for before, after in made.kept:
                said = f"« {before} » avait été modifié : il est gardé sous le nom « {after} »."
                click.echo(typeset(f"{made.folder.name} : {said}"), err=True)
            for missing in made.missing:
                click.echo(typeset(f"{made.file} : {missing}"), err=True)
    reminders = write_reminders(result, known, folder, parts)
    try:
        stale = put_stale_aside(folder, [*bundle_names(result), *reminders])
        left = put_pieces_aside(folder, current | dict.fromkeys(reminders, REMINDERS))
    except OSError as failure:
        raise WriteError(
            typeset(f"Un ancien lot ne peut pas être mis dans « {OLD} » ({os_reason(failure)}).")
        ) from failure
    write_list(result, known, folder, reminders)
    written += [f"{name}/{EMAIL}" for name in reminders]
    if whole:
        fresh_outputs.note_fingerprints(result.journal, folder, [LISTING])
        result.journal.record_output(folder, why, written)
    if control_page is not None:
        carry_page(control_page, folder)
    if not word_letters.available():
        click.echo(typeset(f"Pas de lettres Word : {to_install('lettres')}."), err=True)
    said = plural(total, "lot")
    if reminders:
        said += f" et {plural(len(reminders), 'relance')}"
    click.echo(typeset(f"{said} à envoyer : {folder} (liste : {LISTING})"), err=True)
    if left:
        click.echo(
            typeset(f"{plural(len(left), 'pièce')} d'un passage précédent, dans « {OLD} » : "
                    f"{some(left, CITES)}."),
            err=True,
        )  # fmt: skip
    if stale:
        click.echo(
            typeset(f"Lots qui ne sont plus à envoyer, rangés dans « {OLD} » : "
                    f"{some(stale, CITES)}."),
            err=True,
        )  # fmt: skip


def write_briefs(
    result: CampaignResult,
    folder: Path,
    consolidation: Path,
    *,
    jobs: int | None,
    reprendre: bool,
) -> None:
    """Put in each bundle the fiche of dialogue, held against the consolidation just written."""
    from xl_cpom.batch import fresh_outputs
    from xl_cpom.batch.consolidation.consolidate import duckdb_version
    from xl_cpom.batch.meeting_briefs import BRIEF, all_there, note_all, write_meeting_briefs

    cause = fresh_outputs.cause(result.digest, duckdb_version())
    if reprendre and not result.read_again and all_there(result, folder, cause):
        return
    from xl_cpom.batch.consolidation.peer_tables import NoPeersError, read_peers
    from xl_cpom.reports.dialogue.peers import Peers
    from xl_cpom.workers.pool import WorkerSettings

    peers: Peers | None = None
    why = ""
    try:
        peers = read_peers(consolidation, result.campagne.annee)
    except NoPeersError as refusal:
        why = str(refusal)
    result.journal.forget_output(folder / BRIEF)
    whole = True
    for missing in write_meeting_briefs(
        result, folder, peers, why=why, settings=WorkerSettings(jobs=jobs), reprendre=reprendre
    ):
        click.echo(missing, err=True)
        whole = False
    if whole:
        note_all(result, folder, cause)


def write_councils(
    result: CampaignResult, folder: Path, bundles: Path | None, *, reprendre: bool
) -> str:
    """A page and tables per conseil départemental, and in the bundles what to send it; the line.

    Nothing is drawn again when a campaign is run again unchanged. Raises WriteError.
    """
    from xl_cpom.batch import fresh_outputs
    from xl_cpom.batch.councils.council_folders import write_council_folders

    cause = fresh_outputs.cause(result.digest, COUNCILS)
    places = [root / COUNCILS for root in (folder, bundles) if root is not None]
    known = [fresh_outputs.is_up_to_date(result.journal, place, cause) for place in places]
    if reprendre and not result.read_again and None not in known:
        count = len({name.partition("/")[0] for name in known[0] or ()})
    else:
        count, aside = write_council_folders(result, places, cause)
        if aside:
            click.echo(
                typeset("Départements sans plus aucun ESMS dans les retours, leur dossier est "
                        f"rangé : {some(map(str, aside), CITES)}."),
                err=True,
            )  # fmt: skip
    said = plural(count, "conseil départemental", "conseils départementaux")
    return typeset(f"{said} : {places[0]}") if count else ""
