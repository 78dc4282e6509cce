"""The buttons: on a stand-in of an Excel workbook, then on xlwings' own remote engine."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from xl_cpom.udfs import ribbon
from xl_cpom.udfs.ribbon_sheets import HEADERS, freeze_sheet, write_controles
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Finding, Report, Verdict
from xl_cpom.workbook.template import write_template

from .faux_classeur import Classeur

ROOT = Path(__file__).parents[2]


def anomalie(code="INS-002", severity=BLOQUANT, sheet="Inspection-contrôle", cells=("P7", "Q7")):
    return Finding(
        code, severity, sheet, cells, "Levée", "", "la mesure est «\u00a0Levée\u00a0» sans date",
        "Saisissez la date", "Guide",
    )  # fmt: skip


def rapport(*findings):
    return Report(
        "retour.xlsx", "0" * 64, "2026.1", Verdict.NON_RECEVABLE, "210780581", "ADAPEI", findings,
        (), (), "0.1.0", "BFC-2026-2030",
    )  # fmt: skip


@pytest.fixture(scope="module")
def gabarit(tmp_path_factory):
    from xl_cpom.referentiel import load_referentiel

    path = tmp_path_factory.mktemp("gabarit") / "retour.xlsx"
    write_template(path, load_referentiel())
    return path


@pytest.fixture
def classeur(gabarit, tmp_path):
    shutil.copy(gabarit, tmp_path / "retour.xlsx")
    return Classeur(tmp_path / "retour.xlsx")


def feuille(book, name="Contrôles"):
    return next(s for s in book.sheets if s.name == name)


def lignes(sheet):
    start = next(n for n, row in enumerate(sheet.tab.values) if row[:2] == HEADERS[:2])
    return [list(row[:7]) for row in list(sheet.tab.values)[start + 1 :] if any(row[:7])]


def test_verifier_fills_the_sheet_and_goes_to_the_gravest_cell(classeur):
    findings = (
        anomalie("ACT-001", AVERTISSEMENT, "Plan d'actions", ("J7",)),
        anomalie(),
        anomalie("STR-001", BLOQUANT, "", ()),
    )
    found = ribbon.verifier(classeur, lambda path: rapport(*findings))
    assert found.findings == findings
    assert classeur.enregistre == 1
    controles = feuille(classeur)
    assert [(line[0], line[1], line[2], line[3]) for line in lignes(controles)] == [
        ("Bloquant", "INS-002", "Inspection-contrôle",
         '=HYPERLINK("#\'Inspection-contrôle\'!P7","P7…")'),
        ("Bloquant", "STR-001", "", ""),
        ("Avertissement", "ACT-001", "Plan d'actions",
         "=HYPERLINK(\"#'Plan d''actions'!J7\",\"J7\")"),
    ]  # fmt: skip
    assert controles.api.journal == ["ôtée", "remise"]
    assert (classeur.active, classeur.selection) == (
        "Inspection-contrôle",
        ("Inspection-contrôle", (7, 16)),
    )
    assert classeur.app.messages == [
        "Verdict\u00a0: non recevable. 3 anomalies. Elles sont dans la feuille "
        "«\u00a0Contrôles\u00a0»."
    ]


def test_verifier_again_leaves_no_old_line(classeur):
    write_controles(classeur, [anomalie()] * 40)
    assert len(lignes(feuille(classeur))) == 40
    (top, _), (bottom, right) = classeur.tailles["tControles"]
    assert (bottom - top, right) == (40, 7)
    write_controles(classeur, [anomalie("ACT-001")])
    assert [line[1] for line in lignes(feuille(classeur))] == ["ACT-001"]
    write_controles(classeur, [])
    assert lignes(feuille(classeur)) == []


def test_text_of_the_workbook_is_never_a_formula(classeur):
    wicked = dataclasses.replace(anomalie(), message='=HYPERLINK("http://x")', fix="+1")
    write_controles(classeur, [wicked])
    sheet = feuille(classeur).tab
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert cells['=HYPERLINK("http://x")'] == "s"
    assert cells["+1"] == "s"


def test_sheet_missing_or_without_headers(classeur):
    position = next(n for n, s in enumerate(classeur.sheets) if s.name == "Contrôles")
    del classeur.sheets[position]
    classeur.contenu.remove(classeur.contenu["Contrôles"])
    write_controles(classeur, [anomalie()])
    assert [line[1] for line in lignes(feuille(classeur))] == ["INS-002"]
    for cell in feuille(classeur).tab[1]:
        cell.value = None
    assert ribbon.verifier(classeur, lambda path: rapport(anomalie())) is None
    assert "n'a plus ses en-têtes" in classeur.app.messages[-1]


def test_real_control_of_a_blank_workbook(classeur):
    found = ribbon.verifier(classeur)
    assert found.verdict is Verdict.NON_RECEVABLE
    assert len(lignes(feuille(classeur))) == len(found.findings) > 0
    assert lignes(feuille(classeur))[0][1] in {
        f.code for f in found.findings if f.severity is BLOQUANT
    }


def test_workbook_never_saved(classeur, tmp_path):
    classeur.fullname = "Classeur1"
    assert ribbon.verifier(classeur, lambda path: rapport()) is None
    assert ribbon.figer(classeur) is None
    assert all("enregistrez-le d'abord" in message for message in classeur.app.messages)


def test_file_kept_by_excel_is_copied(classeur, monkeypatch):
    copies = []
    original = Path(classeur.fullname)

    def save_copy(target):
        copies.append(Path(target))
        shutil.copy(original, target)

    classeur.api = type("Api", (), {"SaveCopyAs": staticmethod(save_copy)})
    opened = Path.open

    def refuse(path, *args, **options):
        if path == original:
            raise PermissionError
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    seen = []
    ribbon.verifier(classeur, lambda path: seen.append(path.name) or rapport())
    assert seen == ["retour.xlsx"]
    assert len(copies) == 1
    assert not copies[0].exists()


def test_freezing_writes_a_copy_without_cpom_formulas(classeur):
    before = Path(classeur.fullname).read_bytes()
    target = ribbon.figer(classeur)
    assert target.name == "retour\u00a0– valeurs figées.xlsx"
    assert Path(classeur.fullname).read_bytes() == before
    shown = openpyxl.load_workbook(before_path := Path(classeur.fullname), data_only=True)
    source, frozen = openpyxl.load_workbook(before_path), openpyxl.load_workbook(target)
    replaced = 0
    for sheet in source.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                now = frozen[sheet.title][cell.coordinate].value
                if isinstance(cell.value, str) and re.search(r"\bCPOM_\w+\(", cell.value):
                    assert now == shown[sheet.title][cell.coordinate].value
                    replaced += 1
                elif isinstance(cell.value, str) and cell.value.startswith("="):
                    assert now == cell.value
    assert replaced > 1000
    assert str(replaced) in classeur.app.messages[-1].replace("\u202f", "")
    assert all(s.api.journal in ([], ["ôtée", "remise"]) for s in classeur.app.ouverts[-1].sheets)
    assert ribbon.figer(classeur) is None
    assert "existe déjà" in classeur.app.messages[-1]


def test_freeze_sheet_knows_every_spelling(classeur):
    sheet = feuille(classeur)
    sheet.api.ProtectContents = False
    tried = {
        "=CPOM_TAUX(A1)": True,
        "='C:\\x\\CPOM.xlam'!CPOM_TAUX(A1)": True,
        "=[1]!cpom_taux(A1)": True,
        "=_xldudf_CPOM_TAUX(A1)": True,
        "=_xll.CPOM_TAUX(A1)": True,
        "=IF(id_cpom_precedent>0,1,2)": False,
        "=SUM(A1)": False,
        "CPOM_TAUX(": False,
    }
    for row, text in enumerate(tried, start=20):
        sheet.tab.cell(row, 9).value = text
    assert freeze_sheet(sheet) == sum(tried.values())
    left = [sheet.tab.cell(20 + n, 9).value is not None for n in range(len(tried))]
    assert left == [not frozen for frozen in tried.values()]


DISTANT = """
import json, sys, xlwings as xw
from xl_cpom.udfs.ribbon_sheets import write_controles, go_to_first
from xl_cpom.validators.model import BLOQUANT, Finding
faux = Finding("INS-002", BLOQUANT, "Inspection-contrôle", ("P7",), "", "", "message", "correction",
               "Guide")
book = xw.Book(json=json.load(sys.stdin))
write_controles(book, [faux])
go_to_first(book, [faux])
print(json.dumps(book.json()["actions"]))
"""


def test_remote_engine_of_xlwings():
    pytest.importorskip("xlwings")
    empty = {"pictures": [], "tables": []}
    payload = {
        "client": "Office.js",
        "version": __import__("xlwings").__version__,
        "book": {"name": "retour.xlsx", "active_sheet_index": 0, "selection": "A1"},
        "names": [],
        "sheets": [
            {"name": "Inspection-contrôle", "values": [["N°"]], **empty},
            {"name": "Contrôles", "values": [["Titre"], [""], list(HEADERS), ["ancien"]], **empty},
        ],
    }
    done = subprocess.run(
        [sys.executable, "-c", DISTANT],
        input=json.dumps(payload),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "XLWINGS_LICENSE_KEY": "noncommercial"},
    )
    assert done.returncode == 0, done.stderr
    actions = json.loads(done.stdout)
    assert [a["func"] for a in actions] == [
        "rangeClearContents", "setValues", "activateSheet", "rangeSelect",
    ]  # fmt: skip
    assert actions[1]["values"] == [[
        "Bloquant", "INS-002", "Inspection-contrôle",
        "=HYPERLINK(\"#'Inspection-contrôle'!P7\",\"P7\")", "", "message", "correction",
    ]]  # fmt: skip
    assert (actions[1]["sheet_position"], actions[1]["start_row"]) == (1, 3)


def test_repair_opens_a_copy_with_what_was_repaired(gabarit, tmp_path):
    import shutil

    from tests.atelier import WORKBOOKS
    from xl_cpom import check

    shutil.copyfile(WORKBOOKS / "exemple_fautif.xlsx", tmp_path / "retour.xlsx")
    book = Classeur(tmp_path / "retour.xlsx")
    target = ribbon.repair(book)
    assert target == tmp_path / "retour\u00a0– réparé.xlsx"
    assert "FMT-004" not in {finding.code for finding in check(target).findings}
    assert "11 valeurs réparées" in book.app.messages[-1]
    assert "Établissements A6" in book.app.messages[-1]


def test_remove_marks_opens_a_copy_without_the_marks(gabarit, tmp_path):
    from tests.atelier import WORKBOOKS, Workshop
    from xl_cpom import check
    from xl_cpom.reports.annotate import annotate

    faulty = WORKBOOKS / "exemple_fautif.xlsx"
    annotate(faulty, check(faulty).findings, tmp_path / "retour.xlsx", verdict_line="Verdict : x")
    book = Classeur(tmp_path / "retour.xlsx")
    target = ribbon.remove_marks(book)
    assert target == tmp_path / "retour\u00a0– sans marques.xlsx"
    assert Workshop(target).membres.keys() == Workshop(faulty).membres.keys()
    assert "L'original n'a pas changé" in book.app.messages[-1]
    assert ribbon.remove_marks(book) is None
    assert "existe déjà" in book.app.messages[-1]
