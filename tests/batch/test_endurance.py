"""A long batch, some of it poisoned: same bytes for the sound files, nothing that piles up.

A small size each time; the sizes of the goals (200 files, 2 000 in one worker) with
XL_CPOM_COMPLET=1.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ampleur import COMPLETE
from tests.batch import breakdowns
from tools.hostiles import CAS
from tools.hostiles.issues import deposit, expected
from tools.synthese import produce
from xl_cpom.batch.answer import FileAnswer
from xl_cpom.batch.check_files import BatchMeans, answer_tasks, in_order
from xl_cpom.batch.task import FileTask
from xl_cpom.validators.model import Verdict
from xl_cpom.workers.codec import decode
from xl_cpom.workers.pool import WorkerSettings

VALIDE = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_valide.xlsx"


HOSTILES = ("conteneur-bombe", "xml-attribut", "conteneur-bombe-feuille", "feuille-fusions",
            "format-ole-boucle", "xml-dtd-feuille")  # fmt: skip
FAILURES = {"tue": "LEC-INTERROMPU", "avorte": "LEC-INTERROMPU", "memoire": "LEC-MEMOIRE",
          "dort": "LEC-DELAI"}  # fmt: skip
DELAI = 20.0 if COMPLETE else 10.0


def poisons(folder: Path) -> dict[str, str]:
    """Ten poisoned files and the refusal of each: traps, and works that break their worker."""
    this_expected = expected()
    found = {}
    for name in HOSTILES:
        path = deposit(CAS[name], folder)
        assert path is not None
        (code,) = this_expected[name].codes
        found[path.name] = code
    for stem, code in FAILURES.items():
        shutil.copy(VALIDE, folder / f"{stem}.xlsx")
        found[f"{stem}.xlsx"] = code
    return found


def controler(folder: Path, names: list[str]) -> dict[str, bytes]:
    moyens = BatchMeans(WorkerSettings(jobs=2, time_limit=DELAI), work=breakdowns.work)
    requests = [FileTask(str(folder / name), name) for name in names]
    return {names[rank]: answer.data for rank, answer in in_order(answer_tasks(requests, moyens))}


@pytest.mark.long
@pytest.mark.slow
def test_ten_poisoned_retours_change_nothing_for_the_others(tmp_path: Path) -> None:
    """190 returns of a campaign, good and bad, and ten that kill, hang, swell or lie."""
    made = produce(
        tmp_path, nombre=190 if COMPLETE else 10, qualites={"honnête": 6, "fautif": 4}, jobs=2
    )
    sound = [retour.fichier for retour in made.retours]
    poisoned = poisons(made.depot)
    assert len(poisoned) == 10
    step = len(sound) // len(poisoned)
    mixed = list(sound)
    for rank, name in enumerate(poisoned):
        mixed.insert(rank * (step + 1), name)
    clean, dirty = controler(made.depot, sound), controler(made.depot, mixed)
    assert len(set(clean.values())) == len(sound)
    assert {name: dirty[name] for name in sound} == clean
    verdicts = {decode(FileAnswer, answer).report.verdict for answer in clean.values()}
    assert verdicts >= {Verdict.RECEVABLE, Verdict.NON_RECEVABLE}
    for name, code in poisoned.items():
        report = decode(FileAnswer, dirty[name]).report
        assert (name, report.verdict, [f.code for f in report.findings]) == (
            name, Verdict.ILLISIBLE, [code])  # fmt: skip
