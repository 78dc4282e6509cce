"""A batch with poison in it: each poisoned file has its refusal, the others their usual report."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from tools.hostiles import CAS
from tools.hostiles.issues import attendues, deposer, issue
from tools.hostiles.modele import honnete
from xl_cpom import check_batch
from xl_cpom.validators.check import check

POISON = (
    "conteneur-bombe-feuille", "xml-attribut", "feuille-cellules", "feuille-fusions",
    "format-ole-boucle", "formule-geante", "xml-profondeur", "valeur-texte-tres-long",
)  # fmt: skip


def test_poison_costs_its_own_file_only(tmp_path: Path) -> None:
    paths: list[Path] = []
    for rank, nom in enumerate(POISON):
        honest = tmp_path / f"sain{rank}.xlsx"
        honest.write_bytes(honnete())
        poisoned = deposer(CAS[nom], tmp_path)
        assert poisoned is not None
        paths += [honest, poisoned]
    expected = attendues()
    reports = list(check_batch(paths, jobs=2))
    assert [r.fichier for r in reports] == [p.name for p in paths]
    for path, report in zip(paths, reports, strict=True):
        if path.stem in expected:
            assert issue(report) == expected[path.stem]
        else:
            assert report.verdict.value == "recevable"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="compte les descripteurs de Linux")
def test_two_hundred_files_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "retour.xlsx"
    honest = honnete()
    process = psutil.Process()
    small = ("conteneur-vide", "conteneur-coupe-moitie", "xml-dtd-feuille", "conteneur-doublon",
             "format-xls", "conteneur-somme", "feuille-trois-cents")  # fmt: skip
    contents = [CAS[nom].fabrique() for nom in small]
    before = memory = 0
    for turn in range(200):
        path.write_bytes(honest if turn % 10 == 0 else contents[turn % len(contents)])
        check(path)
        if turn == 40:
            before, memory = len(list(Path("/proc/self/fd").iterdir())), process.memory_info().rss
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert process.memory_info().rss - memory < 20 * 1024 * 1024
