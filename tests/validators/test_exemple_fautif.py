"""The faulty example: the exact findings kept as a table, and every declared fault seen.

The table was read line by line before it was frozen. Regenerate it after a change that is meant:
`python -m tests.validators.test_exemple_fautif`, then read what moved.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.atelier import WORKBOOKS
from xl_cpom import check
from xl_cpom.validators.model import Report, Status, Verdict
from xl_cpom.workbook.examples.faulty import cellules, faulty_sheets

ATTENDU = Path(__file__).resolve().parent.parent / "data" / "exemple_fautif_attendu.csv"
FIELDS = ("code", "feuille", "cellule")

CheckedRow = tuple[str, str, str]


def lignes(report: Report) -> list[CheckedRow]:
    """(code, tab, cell) of every finding, sorted; "" for a finding about the tab itself."""
    return sorted(
        (finding.code, finding.sheet, cell)
        for finding in report.findings
        for cell in finding.cells or ("",)
    )


def expected() -> list[CheckedRow]:
    with ATTENDU.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter=";")
        return [(row["code"], row["feuille"], row["cellule"]) for row in reader]


@pytest.fixture(scope="module")
def report() -> Report:
    return check(WORKBOOKS / "exemple_fautif.xlsx")


def test_the_findings_are_exactly_those_of_the_table(report: Report) -> None:
    assert lignes(report) == expected()


def test_it_is_refused_by_rules_and_not_by_a_failure(report: Report) -> None:
    assert report.verdict is Verdict.NON_RECEVABLE
    assert report.count_rules(Status.EN_PANNE) == 0


def test_every_declared_fault_is_found_where_it_was_made(report: Report) -> None:
    tabs = {key: sheet.name for key, sheet in faulty_sheets().items()}
    found = {(tab, cell) for _, tab, cell in lignes(report)}
    missed = [
        (tabs[fault.sheet], cell, fault.why)
        for fault, cell in cellules()
        if (tabs[fault.sheet], cell) not in found
    ]
    assert missed == []


def test_it_shows_many_different_faults(report: Report) -> None:
    assert len({finding.code for finding in report.findings}) >= 60
    assert {finding.code[:3] for finding in report.findings} >= {
        "STR", "FMT", "IDE", "MOD", "SUI", "SI-", "HAS", "INS", "DIF", "VRA", "IND",
    }  # fmt: skip


if __name__ == "__main__":
    with ATTENDU.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(lignes(check(WORKBOOKS / "exemple_fautif.xlsx")))
