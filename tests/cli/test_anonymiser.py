"""`xl-cpom anonymiser`: nobody is named any more, and the control says the same things."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.ampleur import une_sur
from tests.atelier import VALIDE, WORKBOOKS, Workshop
from tests.cli.test_copie_annotee import launched
from tests.corpus.cas import Cas, cas
from xl_cpom.identifiants import finess_valide, siret_valide
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.reports.anonymous import anonymise
from xl_cpom.reports.anonymous.false_numbers import FalseNumbers
from xl_cpom.reports.anonymous.false_texts import FalseTexts

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def everything(path: Path) -> str:
    """All the texts of a package, as they stand in its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = [n for n in archive.namelist() if n.endswith((".xml", ".vml"))]
        return "\n".join(archive.read(name).decode("utf-8") for name in parts)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("anonyme") / "copie.xlsx"
    done = anonymise(FAULTY, out)
    assert (done.lost, done.added) == ((), ())
    assert len(done.report.findings) > 60
    return out


def test_nothing_of_who_it_was_is_left(copy: Path) -> None:
    before, after = everything(FAULTY), everything(copy)
    gone = ("Tilleuls", "10099000", "210099016", "710976507", "Quetigny", "999 000 268")
    assert [said for said in gone if said not in before] == []
    assert [said for said in gone if said in after] == []


def test_the_looks_the_formulas_and_the_lists_stay(copy: Path) -> None:
    with zipfile.ZipFile(FAULTY) as old, zipfile.ZipFile(copy) as new:
        assert old.namelist() == new.namelist()
        for name in old.namelist():
            if name.startswith("xl/worksheets/sheet"):
                texts = [re.findall(r"<f[ >].*?</f>", a.read(name).decode()) for a in (old, new)]
                assert texts[0] == texts[1], name
        assert old.read("xl/styles.xml") == new.read("xl/styles.xml")


@pytest.mark.parametrize("case", une_sur(140, list(cas()), 5), ids=lambda case: case.nom)
def test_the_findings_are_the_same_at_the_same_cells(case: Cas, tmp_path: Path) -> None:
    source = tmp_path / case.file_name
    source.write_bytes(case.classeur().octets())
    try:
        done = anonymise(source, tmp_path / "copie.xlsx")
    except AnnotationError as refusal:
        assert "peuvent désigner quelqu'un" in refusal.message
        return
    assert (done.lost, done.added) == ((), ())


def test_a_number_keeps_its_kind_of_key() -> None:
    numbers = FalseNumbers(b"test")
    for number in ("210099016", "2A0000014", "999000268"):
        new = numbers.of_nine(number)
        assert new != number and new[:3] == number[:3]
        assert finess_valide(new) == finess_valide(number)
        assert numbers.of_nine(number) == new
    assert not finess_valide(numbers.of_nine("210099017"))
    siret = numbers.of_fourteen("99900026800022")
    assert siret_valide(siret) and siret[:9] == numbers.of_nine("999000268")
    known = {numbers.of_nine(f"21{rank:07}") for rank in range(500)}
    assert len(known) == 500, "two houses never become one"


def test_a_text_keeps_the_words_of_the_sector_alone() -> None:
    texts = FalseTexts(
        FalseNumbers(b"test"), {"former", "les", "equipe", "de", "ars"}, lambda _: False
    )
    told = texts.of(
        "Former les équipes de Jeanne Dupont, ARS : 06 12 34 56 78, j.dupont@les-pins.fr"
    )
    assert told.startswith("Former les ") and ", ARS : 06 " in told
    for gone in ("Jeanne", "Dupont", "dupont", "pins", "12 34 56 78"):
        assert gone not in told
    assert texts.of("Dupont") == texts.of("Dupont") != "Dupont"


def test_what_cannot_be_replaced_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = Workshop(VALIDE)
    book.membres["xl/media/image1.png"] = b"\x89PNG"
    source = book.write(tmp_path / "image.xlsx")
    code, _, err = launched(capsys, "anonymiser", source, "-o", tmp_path / "c.xlsx")
    assert code == 2 and "des images" in err and not (tmp_path / "c.xlsx").exists()


def test_the_command_says_what_it_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = VALIDE.read_bytes()
    code, out, err = launched(capsys, "anonymiser", VALIDE, "-o", tmp_path / "c.xlsx")
    assert (code, err) == (0, "") and "Mêmes anomalies, aux mêmes cellules" in out
    assert VALIDE.read_bytes() == before
    code, _, err = launched(capsys, "anonymiser", VALIDE, "-o", tmp_path / "c.xlsx")
    assert code == 2 and "existe déjà" in err
