"""Put the add-in where Excel loads it, and tell it which Python to start. Windows only.

XLSTART is loaded at each start of Excel and is a trusted location by default. The path of Python is
written in the user's own settings, which the VBA reads; a workbook cannot change it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass

from .xlam import FICHIER, NOM

ENCODING = "cp1252"
"""VBA reads the settings file in the code page of Windows."""


class InstallationError(XlCpomError, RuntimeError):
    """The add-in cannot be put in place; the message is French and says what to do."""


@dataclass(frozen=True)
class Locations:
    """Where the add-in and its settings go on this machine."""

    complement: Path
    settings: Path
    interpreter: Path

    @classmethod
    def de(cls, environment: Mapping[str, str], plateforme: str, executable: str) -> Locations:
        """Places told by the environment. Raises InstallationError off Windows."""
        if plateforme != "win32":
            raise InstallationError(
                "le complément Excel s'installe sous Windows seulement\u00a0; ailleurs, utilisez "
                "le complément LibreOffice, ou un classeur « native » ou « lambda »"
            )
        try:
            roaming, home = Path(environment["APPDATA"]), Path(environment["USERPROFILE"])
        except KeyError as missing:
            raise InstallationError(
                f"la variable d'environnement {missing.args[0]} est absente"
            ) from None
        return cls(
            complement=roaming / "Microsoft" / "Excel" / "XLSTART" / FICHIER,
            settings=home / f".{NOM}" / f"{NOM}.conf",
            interpreter=without_console(Path(executable)),
        )

    @classmethod
    def ici(cls) -> Locations:
        """Places of this machine."""
        import os

        return cls.de(os.environ, sys.platform, sys.executable)


def without_console(executable: Path) -> Path:
    """pythonw.exe beside python.exe when there is one: no black window behind Excel."""
    quiet = executable.with_name(executable.name.lower().replace("python.exe", "pythonw.exe"))
    return quiet if quiet.is_file() else executable


def install_addin(complement: bytes, places: Locations) -> None:
    """Write the add-in and its settings. Raises InstallationError."""
    try:
        places.complement.parent.mkdir(parents=True, exist_ok=True)
        places.complement.write_bytes(complement)
    except PermissionError as refusal:
        raise InstallationError(
            f"« {places.complement} » ne peut pas être écrit\u00a0: fermez Excel, puis recommencez"
        ) from refusal
    except OSError as refusal:
        raise InstallationError(
            f"« {places.complement} » ne peut pas être écrit\u00a0: {refusal.strerror}"
        ) from refusal
    try:
        places.settings.parent.mkdir(parents=True, exist_ok=True)
        places.settings.write_bytes(settings_text(places.interpreter))
    except (OSError, UnicodeEncodeError) as refusal:
        raise InstallationError(
            f"les réglages « {places.settings} » ne peuvent pas être écrits\u00a0: {refusal}"
        ) from refusal


def settings_text(interpreter: Path) -> bytes:
    """Settings as VBA's ``Write #`` writes them. Raises UnicodeEncodeError."""
    return f'"INTERPRETER_WIN","{interpreter}"\r\n'.encode(ENCODING)


def read_settings(content: bytes) -> str:
    """Path of Python told by the settings, "" when they tell none."""
    for line in content.decode(ENCODING, "replace").splitlines():
        name, _, value = line.partition(",")
        if name.strip('" ').upper() == "INTERPRETER_WIN":
            return value.strip().strip('"')
    return ""
