"""What a campaign keeps is kept well: somebody else's file, an edited letter, a password."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.atelier import VALIDE
from tests.commande import End, run
from xl_cpom.batch.check_files import BatchMeans, answer_tasks, has_secrets, without_secrets
from xl_cpom.batch.journal import Journal, UnreadableJournalError
from xl_cpom.batch.journal_file import MONTH, is_journal, sweep_old
from xl_cpom.batch.task import FileTask, Options
from xl_cpom.workbook.decryption import Password
from xl_cpom.workers.pool import WorkerSettings

# --- the journal


def base_of_another(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE signets (adresse TEXT)")
        base.execute("INSERT INTO signets VALUES ('https://exemple.fr')")
    base.close()


@pytest.mark.parametrize("kind", ["base", "texte", "dossier", "tube", "court"])
def test_a_file_that_is_no_journal_is_not_touched(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "donne.sqlite"
    if kind == "base":
        base_of_another(path)
    elif kind == "dossier":
        path.mkdir()
    elif kind == "tube":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no pipe here")
        os.mkfifo(path)
    else:
        path.write_bytes(b"SQLite format 3\0" if kind == "court" else b"mes notes\n" * 50)
    before = path.read_bytes() if path.is_file() else b""
    mode, names = path.stat().st_mode, sorted(tmp_path.iterdir())
    with pytest.raises(UnreadableJournalError, match="n'est pas un journal"):
        Journal(path)
    assert (path.stat().st_mode, sorted(tmp_path.iterdir())) == (mode, names)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_the_command_refuses_the_base_of_another(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    base_of_another(path)
    before = path.read_bytes()
    done = run("valider", VALIDE, "--journal", path, "-j", "1")
    assert done.returncode == 2 and "n'est pas un journal de xl_cpom" in done.stderr
    assert path.read_bytes() == before


def test_a_journal_of_an_earlier_version_is_recognised(tmp_path: Path) -> None:
    """Written before a journal said what it is: its header has no mark, its tables are ours."""
    path = tmp_path / "ancien.sqlite"
    with Journal(path) as kept:
        kept.note("a.xlsx", "contexte", "sha", b"reponse")
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA application_id = 0")
        base.execute("DROP TABLE pieces")
        base.execute("PRAGMA user_version = 3")
    base.close()
    with Journal(path) as again:
        assert again.known("a.xlsx", "contexte", "sha") == b"reponse"
        assert again.pieces(tmp_path) == {}
    assert is_journal(path)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.touch(mode=0o644)
    with Journal(path) as kept:
        kept.note("a.xlsx", "contexte", "sha", b"reponse")
        assert {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()} == {0o600}


def test_forgotten_journals_leave_after_their_term(tmp_path: Path) -> None:
    names = ("vieux", "recent", "autre")
    for name in names[:2]:
        Journal(tmp_path / f"{name}.sqlite").__exit__(None, None, None)
    base_of_another(tmp_path / "autre.sqlite")
    old = time.time() - (MONTH * 30.5 + 1) * 86400
    for name in ("vieux", "autre"):
        os.utime(tmp_path / f"{name}.sqlite", (old, old))
    assert [path.stem for path in sweep_old(tmp_path)] == ["vieux"]
    left = sorted(path.stem for path in tmp_path.iterdir())
    assert left == ["autre", "recent", "recent-historique"]


# --- the letters


def lots(depot: Path, out: Path, *arguments: object) -> End:
    return run(
        "valider", depot, "--lots", out, "--journal", out.parent / "j.sqlite", "-j", "1", *arguments
    )


def test_a_changed_letter_is_never_lost(tmp_path: Path) -> None:
    deposit, out = tmp_path / "depot", tmp_path / "lots"
    deposit.mkdir()
    shutil.copy(VALIDE, deposit / "retour.xlsx")
    assert lots(deposit, out).returncode == 0
    (folder,) = (path for path in out.iterdir() if path.is_dir())
    names = sorted(path.name for path in folder.iterdir())
    letter = folder / "lettre.md"
    edited = letter.read_text("utf-8") + "\nUn mot de ma main.\n"
    letter.write_text(edited, "utf-8")
    changed = lots(deposit, out, "--reponse-avant", "2028-04-15")
    assert changed.returncode == 0
    assert "« lettre.md » avait été modifié" in changed.stderr.replace("\u00a0", " ")
    assert (folder / "lettre_avant_1.md").read_text("utf-8") == edited
    assert "Un mot de ma main" not in letter.read_text("utf-8")
    again = lots(deposit, out, "--reponse-avant", "2028-05-15")
    assert "avait été modifié" not in again.stderr
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, "lettre_avant_1.md"])


def test_without_a_known_journal_a_different_letter_is_kept(tmp_path: Path) -> None:
    """Nothing says that we wrote it: it may be somebody's."""
    deposit, out = tmp_path / "depot", tmp_path / "lots"
    deposit.mkdir()
    shutil.copy(VALIDE, deposit / "retour.xlsx")
    lots(deposit, out)
    (folder,) = (path for path in out.iterdir() if path.is_dir())
    (folder / "lettre.md").write_text("une autre", "utf-8")
    (tmp_path / "j.sqlite").unlink()
    lots(deposit, out)
    assert (folder / "lettre_avant_1.md").read_text("utf-8") == "une autre"
    assert len([path for path in folder.iterdir() if "_avant_" in path.name]) == 1


# --- the password


def test_the_password_does_not_go_to_an_executor() -> None:
    task = FileTask("a.xlsx", "a.xlsx", Options(arguments={"mot_de_passe": Password("x")}))
    assert has_secrets(task) and not has_secrets(without_secrets(task))
    other = FileTask("a.xlsx", "a.xlsx", Options(arguments={"profil": "p.toml"}))
    assert without_secrets(other) is other


def test_an_encrypted_classeur_is_opened_here_when_the_cluster_cannot(tmp_path: Path) -> None:
    """The executor sees every byte it is handed: the password is in none of them."""
    import pickle
    from concurrent.futures import Future

    agile = pytest.importorskip("msoffcrypto.method.ecma376_agile", reason="extra chiffre")
    path = tmp_path / "retour.xlsx"
    with VALIDE.open("rb") as stream:
        path.write_bytes(agile.ECMA376Agile.encrypt("Temoin-4471", stream))
    seen: list[bytes] = []

    class Loin:
        def submit(self, work, task):  # type: ignore[no-untyped-def]
            seen.append(pickle.dumps(task))
            done: Future[bytes] = Future()
            done.set_result(work(task))
            return done

    options = Options(arguments={"mot_de_passe": Password("Temoin-4471")})
    moyens = BatchMeans(WorkerSettings(jobs=1), Loin())  # type: ignore[arg-type]
    ((_, answer),) = answer_tasks([FileTask(str(path), "retour.xlsx", options)], moyens)
    assert answer.answer.report.verdict.value == "recevable"
    assert len(seen) == 1 and b"Temoin-4471" not in seen[0]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "form", [["--mot-de-passe", "Temoin-4471"], ["--mot-de-passe=Temoin-4471"]]
)
def test_the_password_does_not_stay_in_the_arguments(tmp_path: Path, form: list[str]) -> None:
    """Given there, it is taken away before the work; no process of the family ever shows it."""
    pytest.importorskip("msoffcrypto", reason="extra chiffre")
    shutil.copy(VALIDE, tmp_path / "retour.xlsx")
    with subprocess.Popen(
        [sys.executable, "-m", "xl_cpom", "valider", str(tmp_path / "retour.xlsx"), "-j", "1",
         "--format", "json", *form],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        said: set[str] = set()
        start = time.monotonic()
        while process.poll() is None:
            if any("valider" in word for word in _arguments(process.pid)):
                said.add(" ".join(_arguments(process.pid)))
            for child in psutil.Process(process.pid).children(recursive=True):
                said.add(" ".join(_arguments(child.pid)))
            time.sleep(0.02)
            assert time.monotonic() - start < 60
    assert process.returncode == 0
    after_the_start = [line for line in said if "Temoin" not in line and "valider" in line]
    assert after_the_start, "the process went on without it"
    assert all("multiprocessing" not in line for line in said if "Temoin" in line)


def _arguments(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return []
