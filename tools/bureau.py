"""LibreOffice without a window, in a profile of its own: for the tests, the measures, the pictures.

The extension is there as a bundled one: nothing is installed in the user's LibreOffice.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from xl_cpom.udfs.libreoffice.oxt import unpack

SOFFICE = (
    os.environ.get("XL_CPOM_SOFFICE") or shutil.which("soffice") or shutil.which("libreoffice")
)
"""The program, None when absent. XL_CPOM_SOFFICE=/opt/…/soffice names another version."""

XLSX = "xlsx:Calc MS Excel 2007 XML"

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop></item></oor:items>
"""
"""Settings of a French profile that forgets the values a workbook carries."""


def profil(folder: Path, *, complement: bool = False) -> list[str]:
    """Options of a profile made in a folder, that recalculates everything it opens."""
    settings = folder / "profil" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS, encoding="utf-8")
    bundled = folder / "livrees"
    bundled.mkdir(exist_ok=True)
    if complement:
        unpack(bundled / "cpom")
    return [
        f"-env:UserInstallation={settings.parent.parent.as_uri()}",
        f"-env:BUNDLED_EXTENSIONS={bundled.as_uri()}",
    ]


def conversion(options: list[str], output: Path, to: str, *classeurs: Path) -> list[str]:
    """Command that opens, recalculates and converts workbooks into a folder."""
    command = [str(SOFFICE), *options, "--headless", "--norestore", "--convert-to", to]
    return [*command, "--outdir", str(output), *map(str, classeurs)]
