"""Workbooks saved again by other programs: same verdict, and each true loss said once.

Every program is the real one (`tools.fiabilite.other_programs`). Each line of `EXPECTED` says what
it truly loses, as the codes it adds to the valid example; nothing else may be said, and the faulty
example stays refused. Programs that are seldom at hand have left the file they wrote
(`tools.fiabilite.kept_files`), judged here in every run; `make complet` runs them again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.atelier import WORKBOOKS
from tools.fiabilite.kept_files import NAMES, SOURCE, kept
from tools.fiabilite.other_programs import PROGRAMS, MissingProgramError, Program
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.model import Report, Verdict
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook

SAME, RESERVED = Verdict.RECEVABLE, Verdict.WITH_RESERVES
EXPECTED: dict[str, tuple[Verdict, dict[str, int]]] = {
    "openpyxl": (RESERVED, {"STR-015": 11, "STR-028": 1}),
    "IronCalc": (RESERVED, {"STR-028": 1, "STR-052": 1, "STR-053": 1, "STR-055": 1}),
    "pandas": (RESERVED, {"STR-028": 1, "STR-052": 1, "STR-054": 1, "STR-055": 1}),
    "Gnumeric": (RESERVED, {"STR-028": 1, "STR-052": 1, "STR-054": 1}),
    "LibreOffice": (SAME, {"STR-028": 1}),
    "LibreOffice par .ods": (SAME, {"STR-028": 1, "STR-053": 1}),
    "LibreOffice par .xls": (RESERVED, {"STR-028": 1, "STR-052": 1, "STR-054": 1}),
    "LibreOffice récent": (SAME, {"STR-028": 1}),
    "LibreOffice récent par .ods": (SAME, {"STR-028": 1, "STR-053": 1}),
    "ExcelJS": (RESERVED, {"STR-056": 1}),
    "SheetJS": (RESERVED, {"STR-028": 1, "STR-052": 1, "STR-055": 1}),
    "xlsx-populate": (RESERVED, {"STR-015": 11, "STR-058": 1}),
    "excelize": (SAME, {}),
    "polars": (RESERVED, {"STR-054": 1, "STR-055": 1, "STR-058": 1}),
}
OF_THE_KEPT = {"xlsx-populate": {"STR-015": 10}}
"""What differs in the files kept: their template had no sheet « Activité par mode »."""
AT_HAND = ("openpyxl", "IronCalc", "pandas", "Gnumeric")
"""Quick, and in every installation of the tests (Gnumeric: where Debian's packages are)."""

LOST_WITH_THE_FILE = {"STR-009", "STR-012", "STR-013", "STR-014"}


def marks(program: Program) -> list[pytest.MarkDecorator]:
    office = [pytest.mark.soffice] if program.name.startswith("LibreOffice") else []
    quick = (*AT_HAND, "LibreOffice")
    return office + ([] if program.name in quick else [pytest.mark.long])


def saved(program: Program, name: str, folder: Path) -> Report:
    target = folder / name
    try:
        program.save(WORKBOOKS / name, target)
    except MissingProgramError as missing:
        pytest.skip(str(missing))
    return check(target)


def codes(report: Report) -> Counter[str]:
    return Counter(finding.code for finding in report.findings)


def said_once(
    before: Report, after: Report, name: str, other: Mapping[str, int] = MappingProxyType({})
) -> None:
    verdict, added = EXPECTED[name]
    assert codes(after) - codes(before) == Counter({**added, **other})
    assert codes(before) - codes(after) == Counter()
    assert after.verdict is verdict
    assert after.indicateurs == before.indicateurs


def test_every_program_is_expected() -> None:
    assert {program.name for program in PROGRAMS} == set(EXPECTED)


@pytest.mark.parametrize("program", [pytest.param(p, marks=marks(p), id=p.name) for p in PROGRAMS])
def test_what_a_program_loses_is_said_once(
    program: Program, tmp_path: Path, record_property
) -> None:  # type: ignore[no-untyped-def]
    name = "exemple_valide.xlsx"
    said_once(check(WORKBOOKS / name), saved(program, name, tmp_path), program.name)
    record_property("cas", 1)


@cache
def kept_files() -> dict[str, bytes]:
    return kept()


def of(data: bytes) -> Report:
    return check_retour("retour.xlsx", interpret(read_workbook(data), load_referentiel()))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_kept_file_lost_is_said_once(name: str, record_property) -> None:  # type: ignore[no-untyped-def]
    files = kept_files()
    said_once(of(files[SOURCE]), of(files[name]), name, OF_THE_KEPT.get(name, {}))
    record_property("cas", 1)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(p, marks=[*marks(p), *([] if p.name in AT_HAND[:3] else [pytest.mark.long])])
        for p in PROGRAMS
    ],
    ids=lambda p: p.name,
)
def test_a_faulty_return_stays_refused(program: Program, tmp_path: Path) -> None:
    name = "exemple_fautif.xlsx"
    before, after = check(WORKBOOKS / name), saved(program, name, tmp_path)
    assert after.verdict is Verdict.NON_RECEVABLE
    losses = LOST_WITH_THE_FILE
    if "STR-058" in EXPECTED[program.name][1]:  # types are told once, for all their cells
        losses = losses | {code for code in codes(before) if code.startswith("FMT-0")}
    assert set(codes(before) - codes(after)) <= losses
    told = set(codes(after) - codes(before)) - set(EXPECTED[program.name][1])
    assert told <= {"STR-008", "FMT-015"}  # a value that differs, a merge that is lost
