"""LibreOffice without a window, in a profile of its own, the extension as a bundled one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tools.bureau import SOFFICE, XLSX, conversion, profil

UNOPKG = shutil.which("unopkg", path=str(Path(SOFFICE).parent)) if SOFFICE else None
"""That of the same LibreOffice: beside it."""
EXCEL_NAMES = (25, 2)
"""First version seen to recognise the functions in a workbook as Excel writes it."""


class Desk:
    """One profile that always recalculates; with the extension bundled unless told."""

    def __init__(self, work: Path, *, complement: bool = True) -> None:
        self.work = work
        self.options = profil(work, complement=complement)

    def recompute(self, *classeurs: Path, output: str = XLSX) -> list[Path]:
        """Open, recalculate and save each workbook; paths of what was saved."""
        out = self.work / "sortie"
        launch(conversion(self.options, out, output, *classeurs))
        return [out / f"{c.stem}.{output.split(':')[0]}" for c in classeurs]


def unopkg(bureau: Desk, *order: str) -> str:
    """Run unopkg on the profile. Root may only touch shared extensions: those are made private."""
    scope = []
    if os.geteuid() == 0:
        scope = ["--shared"]
        cache = bureau.work / "partagees"
        option = f"-env:UNO_SHARED_PACKAGES_CACHE={cache.as_uri()}"
        if option not in bureau.options:
            bureau.options.append(option)
    verb, *rest = order
    return launch([str(UNOPKG), verb, *scope, *rest, *bureau.options])


@cache
def version() -> tuple[int, int]:
    """Version of LibreOffice, (25, 2)."""
    found = re.search(r"LibreOffice (\d+)\.(\d+)", launch([str(SOFFICE), "--version"]))
    assert found is not None
    return int(found[1]), int(found[2])


def launch(command: Sequence[str]) -> str:
    """Run a command, return what it says."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=180, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
