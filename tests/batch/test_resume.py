"""Interrupted however it may be, resumed, spread otherwise: the campaign ends the same."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.ampleur import COMPLETE, by
from tests.batch.small_campaign import QUALITES, controler
from tools.synthese import DrawnCampaign, produce
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.consolidation.fact_rows import all_rows
from xl_cpom.batch.deposit import CampaignFile, depot_files
from xl_cpom.batch.history import history_path
from xl_cpom.batch.journal import Journal, UnreadableJournalError
from xl_cpom.batch.meeting_briefs import BRIEF, all_there, note_all
from xl_cpom.batch.region.figures import region_figures
from xl_cpom.batch.region.page import region_page
from xl_cpom.batch.situation import situations
from xl_cpom.referentiel import load_referentiel


def tables(resultat: CampaignResult) -> list[object]:
    return [(t.name, tuple(row)) for t, row in all_rows(resultat, situations(resultat.report))]


def test_neither_the_processes_nor_the_journal_change_the_result(
    campagne: DrawnCampaign, dossier: list[CampaignFile], resultat: CampaignResult, journal: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    assert resultat.read_again == len(dossier)
    shutil.copy(journal, tmp_path / "j.sqlite")
    shutil.copy(history_path(journal) or "", tmp_path / "j-historique.sqlite")
    again = controler(campagne, dossier, Journal(tmp_path / "j.sqlite"), reprendre=True)
    passing = [r for r in resultat.reports if {f.code for f in r.findings} & {"LEC-ACCES"}]
    assert again.read_again == len(passing) == 0
    alone = controler(campagne, dossier[::-1][::-1], Journal(), jobs=1)
    for other in (again, alone):
        assert other.reports == resultat.reports
        assert other.report.constats == resultat.report.constats
        assert tables(other) == tables(resultat)
    figures = [
        region_figures(r, situations(r.report), load_referentiel()) for r in (resultat, again)
    ]
    assert region_page(figures[0]) == region_page(figures[1])


def test_only_what_changed_is_read_again(
    campagne: DrawnCampaign, dossier: list[CampaignFile], journal: Path, resultat: CampaignResult,
    tmp_path: Path,
) -> None:  # fmt: skip
    shutil.copy(journal, tmp_path / "j.sqlite")
    shutil.copy(history_path(journal) or "", tmp_path / "j-historique.sqlite")
    copy = tmp_path / "retours"
    shutil.copytree(campagne.depot, copy)
    honest = next(r.fichier for r in campagne.retours if r.qualite == "honnête")
    faulty = next(r.fichier for r in campagne.retours if r.qualite == "fautif")
    (copy / faulty).write_bytes((copy / honest).read_bytes())
    files = depot_files([copy])
    with Journal(tmp_path / "j.sqlite") as kept:
        result = controler(campagne, files, kept, reprendre=True, jour="2028-03-01")
        assert result.read_again == 1
        assert result.evolution is not None
        assert result.evolution.day == "2028-02-01"
        ej = next(r.organisme.finess for r in campagne.retours if r.fichier == faulty)
        before = next(r for r in resultat.reports if r.file == faulty)
        gone = {(fault[0], fault[2]) for fault in result.evolution.withdrawn}
        assert {(ej, f.code) for f in before.findings} <= gone
        assert [ej, "LOT-009"] in [[f[0], f[2]] for f in result.evolution.new]
        assert result.evolution.remaining
        same = controler(campagne, files, kept, reprendre=True, jour="2028-04-01")
        assert same.read_again == 0
        assert same.evolution == result.evolution, "the same run again says the same thing"


def test_fiches_of_dialogue_that_are_there_are_not_made_again(
    campagne: DrawnCampaign, dossier: list[CampaignFile], resultat: CampaignResult, journal: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    """A campaign run again without change reads neither the quartiles nor a workbook for them."""
    assert resultat.read_again == len(dossier)
    shutil.copy(journal, tmp_path / "j.sqlite")
    again = controler(campagne, dossier, Journal(tmp_path / "j.sqlite"), reprendre=True)
    assert not again.read_again
    folder = tmp_path / "lots"
    assert not all_there(again, folder, "cause"), "never written"
    note_all(again, folder, "cause")
    names = again.journal.output(folder / BRIEF)
    assert names is not None and len(names[1]) > 3
    for name in names[1]:
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("fiche", encoding="utf-8")
    assert all_there(again, folder, "cause") and not all_there(again, folder, "autre")
    (folder / names[1][-1]).unlink()
    assert not all_there(again, folder, "cause")


def test_another_engine_or_another_date_reads_again(
    campagne: DrawnCampaign, dossier: list[CampaignFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = dossier[:2]
    with Journal() as kept:
        assert controler(campagne, few, kept, jobs=1).read_again == 2
        assert controler(campagne, few, kept, reprendre=True, jobs=1).read_again == 0
        from xl_cpom.batch import task

        monkeypatch.setattr(task, "engine_fingerprint", lambda: "autre moteur, plus récent")
        assert controler(campagne, few, kept, reprendre=True, jobs=1).read_again == 2
        held = kept._base.execute("SELECT contexte FROM reponses").fetchall()
        assert len(held) == 2 and all(name.startswith("autre moteur, pl.") for (name,) in held)


def test_the_inputs_are_not_touched(
    campagne: DrawnCampaign, dossier: list[CampaignFile], tmp_path: Path
) -> None:
    copy = tmp_path / "retours"
    copy.mkdir()
    for file in dossier[:3]:
        shutil.copy(file.path, copy)
    for path in copy.iterdir():
        path.chmod(0o444)
    copy.chmod(0o555)
    before = [(p.name, p.stat().st_mtime_ns, p.stat().st_mode, hashlib.sha256(p.read_bytes()))
              for p in sorted(copy.iterdir())]  # fmt: skip
    state = copy.stat().st_mtime_ns
    controler(campagne, depot_files([copy]), Journal(), jobs=1)
    after = [(p.name, p.stat().st_mtime_ns, p.stat().st_mode, hashlib.sha256(p.read_bytes()))
             for p in sorted(copy.iterdir())]  # fmt: skip
    copy.chmod(0o755)
    assert [(*b[:3], b[3].digest()) for b in before] == [(*a[:3], a[3].digest()) for a in after]
    assert copy.stat().st_mtime_ns == state


def test_a_journal_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(UnreadableJournalError, match="n'est pas un journal"):
        Journal(path)


def _entendre_ctrl_c() -> None:
    """A run started in the background ignores it, and its children would."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def launch(campagne: DrawnCampaign, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "xl_cpom", "valider", str(campagne.depot), "--attendus",
         str(campagne.attendus), "--consolidation", str(out), "--lots", str(out / "lots"),
         "--reprendre", "-j", "2", "--format", "json", "-o", str(out.parent / f"{out.name}.json")],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        preexec_fn=None if sys.platform == "win32" else _entendre_ctrl_c,
    )  # fmt: skip


def finish(process: subprocess.Popen[bytes]) -> None:
    _, stderr = process.communicate(timeout=3600 if COMPLETE else 300)
    assert process.returncode == 3, stderr.decode()
    assert b"Traceback" not in stderr


def fingerprints(out: Path) -> dict[str, str]:
    """Fingerprint of every output by its place, leaving out what a killed run was writing."""
    report = out.parent / f"{out.name}.json"
    found = {".json": hashlib.sha256(report.read_bytes()).hexdigest()}
    for path in out.rglob("*"):
        if path.is_file() and path.suffix != ".sqlite" and ".tmp" not in path.suffixes:
            name = path.relative_to(out).as_posix()
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def part_of(campagne: DrawnCampaign, organismes: int, folder: Path) -> DrawnCampaign:
    """The first organismes of a campaign: their files, and their lines of the list."""
    ogs = campagne.organismes[:organismes]
    numbers = {og.finess for og in ogs}
    part = DrawnCampaign(folder, ogs, tuple(r for r in campagne.retours if r.organisme in ogs))
    part.depot.mkdir()
    for retour in part.retours:
        shutil.copy(campagne.depot / retour.fichier, part.depot)
    head, *lines = campagne.attendus.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.partition(";")[0] in numbers]
    part.attendus.write_text("".join([head, *kept]), "utf-8", newline="")
    assert len({r.qualite for r in part.retours}) > 3 and len(kept) >= len(ogs)
    return part


@pytest.fixture(scope="module")
def cut(campagne: DrawnCampaign, tmp_path_factory: pytest.TempPathFactory) -> DrawnCampaign:
    """The campaign to interrupt: ten organismes of the other tests, or the region's true size."""
    if not COMPLETE:
        return part_of(campagne, 10, tmp_path_factory.mktemp("dix"))
    return produce(tmp_path_factory.mktemp("region"), qualites=QUALITES)


@pytest.mark.slow
def test_the_parent_killed_then_started_again(cut: DrawnCampaign, tmp_path: Path) -> None:
    """Killed twice, anywhere; twenty and at the region's true size with XL_CPOM_COMPLET=1.

    Each run goes on from the one before, so that the instants fall all along the work: while files
    are read, while the tables are written, while the bundles are.
    """
    dead = by(2, 20)
    clean, killed = tmp_path / "propre", tmp_path / "tue"
    start = time.monotonic()
    finish(launch(cut, clean))
    whole = time.monotonic() - start
    chance = random.Random(dead)
    kills, notes = 0, []
    for _ in range(dead):
        process = launch(cut, killed)
        while not (killed / "journal.sqlite").exists():
            time.sleep(0.01)
        try:
            process.communicate(timeout=chance.uniform(0.2, 1.4) * whole / dead)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
        notes.append(_notes(killed / "journal.sqlite"))
        left = [p.name for p in tmp_path.rglob("*.tmp*")]
        assert all(name.startswith(".") for name in left), "no half-written file under its name"
    assert kills >= dead // 2
    assert notes == sorted(notes), "what the journal has noted is never lost"
    finish(launch(cut, killed))
    expected, found = fingerprints(clean), fingerprints(killed)
    assert found == expected
    kinds = Counter(Path(name).name for name in expected)
    assert {"consolidation.xlsx", "region.html", "region.xlsx", "etablissements.parquet",
            ".json", "rapport.html", "lettre.md"} <= set(kinds)  # fmt: skip
    reports = json.loads((tmp_path / "tue.json").read_text(encoding="utf-8"))
    aside = sum(any(a["code"] in ("LOT-004", "LOT-006") for a in r["anomalies"]) for r in reports)
    assert (len(reports), kinds["rapport.html"]) == (len(cut.retours), len(reports) - aside)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signal")
def test_ctrl_c_keeps_what_is_done(campagne: DrawnCampaign, tmp_path: Path) -> None:
    process = launch(campagne, tmp_path / "interrompu")
    journal = tmp_path / "interrompu" / "journal.sqlite"
    limit = time.monotonic() + 60
    while time.monotonic() < limit and not (journal.exists() and _notes(journal)):
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be interrupted"
    os.kill(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--reprendre" in stderr.decode() and "Traceback" not in stderr.decode()
    assert _notes(journal) > 0


def _notes(journal: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(journal, timeout=0.1) as base:
            found = base.execute("SELECT count(*) FROM reponses").fetchone()
            return int(found[0])
    except sqlite3.Error:
        return 0
