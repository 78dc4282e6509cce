"""LibreOffice without a window, the extension installed as a bundled one, in a profile of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.indicators.classeur import ALWAYS_RECALCULATE
from xl_cpom.udfs.libreoffice.oxt import deplier

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
UNOPKG = shutil.which("unopkg")
XLSX = "xlsx:Calc MS Excel 2007 XML"


class Bureau:
    """One profile that always recalculates; with the extension bundled unless told."""

    def __init__(self, travail: Path, *, complement: bool = True) -> None:
        self.travail = travail
        self.profil = travail / "profil"
        (self.profil / "user").mkdir(parents=True)
        settings = self.profil / "user" / "registrymodifications.xcu"
        settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")
        bundled = travail / "livrees"
        bundled.mkdir()
        if complement:
            deplier(bundled / "cpom")
        self.options = [
            f"-env:UserInstallation={self.profil.as_uri()}",
            f"-env:BUNDLED_EXTENSIONS={bundled.as_uri()}",
        ]

    def recalculer(self, *classeurs: Path, sortie: str = XLSX) -> list[Path]:
        """Open, recalculate and save each workbook; paths of what was saved."""
        out = self.travail / "sortie"
        command = [str(SOFFICE), *self.options, "--headless", "--norestore", "--convert-to", sortie]
        lancer([*command, "--outdir", str(out), *map(str, classeurs)])
        return [out / f"{c.stem}.{sortie.split(':')[0]}" for c in classeurs]


def lancer(commande: Sequence[str]) -> str:
    """Run a command, return what it says."""
    done = subprocess.run(commande, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
