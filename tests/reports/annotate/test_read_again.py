"""The copy read again: by our reader, by openpyxl, by LibreOffice; for any set of cells."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tests.reports.annotate.rich_workbook import ANOMALIES, anomalie, contents, rich
from xl_cpom.referentiel import load_referentiel
from xl_cpom.reports.annotate import annotate, remove_marks
from xl_cpom.validators.model import BLOQUANT, Severity
from xl_cpom.workbook.reader import cell_name, read_workbook
from xl_cpom.workbook.template import write_template

ORIGINAL = rich()
READ = read_workbook(ORIGINAL)


@pytest.fixture(scope="module")
def copie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rich workbook, annotated."""
    out = tmp_path_factory.mktemp("relecture") / "copie.xlsx"
    annotate(ORIGINAL, ANOMALIES, out, verdict_line="Verdict : non recevable")
    return out


def by_openpyxl(path: Path, *, data_only: bool) -> Iterator[Worksheet]:
    """The sheets, each a real worksheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=data_only)
    for sheet in book.worksheets:
        assert isinstance(sheet, Worksheet)
        yield sheet


def filled(sheet: Worksheet) -> dict[str, object]:
    """The cells that hold something (openpyxl makes blank ones under the notes)."""
    return {c.coordinate: c.value for row in sheet for c in row if c.value is not None}


@pytest.mark.parametrize("data_only", [False, True], ids=["formules", "valeurs"])
def test_openpyxl_sees_the_same_cells(copie: Path, data_only: bool, tmp_path: Path) -> None:
    source = tmp_path / "original.xlsx"
    source.write_bytes(ORIGINAL)
    before = list(by_openpyxl(source, data_only=data_only))
    after = list(by_openpyxl(copie, data_only=data_only))
    assert [s.title for s in after] == [*(s.title for s in before), "Contrôles"]
    for old, new in zip(before, after, strict=False):
        assert filled(new) == filled(old)
        assert new.protection.sheet == old.protection.sheet
    assert before[0]["D2"].value == (0.9 if data_only else "=C2/B2")


def test_openpyxl_sees_the_marks(copie: Path) -> None:
    sheets = {sheet.title: sheet for sheet in by_openpyxl(copie, data_only=True)}
    saisie = sheets["Saisie"]
    notes = {c.coordinate: c.comment.text for row in saisie for c in row if c.comment}
    assert notes["E2"].split("\n") == [
        "― Contrôles CPOM ―",
        "✖ Bloquant [INS-002]\u00a0: la mesure est « Levée » sans date de levée",
        "Attendu\u00a0: une date",
        "→ Saisissez la date de levée.",
        "▲ Avertissement [FMT-010]\u00a0: autre fait",
        "Attendu\u00a0: une date",
        "→ Saisissez la date de levée.",
        "――――――――",
    ]
    assert notes["B3"].startswith("Note de l'utilisateur\n― Contrôles CPOM ―\n▲ Avertissement")
    assert notes["C6"] == "[Commentaire avec conversation]"
    assert set(notes) == {"A14", "B3", "C3", "C6", "E2"}
    colours = {}
    for block in saisie.conditional_formatting:
        for rule in block.rules:
            if rule.formula and rule.formula[0].startswith("LEN("):
                colours[str(block.sqref)] = rule.dxf.fill.bgColor.rgb
    assert colours == {"C6 E2": "FFFFC7CE", "B3 C3": "FFFFE699", "A14:C15": "FFDDEBF7"}
    first = [c.value for c in sheets["Contrôles"][5]]
    assert first[:4] == ["✖ Bloquant", "INS-002", "Saisie", "E2"]
    assert sheets["Contrôles"]["D5"].hyperlink.location == "'Saisie'!E2"
    assert list(sheets["Contrôles"].tables) == ["tControles"]


cellules = st.tuples(
    st.sampled_from([*(s.name for s in READ.sheets), "Absente"]),
    st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384))
    | st.tuples(st.integers(1, 20), st.integers(1, 8)),
    st.sampled_from(Severity),
    st.text(max_size=40),
)


@settings(max_examples=25)
@given(st.lists(cellules, max_size=12))
def test_for_any_cells_the_values_stay_and_the_marks_go(
    chosen: list[tuple[str, tuple[int, int], Severity, str]],
) -> None:
    findings = [
        anomalie(sheet, cell_name(*place), gravite=severity, message=text)
        for sheet, place, severity, text in chosen
    ]
    with tempfile.TemporaryDirectory() as folder:
        copy, clean = Path(folder, "copie.xlsx"), Path(folder, "propre.xlsx")
        annotate(ORIGINAL, findings, copy)
        raw = read_workbook(copy)
        assert [s.cells for s in raw.sheets[:-1]] == [s.cells for s in READ.sheets]
        assert raw.defined_names == READ.defined_names
        assert len(raw.sheets[-1].tables) == 1
        assert remove_marks(copy, clean).exact
        assert clean.read_bytes() == ORIGINAL


@pytest.fixture(scope="module")
def gabarit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blank standard workbook, which ships its own sheet « Contrôles »."""
    path = tmp_path_factory.mktemp("gabarit") / "gabarit.xlsx"
    write_template(path, load_referentiel())
    return path


def test_the_sheet_of_the_template_is_filled(gabarit: Path, tmp_path: Path) -> None:
    copy, clean, none = (tmp_path / f"{n}.xlsx" for n in ("copie", "propre", "rien"))
    findings = [
        anomalie("Identification", "B9", code="IDE-001"),
        anomalie("Plan d'actions", "D9", "E9", code="ACT-001", gravite=BLOQUANT),
    ]
    result = annotate(gabarit, findings, copy, verdict_line="Verdict : non recevable")
    assert (result.notes, result.warnings) == (3, ())
    before, after = read_workbook(gabarit), read_workbook(copy)
    assert [s.name for s in after.sheets] == [s.name for s in before.sheets]
    for old, new in zip(before.sheets, after.sheets, strict=True):
        if old.name != "Contrôles":
            assert new.cells == old.cells
    sheet = after.sheet("Contrôles")
    assert sheet is not None
    (table,) = sheet.tables
    codes = table.ref.col1 + [plain.casefold() for plain in table.columns].index("code")
    body = range(table.ref.row1 + 1, table.ref.row2 + 1)
    assert [sheet.cells[row, codes].value for row in body] == ["IDE-001", "ACT-001"]
    assert any(str(c.value).startswith("Verdict") for c in sheet.cells.values())
    assert remove_marks(copy, clean).exact
    assert contents(clean) == contents(gabarit)
    annotate(copy, [], none)
    blank = read_workbook(none).sheet("Contrôles")
    assert blank is not None and blank.tables[0].ref.row2 == blank.tables[0].ref.row1 + 1


@pytest.mark.soffice
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_the_same_values_and_its_copy_is_cleaned(
    copie: Path, tmp_path: Path
) -> None:
    (tmp_path / "original.xlsx").write_bytes(ORIGINAL)
    shutil.copy(copie, tmp_path / "copie.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    saved = tmp_path / "enregistre"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(saved),
         str(tmp_path / "original.xlsx"), str(tmp_path / "copie.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    before, after = read_workbook(saved / "original.xlsx"), read_workbook(saved / "copie.xlsx")
    for old, new in zip(before.sheets, after.sheets, strict=False):
        assert {k: c.value for k, c in new.cells.items()} == {
            k: c.value for k, c in old.cells.items()
        }
    assert [s.comments for s in after.sheets] == [5, 1, 0, 2, 1, 0]
    clean, again, twice = (tmp_path / f"{n}.xlsx" for n in ("propre", "encore", "bis"))
    removal = remove_marks(saved / "copie.xlsx", clean)
    assert not removal.exact and len(removal.warnings) == 1
    raw = read_workbook(clean)
    assert [s.comments for s in raw.sheets] == [2, 0, 0, 0, 0, 0]
    assert not any(b"CPOM" in data for data in contents(clean).values())
    annotate(saved / "copie.xlsx", ANOMALIES, again)
    annotate(again, ANOMALIES, twice)
    assert again.read_bytes() == twice.read_bytes()
    sheet = contents(again)["xl/worksheets/sheet1.xml"].decode()
    assert sheet.count("CPOM - bloquant") == 1
