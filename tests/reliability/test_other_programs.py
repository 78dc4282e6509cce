"""Workbooks saved again by other programs: same verdict, and each true loss said once.

Every program is the real one. Each line of `PROGRAMMES` says what it truly loses, as the codes it
adds to the valid example; nothing else may be said, and the faulty example stays refused.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.atelier import WORKBOOKS
from xl_cpom import check
from xl_cpom.validators.model import Report, Verdict

ICI = Path(__file__).resolve().parent
DELAI = 300


@dataclass(frozen=True)
class Programme:
    """A program, how it saves a workbook again, and what it adds to what is said of it."""

    nom: str
    save: Callable[[Path, Path], None]
    verdict: Verdict
    ajouts: dict[str, int]
    marks: tuple[pytest.MarkDecorator, ...] = ()


def openpyxl_(source: Path, target: Path) -> None:
    import openpyxl

    openpyxl.load_workbook(source).save(target)


def ironcalc_(source: Path, target: Path) -> None:
    import ironcalc

    ironcalc.load_from_xlsx(str(source), "en", "UTC", "en").save_to_xlsx(str(target))


def pandas_(source: Path, target: Path) -> None:
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheets = pd.read_excel(
            source, sheet_name=None, header=None, dtype=object, engine="openpyxl"
        )  # fmt: skip
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, header=False, index=False)


def _soffice(source: Path, extension: str, folder: Path) -> Path:
    program = shutil.which("soffice")
    assert program is not None
    profile = folder / "profil"
    done = subprocess.run(
        [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
         extension, "--outdir", str(folder / extension), str(source)],
        capture_output=True, text=True, timeout=DELAI, check=True,
    )  # fmt: skip
    found = folder / extension / f"{source.stem}.{extension}"
    assert found.exists(), done.stderr
    return found


def libreoffice(source: Path, target: Path) -> None:
    shutil.copy(_soffice(source, "xlsx", target.parent / "direct"), target)


def libreoffice_by(extension: str) -> Callable[[Path, Path], None]:
    def convert(source: Path, target: Path) -> None:
        folder = target.parent / f"par_{extension}"
        shutil.copy(_soffice(_soffice(source, extension, folder), "xlsx", folder), target)

    return convert


def javascript(package: str, version: str) -> Callable[[Path, Path], None]:
    """A library of Node, installed in a folder of the test by the ordinary client."""

    def convert(source: Path, target: Path) -> None:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            pytest.skip("Node n'est pas installé")
        folder = target.parent
        installed = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder),
             f"{package}@{version}"],
            capture_output=True, text=True, timeout=DELAI, check=False,
        )  # fmt: skip
        if installed.returncode:
            pytest.skip(f"{package} n'a pas pu être installé")
        subprocess.run(
            [node, str(ICI / "other_programs.mjs"), package, str(source), str(target)],
            cwd=folder, env={**os.environ}, timeout=DELAI, check=True,
        )  # fmt: skip

    return convert


LIBREOFFICE = {"STR-028": 1}
PROGRAMMES = (
    Programme("openpyxl", openpyxl_, Verdict.WITH_RESERVES, {"STR-015": 10, "STR-028": 1}),
    Programme(
        "IronCalc", ironcalc_, Verdict.WITH_RESERVES,
        {"STR-028": 1, "STR-052": 1, "STR-053": 1, "STR-055": 1},
    ),
    Programme(
        "pandas", pandas_, Verdict.WITH_RESERVES, {"STR-028": 1, "STR-052": 1, "STR-054": 1, "STR-055": 1},
    ),
    Programme(
        "LibreOffice", libreoffice, Verdict.RECEVABLE, LIBREOFFICE, (pytest.mark.soffice,)
    ),
    Programme(
        "LibreOffice par .ods", libreoffice_by("ods"), Verdict.RECEVABLE,
        {**LIBREOFFICE, "STR-053": 1}, (pytest.mark.soffice, pytest.mark.long),
    ),
    Programme(
        "LibreOffice par .xls", libreoffice_by("xls"), Verdict.WITH_RESERVES,
        {"STR-028": 1, "STR-052": 1, "STR-054": 1}, (pytest.mark.soffice, pytest.mark.long),
    ),
    Programme(
        "ExcelJS", javascript("exceljs", "4.4.0"), Verdict.WITH_RESERVES, {"STR-056": 1},
        (pytest.mark.long,),
    ),
    Programme(
        "SheetJS", javascript("xlsx", "0.18.5"), Verdict.WITH_RESERVES,
        {"STR-028": 1, "STR-052": 1, "STR-055": 1}, (pytest.mark.long,),
    ),
    Programme(
        "xlsx-populate", javascript("xlsx-populate", "1.21.0"), Verdict.WITH_RESERVES,
        {"FMT-004": 49, "STR-015": 10}, (pytest.mark.long,),
    ),
)  # fmt: skip


def saved(programme: Programme, name: str, folder: Path) -> Report:
    target = folder / name
    programme.save(WORKBOOKS / name, target)
    return check(target)


def codes(report: Report) -> Counter[str]:
    return Counter(finding.code for finding in report.findings)


@pytest.mark.parametrize(
    "programme", [pytest.param(p, marks=p.marks, id=p.nom) for p in PROGRAMMES]
)
def test_what_a_program_loses_is_said_once(
    programme: Programme, tmp_path: Path, record_property
) -> None:  # type: ignore[no-untyped-def]
    name = "exemple_valide.xlsx"
    before, after = check(WORKBOOKS / name), saved(programme, name, tmp_path)
    assert codes(after) - codes(before) == Counter(programme.ajouts)
    assert codes(before) - codes(after) == Counter()
    assert after.verdict is programme.verdict
    assert after.indicateurs == before.indicateurs
    record_property("cas", 1)


@pytest.mark.parametrize(
    "programme", [pytest.param(p, marks=p.marks, id=p.nom) for p in PROGRAMMES[:3]]
)
def test_a_faulty_return_stays_refused(programme: Programme, tmp_path: Path) -> None:
    name = "exemple_fautif.xlsx"
    before, after = check(WORKBOOKS / name), saved(programme, name, tmp_path)
    assert after.verdict is Verdict.NON_RECEVABLE
    lost = codes(before) - codes(after)
    assert set(lost) <= {"STR-009", "STR-012", "STR-013", "STR-014"}, lost  # what the file lost
