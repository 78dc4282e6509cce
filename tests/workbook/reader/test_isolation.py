"""The reader stands alone: nothing heavy is loaded, nothing is left behind, nothing is opened."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

from .builders import workbook

ROWS = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 200))


def test_the_reader_needs_the_standard_library_only() -> None:
    program = (
        "import sys, xl_cpom.workbook.reader;"
        "print(sorted(m for m in ('pandas', 'pandera', 'openpyxl', 'lxml', 'numpy', 'xlsxwriter',"
        " 'defusedxml', 'socket', 'ssl', 'subprocess') if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_reading_leaves_no_garbage_and_the_collector_as_it_was() -> None:
    data = workbook(ROWS, strings="<si><t>x</t></si>")
    bad = workbook(ROWS, after="<!DOCTYPE x>")
    read_workbook(data)
    gc.collect()
    gc.disable()
    try:
        read_workbook(data)
        assert gc.collect() == 0
        assert not gc.isenabled()
    finally:
        gc.enable()
    with pytest.raises(UnreadableWorkbookError):
        read_workbook(workbook(ROWS, extra={"xl/a.xml": "<!DOCTYPE x>"}))
    assert read_workbook(bad).sheets[0].unreadable is not None
    assert gc.isenabled()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    good, bad = tmp_path / "bon.xlsx", tmp_path / "mauvais.xlsx"
    good.write_bytes(workbook(ROWS))
    bad.write_bytes(workbook(ROWS)[:-30])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(50):
        read_workbook(good)
        with pytest.raises(UnreadableWorkbookError):
            read_workbook(bad)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_same_file_gives_the_same_reading() -> None:
    data = workbook(ROWS, strings="<si><t>x</t></si>")
    assert repr(read_workbook(data)) == repr(read_workbook(data))


def test_nothing_is_opened_but_the_file(tmp_path: Path) -> None:
    """Every audit event of opening, connecting or starting a process is listed: one file, read."""
    path = tmp_path / "classeur.xlsx"
    path.write_bytes(workbook(ROWS))
    program = (
        "import sys; from xl_cpom.workbook.reader import read_workbook; seen = [];"
        "names = ('open', 'socket.', 'subprocess.', 'os.exec', 'os.system', 'os.remove');"
        "hook = lambda e, a: e.startswith(names) and seen.append((e, a[0], a[2] & 3));"
        "sys.addaudithook(hook);"
        "read_workbook(sys.argv[1]); print(seen)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str([("open", str(path), os.O_RDONLY)])
