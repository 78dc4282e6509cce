"""A batch with poison in it: each poisoned file has its refusal, the others their usual report."""

from __future__ import annotations

from pathlib import Path

from tools.hostiles import CAS
from tools.hostiles.issues import deposit, expected, issue
from tools.hostiles.modele import honest
from xl_cpom import check_batch

POISON = (
    "conteneur-bombe-feuille", "xml-attribut", "feuille-cellules", "feuille-fusions",
    "format-ole-boucle", "formule-geante", "xml-profondeur", "valeur-texte-tres-long",
)  # fmt: skip


def test_poison_costs_its_own_file_only(tmp_path: Path) -> None:
    paths: list[Path] = []
    for rank, name in enumerate(POISON):
        this_honest = tmp_path / f"sain{rank}.xlsx"
        this_honest.write_bytes(honest())
        poisoned = deposit(CAS[name], tmp_path)
        assert poisoned is not None
        paths += [this_honest, poisoned]
    this_expected = expected()
    reports = list(check_batch(paths, jobs=2))
    assert [r.file for r in reports] == [p.name for p in paths]
    for path, report in zip(paths, reports, strict=True):
        if path.stem in this_expected:
            assert issue(report) == this_expected[path.stem]
        else:
            assert report.verdict.value == "recevable"
