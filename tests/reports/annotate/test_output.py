"""The copy appears whole or not at all, and never over the source."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.reports.annotate.rich_workbook import ANOMALIES, rich
from xl_cpom.reports.annotate import AnnotationError, annotate


def test_the_source_is_not_overwritten(tmp_path: Path) -> None:
    source, data = tmp_path / "retour.xlsx", rich()
    source.write_bytes(data)
    alias = tmp_path / "alias.xlsx"
    alias.symlink_to(source)
    for out in (source, alias, tmp_path / "." / "retour.xlsx"):
        with pytest.raises(AnnotationError, match="remplacer le fichier d’origine"):
            annotate(source, ANOMALIES, out)
    assert source.read_bytes() == data


@pytest.mark.parametrize(("macros", "name"), [(False, "a.xlsm"), (True, "a.xlsx")])
def test_a_name_excel_would_refuse(macros: bool, name: str, tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="n’ouvrirait pas"):
        annotate(rich(macros=macros), ANOMALIES, tmp_path / name)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="n'existe pas"):
        annotate(rich(), ANOMALIES, tmp_path / "absent" / "copie.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root and Windows write everywhere"
)
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(AnnotationError, match="l'écriture est refusée"):
            annotate(rich(), ANOMALIES, tmp_path / "copie.xlsx")
    finally:
        tmp_path.chmod(0o755)


def test_no_room_left(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of POSIX")
    former = tmp_path / "copie.xlsx"
    former.write_bytes(b"la copie d'avant")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))
    try:
        with pytest.raises(AnnotationError, match=r"copie\.xlsx"):
            annotate(rich(), ANOMALIES, former)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"la copie d'avant"]


@pytest.mark.parametrize("data", [b"", b"pas un classeur", b"PK\x03\x04" + b"\0" * 60])
def test_what_is_no_workbook(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(AnnotationError) as caught:
        annotate(data, ANOMALIES, tmp_path / "copie.xlsx")
    assert caught.value.message and caught.value.fix
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="ne peut pas être lu"):
        annotate(tmp_path / "absent.xlsx", ANOMALIES, tmp_path / "copie.xlsx")
