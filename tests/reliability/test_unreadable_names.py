"""One unreadable name costs one file, at most: names of files, of sheets, of zip members.

The names are ours: bytes that are no text, controls, marks that turn a line around, endless ones.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.commande import run
from xl_cpom.batch.deposit import open_depot
from xl_cpom.typography import displayable_name

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"

pytestmark = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="names that are no text do not exist there"
)

NAMES = (
    b"retour.xlsx",
    b"caf\xe9.xlsx",  # Latin-1: no text here
    b"caf\xe8.xlsx",  # shown as the one before
    b"caf\xef\xbf\xbd.xlsx",  # a valid name, that the two before would take
    b"ligne\nde plus.xlsx",
    b"\x1b[31mrouge.xlsx",
    b"retourn\xe2\x80\xaexcod.xlsx",
    b"invisible\xe2\x80\x8b.xlsx",
    b"=1+1.xlsx",
    b"long" + b"g" * 240 + b".xlsx",
    b"vide\xff.zip",
)
AFFICHABLES = 4
"""How many of them any output can show: they keep their name, and have no finding for it."""


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("depot")
    content = (WORKBOOKS / "exemple_valide.xlsx").read_bytes()
    under = folder / os.fsdecode(b"sous-dossier\xfe")
    under.mkdir()
    for name in NAMES[:-1]:
        (folder / os.fsdecode(name)).write_bytes(content)
    (under / os.fsdecode(NAMES[-1])).write_bytes(b"PK\x05\x06" + bytes(18))
    return folder


def test_names_are_displayable_and_distinct(depot: Path) -> None:
    names = [file.name for file in open_depot([depot]).files]
    assert len(set(names)) == len(NAMES)
    assert [name for name in names if displayable_name(name) != name] == []
    cafes = sorted(name for name in names if name.startswith("caf"))
    assert cafes == ["caf� (2).xlsx", "caf� (3).xlsx", "caf�.xlsx"]


@pytest.fixture(scope="module")
def campagne(depot: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict]]:  # type: ignore[type-arg]
    """A whole campaign on these names, with every output; its reports."""
    out = tmp_path_factory.mktemp(b"sorties\xfd".decode("utf-8", "surrogateescape"))
    done = run("valider", depot, "-j", "2", "--date", "2027-12-31", "--format", "json",
                    "--consolidation", out / "conso", "--lots", out / "lots",
                    "-o", out / "rapport.json")  # fmt: skip
    assert done.returncode == 3, done.stderr  # the zip is no workbook
    assert "panne" not in done.stderr
    return out, json.loads((out / "rapport.json").read_text("utf-8"))


def test_every_unreadable_name_costs_its_constat(campagne: tuple[Path, list[dict]]) -> None:  # type: ignore[type-arg]
    _, reports = campagne
    assert len({report["fichier"] for report in reports}) == len(NAMES)
    said = [r for r in reports if "STR-043" in {a["code"] for a in r["anomalies"]}]
    unreadable = [r for r in reports if r["verdict"] == "illisible"]
    assert len(unreadable) == 1
    assert len(said) == len(NAMES) - AFFICHABLES - len(unreadable)
    assert {r["verdict"] for r in said} == {"recevable avec réserves"} or all(
        a["code"].startswith(("STR-043", "LOT-")) for r in said for a in r["anomalies"]
    )


def test_the_outputs_are_valid_text(campagne: tuple[Path, list[dict]]) -> None:  # type: ignore[type-arg]
    out, _ = campagne
    texts = [path for path in out.rglob("*") if path.suffix in {".html", ".md", ".json"}]
    assert texts
    for path in texts:
        assert "\x1b" not in path.read_text("utf-8", errors="strict")
    book = openpyxl.load_workbook(out / "conso" / "consolidation.xlsx", read_only=True)
    assert "Retours" in book.sheetnames
    book.close()


@pytest.mark.parametrize("format_", ["console", "csv", "html", "xlsx", "sarif", "json"])
def test_a_single_file_in_every_format(depot: Path, tmp_path: Path, format_: str) -> None:
    path = depot / os.fsdecode(b"caf\xe9.xlsx")
    done = run("valider", path, "--format", format_, "-o", tmp_path / "rapport")
    assert done.returncode == 0, done.stderr
    if format_ == "csv":
        rows = list(
            csv.reader(io.StringIO((tmp_path / "rapport").read_text("utf-8-sig")), delimiter=";")
        )
        assert "STR-043" in {cell for row in rows for cell in row}


@pytest.mark.parametrize("command", [
    ("annoter", "-o"), ("transvaser", "-o"), ("comparer", ""),
])  # fmt: skip
def test_the_other_commands(depot: Path, tmp_path: Path, command: tuple[str, str]) -> None:
    path = depot / os.fsdecode(b"caf\xe9.xlsx")
    name, option = command
    target = {"annoter": tmp_path, "transvaser": tmp_path / "neuf.xlsx", "comparer": path}[name]
    done = run(name, path, *filter(None, [option]), target)
    assert done.returncode == 0, done.stderr


def _renamed(source: Path, cible: Path, avant: bytes, apres: bytes) -> None:
    """A workbook whose zip member bears another name."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(cible, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))
        new.writestr(avant.decode(), b"x")
    raw = cible.read_bytes()
    assert raw.count(avant) == 2
    cible.write_bytes(raw.replace(avant, apres))


@pytest.mark.parametrize("name", [b"xl/ann\xe9e.bin", b"xl/a\x1b[2J.bin", b"xl/a\nb\xff.bin"])
def test_a_member_of_the_zip(tmp_path: Path, name: bytes) -> None:
    book = tmp_path / "retour.xlsx"
    _renamed(WORKBOOKS / "exemple_valide.xlsx", book, b"xl/" + b"q" * (len(name) - 3), name)
    shutil.copy(WORKBOOKS / "exemple_valide.xlsx", tmp_path / "autre.xlsx")
    done = run("valider", tmp_path, "-j", "1", "--format", "json", "-o", tmp_path / "r.json")
    assert done.returncode in (0, 1, 3), done.stderr
    reports = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [report["fichier"] for report in reports] == ["autre.xlsx", "retour.xlsx"]


@pytest.mark.parametrize("name", ["Brouillon_x0007_", "Bro\u202euillon", "_xD800_", "a\u200bb"])
def test_a_sheet_name(tmp_path: Path, name: str) -> None:
    book = openpyxl.load_workbook(WORKBOOKS / "exemple_valide.xlsx")
    book.create_sheet("brouillon")
    book.save(tmp_path / "brut.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "brut.xlsx") as old,
        zipfile.ZipFile(tmp_path / "retour.xlsx", "w") as new,
    ):
        for info in old.infolist():
            content = old.read(info).replace(b'name="brouillon"', f'name="{name}"'.encode())
            new.writestr(info, content)
    (tmp_path / "brut.xlsx").unlink()
    done = run("valider", tmp_path, "-j", "1", "--format", "json", "-o", tmp_path / "r.json",
                    "--consolidation", tmp_path / "conso")  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    said = (tmp_path / "r.json").read_text("utf-8")
    assert displayable_name(said.replace("\n", " ")) == said.replace("\n", " ")
    report = json.loads(said)
    unknown = [a for a in report["anomalies"] if a["code"] == "STR-004"]
    assert len(unknown) == 1
