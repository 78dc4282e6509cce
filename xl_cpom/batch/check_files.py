"""`check_batch`: reports of many files, in their order, one file's death being nobody else's.

Without an executor, each file is read in one of our own workers, with its limits of time and
memory. With one (`concurrent.futures`, Dask's `Client.get_executor()`), the executor spreads the
work; a task it loses is done again in one of our own workers, which then tells why.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from xl_cpom.batch.answer import FileAnswer
from xl_cpom.batch.steady_executor import steady
from xl_cpom.batch.task import FileTask, Options, control_file, failure_report, refusal_report
from xl_cpom.light_dataclass import dataclass, field
from xl_cpom.typography import displayable_name
from xl_cpom.validators.model import DIRECT, PANDERA
from xl_cpom.workers.codec import UnreadableAnswerError, decode, encode
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings

if TYPE_CHECKING:
    from xl_cpom.finess.extract import FinessExtract
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.derogations import Derogations
    from xl_cpom.validators.model import Report
    from xl_cpom.validators.precedents import Precedents
    from xl_cpom.validators.profil import Profil
    from xl_cpom.workbook.decryption import Password

WARM_UP = ("xl_cpom.validators.check", "xl_cpom.validators.judges.by_pandera")
"""What a worker imports before its first file, so that the limit of time is that of the file."""


def preload(juge: str) -> tuple[str, ...]:
    """The same for a judge: the direct one needs neither pandas nor pandera."""
    return WARM_UP[:1] if juge == DIRECT else WARM_UP


AHEAD = 8
"""Tasks handed to an executor ahead of the answer awaited, per process asked for."""

WINDOW = 1024
"""The same when nobody says how many processes an executor has: enough for a hundred of them, and
answers weigh some tens of kilobytes, so that memory stays bounded."""

T = TypeVar("T")


def check_batch(
    paths: Iterable[Path | str],
    *,
    referentiel: Referentiel | None = None,
    date: dt.date | None = None,
    precedent: Precedents | Path | str | None = None,
    finess: FinessExtract | Path | str | None = None,
    derogations: Derogations | Path | str | None = None,
    profil: Profil | Path | str | None = None,
    mot_de_passe: Password | str | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    delai: float = 60.0,
    juge: str = PANDERA,
) -> Iterator[Report]:
    """Control many workbooks: one report per path, in the order of the paths, as they are ready.

    paths: files, drawn little by little. The next seven are those of `check`, read once for all
    the files. executor: any `concurrent.futures.Executor`; the files must be visible from where it
    runs. jobs: processes at once without executor (as many as cores by default); with one, an
    eighth of the tasks in flight (1,024 in flight by default). delai: seconds allowed to one file,
    without executor. juge: see `check`; every sheet goes through its pandera schema by default.

    A file that kills, hangs or exhausts its worker is reported « illisible » (LEC-INTERROMPU,
    LEC-DELAI, LEC-MEMOIRE); one that is not there, « contrôle incomplet »; the others are not
    affected. Raises at once UnreadableExtractError and BadFileError when what goes with the control
    cannot be used, and, on the first report, WorkerStartError when no worker can be
    started at all: each is an XlCpomError.
    """
    from xl_cpom.validators.companions import completed
    from xl_cpom.workbook.decryption import Password

    complements = completed(
        precedent=precedent, finess=finess, derogations=derogations, profil=profil
    )
    arguments = dict(complements.as_arguments())
    if mot_de_passe is not None:
        arguments["mot_de_passe"] = (
            Password(mot_de_passe) if isinstance(mot_de_passe, str) else mot_de_passe
        )
    options = Options(date, referentiel, arguments, juge)
    settings = WorkerSettings(jobs=jobs, time_limit=delai)
    requests = (FileTask(str(path), displayable_name(Path(path).name), options) for path in paths)
    means = BatchMeans(settings, executor, preload=preload(juge))
    return (answer.answer.report for _, answer in in_order(answer_tasks(requests, means)))


class ReceivedAnswer(NamedTuple):
    """The answer for one file, as it came and as it reads."""

    data: bytes
    answer: FileAnswer


@dataclass
class BatchMeans:
    """What a batch runs on. `peak`: highest memory seen in a worker of ours, KiB.

    prechauffage: modules that a worker imports before its first file.
    """

    settings: WorkerSettings = field(default_factory=WorkerSettings)
    executor: Executor | None = None
    work: Any = control_file
    preload: tuple[str, ...] = WARM_UP
    peak: int = 0
    redone: int = 0
    """Tasks that the executor lost, and that were done again here."""


def answer_tasks(
    requests: Iterable[FileTask], moyens: BatchMeans
) -> Iterator[tuple[int, ReceivedAnswer]]:
    """(rank, answer) of each file, as they come; never fewer, never twice the same."""
    if moyens.executor is not None:
        yield from _by_executor(requests, moyens, steady(moyens.executor))
        return
    seen: dict[int, FileTask] = {}

    def noted() -> Iterator[FileTask]:
        for rank, request in enumerate(requests):
            seen[rank] = request
            yield request

    listed = requests if isinstance(requests, Sequence) else None
    pool = Pool(moyens.work, moyens.settings, warm_up=moyens.preload)
    for rank, answer in pool.run(noted() if listed is None else listed):
        moyens.peak = max(moyens.peak, pool.peak)
        yield rank, sure(seen.pop(rank) if listed is None else listed[rank], answer)


def sure(request: FileTask, answer: bytes | TaskFailure) -> ReceivedAnswer:
    """An answer that reads, whatever came back."""
    if isinstance(answer, bytes):
        with contextlib.suppress(UnreadableAnswerError):  # told just below
            found = decode(FileAnswer, answer)
            if found.report.file == request.name:
                return ReceivedAnswer(answer, found)
        answer = TaskFailure("LEC-INTERROMPU", "réponse incompréhensible")
    if answer.code is None:
        made = failure_report(request, RuntimeError(answer.detail))
    else:
        made = refusal_report(request, answer.code, answer.detail)
    return ReceivedAnswer(encode(made), made)


def in_order(answers: Iterable[tuple[int, T]]) -> Iterator[tuple[int, T]]:
    """The same in the order of the ranks."""
    waiting: dict[int, T] = {}
    wanted = 0
    for rank, answer in answers:
        waiting[rank] = answer
        while wanted in waiting:
            yield wanted, waiting.pop(wanted)
            wanted += 1


def _by_executor(
    requests: Iterable[FileTask], moyens: BatchMeans, executor: Executor
) -> Iterator[tuple[int, ReceivedAnswer]]:
    """Submit a window of tasks; what the executor lost is done again here, at the end."""
    window: deque[tuple[int, FileTask, Future[bytes] | None]] = deque()
    pending = enumerate(requests)
    jobs = moyens.settings.jobs
    limit = WINDOW if jobs is None else AHEAD * jobs
    again: list[tuple[int, FileTask]] = []
    try:
        while True:
            while len(window) < limit and (item := next(pending, None)) is not None:
                window.append((*item, _submit(executor, moyens, item[1])))
            if not window:
                break
            rank, request, future = window.popleft()
            answer = _collect(request, future, moyens)
            if answer is None:
                again.append((rank, request))
            else:
                yield rank, answer
        pool = Pool(moyens.work, moyens.settings, warm_up=moyens.preload)
        for place, found in pool.run([request for _, request in again]) if again else ():
            rank, request = again[place]
            yield rank, sure(request, found)
    finally:
        for _, _, future in window:
            if future is not None:
                future.cancel()


def _submit(executor: Executor, moyens: BatchMeans, request: FileTask) -> Future[bytes] | None:
    try:
        return executor.submit(moyens.work, without_secrets(request))
    except RuntimeError:  # broken by an earlier task, or shut down: done again here
        return None


def has_secrets(request: FileTask) -> bool:
    """Does the task hold a password?"""
    held = (*request.options.arguments.values(), *request.own.values())
    return any(getattr(value, "secret", False) for value in held)


def without_secrets(request: FileTask) -> FileTask:
    """The task without its passwords: an executor may be another machine, at the end of a wire.

    What it then cannot open is opened here, by our own workers, who get the password by a pipe.
    """
    if not has_secrets(request):
        return request
    kept, own = (
        {key: value for key, value in held.items() if not getattr(value, "secret", False)}
        for held in (request.options.arguments, request.own)
    )
    return replace(request, options=replace(request.options, arguments=kept), own=own)


def _collect(
    request: FileTask, future: Future[bytes] | None, moyens: BatchMeans
) -> ReceivedAnswer | None:
    """The answer of the executor; None when it is to be had here."""
    answer: bytes | None = None
    if future is not None:
        with contextlib.suppress(Exception):  # lost: done again here, which tells why
            answer = future.result()
    if answer is not None:
        told = sure(request, answer)
        locked = any(finding.code == "LEC-CHIFFRE" for finding in told.answer.report.findings)
        if not (locked and has_secrets(request)):
            return told
    else:
        moyens.redone += 1
    return None
