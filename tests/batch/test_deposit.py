"""A folder as mail leaves it: nothing read twice, nothing lost in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xl_cpom.batch.deposit import MARK, DepotContent, depot_files, open_depot
from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def noms(depot: DepotContent) -> list[str]:
    return [f.name for f in depot.files]


def test_a_folder_received_by_email(tmp_path: Path) -> None:
    put(
        tmp_path,
        "retour.xlsx", "RETOUR2.XLSX", "macro.xlsm", "sous/dossier/profond.xlsx",
        "ancien.xls", "binaire.XLSB", "libre.ods", "envoi.zip",
        "~$retour.xlsx", ".cache.xlsx", "sous/Thumbs.db", "__MACOSX/._retour.xlsx", ".git/a.xlsx",
        "lettre.pdf", "sous/mail.msg", "attendus.csv",
    )  # fmt: skip
    deposit = open_depot([tmp_path])
    assert noms(deposit) == ["RETOUR2.XLSX", "ancien.xls", "binaire.XLSB", "envoi.zip", "libre.ods",
                           "macro.xlsm", "retour.xlsx", "sous/dossier/profond.xlsx"]  # fmt: skip
    assert deposit.others == ("attendus.csv", "lettre.pdf", "sous/mail.msg")
    assert (deposit.outputs, deposit.closed) == ((), ())
    assert noms(open_depot([tmp_path], WORKBOOK_SUFFIXES)) == [
        "RETOUR2.XLSX",
        "macro.xlsm",
        "retour.xlsx",
        "sous/dossier/profond.xlsx",
    ]


def test_a_named_file_is_taken_whatever_its_extension(tmp_path: Path) -> None:
    put(tmp_path, "retour.pdf", "a.xlsx")
    assert noms(open_depot([tmp_path / "retour.pdf", tmp_path])) == ["retour.pdf", "a.xlsx"]


def test_two_folders_with_the_same_names(tmp_path: Path) -> None:
    for name in ("a", "b"):
        put(tmp_path, f"{name}/retour.xlsx", f"{name}/~$retour.xlsx", f"{name}/{name}.xlsm")
    assert [f.name for f in depot_files([tmp_path / "a", tmp_path / "b"])] == [
        "a.xlsm", (tmp_path / "a/retour.xlsx").as_posix(),
        "b.xlsm", (tmp_path / "b/retour.xlsx").as_posix()]  # fmt: skip
    assert [f.name for f in depot_files([tmp_path])] == ["a/a.xlsm", "a/retour.xlsx",
                                                     "b/b.xlsm", "b/retour.xlsx"]  # fmt: skip


def test_the_same_file_by_two_paths_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "retours/a.xlsx")
    monkeypatch.chdir(tmp_path)
    found = open_depot([Path("retours"), tmp_path / "retours", Path("retours/../retours/a.xlsx")])
    assert noms(found) == ["a.xlsx"]


def test_our_outputs_are_no_retours(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "conso/consolidation.xlsx", f"conso/{MARK}",
          "lots/210099008/a_annoté.xlsx", f"lots/{MARK}", "copies/a.xlsx")  # fmt: skip
    deposit = open_depot([tmp_path], sauf=[tmp_path / "copies"])
    assert noms(deposit) == ["a.xlsx"]
    assert sorted(deposit.outputs) == ["conso", "copies", "lots"]
    assert noms(open_depot([tmp_path / "conso"])) == ["consolidation.xlsx"], "unless it is named"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipe here")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tube.xlsx")
    (tmp_path / "mort.xlsx").symlink_to(tmp_path / "absent.xlsx")
    assert open_depot([tmp_path]) == DepotContent(())


def test_a_closed_subfolder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.xlsx", "ferme/b.xlsx")
    real = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("ferme"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    deposit = open_depot([tmp_path])
    assert (noms(deposit), deposit.closed) == (["a.xlsx"], (str(tmp_path / "ferme"),))
