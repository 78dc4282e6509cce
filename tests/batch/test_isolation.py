"""A worker may die in every way there is: it costs its own file, said in French, and no other."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import psutil
import pytest

from tests.batch import breakdowns
from tools.ouvriers import ouvriers
from xl_cpom import check_batch
from xl_cpom.batch.answer import FileAnswer
from xl_cpom.batch.check_files import WARM_UP, BatchMeans, answer_tasks, in_order
from xl_cpom.batch.task import FileTask, control_file
from xl_cpom.validators.model import Report, Verdict, exit_code
from xl_cpom.workers import pool as pool_module
from xl_cpom.workers.codec import decode
from xl_cpom.workers.pool import Pool, TaskFailure, WorkerSettings, WorkerStartError

VALIDE = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_valide.xlsx"

ATTENDU = {
    "tue": "LEC-INTERROMPU",
    "avorte": "LEC-INTERROMPU",
    "sort": "LEC-INTERROMPU",
    "boucle": "LEC-DELAI",
    "dort": "LEC-DELAI",
    "memoire": "LEC-MEMOIRE",
    "charabia": "LEC-INTERROMPU",
    "usurpe": "LEC-INTERROMPU",
}
SOUND = [f"sain-{rank}" for rank in range(8)]


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    for stem in (*ATTENDU, *SOUND, "leve", "panique", "une"):
        shutil.copy(VALIDE, tmp_path / f"{stem}.xlsx")
    return tmp_path


def controler(
    dossier: Path, stems: list[str], jobs: int = 2, delai: float = 60.0
) -> dict[str, bytes]:
    requests = [FileTask(str(dossier / f"{stem}.xlsx"), f"{stem}.xlsx") for stem in stems]
    warm = () if delai > 30 else WARM_UP
    moyens = BatchMeans(WorkerSettings(jobs=jobs, time_limit=delai), None, breakdowns.work, warm)
    answers = list(answer_tasks(requests, moyens))
    assert sorted(rank for rank, _ in answers) == list(range(len(stems)))
    return {stems[rank]: answer.data for rank, answer in answers}


def report(answer: bytes) -> Report:
    return decode(FileAnswer, answer).report


def test_every_death_costs_its_file_only(dossier: Path) -> None:
    clean = controler(dossier, SOUND)
    broken = [stem for stem in ATTENDU if ATTENDU[stem] != "LEC-DELAI"]
    mixed = [
        stem for pair in zip(SOUND, [*broken, "leve", "panique"], strict=True) for stem in pair
    ]
    poisoned = controler(dossier, mixed)
    assert {stem: poisoned[stem] for stem in SOUND} == clean
    assert {report(answer).verdict for answer in clean.values()} == {Verdict.RECEVABLE}
    found = {stem: [f.code for f in report(poisoned[stem]).findings] for stem in broken}
    assert found == {stem: [ATTENDU[stem]] for stem in broken}
    for stem in broken:
        assert report(poisoned[stem]).verdict is Verdict.ILLISIBLE
        assert report(poisoned[stem]).sha256 == report(clean["sain-0"]).sha256
    for stem in ("leve", "panique"):
        broken = report(poisoned[stem])
        assert (broken.verdict, exit_code(broken), broken.findings) == (Verdict.NON_CONTROLE, 4, ())


def test_an_endless_file_holds_itself_only(dossier: Path) -> None:
    found = controler(dossier, ["boucle", "sain-0", "dort", "sain-1"], delai=5.0)
    verdicts = {stem: report(answer).verdict for stem, answer in found.items()}
    assert verdicts == {
        "boucle": Verdict.ILLISIBLE,
        "sain-0": Verdict.RECEVABLE,
        "dort": Verdict.ILLISIBLE,
        "sain-1": Verdict.RECEVABLE,
    }
    for stem in ("boucle", "dort"):
        (said,) = report(found[stem]).findings
        assert said.code == ATTENDU[stem]
        assert said.message == "Le fichier n'a pas pu être contrôlé en 5 secondes."


def test_a_worker_killed_by_accident_does_not_condemn_the_file(dossier: Path) -> None:
    (answer,) = controler(dossier, ["une"]).values()
    assert report(answer).verdict is Verdict.RECEVABLE
    assert (dossier / "une.vu").exists()


@pytest.mark.long
def test_the_results_do_not_depend_on_the_number_of_processes(dossier: Path) -> None:
    few = SOUND[:5]
    assert controler(dossier, few, jobs=1) == controler(dossier, few[::-1], jobs=3)


def test_a_worker_is_replaced_after_two_hundred_files() -> None:
    work = Pool(breakdowns.pid, WorkerSettings(jobs=1))
    pids = [answer for _, answer in work.run(range(401))]
    assert [pids.count(p) for p in dict.fromkeys(pids)] == [200, 200, 1]


def test_no_process_stays(dossier: Path) -> None:
    before = set(ouvriers(psutil.Process()))
    answers = answer_tasks(
        [
            FileTask(str(dossier / "sain-0.xlsx"), "sain-0.xlsx"),
            FileTask(str(dossier / "dort.xlsx"), "dort.xlsx"),
        ],
        BatchMeans(WorkerSettings(jobs=2), work=breakdowns.work),
    )
    assert next(answers)[0] == 0
    assert len(set(ouvriers(psutil.Process())) - before) == 2
    answers.close()  # type: ignore[attr-defined]
    assert set(ouvriers(psutil.Process())) - before == set()


def test_no_process_outlives_its_parent(dossier: Path) -> None:
    """Killed without a word, the parent takes with it its workers and what starts them."""
    code = (
        "from tests.batch import breakdowns\n"
        "from xl_cpom.batch.check_files import BatchMeans, answer_tasks\n"
        "from xl_cpom.workers.pool import WorkerSettings\nfrom xl_cpom.batch.task import FileTask\n"
        f"work = [FileTask({str(dossier)!r} + f'/{{n}}.xlsx', n) for n in ('sain-0', 'dort')]\n"
        "moyens = BatchMeans(WorkerSettings(jobs=2), work=breakdowns.work)\n"
        "for _ in answer_tasks(work, moyens): print('lu', flush=True)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env
    ) as parent:
        assert parent.stdout is not None and parent.stdout.readline() == "lu\n"
        family = psutil.Process(parent.pid).children(recursive=True)
        assert len(ouvriers(psutil.Process(parent.pid))) >= 1
        parent.kill()
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_workers_that_do_not_start_are_a_failure_of_the_program() -> None:
    work = Pool(breakdowns.pid, WorkerSettings(jobs=2), warm_up=("module_qui_n_existe_pas",))
    with pytest.raises(WorkerStartError, match="ne démarrent pas"):
        list(work.run(range(3)))


def test_an_endless_startup_is_a_failure_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool_module, "START_TIME", 0.001)
    with pytest.raises(WorkerStartError, match="délai de démarrage"):
        list(Pool(breakdowns.pid, WorkerSettings(jobs=1)).run(range(3)))


def test_the_files_are_drawn_one_by_one(dossier: Path) -> None:
    drawn: list[int] = []

    def paths() -> object:
        for rank in range(1000):
            drawn.append(rank)
            yield dossier / "sain-0.xlsx"

    reports = check_batch(paths(), jobs=2)  # type: ignore[arg-type]
    assert drawn == []
    assert next(reports).verdict is Verdict.RECEVABLE
    assert len(drawn) < 10
    reports.close()  # type: ignore[attr-defined]


def test_a_known_task_does_not_wait_for_the_caller_to_finish() -> None:
    work = Pool(breakdowns.pid, WorkerSettings(jobs=1))
    busy = [[seat.task for seat in work._seats] for _ in work.run([10, 20, 30])]
    assert busy == [[(1, 20)], [(2, 30)], [None]]


def test_a_task_may_depend_on_the_previous_answer() -> None:
    """A source that waits for an answer before it gives the next task is not waited for."""
    answered: list[int] = []

    def tasks() -> Iterator[int]:
        for rank in range(3):
            assert len(answered) == rank
            yield rank

    for rank, _ in Pool(breakdowns.pid, WorkerSettings(jobs=1)).run(tasks()):
        answered.append(rank)
    assert answered == [0, 1, 2]


def test_in_order() -> None:
    answers = [(2, b"c"), (0, b"a"), (1, b"b"), (3, b"d")]
    assert list(in_order(answers)) == [(0, b"a"), (1, b"b"), (2, b"c"), (3, b"d")]


def test_the_parent_imports_neither_pandas_nor_pandera(dossier: Path) -> None:
    code = (
        "import sys\nfrom xl_cpom import check_batch\n"
        f"print([r.verdict.value for r in check_batch([{str(dossier / 'sain-0.xlsx')!r}])])\n"
        "print(sorted({'pandas', 'pandera', 'numpy', 'openpyxl'} & set(sys.modules)))"
    )
    script = dossier / "script_sans_garde.py"
    script.write_text(code, encoding="utf-8")
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert (run.stdout.splitlines(), run.stderr) == (["['recevable']", "[]"], "")


@pytest.mark.parametrize("kind", ["threads", pytest.param("processes", marks=pytest.mark.long)])
def test_any_executor(dossier: Path, kind: str) -> None:
    paths = [dossier / f"{stem}.xlsx" for stem in SOUND[:4]]
    ours = [pickle.dumps(r) for r in check_batch(paths, jobs=2)]
    with (
        ThreadPoolExecutor(2)
        if kind == "threads"
        else ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    ) as executor:
        theirs = list(check_batch(paths, executor=executor))
    assert [r.verdict for r in theirs] == [Verdict.RECEVABLE] * 4
    assert [pickle.dumps(r) for r in theirs] == ours


@pytest.mark.parametrize(("jobs", "ahead"), [(None, 60), (3, 24)])
def test_a_wide_executor_is_filled(dossier: Path, jobs: int | None, ahead: int) -> None:
    """A cluster of many processes is not fed at the pace of the cores of this machine."""
    waiting: list[Future[bytes]] = []

    class OwnExecutor(Executor):
        def submit(self, *_: object, **__: object) -> Future[bytes]:  # type: ignore[override]
            waiting.append(Future())
            return waiting[-1]

    reports = check_batch([dossier / "sain-0.xlsx"] * 60, executor=OwnExecutor(), jobs=jobs)
    answer = control_file(FileTask(str(dossier / "sain-0.xlsx"), "sain-0.xlsx"))
    first = Thread(target=lambda: next(reports))
    first.start()
    limit = time.monotonic() + 30
    while len(waiting) < ahead and time.monotonic() < limit:
        time.sleep(0.01)
    assert len(waiting) == ahead
    waiting[0].set_result(answer)
    first.join(30)
    reports.close()  # type: ignore[attr-defined]
    assert all(future.cancelled() for future in waiting[1:])


@pytest.mark.long
def test_an_executor_broken_by_a_file_loses_that_file_only(dossier: Path) -> None:
    stems = ["sain-0", "sort", "sain-1", "sain-2"]
    requests = [FileTask(str(dossier / f"{stem}.xlsx"), f"{stem}.xlsx") for stem in stems]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        moyens = BatchMeans(WorkerSettings(jobs=1), executor, breakdowns.work, ())
        found = [answer.answer.report for _, answer in answer_tasks(requests, moyens)]
    assert [r.verdict for r in found] == [
        Verdict.RECEVABLE, Verdict.ILLISIBLE, Verdict.RECEVABLE, Verdict.RECEVABLE]  # fmt: skip
    assert found[1].findings[0].code == "LEC-INTERROMPU"


def test_the_time_limit_runs_as_soon_as_the_work_begins(dossier: Path) -> None:
    start = time.monotonic()
    work = Pool(breakdowns.work, WorkerSettings(jobs=1, time_limit=1.0))
    ((_, answer),) = work.run([FileTask(str(dossier / "dort.xlsx"), "dort.xlsx")])
    assert answer == TaskFailure("LEC-DELAI", "1 seconde")
    assert 1.0 < time.monotonic() - start < 30.0


def test_the_memory_of_a_worker_is_not_that_of_its_parent() -> None:
    ballast = bytearray(300 * 1024 * 1024)
    ballast[::4096] = b"x" * len(ballast[::4096])
    work = Pool(breakdowns.pid, WorkerSettings(jobs=1))
    pids = {answer for _, answer in work.run(range(5))}
    assert len(pids) == 1, "a heavy parent does not have its workers replaced after each file"
    assert 0 < work.peak < 200 * 1024
