"""A return on an earlier version of the template is judged by what that version had."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from xl_cpom import check
from xl_cpom.validators.model import Report
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.mark import template_fingerprint
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.sheets import SHEETS, VERSION_GABARIT, VERSIONS
from xl_cpom.workbook.template_versions import rank, sheets_of
from xl_cpom.workbook.transfer import transfer

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = ROOT / "tests" / "data" / "gabarits.toml"
FIRST = ROOT / "tests" / "data" / "gabarits" / "2026.1"
NOW = ROOT / "workbooks"
NO_REGISTER = "PER-011"
"""A contract that cites an avenant has now a register to fill: nothing of the old return was it."""
SAMPLES = ("CPOM_socle_2026-2030.xlsx", "exemple_valide.xlsx", "exemple_fautif.xlsx")


def _found(report: Report) -> set[tuple[str, ...]]:
    """Code, sheet and cells of each finding, but for the remark on the version itself.

    A line that is missing is shown where it goes: below the others, whose number differs since one
    line serves an organisme of two secteurs.
    """
    return {
        (f.code, f.sheet, *(f.cells if f.code != "SI-001" else ()))
        for f in report.findings
        if f.code != "STR-070"
    }


@pytest.mark.parametrize("version", tomllib.loads(PUBLISHED.read_text(encoding="utf-8")))
def test_the_structure_of_a_published_version_is_still_known(version: str) -> None:
    published = tomllib.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert template_fingerprint(sheets_of(version)) == published[version]


def test_every_declaration_names_a_version() -> None:
    for sheet in SHEETS.values():
        assert rank(sheet.since) >= 0
        for column in sheet.columns:
            assert rank(column.since) >= rank(sheet.since) or not column.since
            for changed, _ in column.formula.before if column.formula else ():
                assert rank(changed) > 0


@pytest.mark.parametrize("juge", ["direct", "pandera"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_return_on_the_first_version_is_judged_as_the_present_one(name: str, juge: str) -> None:
    """The same content on the two templates: same verdict, same faults at the same cells."""
    before, after = check(FIRST / name, juge=juge), check(NOW / name, juge=juge)
    assert (before.gabarit, after.gabarit) == ("2026.1", VERSION_GABARIT)
    assert before.verdict is after.verdict
    assert _found(before) == _found(after)
    blank = name == SAMPLES[0]  # nothing else is said of a workbook that nobody filled in
    told = [f.severity.value for f in before.findings if f.code == "STR-070"]
    assert told == ([] if blank else ["information"])
    assert not [f for f in after.findings if f.code == "STR-070"]


def _unmarked(source: Path, target: Path) -> Path:
    book = load_workbook(source)
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    del book["_cpom"]
    book.save(target)
    return target


@pytest.mark.parametrize(("folder", "version"), [(FIRST, "2026.1"), (NOW, VERSION_GABARIT)])
def test_an_unmarked_workbook_is_read_by_what_its_tabs_are(
    folder: Path, version: str, ref, tmp_path: Path
) -> None:
    path = _unmarked(folder / "exemple_valide.xlsx", tmp_path / "sans_marque.xlsx")
    assert interpret(read_workbook(path), ref).classeur.versions[-1] == version
    codes = [f.code for f in check(path).findings if f.severity.value == "bloquant"]
    assert codes == ["STR-003"]


def test_a_sheet_of_the_present_version_is_missed_there_only(tmp_path: Path) -> None:
    found = {}
    for version, folder in (("2026.1", FIRST), (VERSION_GABARIT, NOW)):
        book = load_workbook(folder / "exemple_valide.xlsx")
        if "Avenants" in book.sheetnames:
            del book["Avenants"]
        path = tmp_path / f"{version}.xlsx"
        book.save(path)
        found[version] = {f.code for f in check(path).findings if f.code == "STR-002"}
    assert found == {"2026.1": set(), VERSION_GABARIT: {"STR-002"}}


def _values(path: Path, ref) -> Iterator[tuple[str, int, str, object]]:
    """Every value typed in a workbook, by sheet, rank of the row and column."""
    for key, table in interpret(read_workbook(path), ref).classeur.tables.items():
        for index, row in enumerate(table.rows):
            for column in table.sheet.columns:
                if column.is_entry and row.values[column.key] is not None:
                    yield key, index, column.key, row.values[column.key]


ASKED_ANEW = ("DIF-023", "IND-008", "IND-108", "SI-023")
"""What version 2026.2 asks otherwise: the accounts of the last closed exercice, the checklist of
cybersecurity. A return keeps what it said, and is told."""


@pytest.mark.parametrize("name", SAMPLES[:2])
def test_transvaser_brings_a_return_to_the_present_version(name: str, ref, tmp_path: Path) -> None:
    old = shutil.copy(FIRST / name, tmp_path / "ancien.xlsx")
    report = transfer(old, tmp_path / "neuf.xlsx")
    assert not report.not_taken
    assert check(tmp_path / "neuf.xlsx").gabarit == VERSIONS[-1]
    assert set(_values(tmp_path / "neuf.xlsx", ref)) == set(_values(old, ref))
    new = {NO_REGISTER, *ASKED_ANEW}
    told = {found for found in _found(check(tmp_path / "neuf.xlsx")) if found[0] not in new}
    assert told == {found for found in _found(check(old)) if found[0] not in new}
