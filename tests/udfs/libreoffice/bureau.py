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
NOMS_D_EXCEL = (25, 2)
"""First version seen to recognise the functions in a workbook as Excel writes it."""


class Bureau:
    """One profile that always recalculates; with the extension bundled unless told."""

    def __init__(self, travail: Path, *, complement: bool = True) -> None:
        self.travail = travail
        self.options = profil(travail, complement=complement)

    def recalculer(self, *classeurs: Path, sortie: str = XLSX) -> list[Path]:
        """Open, recalculate and save each workbook; paths of what was saved."""
        out = self.travail / "sortie"
        lancer(conversion(self.options, out, sortie, *classeurs))
        return [out / f"{c.stem}.{sortie.split(':')[0]}" for c in classeurs]


def unopkg(bureau: Bureau, *ordre: str) -> str:
    """Run unopkg on the profile. Root may only touch shared extensions: those are made private."""
    scope = []
    if os.geteuid() == 0:
        scope = ["--shared"]
        cache = bureau.travail / "partagees"
        option = f"-env:UNO_SHARED_PACKAGES_CACHE={cache.as_uri()}"
        if option not in bureau.options:
            bureau.options.append(option)
    verb, *rest = ordre
    return lancer([str(UNOPKG), verb, *scope, *rest, *bureau.options])


@cache
def version() -> tuple[int, int]:
    """Version of LibreOffice, (25, 2)."""
    found = re.search(r"LibreOffice (\d+)\.(\d+)", lancer([str(SOFFICE), "--version"]))
    assert found is not None
    return int(found[1]), int(found[2])


def lancer(commande: Sequence[str]) -> str:
    """Run a command, return what it says."""
    done = subprocess.run(
        commande, capture_output=True, text=True, timeout=180, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
