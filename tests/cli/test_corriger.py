"""`xl-cpom corriger`: what the reading repaired without doubt is in the copy, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.ampleur import une_sur
from tests.atelier import VALIDE, WORKBOOKS, Workshop
from tests.cli.test_copie_annotee import launched
from tests.corpus.cas import Cas, cas
from xl_cpom import check
from xl_cpom.reports.correction import correct
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.certain_repairs import CERTAIN, LEFT_TO_CONFIRM

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def places(path: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(f.code, f.sheet, f.cells) for f in check(path).findings}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("copie") / "copie.xlsx"
    correct(FAULTY, out)
    return out


def test_the_repairs_are_gone_from_the_findings_and_nothing_else_is(copy: Path) -> None:
    before, after = places(FAULTY), places(copy)
    assert before - after == {one for one in before if one[0] in CERTAIN} != set()
    assert after - before == set()


def test_only_the_cells_it_lists_have_changed(copy: Path, tmp_path: Path) -> None:
    done = correct(FAULTY, tmp_path / "encore.xlsx")
    old, new = (openpyxl.load_workbook(path) for path in (FAULTY, copy))
    changed = {
        (tab.title, cell.coordinate)
        for tab in old
        for row in tab.iter_rows()
        for cell in row
        if cell.value != new[tab.title][cell.coordinate].value
    }
    listed = {(one.sheet, one.cell) for one in done.repairs}
    assert changed <= listed
    assert len(listed) == 11  # the others change their format alone: a date, a text
    assert new["Établissements"]["A6"].value == "210781456"
    assert new["Établissements"]["A6"].number_format == "@"
    assert new["Identification"]["B18"].is_date
    assert new["Plan d'actions"]["K10"].value == 0.25
    assert new["Évaluation HAS"]["C16"].value == "2.2.1"


def test_every_other_part_is_the_same_byte_for_byte(copy: Path) -> None:
    with zipfile.ZipFile(FAULTY) as old, zipfile.ZipFile(copy) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    sheets = {name for name in changed if name.startswith("xl/worksheets/sheet")}
    assert changed - sheets <= {"xl/styles.xml", "xl/workbook.xml"}


def test_a_sound_workbook_is_copied_as_it_is(tmp_path: Path) -> None:
    done = correct(VALIDE, tmp_path / "copie.xlsx")
    assert done.repairs == ()
    assert done.path.read_bytes() == VALIDE.read_bytes()


def test_the_command_lists_them_and_says_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = FAULTY.read_bytes()
    code, out, err = launched(capsys, "corriger", FAULTY, "-o", tmp_path / "c.xlsx")
    said = out.replace("\u00a0", " ").replace("\u202f", " ")
    assert (code, err) == (0, "")
    assert FAULTY.read_bytes() == before
    assert "11 valeurs réparées" in said
    assert "Établissements, L10 – Autorité compétente : « ars » → « ARS »" in said
    assert "Laissé tel quel, à confirmer par vous :" in said
    assert "Plan d'actions, K8 : « 85 » n'est pas un pourcentage" in said
    assert "Prêt à envoyer ?" in said
    assert "✖ Classeur rempli à 99 %" in said


def test_what_it_refuses_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "c.xlsx"
    there.write_bytes(b"mine")
    code, _, err = launched(capsys, "corriger", FAULTY, "-o", there)
    assert code == 2 and "existe déjà" in err and there.read_bytes() == b"mine"
    code, _, err = launched(capsys, "corriger", FAULTY, "-o", tmp_path / "c.ods")
    assert code == 2 and not (tmp_path / "c.ods").exists()
    text = tmp_path / "t.xlsx"
    text.write_text("bonjour")
    code, _, err = launched(capsys, "corriger", text, "-o", tmp_path / "d.xlsx")
    assert code == 3 and not (tmp_path / "d.xlsx").exists()
    copy = Path(Workshop(FAULTY).write(tmp_path / "r.xlsx"))
    code, _, err = launched(capsys, "corriger", copy, "-o", copy, "--ecraser")
    assert code == 2 and copy.read_bytes() == Workshop(FAULTY).octets()


@pytest.mark.parametrize("case", une_sur(140, list(cas()), 3), ids=lambda case: case.nom)
def test_whatever_the_workbook_the_copy_reads_as_the_source(case: Cas, tmp_path: Path) -> None:
    """`correct` reads its copy again itself: it raises when a value differs."""
    source = tmp_path / case.file_name
    source.write_bytes(case.classeur().octets())
    done = correct(source, tmp_path / "copie.xlsx")
    assert done.path.exists()
    assert places(done.path) - places(source) == set()


def test_a_repair_is_either_certain_or_to_be_confirmed() -> None:
    assert not CERTAIN & LEFT_TO_CONFIRM
    assert set(RULES) >= (CERTAIN | LEFT_TO_CONFIRM)


def test_the_page_offers_the_same_copy(copy: Path) -> None:
    from xl_cpom.browser.outputs import corrected

    made = corrected(FAULTY)
    assert made.content == copy.read_bytes()
    assert (made.name, made.said[0]) == ("exemple_fautif_repare.xlsx", "11 valeurs réparées.")
