"""Hostile texts typed in real workbooks with hostile names: everything the command writes is inert."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.atelier import Workshop, lettre
from tests.reliability.hostile_texts import texts
from tests.reliability.inert import (
    INERT,
    csv_fields,
    inert_classeur,
    invisible,
    is_formula,
    set_up,
)
from xl_cpom.reports.annotate import is_our_copy
from xl_cpom.reports.harmless import propre
from xl_cpom.workbook.sheets import SHEETS

pytestmark = pytest.mark.xdist_group("injection")
FILES = ("=cmd '-c calc'!A0.xlsx", "<img src=x onerror=pwned=1>.xlsx", "a\u202excod.xlsx")
TABS = ("=1+1", "<script>pwned=1<", "{{ 7_7 }}\u202e")


def fill(workshop: Workshop, seed: int) -> Workshop:
    """Type texts in every column of three rows of every table, and in the fiche."""
    wanted = iter(texts(seed, 2_000))
    for sheet in SHEETS.values():
        tab = workshop.feuille(sheet.name)
        rows = [int(row.get("r")) for row in tab.iter("{*}row")]
        for row in [r for r in rows if r >= 6][:3]:
            for col in range(1, 12):
                text = propre(next(wanted)).replace("\ufffd", "\u202e\u200b")
                workshop.cellule(sheet.name, f"{lettre(col)}{row}", text)
    return workshop


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retours")
    out = tmp_path_factory.mktemp("ecrit")
    for seed, (name, tab) in enumerate(zip(FILES, TABS, strict=True)):
        workshop = fill(Workshop().add_sheet(tab, copy_of="Plan d'actions"), seed)
        workshop.cellule("Identification", "B8", "<script>pwned=1</script>=1+1").write(
            folder / name
        )
    env = {**os.environ, "XDG_STATE_HOME": str(out / "etat")}
    run = subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", folder, "--format", "csv", "-o", out / "rapport.csv",
         "--consolidation", out / "region", "--lots", out / "lots"],
        capture_output=True, check=False, env=env,
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    assert b"Traceback" not in run.stderr and not invisible(run.stderr.decode())
    console = subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", folder / FILES[2]],
        capture_output=True,
        check=False,
        env=env,
    )
    assert not invisible(console.stdout.decode()) and console.returncode == 1
    return out


def fichiers(folder: Path, *suffixes: str) -> list[Path]:
    found = [p for p in folder.rglob("*") if p.is_file() and p.name.endswith(suffixes)]
    assert len(found) >= len(FILES) or suffixes == ("csv",)
    return found


def test_no_csv_computes(written: Path) -> None:
    for path in fichiers(written, "csv"):
        rows = list(csv_fields(path.read_bytes()))
        assert rows
        assert not [field for row in rows for field in row if is_formula(field)], path


def test_no_workbook_computes(written: Path) -> None:
    """The annotated copy keeps the formulas of the return; what it adds is text."""
    for path in fichiers(written, "xlsx"):
        if is_our_copy(path):
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
                assert archive.testzip() is None
                for name in archive.namelist():
                    if "comments" in name:
                        assert not invisible(archive.read(name).decode())
        else:
            inert_classeur(path.read_bytes())


def test_no_text_hides_anything(written: Path) -> None:
    for path in fichiers(written, "html", "md", "csv"):
        assert not invisible(path.read_text(encoding="utf-8-sig")), path


@pytest.mark.chromium
def test_no_page_acts(written: Path, navigateur: Any) -> None:
    context = navigateur.new_context(bypass_csp=True)
    for path in fichiers(written, "html"):
        tab, found = set_up(context, path.as_uri())
        links = found.pop("links")
        assert all(not str(link).lower().startswith(("javascript", "http", "//")) for link in links)
        assert {**found, "links": []} == INERT, path
        tab.close()
    context.close()


def test_no_name_of_a_file_acts(written: Path) -> None:
    for path in written.rglob("*"):
        assert not invisible(path.name) and not set(path.name) & set('<>:"|?*\n\t'), path
