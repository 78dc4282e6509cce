"""A long batch, some of it poisoned: same bytes for the sound files, nothing that piles up.

A small size each time; the sizes of the goals (200 files, 2 000 in one worker) with
XL_CPOM_COMPLET=1.
"""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from pathlib import Path

import pannes
import psutil
import pytest

from xl_cpom.batch.codec import decode
from xl_cpom.batch.controle import Moyens, en_ordre, repondre
from xl_cpom.batch.pool import Reglages
from xl_cpom.batch.reponse import Reponse
from xl_cpom.batch.synthese.degats import DEGATS
from xl_cpom.batch.travail import Demande
from xl_cpom.validators.model import Verdict

VALIDE = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_valide.xlsx"
COMPLET = bool(os.environ.get("XL_CPOM_COMPLET"))


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def poisons(folder: Path) -> dict[str, str]:
    """Ten poisoned files and the refusal of each: damages, and works that break their worker."""
    good = VALIDE.read_bytes()
    found = {f"poison-{rank}.xlsx": code for rank, (_, code) in enumerate(DEGATS.values())}
    for (damage, _), name in zip(DEGATS.values(), found, strict=True):
        (folder / name).write_bytes(damage(good))
    (folder / "poison-zip.xlsx").write_bytes(_zip(**{"n'importe": b"quoi"}))
    for stem in ("tue", "avorte", "memoire"):
        shutil.copy(VALIDE, folder / f"{stem}.xlsx")
    return {**found, "poison-zip.xlsx": "", "tue.xlsx": "LEC-INTERROMPU",
            "avorte.xlsx": "LEC-INTERROMPU", "memoire.xlsx": "LEC-MEMOIRE"}  # fmt: skip


def controler(folder: Path, names: list[str]) -> dict[str, bytes]:
    moyens = Moyens(Reglages(jobs=2), travail=pannes.travail)
    demandes = [Demande(str(folder / name), name) for name in names]
    return {names[rank]: answer.octets for rank, answer in en_ordre(repondre(demandes, moyens))}


@pytest.mark.slow
def test_dix_retours_empoisonnes_ne_changent_rien_aux_autres(tmp_path: Path) -> None:
    sound = [f"retour-{rank:03}.xlsx" for rank in range(190 if COMPLET else 20)]
    for name in sound:
        shutil.copy(VALIDE, tmp_path / name)
    poisoned = poisons(tmp_path)
    assert len(poisoned) == 10
    step = max(1, len(sound) // len(poisoned))
    mixed = list(sound)
    for rank, name in enumerate(poisoned):
        mixed.insert(rank * (step + 1), name)
    clean, dirty = controler(tmp_path, sound), controler(tmp_path, mixed)
    assert {name: dirty[name] for name in sound} == clean
    for name, code in poisoned.items():
        report = decode(Reponse, dirty[name]).report
        assert report.verdict is Verdict.ILLISIBLE
        assert code in ("", report.findings[0].code)


@pytest.mark.slow
def test_un_ouvrier_ne_laisse_rien_trainer(tmp_path: Path) -> None:
    """Descriptors and memory of one worker are flat, damaged files included."""
    names = [f"retour-{rank}.xlsx" for rank in range(3)]
    for name in names:
        shutil.copy(VALIDE, tmp_path / name)
    (tmp_path / names[1]).write_bytes(VALIDE.read_bytes()[:5000])
    total = 2000 if COMPLET else 150
    tasks = (Demande(str(tmp_path / names[n % 3]), names[n % 3]) for n in range(total))
    moyens = Moyens(Reglages(jobs=1, recyclage=10 * total))
    seen: list[tuple[int, int, int]] = []
    for rank, _ in repondre(tasks, moyens):
        if rank in (total // 3, total - 1):
            workers = [child for child in psutil.Process().children()
                       if "spawn_main" in " ".join(child.cmdline())]  # fmt: skip
            (worker,) = workers
            seen.append((worker.pid, worker.num_fds(), worker.memory_info().rss // 2**20))
    (pid, fds, memory), (last_pid, last_fds, last_memory) = seen
    assert (pid, fds) == (last_pid, last_fds)
    assert last_memory - memory <= 20
    assert last_memory < 256
