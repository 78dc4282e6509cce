"""What is repaired, what stays as it was, what is left aside: each of them named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.atelier import WORKBOOKS, Workshop, q
from xl_cpom import check
from xl_cpom.reports.annotate import annotate
from xl_cpom.reports.annotate.notes import BLOCK
from xl_cpom.workbook.model import HEADER_ROW
from xl_cpom.workbook.reader import ExcelError, RawWorkbook, read_workbook
from xl_cpom.workbook.transfer import TransferReport, transfer
from xl_cpom.workbook.transfer.cell_notes import OUR_BLOCK
from xl_cpom.workbook.transfer.leftovers_sheet import HEADERS, HEADERS_AT, NOM

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"
ACTIONS, ESMS, MESURES = "Plan d'actions", "Établissements", "Inspection-contrôle"


def verse(workshop: Workshop, folder: Path) -> tuple[TransferReport, RawWorkbook]:
    done = transfer(workshop.write(folder / "ancien.xlsx"), folder / "nouveau.xlsx")
    return done, read_workbook(done.path)


def lu(raw: RawWorkbook, feuille: str, adresse: str) -> Any:
    sheet = raw.sheet(feuille)
    assert sheet is not None
    return next((c.value for c in sheet.cells.values() if c.ref == adresse), None)


def reparees(done: TransferReport) -> set[tuple[str, str, str]]:
    return {(r.cell, r.was_read, r.written) for r in done.repairs}


def laisses(done: TransferReport) -> set[tuple[str, str, Any, str]]:
    return {(n.sheet, n.cell, n.content, n.reason.split(" : ")[0]) for n in done.not_taken}


def serie(day: dt.date) -> float:
    return float((day - dt.date(1899, 12, 30)).days)


ONE_READING = (
    (ESMS, "A6", 210781456, "210781456"),
    (ESMS, "A7", " 210 781 464 ", None),
    (ACTIONS, "K6", "100 %", 1.0),
    (ACTIONS, "K7", 85, 0.85),
    (ACTIONS, "J7", "A demarrer", "À démarrer"),
    (ACTIONS, "I7", "31 décembre 2028", serie(dt.date(2028, 12, 31))),
    (ACTIONS, "I8", "2028-12-31", serie(dt.date(2028, 12, 31))),
    (ACTIONS, "H7", "2026", 2026.0),
    (ACTIONS, "A9", 12, "12"),
)
"""sheet, cell, content, what the new cell holds (None: the content without its blanks)"""


def test_what_has_one_reading_takes_its_type(tmp_path: Path) -> None:
    altered = Workshop()
    finess = lu(read_workbook(altered.octets()), ESMS, "A7")
    for sheet, adresse, raw, _ in ONE_READING:
        altered.cellule(sheet, adresse, f" {finess} " if adresse == "A7" else raw)
    done, new = verse(altered, tmp_path)
    for sheet, adresse, _, attendu in ONE_READING:
        assert lu(new, sheet, adresse) == (finess if attendu is None else attendu), adresse
    told = {(r.sheet, r.cell) for r in done.repairs}
    assert told == {(sheet, adresse) for sheet, adresse, _, _ in ONE_READING}
    assert done.not_taken == ()
    said = {(r.sheet, r.cell): (r.was_read, r.written) for r in done.repairs}
    assert said[ESMS, "A6"] == ("210781456 (nombre)", "210781456 (texte)")
    assert said[ACTIONS, "H7"] == ("2026 (texte)", "2026 (nombre)")


UNREADABLE = (
    (ACTIONS, "I7", "fin 2029", "FMT-007"),
    (ACTIONS, "K7", "presque tout", "FMT-009"),
    (ACTIONS, "J8", "Terminée", "FMT-013"),
    (ESMS, "A7", "210000023", "FMT-002"),
    (ESMS, "N7", 80.5, "FMT-023"),
    (ESMS, "N8", "1.234", "FMT-020"),
    (ACTIONS, "I9", "#REF!", "STR-010"),
    (ACTIONS, "G9", "#N/A", "STR-010"),
)


def test_what_cannot_be_read_stays_in_its_cell_and_is_still_reported(tmp_path: Path) -> None:
    altered = Workshop()
    for sheet, adresse, raw, _ in UNREADABLE:
        altered.cellule(sheet, adresse, raw)
    done, new = verse(altered, tmp_path)
    assert done.repairs == () and done.not_taken == ()
    told = {(f.code, f.sheet, f.cells) for f in check(done.path).findings}
    for sheet, adresse, raw, code in UNREADABLE:
        found = lu(new, sheet, adresse)
        assert (found.code if isinstance(found, ExcelError) else found) == raw
        assert (code, sheet, (adresse,)) in told
    before = check(tmp_path / "ancien.xlsx").findings
    assert told == {(f.code, f.sheet, f.cells) for f in before}


def test_the_faulty_example_names_what_it_leaves_aside(tmp_path: Path) -> None:
    done = transfer(FAULTY, tmp_path / "nouveau.xlsx")
    assert laisses(done) == {
        ("Évaluation HAS", "A1", "Version relue par Camille le 12/01",
         "texte ou valeur hors du tableau"),
        ("Difficulté financière", "H7", -90_000.0, "valeur saisie à la place d'une formule"),
        ("Difficulté financière", "B11", "Attention, chiffres 2027 provisoires",
         "texte ou valeur hors du tableau"),
        ("Feuil1", "A1", "Brouillon : rappeler le département avant vendredi",
         "feuille inconnue du classeur standard"),
    }  # fmt: skip
    told = {(r.sheet, r.cell) for r in done.repairs}
    assert {("Identification", "B8"), (ACTIONS, "O26"), ("Évaluation HAS", "C16")} <= told
    structure = {f.code for f in check(done.path).findings if f.code.startswith("STR")}
    assert structure == set()  # the sheet « Non repris » is ours


def test_an_unknown_column_keeps_the_record_of_each_value(tmp_path: Path) -> None:
    altered = Workshop().cellule(ACTIONS, "R5", "Avis du pilote")
    altered.cellule(ACTIONS, "R6", "Favorable").cellule(ACTIONS, "R8", 3)
    done, new = verse(altered, tmp_path)
    told = [(n.cell, n.content, n.column, n.record) for n in done.not_taken]
    assert told == [
        ("R5", "Avis du pilote", "", ""),
        ("R6", "Favorable", "Avis du pilote", "l'action A1"),
        ("R8", 3.0, "Avis du pilote", "l'action A3"),
    ]
    sheet = new.sheet(NOM)
    assert sheet is not None and sheet.state == "visible"
    texts = [sheet.cells[HEADERS_AT, col].value for col in range(1, len(HEADERS) + 1)]
    assert tuple(texts) == HEADERS
    row = [sheet.cells.get((HEADERS_AT + 3, col)) for col in range(1, 8)]
    assert [None if c is None else c.value for c in row] == [
        ACTIONS, "R8", "Avis du pilote", "l'action A3", 3.0, None,
        "colonne inconnue du classeur standard",
    ]  # fmt: skip


def test_a_formula_typed_by_the_user_gives_its_value_and_is_told(tmp_path: Path) -> None:
    done, new = verse(Workshop().formule(ESMS, "N7", "40+24", 64.0), tmp_path)
    assert lu(new, ESMS, "N7") == 64.0
    assert [(n.cell, n.content, n.formula) for n in done.not_taken] == [("N7", 64.0, "=40+24")]


def test_a_formula_never_calculated_is_left_aside_with_its_text(tmp_path: Path) -> None:
    done, new = verse(Workshop().formule(ESMS, "N7", "40+24"), tmp_path)
    assert lu(new, ESMS, "N7") is None
    assert [(n.cell, n.content, n.reason) for n in done.not_taken] == [
        ("N7", "=40+24", "formule jamais calculée : sa valeur n'est pas connue")
    ]


def test_a_constant_over_a_formula(tmp_path: Path) -> None:
    """The right value is a repair; a wrong one is also kept aside."""
    done, new = verse(Workshop().cellule(ACTIONS, "P6", "TRANSFO/PA"), tmp_path)
    assert done.not_taken == () and [r.written for r in done.repairs] == ["formule rétablie"]
    done, new = verse(Workshop().cellule(ACTIONS, "P6", "SI/PH"), tmp_path / "..")
    assert [n.content for n in done.not_taken] == ["SI/PH"]
    assert lu(new, ACTIONS, "P6") == "TRANSFO/PA"


def test_the_notes_of_the_gestionnaire_are_kept_aside(tmp_path: Path) -> None:
    """His own, not the help of the headers, nor what the control wrote in an annotated copy."""
    workshop = Workshop(FAULTY)
    part = next(p for p in workshop.membres if p.endswith("comments2.xml"))
    comments = workshop.tree(part).find(q("commentList"))
    first = comments[0]
    place = first.get("ref")
    for text in list(first.iter(q("t")))[1:]:
        text.text = ""
    next(first.iter(q("t"))).text = "À revoir avec le siège"
    source = workshop.write(tmp_path / "ancien.xlsx")
    copy = tmp_path / "copie.xlsx"
    annotate(source, check(source).findings, copy)
    for path in (source, copy):
        done = transfer(path, tmp_path / f"nouveau_{path.name}")
        notes = [(n.cell, n.content) for n in done.not_taken if n.reason.startswith("note")]
        assert notes == [(place, "À revoir avec le siège")]
        assert len(done.not_taken) == 5
    assert OUR_BLOCK.pattern == BLOCK.pattern


def test_the_dates_of_the_1904_system_are_the_same_days(tmp_path: Path) -> None:
    altered = Workshop().calendar_1904()
    done, new = verse(altered, tmp_path)
    before = read_workbook(tmp_path / "ancien.xlsx")
    assert done.repairs == () and done.not_taken == ()
    assert before.date1904 and not new.date1904
    assert lu(new, ACTIONS, "I6") == lu(before, ACTIONS, "I6") + 1462


def test_numbers_keep_their_precision(tmp_path: Path) -> None:
    values = {"M6": 0.1 + 0.2, "M7": 1 / 3, "M8": 12.0, "M9": 1e-9}
    altered = Workshop()
    for adresse, value in values.items():
        altered.cellule(ACTIONS, adresse, value)
    done, new = verse(altered, tmp_path)
    assert done.repairs == ()
    for adresse, value in values.items():
        assert lu(new, ACTIONS, adresse) == pytest.approx(value, rel=1e-14)


def test_days_before_march_1900_and_hours(tmp_path: Path) -> None:
    altered = Workshop().cellule(ACTIONS, "I6", 15).cellule(ACTIONS, "I7", 46_500.75)
    done, new = verse(altered, tmp_path)
    assert (lu(new, ACTIONS, "I6"), lu(new, ACTIONS, "I7")) == (15.0, 46_500.0)
    assert reparees(done) == {("I7", "23/04/2027 18:00", "23/04/2027")}


TEXTS = {
    '=HYPERLINK("x")': '=HYPERLINK("x")',
    "deux\nlignes": "deux\nlignes",
    "<b>&amp;": "<b>&amp;",
    "_x005F_x0041_": "_x0041_",
    "_x0007_bip": "\x07bip",
    "_xFFFE_ fin": "\N{REPLACEMENT CHARACTER} fin",
    "é" * 32_767: "é" * 32_767,
    "+33 3 80": "+33 3 80",
    "'texte": "'texte",
    "  bords  ": "bords",
}
"""as the file stores it -> as it is read in the new workbook"""


def test_texts_come_out_as_they_were(tmp_path: Path) -> None:
    altered = Workshop()
    for row, stored in enumerate(TEXTS, start=6):
        altered.cellule(ACTIONS, f"Q{row}", stored)
    done, new = verse(altered, tmp_path)
    for row, read in enumerate(TEXTS.values(), start=6):
        assert lu(new, ACTIONS, f"Q{row}") == read
    assert done.not_taken == ()


def test_a_row_unknown_to_a_fixed_sheet_is_left_aside_whole(tmp_path: Path) -> None:
    altered = Workshop().cellule("Modules", "A13", "TRANSPORT").cellule("Modules", "E13", "Oui")
    done, _ = verse(altered, tmp_path)
    kept = {(n.cell, n.content) for n in done.not_taken if n.cell.endswith("13")}
    assert {("A13", "TRANSPORT"), ("E13", "Oui")} <= kept


def test_a_label_of_the_template_rewritten_by_hand(tmp_path: Path) -> None:
    done, _ = verse(Workshop().cellule("Modules", "B6", "Notre transformation"), tmp_path)
    assert [(n.cell, n.content, n.reason.split(" : ")[0]) for n in done.not_taken] == [
        ("B6", "Notre transformation", "texte fixe du classeur standard modifié")
    ]


def test_two_sheets_for_one_the_other_is_kept_aside(tmp_path: Path) -> None:
    altered = (
        Workshop().add_sheet("Plan d'actions (2)").cellule("Plan d'actions (2)", "B9", "brouillon")
    )
    done, _ = verse(altered, tmp_path)
    assert laisses(done) == {
        ("Plan d'actions (2)", "B9", "brouillon", "feuille inconnue du classeur standard")
    }


def test_rows_beyond_the_capacity_of_the_template(tmp_path: Path) -> None:
    altered = Workshop()
    for rank in range(140):
        altered.cellule(ACTIONS, f"A{60 + rank}", f"X{rank}")
        altered.cellule(ACTIONS, f"E{60 + rank}", f"Action {rank}")
    done, new = verse(altered, tmp_path)
    assert done.not_taken == ()
    sheet = new.sheet(ACTIONS)
    assert sheet is not None
    assert {f"Action {rank}" for rank in range(140)} <= {c.value for c in sheet.cells.values()}
    assert sheet.tables[0].ref.row2 > HEADER_ROW + 160
