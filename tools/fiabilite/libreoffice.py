"""LibreOffice as a third reader: what it opened, saved again as .xlsx and read by openpyxl."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LOT = 40
"""Files of one run: a start costs more than a file."""

DELAI = 30
"""Seconds for one file alone; a lot has five a file."""


def convert(paths: Sequence[Path], work: Path) -> Iterator[tuple[Path, Path | None]]:
    """(file, what LibreOffice made of it or None); a lot that fails is done file by file."""
    for start in range(0, len(paths), LOT):
        lot = paths[start : start + LOT]
        made = work / f"lot{start}"
        _launch(lot, made, work, 5 * len(lot) + DELAI)
        for path in lot:
            target = made / f"{path.stem}.xlsx"
            if not target.exists():
                _launch([path], made, work, DELAI)
            yield path, target if target.exists() else None


def _launch(paths: Sequence[Path], output: Path, work: Path, delai: float) -> None:
    profil = work / "profil"
    command = [
        str(SOFFICE), f"-env:UserInstallation={profil.as_uri()}", "--headless", "--norestore",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(output), *map(str, paths),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(delai)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # soffice is a script: its child does the work
        process.wait()
        shutil.rmtree(profil, ignore_errors=True)  # its lock would stop the next one
