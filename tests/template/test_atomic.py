"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xl_cpom.files import atomic
from xl_cpom.files.atomic import WriteError, atomic_write


def test_the_target_appears_once_complete(tmp_path: Path) -> None:
    target = tmp_path / "été.xlsx"
    with atomic_write(target) as temporary:
        assert temporary.parent == tmp_path and temporary.suffix == ".xlsx"
        temporary.write_bytes(b"contenu")
        assert not target.exists()
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


class Enveloppe(Exception):
    """What a library raises in the place of the system's own error."""


def enveloppe() -> None:
    """As XlsxWriter does."""
    raise Enveloppe(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def suite() -> None:
    """As most do."""
    try:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))
    except OSError as failure:
        raise Enveloppe("ratée") from failure


def texte() -> None:
    """As DuckDB does: only words are left."""
    raise Enveloppe(f'IO Error: {{"message": "{os.strerror(errno.ENOSPC)}", "errno": "28"}}')


@pytest.mark.parametrize("echouer", [enveloppe, suite, texte])
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
    with pytest.raises(Enveloppe, match="un défaut"), atomic_write(tmp_path / "a.xlsx"):
        raise Enveloppe("un défaut")
    assert list(tmp_path.iterdir()) == []


def test_the_failure_of_another_file_keeps_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "a.xlsx"):
        (tmp_path / "une source absente").read_bytes()
