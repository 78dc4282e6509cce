"""What people typed, poured into a clean workbook: repaired when read, still told otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.corpus.gestes import Gestures
from xl_cpom.validators.check import check
from xl_cpom.workbook.transfer import transfer

SI, ROR = "Systèmes d'information", "ROR par ET + 210781456"
READ: dict[str, Callable[[Gestures], None]] = {
    "entité en groupes": lambda g: g.saisir(SI, ROR, "FINESS ET ou dispositif", "210 781 456"),
    "entité exportée": lambda g: g.saisir(SI, ROR, "FINESS ET ou dispositif", "210781456.0"),
    "secteur entre guillemets": lambda g: g.saisir(
        "Établissements", "900002411", "Secteur", "« PA »"
    ),
    "case à cocher": lambda g: g.saisir(SI, ROR, "Exigible", "☑"),
    "code devenu date": lambda g: g.dater(
        "Évaluation HAS", "2.10.1", "Critère", dt.date(2001, 10, 2)
    ),
    "SERAFIN devenu date": lambda g: g.dater(
        "Plan d'actions", "A21", "Code SERAFIN-PH", dt.date(2026, 1, 2)
    ),
}


def poured(tmp_path: Path, gesture: Callable[[Gestures], None]) -> tuple[list[str], list[str], int]:
    """Codes before, codes after, and how many repairs were told."""
    case = Gestures()
    gesture(case)
    source = case.write(tmp_path / "ancien.xlsx")
    done = transfer(source, tmp_path / "neuf.xlsx")
    before, after = check(source), check(done.path)
    return ([f.code for f in before.findings], [f.code for f in after.findings], len(done.repairs))


@pytest.mark.parametrize("name", READ)
def test_what_is_read_is_repaired_and_told(name: str, tmp_path: Path) -> None:
    before, after, repairs = poured(tmp_path, READ[name])
    assert len(before) == 1 and after == [] and repairs == 1


def test_a_date_that_is_no_reference_stays_told(tmp_path: Path) -> None:
    def gesture(case: Gestures) -> None:
        case.dater("Plan d'actions", "A3", "N°", dt.date(2026, 2, 1))

    before, after, _ = poured(tmp_path, gesture)
    assert before == after == ["FMT-026"]
