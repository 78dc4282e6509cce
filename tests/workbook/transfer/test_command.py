"""The command: what it prints, what it refuses, and that nothing half written is left."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tests.atelier import VALIDE, WORKBOOKS
from xl_cpom.cli import main
from xl_cpom.workbook.transfer import ReadBackError, transfer

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def launched(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["transvaser", *map(str, arguments)])
    out, err = capsys.readouterr()
    return (end.value.code if isinstance(end.value.code, int) else 0), out, err


def test_the_lists_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = launched(capsys, FAULTY, "-o", tmp_path / "n.xlsx")
    assert (code, err) == (0, "")
    assert "17 valeurs réparées" in out and "4 contenus non repris" in out
    assert "«\u00a010099000\u00a0» → «\u00a0010099000\u00a0»" in out
    assert "Feuil1, A1" in out and "xl-cpom valider" in out
    code, out, _ = launched(capsys, VALIDE, "-o", tmp_path / "v.xlsx")
    assert code == 0 and "rien n'est laissé de côté" in out and "aucune réparation" in out


def test_nothing_is_overwritten_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "n.xlsx"
    there.write_bytes(b"precieux")
    code, _, err = launched(capsys, VALIDE, "-o", there)
    assert code == 2 and "existe déjà" in err and there.read_bytes() == b"precieux"
    code, _, _ = launched(capsys, VALIDE, "-o", there, "--ecraser")
    assert code == 0 and there.read_bytes() == VALIDE.read_bytes()


def test_the_source_is_never_the_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "r.xlsx"
    source.write_bytes(FAULTY.read_bytes())
    link = tmp_path / "lien.xlsx"
    link.hardlink_to(source)
    for target in (source, link):
        code, _, err = launched(capsys, source, "-o", target, "--ecraser")
        assert code == 2 and "ne peut pas remplacer l'ancien" in err
    assert source.read_bytes() == FAULTY.read_bytes()


@pytest.mark.parametrize("name", ["n.xls", "n.xlsm", "n"])
def test_another_extension_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = launched(capsys, VALIDE, "-o", tmp_path / name)
    assert code == 2 and ".xlsx" in err and list(tmp_path.iterdir()) == []


def test_an_unreadable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "casse.xlsx").write_bytes(VALIDE.read_bytes()[:9000])
    code, _, err = launched(capsys, tmp_path / "casse.xlsx", "-o", tmp_path / "n.xlsx")
    assert code == 3 and err.startswith("Erreur") and "Traceback" not in err
    assert not (tmp_path / "n.xlsx").exists()


@pytest.mark.parametrize("moment", ["os.fsync", "os.replace", "beside"])
def test_a_full_disk_leaves_nothing_behind(
    moment: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = tmp_path / "c"
    folder.mkdir()
    monkeypatch.setattr(f"xl_cpom.files.atomic.{moment}", fail)
    code, _, err = launched(capsys, VALIDE, "-o", folder / "n.xlsx")
    assert code == 2 and "plus de place sur le disque" in err and "n.xlsx" in err
    assert list(folder.iterdir()) == []


def test_what_does_not_read_the_same_is_never_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program in the writing is caught by the second reading."""
    from xl_cpom.workbook.transfer import pouring

    honest = pouring.cell_values.value_to_write

    def spoilt(cell: object, value: object, column: object, date1904: bool) -> object:
        written = honest(cell, value, column, date1904)  # type: ignore[arg-type]
        return "autre" if getattr(column, "key", "") == "pilote" else written

    monkeypatch.setattr(pouring.cell_values, "value_to_write", spoilt)
    with pytest.raises(ReadBackError, match="Plan d'actions, G6"):
        transfer(VALIDE, tmp_path / "n.xlsx")
    assert list(tmp_path.iterdir()) == []
