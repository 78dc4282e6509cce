"""Systematic mutation: every entry column, eight wrong things typed in one cell of it (in turn
two of them, all in a complete run).

Each gives exactly the finding its declaration promises, and nothing else, but the findings of
rules that legitimately follow: those are kept in a table (`tests/data/suites_des_saisies.csv`),
read line by line. A cell that could not be read has no consequence at all.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.ampleur import une_sur
from tests.atelier import VALIDE
from tests.validators.saisies import MUTATIONS, Saisie, colonnes, mutate, place_de
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.model import Report, Status
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.model import Column, Sheet
from xl_cpom.workbook.reader import RawWorkbook, read_workbook
from xl_cpom.workbook.reader.refs import cell_name

SUITES = Path(__file__).resolve().parent.parent / "data" / "suites_des_saisies.csv"
RELUES = frozenset({
    "FMT-003", "FMT-004", "FMT-006", "FMT-010", "FMT-011", "FMT-012", "FMT-014", "FMT-016",
    "FMT-018", "FMT-019", "FMT-021",
})  # fmt: skip
"""Codes of values that could be read all the same."""

Key = tuple[str, str, str]


@cache
def base() -> RawWorkbook:
    return read_workbook(VALIDE)


@cache
def suites() -> dict[Key, set[str]]:
    found: dict[Key, set[str]] = {}
    with SUITES.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream, delimiter=";"):
            key = (line["feuille"], line["colonne"], line["saisie"])
            found.setdefault(key, set()).add(line["constat"])
    return found


def play(sheet: Sheet, column: Column, pas: int = 1) -> Iterator[tuple[str, Saisie, str, Report]]:
    """(mutation, what is typed, address, report) of each mutation that has a sense here."""
    place = place_de(sheet, column)
    address = cell_name(place.row, place.col)
    for name, mutation in une_sur(pas, [*MUTATIONS.items()], place.col + place.row):
        saisie = mutation(column, place.valeur)
        if saisie is not None:
            raw = mutate(base(), sheet, place, saisie.contenu)
            report = check_retour("retour.xlsx", interpret(raw, load_referentiel()))
            yield name, saisie, address, report


def constats(report: Report) -> set[str]:
    return {
        f"{f.code} {f.sheet}!{','.join(f.cells)}" if f.cells else f"{f.code} {f.sheet}"
        for f in report.findings
    }


@pytest.mark.parametrize(
    ("sheet", "column"), colonnes(), ids=[f"{s.key}-{c.key}" for s, c in colonnes()]
)
def test_a_wrong_value_gives_exactly_its_finding(
    sheet: Sheet,
    column: Column,
    record_property,  # type: ignore[no-untyped-def]
) -> None:
    done = 0
    for name, saisie, address, report in play(sheet, column, pas=4):
        done += 1
        own = {f"{saisie.code} {sheet.name}!{address}"} if saisie.code else set()
        follows = suites().get((sheet.name, column.header, name), set())
        assert constats(report) == own | follows, f"{name} : {saisie.contenu!r}"
        assert report.count_rules(Status.EN_PANNE) == 0, name
    record_property("saisies", done)


def test_what_could_not_be_read_has_no_consequence() -> None:
    """The table of consequences names no mutation whose value is not kept."""
    for sheet, column in colonnes():
        place = place_de(sheet, column)
        for name, mutation in MUTATIONS.items():
            saisie = mutation(column, place.valeur)
            if (sheet.name, column.header, name) in suites():
                assert saisie is not None
                kept = saisie.code is None or saisie.code in RELUES or saisie.contenu is None
                assert kept, (sheet.name, column.header, name)


if __name__ == "__main__":
    with SUITES.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerow(("feuille", "colonne", "saisie", "constat"))
        for sheet_, column_ in colonnes():
            for name_, saisie_, address_, report_ in play(sheet_, column_):
                own_ = {f"{saisie_.code} {sheet_.name}!{address_}"}
                if saisie_.code is not None and own_ - constats(report_):
                    print("absent :", sheet_.name, column_.header, name_, own_)
                for constat in sorted(constats(report_) - own_):
                    writer.writerow((sheet_.name, column_.header, name_, constat))
