"""CSV, xlsx and e-CARS: what a spreadsheet reads back, and that no text becomes a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports import harmless
from xl_cpom.reports.csv_file import HEADERS, tableau
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.reports.xlsx_tables import XlsxBook, XlsxColumn, link_cell
from xl_cpom.validators.check import check

ETABLISSEMENTS = (("390780011", "PH"), ("390780029", "PA"), ("390780037", "PH"))
TRIGGERS = tuple("=+-@\t\r\n\x00＝＋－＠")
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "'=",
    "''-",
    " =",
    "\u00a0=",
    '"=',
    "_x000D_",
    "_x003D_1",
    "http://",
)
TEXTS = st.text(max_size=40) | st.builds(
    str.__add__,
    st.sampled_from(
        ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "'=", "''-", " =", "\u00a0=", '"=']
    ),
    st.text(max_size=20),
)
PACKAGES = st.lists(TEXTS, min_size=100, max_size=100)


def read_csv(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def read_xlsx(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_csv_opens_in_a_french_excel() -> None:
    data = FORMATS["csv"].content([fabrique.faulty_report(), fabrique.valid_report()])
    assert data.startswith(b"\xef\xbb\xbfFichier;FINESS EJ;")
    rows = read_csv(data.decode("utf-8"))
    assert tuple(rows[0]) == HEADERS
    assert len(rows) == 1 + len(fabrique.faulty_report().findings)
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Fichier"] == "retour.xlsx"
    assert first["FINESS EJ"] == "390000123"
    assert (first["Code"], first["Gravité"], first["Cellules"]) == ("INS-002", "bloquant", "P7 Q7")
    assert first["Année suivie"] == "2027"


def test_numbers_have_a_comma_and_stay_numbers() -> None:
    text = tableau(("a",), [(-0.5,), (1234.0,), (None,), (float("nan"),), ("-5",), ("-5,2",)])
    fields = [field for row in read_csv(text)[1:] for field in row]
    assert fields == ["-0,5", "1234", "", "", "-5", "-5,2"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+33 1 23 45 67 89", "-2+3", "@SUM(A1)", "＝1", "\t=1", "\n=1", " =1", "=cmd|'/C'!A0"],
)
def test_a_formula_is_defused(text: str) -> None:
    assert read_csv(tableau(("a",), [(text,)]))[1][0].startswith("'")


@given(PACKAGES)
@settings(max_examples=100, deadline=None)
def test_ten_thousand_texts_cross_the_csv_without_formula_or_loss(texts: list[str]) -> None:
    rows = read_csv(tableau(("a", "b"), [(text, "fin") for text in texts]))[1:]
    assert [row[1] for row in rows] == ["fin"] * len(texts)
    for text, (field, _) in zip(texts, rows, strict=True):
        number = re.fullmatch(r"[+-]?\d+([,.]\d+)?", field)
        assert number or not field.lstrip().startswith(TRIGGERS)
        assert number or not field.startswith(TRIGGERS)
        assert harmless.unsafe_csv(field) == harmless.propre(text)


@given(PACKAGES)
@settings(max_examples=100, deadline=None)
def test_ten_thousand_texts_cross_the_xlsx_without_formula_or_loss(texts: list[str]) -> None:
    book = XlsxBook("essai")
    book.table("A", "tA", [XlsxColumn("a")], [(text,) for text in texts])
    data = book.content()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")
        assert not [name for name in archive.namelist() if "externalLink" in name]
        assert "xl/worksheets/_rels/sheet1.xml.rels" in archive.namelist()  # the table only
        assert b"hyperlink" not in archive.read("xl/worksheets/_rels/sheet1.xml.rels")
    sheet = read_xlsx(data)["A"]
    for row, text in enumerate(texts, 2):
        cell = sheet.cell(row, 1)
        expected = harmless.propre(text)
        # openpyxl drops these letters wherever they stand (findings/openpyxl_drops_x005f.sh)
        assert (cell.value or "") == expected.replace("x005F_", "")
        assert cell.data_type in ("s", "n") if expected else True
        assert cell.data_type != "f"


def test_the_xlsx_has_tables_to_filter() -> None:
    rule = fabrique.levee_rule()
    data = FORMATS["xlsx"].content(
        [fabrique.faulty_report()], RenderOptions(rules={rule.code: rule})
    )
    book = read_xlsx(data)
    assert book.sheetnames == ["Anomalies", "Indicateurs", "Règles", "Contrôle"]
    for name, table, lines in (
        ("Anomalies", "tAnomalies", 26),
        ("Indicateurs", "tIndicateurs", 16),
        ("Règles", "tRegles", 23),
        ("Contrôle", "tControle", 2),
    ):
        sheet = book[name]
        assert list(sheet.tables) == [table]
        assert sheet.tables[table].autoFilter is not None
        assert sheet.tables[table].ref.endswith(str(lines + 1))
        assert sheet.freeze_panes == "A2"


def test_the_xlsx_keeps_numbers_and_the_zeros_of_finess() -> None:
    report = fabrique.rapport((), (fabrique.indicateur(),), finess_ej="010780001")
    sheet = read_xlsx(FORMATS["xlsx"].content([report]))["Indicateurs"]
    line = dict(zip([c.value for c in sheet[1]], sheet[2], strict=True))
    assert line["FINESS EJ"].value == "010780001"
    assert line["Valeur recalculée"].value == 0.75
    assert line["Valeur recalculée"].number_format == "0.0%"
    assert line["Numérateur"].value == 3


def test_every_anomalie_leads_to_its_cell() -> None:
    sheet = read_xlsx(FORMATS["xlsx"].content([fabrique.faulty_report()]))["Anomalies"]
    link = sheet["I2"].hyperlink
    assert sheet["I2"].value == "P7, Q7"
    assert (link.target, link.location) == ("retour.xlsx", "'Inspection-contrôle'!P7")
    assert sheet["I25"].value == "J8, K8"
    assert sheet["I26"].hyperlink is None  # about the whole workbook


@pytest.mark.parametrize(
    ("fichier", "onglet", "cell"),
    [
        ("../retour.xlsx", "A", "A1"),
        ("\\\\serveur\\partage\\retour.xlsx", "A", "A1"),
        ("http://exemple.fr/retour.xlsx", "A", "A1"),
        ("retour.exe", "A", "A1"),
        ("retour#x.xlsx", "A", "A1"),
        ("retour.xlsx", "A!B\\C", "A1"),
        ("retour.xlsx", "A", "A1:B2#x"),
        ("retour.xlsx", "", "A1"),
    ],
)
def test_a_doubtful_link_is_not_made(fichier: str, onglet: str, cell: str) -> None:
    assert link_cell(fichier, onglet, cell) is None


def test_the_apostrophe_of_a_tab_is_doubled() -> None:
    assert link_cell("r.xlsx", "Plan d'actions", "B2") == "external:r.xlsx#'Plan d''actions'!B2"


def test_a_text_too_long_for_excel_is_cut_and_says_so() -> None:
    book = XlsxBook("essai")
    book.table("A", "tA", [XlsxColumn("a")], [("x" * 40_000,)])
    value = read_xlsx(book.content())["A"]["A2"].value
    assert len(value) == 32_767
    assert value.endswith("… [texte coupé]")


def test_same_reports_same_bytes() -> None:
    reports = [fabrique.faulty_report(), fabrique.valid_report()]
    for name in ("csv", "xlsx", "ecars", "ecars-csv"):
        assert FORMATS[name].content(reports) == FORMATS[name].content(list(reports)), name


def test_e_cars_in_the_order_of_the_guide_with_the_keys() -> None:
    report = fabrique.rapport(
        (), tuple(reversed(fabrique.complete_indicateurs())), etablissements=ETABLISSEMENTS
    )
    data = FORMATS["ecars"].content([report])
    sheet = read_xlsx(data)["Saisie e-CARS"]
    headers = [cell.value for cell in sheet[1]]
    rows = [
        dict(zip(headers, row, strict=True))
        for row in sheet.iter_rows(min_row=2, max_row=17, values_only=True)
    ]
    from xl_cpom.referentiel import load_referentiel

    modules = [module.libelle for module in load_referentiel().modules.values()]
    assert [(r["Module"], r["Secteur"]) for r in rows] == [
        (module, secteur) for module in modules for secteur in ("PA", "PH")
    ]
    assert {(r["FINESS EJ"], r["Année"]) for r in rows} == {("390000123", 2027)}
    assert rows[0]["FINESS ET du secteur"] == "390780029"
    assert rows[1]["FINESS ET du secteur"] == "390780011 390780037"


def test_e_cars_says_the_taux_in_points_and_the_certainty() -> None:
    reports = [fabrique.rapport((), fabrique.complete_indicateurs())]
    rows = read_csv(FORMATS["ecars-csv"].content(reports).decode())
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    levee = next(r for r in lines if r["Module"] == "Inspection – Contrôle")
    assert (levee["Numérateur"], levee["Dénominateur"]) == ("25", "50")
    assert (levee["Taux (%)"], levee["Cible (%)"], levee["Atteinte"]) == ("50", "40", "Atteint")
    assert levee["Certitude de la formule"] == "formule du guide"
    assert levee["Indicateur"].startswith("Taux de levée des mesures")
    assert levee["Objectif"].startswith("Mettre en place un plan de résolution des mesures")
    deficit = lines[-2]
    assert (deficit["Numérateur"], deficit["Taux (%)"]) == ("-61728,4", "-25")
    assert deficit["Certitude de la formule"] == "formule déduite, à confirmer par l'ARS"
    assert (lines[-1]["Taux (%)"], lines[-1]["Atteinte"]) == ("", "Sans objet")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"numerateur": 0, "denominateur": 0, "taux": None, "atteinte": "Sans objet"},
         "Sans objet"),
        ({"numerateur": None, "denominateur": None, "taux": None, "atteinte": "Sans objet"},
         "Non calculable"),
        ({"cible": None, "atteinte": "Sans objet"}, "Cible absente"),
        ({}, "Atteint"),
    ],
)  # fmt: skip
def test_a_taux_that_could_not_be_computed_is_not_sans_objet(
    values: dict[str, Any], said: str
) -> None:
    reports = [fabrique.rapport((), (fabrique.indicateur(**values),))]
    rows = read_csv(FORMATS["ecars-csv"].content(reports).decode())
    assert dict(zip(rows[0], rows[1], strict=True))["Atteinte"] == said
    sheet = read_xlsx(FORMATS["xlsx"].content(reports))["Indicateurs"]
    headers = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, headers.index("Atteinte") + 1).value == said
    page = FORMATS["html"].content(reports).decode()
    assert re.search(rf'<span class="pastille [a-z]+">(?:. )?{said}</span>', page)


def test_the_keys_are_on_every_row_of_a_true_retour() -> None:
    from tests.atelier import VALIDE
    from xl_cpom.validators.check import check

    report = check(VALIDE)
    rows = read_csv(FORMATS["ecars-csv"].content([report]).decode())
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    known: dict[Any, set[Any]] = {"PA": set(), "PH": set()}
    for row in openpyxl.load_workbook(VALIDE)["Établissements"].iter_rows(min_row=6, max_row=40):
        if row[0].value:
            known[row[4].value].add(row[0].value)
    assert len(lines) == 16 and min(map(len, known.values())) >= 3
    for line in lines:
        assert (line["FINESS EJ"], line["Année"]) == ("210099008", "2027")
        assert set(line["FINESS ET du secteur"].split(" ")) == known[line["Secteur"]]
    sheet = read_xlsx(FORMATS["xlsx"].content([report]))["Indicateurs"]
    headers = [cell.value for cell in sheet[1]]
    column = headers.index("FINESS ET du secteur") + 1
    assert {sheet.cell(row, column).value for row in range(2, 18)} == {
        line["FINESS ET du secteur"] for line in lines
    }


def test_each_objective_of_e_cars_has_its_sheet_to_copy() -> None:
    report = check(Path("workbooks/exemple_valide.xlsx"))
    book = read_xlsx(FORMATS["ecars"].content([report]))
    assert book.sheetnames == [
        "Saisie e-CARS", "TRANSFO", "UNESANTE", "PREVENTION", "EFFICIENCE", "SI", "HAS",
        "INSPECTION", "DIFFICULTE",
    ]  # fmt: skip
    rows = [
        [cell for cell in row if cell is not None]
        for row in book["HAS"].iter_rows(values_only=True)
    ]
    assert rows[3] == ["Objectif", "Évaluation HAS"]
    assert rows[7] == ["N°", "Action", "Secteur", "Pilote", "Échéance", "Statut", "Avancement (%)"]
    assert rows[8] == [
        "2.2.3", "Équiper chaque chambre d'un verrou intérieur et d'un coffre", "PA",
        "Responsable technique", "30/06/2027", "Réalisée",
    ]  # fmt: skip
    plan = list(book["TRANSFO"].iter_rows(min_row=9, max_row=18, values_only=True))
    assert [row[0] for row in plan] == [f"A{n}" for n in range(1, 11)]
    assert [row[6] for row in plan] == [100, 100, 50, 0, 25, 100, 100, 40, 30, 0]
    last = list(book["INSPECTION"].iter_rows(min_row=18, values_only=True))
    assert last[1:] == [
        (None, "Taux de levée des mesures (injonction – prescription)", secteur, *figures)
        for secteur, *figures in (
            ("PA", 2, 4, 50, 100, "Non atteint"),
            ("PH", 2, 3, 66.7, 100, "Non atteint"),
        )
    ]


def test_many_organismes_share_one_table_of_objectives() -> None:
    report = check(Path("workbooks/exemple_valide.xlsx"))
    many = [replace(report, file=f"{n}.xlsx", finess_ej=f"21009900{n}") for n in range(6)]
    book = read_xlsx(FORMATS["ecars"].content(many))
    assert book.sheetnames == ["Saisie e-CARS", "Objectifs"]
    rows = [row for row in book["Objectifs"].iter_rows(min_row=2, values_only=True) if row[1]]
    assert len(rows) == 6 * len(report.actions)
    two = read_xlsx(FORMATS["ecars"].content(many[:2])).sheetnames
    assert len(two) == 1 + 2 * 8 and two[1] == "TRANSFO 1 210099000"
