"""The fiche of dialogue of each organisme, put in its bundle once the consolidation is there.

Apart from the rest of a bundle: what the others sent changes the quartiles, and must not have a
letter written again. It is made from what the control kept of the returns: no file is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from xl_cpom.batch import fresh_outputs
from xl_cpom.batch.answer import FileAnswer
from xl_cpom.batch.bundle_pieces import put_piece
from xl_cpom.batch.bundles import answered_with_names
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.files.atomic import WriteError
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.reports.dialogue.peers import Peers
from xl_cpom.reports.several_files import joined
from xl_cpom.typography import typeset
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.workers.codec import decode, encode
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

BRIEF = "dialogue.html"
_UNREAD = (Verdict.ILLISIBLE, Verdict.NON_CONTROLE)


@dataclass(frozen=True)
class BriefTask:
    """The fiche of an organisme: what was kept of each of its files, and what the campaign says of
    it in the end; known: as in `BundleTask`."""

    answers: tuple[bytes, ...]
    folder: str
    reports: tuple[bytes, ...]
    peers: Peers | None
    why: str
    known: Mapping[str, str] = field(default_factory=dict)


def write_meeting_briefs(
    result: CampaignResult,
    folder: Path,
    peers: Peers | None,
    *,
    why: str = "",
    settings: WorkerSettings | None = None,
    reprendre: bool = False,
) -> Iterator[str]:
    """Write the fiche of each organisme whose return was read; what could not be (French).

    why: why nothing is compared, without peers. reprendre: a fiche made from the same reports and
    the same quartiles is left as it is.
    """
    todo: list[BriefTask] = []
    causes: list[str] = []
    for answered, name in answered_with_names(result):
        read = [(rendu, report) for rendu, report in answered if report.verdict not in _UNREAD]
        if not read:
            continue
        place = folder / name
        mine = peers
        if peers is not None:
            own = (et.categorie for rendu, _ in read for et in rendu.etablissements)
            mine = peers.only_for(frozenset(own))
        reports = tuple(encode(report) for _, report in read)
        cause = fresh_outputs.cause(result.context, reports, mine, why)
        if reprendre and _is_there(result, place, cause):
            continue
        result.journal.forget_output(place / BRIEF)
        names = (rendu.file for rendu, _ in read)
        answers = tuple(result.journal.answers(names, result.context))
        known = result.journal.pieces(place)
        todo.append(BriefTask(answers, str(place), reports, mine, why, known))
        causes.append(cause)
    for rank, answer in Pool(write_brief, settings).run(todo):
        task = todo[rank]
        place = Path(task.folder)
        if isinstance(answer, TaskFailure):
            yield typeset(f"{place.name} : fiche de dialogue non écrite ({answer.detail})")
            continue
        made, refusal = json.loads(answer)
        if refusal:
            yield typeset(f"{place.name} : fiche de dialogue non écrite : {refusal}")
            continue
        result.journal.note_pieces(place, {BRIEF: made})
        result.journal.record_output(place / BRIEF, causes[rank], ())


def _is_there(result: CampaignResult, place: Path, cause: str) -> bool:
    known = fresh_outputs.is_up_to_date(result.journal, place / BRIEF, cause)
    return known is not None and (place / BRIEF).is_file()


def all_there(result: CampaignResult, folder: Path, cause: str) -> bool:
    """Were all the fiches written from this cause, and are they still there?"""
    known = result.journal.output(folder / BRIEF)
    return known == (cause, tuple(_names(result))) and all(
        (folder / name).is_file() for name in known[1]
    )


def note_all(result: CampaignResult, folder: Path, cause: str) -> None:
    """Note that every fiche has been written."""
    result.journal.record_output(folder / BRIEF, cause, _names(result))


def _names(result: CampaignResult) -> list[str]:
    return [
        f"{name}/{BRIEF}"
        for answered, name in answered_with_names(result)
        if any(report.verdict not in _UNREAD for _, report in answered)
    ]


def write_brief(task: BriefTask) -> bytes:
    """Write one fiche (in a worker): its fingerprint, or why not."""
    from xl_cpom.batch.kept_workbook import kept_workbook
    from xl_cpom.referentiel import load_referentiel
    from xl_cpom.reports.dialogue import brief_page
    from xl_cpom.reports.dialogue.meeting_brief import meeting_brief

    referentiel = load_referentiel()
    reports = [decode(Report, report) for report in task.reports]
    answers = [decode(FileAnswer, answer) for answer in task.answers]
    kept = [kept_workbook(one.rows, one.unread, referentiel) for one in answers]
    brief = meeting_brief(
        list(zip(kept, reports, strict=True)), joined(reports), task.peers, task.why
    )
    content = brief_page.render(brief).encode()
    try:
        put_piece(Path(task.folder) / BRIEF, content, task.known)
    except WriteError as refusal:
        return json.dumps(["", str(refusal)], ensure_ascii=False).encode()
    return json.dumps([hashlib.sha256(content).hexdigest(), ""]).encode()
