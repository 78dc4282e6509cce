"""The round trip: what is whole comes out whole, in each variant, after LibreOffice too."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ampleur import une_sur
from tests.atelier import VALIDE, WORKBOOKS, Workshop
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.mark import VARIANTE_KEY
from xl_cpom.workbook.reader import RawWorkbook, read_workbook
from xl_cpom.workbook.template import Variante, write_template
from xl_cpom.workbook.transfer import transfer

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def valeurs(raw: RawWorkbook) -> dict[str, dict[tuple[int, int], object]]:
    return {sheet.name: {k: c.value for k, c in sheet.cells.items()} for sheet in raw.sheets}


@pytest.mark.parametrize("variante", une_sur(2, [*Variante]))
def test_a_whole_workbook_comes_out_byte_for_byte(variante: Variante, tmp_path: Path) -> None:
    old, new = tmp_path / "ancien.xlsx", tmp_path / "nouveau.xlsx"
    write_template(old, load_referentiel(), contenu=valid_content(), variante=variante)
    done = transfer(old, new)
    assert done.repairs == () and done.not_taken == () and done.warnings == ()
    before, after = read_workbook(old), read_workbook(new)
    assert [s.cells for s in after.sheets] == [s.cells for s in before.sheets]
    assert new.read_bytes() == old.read_bytes()
    assert after.properties == before.properties
    assert after.properties[VARIANTE_KEY] == variante.value
    assert set(after.defined_names) == set(before.defined_names)


def test_the_shipped_valid_example_keeps_its_verdict(tmp_path: Path) -> None:
    done = transfer(VALIDE, tmp_path / "nouveau.xlsx")
    report = check(done.path)
    assert report.findings == check(VALIDE).findings == ()
    assert report.indicateurs == check(VALIDE).indicateurs


def test_the_variant_is_found_when_the_marks_are_lost(tmp_path: Path) -> None:
    from xl_cpom.workbook.transfer.transfer import detected_variante

    for variante in Variante:
        path = tmp_path / f"{variante.value}.xlsx"
        write_template(path, load_referentiel(), contenu=valid_content(), variante=variante)
        bare = Workshop(path).property_text(VARIANTE_KEY, None).remove("_cpom").octets()
        raw = read_workbook(bare)
        assert VARIANTE_KEY not in raw.properties and raw.sheet("_cpom") is None
        assert detected_variante(raw) is variante


def test_twice_is_once(tmp_path: Path) -> None:
    """What was left aside the first time is carried over with its first origin."""
    one, two = tmp_path / "un.xlsx", tmp_path / "deux.xlsx"
    first = transfer(FAULTY, one)
    second = transfer(one, two)
    assert len(first.not_taken) > 3 and first.repairs
    assert second.repairs == ()
    assert second.not_taken == first.not_taken
    assert valeurs(read_workbook(one)) == valeurs(read_workbook(two))


@pytest.mark.soffice
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_by_libreoffice_comes_out_as_the_template(tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path),
         str(VALIDE)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    saved, new = tmp_path / VALIDE.name, tmp_path / "nouveau.xlsx"
    assert read_workbook(saved).application.startswith("LibreOffice")
    done = transfer(saved, new)
    assert done.repairs == () and done.not_taken == ()
    assert new.read_bytes() == VALIDE.read_bytes()
