"""`xl-cpom valider` over a folder: options, outputs, exit codes, bundles."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.batch.small_campaign import controler
from tests.commande import End, run
from tools.synthese import DrawnCampaign
from xl_cpom.batch.bundles import PIECES, write_bundles
from xl_cpom.batch.deposit import MARK, depot_files
from xl_cpom.batch.journal import Journal
from xl_cpom.cli.refusing import unwritten_journal
from xl_cpom.reports import word_letters
from xl_cpom.typography import plural
from xl_cpom.validators.model import Verdict
from xl_cpom.workers.pool import WorkerSettings

DAY = f"{dt.datetime.now(tz=dt.UTC):%d/%m/%Y}"


def blancs(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def launch(*arguments: object, **env: str) -> End:
    return run("valider", *arguments, **env)


@pytest.fixture(scope="module")
def trois(campagne: DrawnCampaign, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three honest returns and one that is damaged, in a folder of their own."""
    folder = tmp_path_factory.mktemp("trois")
    wanted = [r for r in campagne.retours if r.qualite == "honnête"][:3]
    wanted += [r for r in campagne.retours if r.qualite == "abîmé"][:1]
    for retour in wanted:
        (folder / retour.fichier).write_bytes((campagne.depot / retour.fichier).read_bytes())
    return folder


def test_a_folder(trois: Path, tmp_path: Path) -> None:
    run = launch(trois, "--format", "json", XDG_STATE_HOME=str(tmp_path))
    found = json.loads(run.stdout)
    assert [r["fichier"] for r in found] == sorted(p.name for p in trois.iterdir())
    assert sorted(r["verdict"] for r in found) == ["illisible", *["recevable"] * 3]
    assert (run.returncode, run.stderr) == (3, "")
    assert len(list(tmp_path.rglob("*.sqlite"))) == 2, "the journal and the history"
    again = launch(trois, "--format", "json", "--reprendre", XDG_STATE_HOME=str(tmp_path))
    assert (again.stdout, again.returncode) == (run.stdout, 3)


def test_a_forbidden_state_folder_prevents_nothing(trois: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_text("")
    run = launch(trois, "--format", "json", XDG_STATE_HOME=str(blocked))
    assert (len(json.loads(run.stdout)), run.returncode) == (4, 3)
    assert run.stderr.startswith("Pas de journal")


def test_a_whole_campagne(campagne: DrawnCampaign, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    run = launch(campagne.depot, "--attendus", campagne.attendus, "--consolidation", out,
                 "--format", "json", "-o", tmp_path / "rapport.json", "-j", 2)  # fmt: skip
    assert run.returncode == 3, run.stderr
    assert {p.name for p in out.iterdir()} == {
        MARK, "conseils_departementaux", "consolidation.xlsx", "historique.sqlite",
        "journal.sqlite", "parquet", "region.html", "region.xlsx", "synthese.html",
    }  # fmt: skip
    assert (tmp_path / "rapport.json").exists()
    lines = blancs(run.stderr).splitlines()
    total = len(campagne.retours)
    assert lines[-7].startswith(f"Contrôle : {total} classeurs sur {total} (")
    assert lines[-6] == f"Consolidation et page de la région : {out}"
    assert lines[-5].endswith(f": {out / 'conseils_departementaux'}")
    missing = {r.organisme.finess for r in campagne.retours if r.attendu != "LOT-007"}
    absent = [og for og in campagne.organismes if og.finess not in missing]
    assert lines[-4].startswith(f"26 organismes attendus : {26 - len(absent)} reçus (")
    assert lines[-4].endswith(f", {len(absent)} manquants.")
    assert set(re.findall(r"\((\d{9})\)", lines[-3])) == {og.finess for og in absent}
    late = {r.organisme.finess for r in campagne.retours if r.attendu == "LOT-007"}
    assert lines[-2].startswith("Parmi eux, retour d'une autre année : ")
    assert set(re.findall(r"\((\d{9})\)", lines[-2])) == late
    aside = [r.attendu for r in campagne.retours if r.attendu in ("LOT-004", "LOT-006")]
    assert {"LOT-004", "LOT-006"} <= set(aside)
    years = sum(r.attendu == "LOT-007" for r in campagne.retours)
    assert lines[-1] == (
        f"Non comptés, sur {total} fichiers : {plural(aside.count('LOT-004'), 'copie')}, "
        f"{plural(aside.count('LOT-006'), 'version remplacée', 'versions remplacées')} et "
        f"{plural(years, 'retour', 'retours')} d'une autre année."
    )
    report = json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))
    assert [r["fichier"] for r in report] == sorted(p.name for p in campagne.depot.iterdir())


def test_running_again_without_change_rewrites_nothing(trois: Path, tmp_path: Path) -> None:
    out, lots = tmp_path / "sortie", tmp_path / "lots"
    asked = (trois, "--consolidation", out, "--lots", lots, "--reprendre", "--format", "csv")

    def state() -> dict[str, int]:
        return {str(p): p.stat().st_mtime_ns for folder in (out, lots)
                for p in folder.rglob("*") if p.is_file() and p.suffix != ".sqlite"}  # fmt: skip

    first = launch(*asked)
    assert (first.returncode, "inchangée" in first.stderr) == (3, False)
    before = state()
    letter = next(lots.rglob("lettre.md"))
    letter.write_text("Madame, Monsieur, appelez-moi.", encoding="utf-8")
    (out / "region.html").unlink()
    second = launch(*asked)
    assert "inchangée" not in second.stderr, "a missing file is written again"
    assert (second.returncode, second.stdout) == (3, first.stdout)
    after = state()
    assert after.keys() == before.keys()
    changed = {path for path in before if after[path] != before[path]}
    assert {path for path in changed if path.startswith(str(lots))} == {str(letter)}
    assert letter.read_text(encoding="utf-8") == "Madame, Monsieur, appelez-moi."
    third = launch(*asked)
    assert f"Consolidation inchangée : {out}" in blancs(third.stderr)
    assert (state(), third.stdout) == (after, first.stdout)
    (trois / "nouveau.xlsx").write_bytes(next(trois.glob("CPOM*.xlsx")).read_bytes())
    fourth = launch(*asked)
    (trois / "nouveau.xlsx").unlink()
    assert "inchangée" not in fourth.stderr
    assert f"Depuis le passage du {DAY} : " in blancs(fourth.stderr)


def test_a_folder_in_disorder(trois: Path, tmp_path: Path) -> None:
    """Lock files, sub-folders, old formats, letters, last time's outputs: each in its place."""
    folder = tmp_path / "retours"
    shutil.copytree(trois, folder / "sous")
    (folder / "ancien.xls").write_bytes(
        bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "Workbook".encode("utf-16-le")
    )
    (folder / "~$ancien.xls").write_bytes(b"verrou")
    (folder / "lettre\x1b[31m.pdf").write_bytes(b"%PDF-1.7")
    asked = (folder, "--consolidation", folder / "conso", "--lots", folder / "lots",
             "--format", "json")  # fmt: skip
    first = launch(*asked)
    found = {r["fichier"]: r["verdict"] for r in json.loads(first.stdout)}
    assert set(found) == {"ancien.xls", *(f"sous/{p.name}" for p in trois.iterdir())}
    assert found["ancien.xls"] == "illisible"
    assert "laissé de côté : lettre" in blancs(first.stderr) and "\x1b" not in first.stderr
    again = launch(folder, "--format", "json", XDG_STATE_HOME=str(tmp_path))
    assert again.stdout == first.stdout
    assert "Dossier de sorties, non parcouru : conso et lots." in blancs(again.stderr)


@pytest.mark.parametrize("where", ["retours", ".", "retours/sous"])
def test_the_outputs_do_not_mix_with_the_retours(trois: Path, tmp_path: Path, where: str) -> None:
    shutil.copytree(trois, tmp_path / "retours" / "sous")
    before = sorted(p.name for p in tmp_path.rglob("*"))
    for option in ("--consolidation", "--lots"):
        run = launch(tmp_path / "retours", option, tmp_path / where)
        assert (run.returncode, run.stdout) == (2, "")
        assert "un dossier nouveau" in blancs(" ".join(run.stderr.split()))
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_an_impossible_output_folder_is_a_wrong_usage(trois: Path, tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    for option in ("--consolidation", "--lots"):
        run = launch(trois, option, tmp_path / "fichier" / "sortie")
        assert (run.returncode, run.stdout) == (2, "")
        assert "ne peut pas être écrit (ce n'est pas un dossier)" in run.stderr


def test_no_return_but_attendus(campagne: DrawnCampaign, tmp_path: Path) -> None:
    empty = tmp_path / "vide"
    empty.mkdir()
    out = tmp_path / "sortie"
    run = launch(empty, "--attendus", campagne.attendus, "--consolidation", out, "--format", "csv")
    assert run.returncode == 0, run.stderr
    html = (out / "region.html").read_text(encoding="utf-8")
    assert re.search(r'data-figure="region.manquants">26<', html)
    nothing = launch(empty)
    assert nothing.returncode == 2


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "finess_ej\nabc\n"])
def test_an_unusable_list_is_a_wrong_usage(trois: Path, tmp_path: Path, text: str) -> None:
    path = tmp_path / "attendus.csv"
    path.write_text(text, encoding="utf-8")
    run = launch(trois, "--attendus", path)
    assert run.returncode == 2
    assert "attendus.csv" in run.stderr and "Traceback" not in run.stderr


def test_one_bundle_by_organisme(campagne: DrawnCampaign, trois: Path, tmp_path: Path) -> None:
    out = tmp_path / "lots"
    copy = next(r for r in campagne.retours if r.attendu == "LOT-004")
    (trois / copy.fichier).write_bytes((campagne.depot / copy.fichier).read_bytes())
    original = copy.fichier.removeprefix("copie_de_")
    (trois / original).write_bytes((campagne.depot / original).read_bytes())
    folder = depot_files([trois])
    result = controler(campagne, folder, Journal())
    made = {
        lot.file: lot for lot in write_bundles(result, folder, out, settings=WorkerSettings(jobs=2))
    }
    aside = result.campagne.discarded
    assert len(aside) == 1
    word = word_letters.available()
    pieces = {name for name in PIECES if word or not name.endswith(".docx")}
    assert set(made) == {r.file for r in result.reports if r.file not in aside}
    for report in result.reports:
        lot = made.get(report.file)
        if lot is None:
            continue
        names = {p.name for p in lot.folder.iterdir()}
        assert names == set(lot.pieces)
        assert lot.missing == ()
        if report.verdict is Verdict.ILLISIBLE:
            assert names == pieces - {"saisie_e-CARS.xlsx"}
        else:
            assert names == {*pieces, f"{Path(report.file).stem}_annoté.xlsx"}
    first = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    for _ in write_bundles(result, folder, out, settings=WorkerSettings(jobs=1)):
        pass
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == first


@pytest.mark.parametrize(
    ("pragma", "told"),
    [("query_only = 1", "lecture seule"), ("max_page_count = 4", "plus de place"),
     ("busy_timeout = 0", "un autre passage")],
)  # fmt: skip
def test_what_sqlite_says_of_a_disk_is_told_in_french(
    tmp_path: Path, pragma: str, told: str
) -> None:
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        if "busy" in pragma:
            other.execute("BEGIN IMMEDIATE")
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute(f"PRAGMA {pragma}")
            with pytest.raises(sqlite3.OperationalError) as failure:
                base.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert told in str(unwritten_journal(failure.value))
