"""Files written whole or not at all, and never in the place of what is no file."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commande import run
from xl_cpom.files import atomic, temporaries
from xl_cpom.files.atomic import WriteError, atomic_write


def test_the_target_appears_once_complete(tmp_path: Path) -> None:
    target = tmp_path / "été.xlsx"
    with atomic_write(target) as temporary:
        assert temporary.parent != tmp_path and temporary.suffix == ".xlsx"
        assert temporary.parent.stat().st_mode & 0o077 == 0, "nobody else opens a draft"
        temporary.write_bytes(b"contenu")
        assert list(tmp_path.iterdir()) == [], "nothing beside the target before it is whole"
    assert target.read_bytes() == b"contenu"
    assert list(tmp_path.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"avant")
    with pytest.raises(RuntimeError, match="en route"), atomic_write(target) as temporary:
        temporary.write_bytes(b"une partie")
        raise RuntimeError("en route")
    assert target.read_bytes() == b"avant"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with (
        pytest.raises(WriteError, match=r"d'écrire «\u00a0a\.xlsx\u00a0».*n'existe"),
        atomic_write(tmp_path / "absent" / "a.xlsx"),
    ):
        pass


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with (
        pytest.raises(WriteError, match="n'est pas un dossier"),
        atomic_write(tmp_path / "f" / "a.xlsx"),
    ):
        pass


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with (
        pytest.raises(WriteError, match="un dossier porte déjà ce nom"),
        atomic_write(tmp_path / "a.xlsx") as temporary,
    ):
        temporary.write_bytes(b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize(
    ("number", "existing", "said"),
    [
        (errno.EACCES, True, "Fermez-le dans Excel"),
        (errno.EACCES, False, "l'écriture est refusée dans le dossier"),
        (errno.EROFS, False, "l'écriture est refusée dans le dossier"),
        (errno.ENOSPC, False, "plus de place sur le disque"),
        (errno.EIO, False, "le système a refusé"),
    ],
)
def test_what_the_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, existing: bool, said: str
) -> None:
    target = tmp_path / "a.xlsx"
    if existing:
        target.write_bytes(b"avant")

    def refuse(source: object, destination: object) -> None:
        raise OSError(number, os.strerror(number), str(destination))

    monkeypatch.setattr(atomic.os, "replace", refuse)
    with pytest.raises(WriteError, match=said), atomic_write(target) as temporary:
        temporary.write_bytes(b"x")
    assert [path.name for path in tmp_path.iterdir()] == (["a.xlsx"] if existing else [])


class Envelope(Exception):
    """What a library raises in the place of the system's own error."""


def envelope() -> None:
    """As XlsxWriter does."""
    raise Envelope(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def suite() -> None:
    """As most do."""
    try:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
    except OSError as failure:
        raise Envelope("ratée") from failure


def texte() -> None:
    """As DuckDB does: only words are left."""
    raise Envelope(f'IO Error: {{"message": "{os.strerror(errno.ENOSPC)}", "errno": "28"}}')


@pytest.mark.parametrize("echouer", [envelope, suite, texte])
def test_a_full_disk_is_told_whatever_the_library_raises(
    tmp_path: Path, echouer: Callable[[], None]
) -> None:
    with (
        pytest.raises(WriteError, match="plus de place sur le disque"),
        atomic_write(tmp_path / "a.xlsx") as temporary,
    ):
        temporary.write_bytes(b"x")
        echouer()
    assert list(tmp_path.iterdir()) == []


def test_another_failure_of_a_library_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(Envelope, match="un défaut"), atomic_write(tmp_path / "a.xlsx"):
        raise Envelope("un défaut")
    assert list(tmp_path.iterdir()) == []


def test_the_failure_of_another_file_keeps_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "a.xlsx"):
        (tmp_path / "une source absente").read_bytes()


# --- what is no file

unix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipe nor device node here")


@unix
def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "tube.json"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with atomic_write(pipe) as temporary:
        temporary.write_bytes(b"contenu")
    reader.join(10)
    assert read == [b"contenu"]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    """A node of our own that swallows what it is given: never one of the system's."""
    node = tmp_path / "peripherique.xlsx"
    try:
        os.mknod(node, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        node.write_bytes(b"")
    except (OSError, AttributeError):
        pytest.skip("no right to make a device node here")
    yield node
    node.unlink()


def test_a_device_is_written_into_and_stays_a_device(device: Path) -> None:
    with atomic_write(device) as temporary:
        temporary.write_bytes(b"contenu")
    assert stat.S_ISCHR(device.lstat().st_mode)
    assert list(device.parent.iterdir()) == [device]


@unix
@pytest.mark.parametrize("command", [
    ("gabarit", "-o"),
    ("transvaser", "exemple_valide.xlsx", "--ecraser", "-o"),
    ("valider", "exemple_valide.xlsx", "--format", "xlsx", "-o"),
    ("valider", "exemple_valide.xlsx", "--format", "json", "-o"),
    ("comparer", "exemple_valide.xlsx", "exemple_valide.xlsx", "--format", "json", "-o"),
])  # fmt: skip
def test_no_command_replaces_a_device(device: Path, command: tuple[str, ...]) -> None:
    done = run(*command, device, cwd=Path(__file__).resolve().parents[3] / "workbooks")
    assert done.returncode in (0, 2), done.stderr
    assert stat.S_ISCHR(device.lstat().st_mode)
    assert list(device.parent.iterdir()) == [device]


@unix
@pytest.mark.parametrize("kind", ["prise", "dossier", "lien", "lien mort"])
def test_what_can_receive_nothing_is_refused(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "sortie.xlsx"
    pointed = tmp_path / "pointe.xlsx"
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "prise":
            listener.bind(str(target))
        elif kind == "dossier":
            target.mkdir()
        else:
            target.symlink_to(pointed)
            if kind == "lien":
                pointed.write_bytes(b"avant")
        before, mode = sorted(tmp_path.iterdir()), target.lstat().st_mode
        with pytest.raises(WriteError, match=r"Choisissez|Donnez"), atomic_write(target):
            raise AssertionError("refused before any work")
        assert (sorted(tmp_path.iterdir()), target.lstat().st_mode) == (before, mode)
    if kind == "lien":
        assert pointed.read_bytes() == b"avant"


@unix
def test_a_pipe_that_nobody_reads_any_more_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "tube.json"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(WriteError, match="personne ne lit"), atomic_write(pipe) as draft:
        draft.write_bytes(bytes(1 << 20))
        threading.Timer(0.2, os.close, [reader]).start()


# --- what a killed process leaves

DEAD = """
import os, signal, sys
from pathlib import Path
from xl_cpom.files import temporaries
from xl_cpom.files.atomic import atomic_write
target = Path(sys.argv[1])
with atomic_write(target) as draft:
    draft.write_bytes(b"des donnees d'usagers")
    if sys.argv[2] == "brouillon":
        os.kill(os.getpid(), signal.SIGKILL)
    with temporaries.beside(target) as final:
        final.write_bytes(b"une partie")
        os.kill(os.getpid(), signal.SIGKILL)
"""


def elsewhere(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A process that starts, with this folder as the temporary one."""
    monkeypatch.setattr(temporaries.tempfile, "tempdir", str(folder))
    monkeypatch.setattr(temporaries, "_current", None)


@unix
@pytest.mark.parametrize("instant", ["brouillon", "publication"])
def test_the_next_start_sweeps_what_a_killed_process_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instant: str
) -> None:
    private, out = tmp_path / "tmp", tmp_path / "sorties"
    private.mkdir()
    out.mkdir()
    (out / ".lettre-0123456789abcdef.tmp").write_bytes(b"d'un autre")
    subprocess.run([sys.executable, "-c", DEAD, out / "retour.xlsx", instant], check=False,
                   env={**os.environ, "TMPDIR": str(private)})  # fmt: skip
    (root,) = private.iterdir()
    assert root.stat().st_mode & 0o777 == 0o700
    elsewhere(monkeypatch, private)
    temporaries.sweep()
    assert list(private.iterdir()) == []
    assert [path.name for path in out.iterdir()] == [".lettre-0123456789abcdef.tmp"]


@unix
def test_the_draft_of_a_living_process_is_not_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere(monkeypatch, tmp_path)
    with atomic_write(tmp_path / "retour.xlsx") as draft:
        code = "from xl_cpom.files import temporaries; temporaries.sweep()"
        subprocess.run(
            [sys.executable, "-c", code], check=True, env={**os.environ, "TMPDIR": str(tmp_path)}
        )
        draft.write_bytes(b"contenu")
    assert (tmp_path / "retour.xlsx").read_bytes() == b"contenu"


@unix
def test_a_note_that_somebody_changed_removes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of a dead session is ours; a name in it that is not one of ours is left alone."""
    elsewhere(monkeypatch, tmp_path)
    precious = tmp_path / "precieux.xlsx"
    precious.write_bytes(b"x")
    session = tmp_path / f"xl_cpom-{os.getuid()}" / "morte"
    session.mkdir(parents=True, mode=0o700)
    session.parent.chmod(0o700)
    (session / "verrou").write_bytes(b"")
    (session / "cible-0123456789abcdef").write_bytes(os.fsencode(precious))
    temporaries.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["precieux.xlsx"]


@unix
def test_a_folder_laid_by_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a temporary folder open to all, the name of ours may be taken by a link or by anyone."""
    elsewhere(monkeypatch, tmp_path)
    other = tmp_path / "ailleurs"
    other.mkdir()
    (tmp_path / f"xl_cpom-{os.getuid()}").symlink_to(other)
    with temporaries.private_folder() as folder:
        assert folder.parent.parent.stat().st_mode & 0o077 == 0
        assert list(other.iterdir()) == []
