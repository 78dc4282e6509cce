"""Persons in free texts: how many are caught, how many are not persons, and that none is spread.

The texts of `tests/data/personnes.txt` are invented. Both rates are counted by text: « + » must be
found, « - » must stay silent.
"""

from __future__ import annotations

import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.atelier import VALIDE
from tests.commande import run
from tests.corpus.gestes import Gestures
from tools.fiabilite.personnes import PRECISION, RAPPEL, confusion, texts
from xl_cpom.batch.journal_file import MONTH
from xl_cpom.validators import named_persons
from xl_cpom.validators.personal_data import masked

ROOT = Path(__file__).resolve().parents[2]


def test_the_corpus_is_large_enough() -> None:
    lines = list(texts())
    assert len(lines) == len(set(lines)) >= 200
    assert min(sum(person for person, _ in lines), sum(not person for person, _ in lines)) >= 100


def test_precision_and_recall(capsys: pytest.CaptureFixture[str]) -> None:
    found = confusion()
    with capsys.disabled():
        print(f"\n{found}")
    assert found.precision >= PRECISION, found.fausses_alertes
    assert found.rappel >= RAPPEL, found.missing


def test_the_longest_pattern_is_tried_wherever_it_would_find() -> None:
    care = named_persons.compiled_patterns().care
    found = [text for _, text in texts() if care.search(text)]
    assert len(found) >= 20
    assert all(named_persons._MAYBE_CARE.search(text) for text in found)


def test_a_profession_clears_its_own_name_only() -> None:
    assert masked("Mme Durand, résidente, vue par le médecin").startswith("•••")
    kept = "Mme Durand, directrice, reçoit les familles des résidents"
    assert masked(kept) == kept


def test_the_name_beside_a_birth_date() -> None:
    shown = masked("Jeanne Durand, née le 12/03/1938, relogée")
    assert shown == "•••, née le ••/••/••••, relogée"


WITNESS = "Plainte de la famille de Mme Zylberwitz, résidente, née le 12/03/1938"
SECRETS = ("Zylberwitz", "12/03/1938")


@pytest.fixture(scope="module")
def retours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A return whose texts, lists and sheet name designate a person, in every way we read them."""
    folder = tmp_path_factory.mktemp("retours")
    workshop = Gestures()
    workshop.saisir("Plan d'actions", "A3", "Commentaire ou justification", WITNESS)
    workshop.saisir("Plan d'actions", "A2", "Statut", WITNESS)
    workshop.add_sheet("Mme Zylberwitz, résidente")
    (folder / "retour.xlsx").write_bytes(workshop.octets())
    return folder


def all_that_is_written(folder: Path) -> list[tuple[str, bytes]]:
    """Every byte written under a folder, inflated where it was packed."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        if path.suffix == ".xlsx" and "annoté" not in path.name:
            with zipfile.ZipFile(path) as archive:
                found += [
                    (f"{path.name}/{name}", archive.read(name)) for name in archive.namelist()
                ]
        elif path.suffix == ".sqlite":
            with sqlite3.connect(path) as base:
                found += [(path.name, value) for value in _kept(base)]
            base.close()
        elif path.suffix != ".parquet" and "annoté" not in path.name:
            found.append((path.name, path.read_bytes()))
    return found


def _kept(base: sqlite3.Connection) -> Iterator[bytes]:
    """Every value of a base, inflated where it was."""
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in base.execute(f"SELECT * FROM {table}"):
            for value in row:
                raw = value if isinstance(value, bytes) else str(value).encode()
                try:
                    yield zlib.decompress(raw)
                except zlib.error:
                    yield raw


def test_nothing_that_is_written_says_who(retours: Path, tmp_path: Path) -> None:
    done = run("valider", retours, "-j", "1", "--format", "json", "-o", tmp_path / "r.json",
                    "--consolidation", tmp_path / "conso", "--lots", tmp_path / "lots")  # fmt: skip
    assert done.returncode == 1, done.stderr
    written = all_that_is_written(tmp_path)
    assert len(written) > 10
    for secret in SECRETS:
        spread = [name for name, content in written if secret.encode() in content]
        assert spread == [], secret
    assert "Zylberwitz" not in done.stdout + done.stderr
    assert "DCP-003" in (tmp_path / "r.json").read_text("utf-8")


def test_the_parquet_tables_do_not_either(retours: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="extra « campagne » non installé")
    run("valider", retours, "-j", "1", "--consolidation", tmp_path / "conso")
    for path in (tmp_path / "conso" / "parquet").glob("*.parquet"):
        rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        assert "Zylberwitz" not in str(rows), path.name


def test_the_notes_of_the_annotated_copy_do_not_either(retours: Path, tmp_path: Path) -> None:
    """The copy holds what the gestionnaire typed, where it was typed: our notes say no more."""
    run("annoter", retours / "retour.xlsx", "-o", tmp_path)
    (copy,) = tmp_path.glob("*.xlsx")
    book = openpyxl.load_workbook(copy)
    notes = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row
             if cell.comment is not None]  # fmt: skip
    assert notes and "Zylberwitz" not in "".join(notes)


@pytest.mark.parametrize("format_", ["console", "json", "html"])
def test_comparer_does_not_either(retours: Path, tmp_path: Path, format_: str) -> None:
    options = [] if format_ == "console" else ["--format", format_, "-o", tmp_path / "c"]
    done = run("comparer", VALIDE, retours / "retour.xlsx", *options)
    said = done.stdout + ("" if format_ == "console" else (tmp_path / "c").read_text("utf-8"))
    assert "•••" in said and "Zylberwitz" not in said


def test_transvaser_says_it_to_nobody(retours: Path, tmp_path: Path) -> None:
    done = run("transvaser", retours / "retour.xlsx", "-o", tmp_path / "neuf.xlsx", "--tout")
    assert done.returncode == 0 and "Zylberwitz" not in done.stdout + done.stderr


def test_the_page_about_privacy_says_the_term_that_is_kept() -> None:
    page = (ROOT / "docs" / "guides" / "vie-privee.md").read_text("utf-8")
    assert f"{MONTH} mois" in page and "journaux" in page and "0600" in page
