"""Packs the extension `cpom.oxt`: text files in a zip, the same bytes for the same sources."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from xl_cpom.referentiel import Referentiel, freeze_referentiel, load_referentiel

from . import bundled_core, descriptors, frozen_referentiel
from .install_notice import FICHIER, LICENCE
from .older_pythons import rewrite

DATE_FIXE = (2026, 1, 1, 0, 0, 0)
ICI = Path(__file__).parent
GELE = f"pythonpath/xl_cpom/udfs/libreoffice/{frozen_referentiel.FICHIER}"


def build_oxt(chemin: Path, referentiel: Referentiel | None = None) -> Path:
    """Write the extension and return its path.

    chemin: the file, or the folder that will hold `cpom.oxt`. referentiel: the cycle to compute
    with, the default one if None.
    """
    target = chemin / FICHIER if chemin.is_dir() else chemin
    target.write_bytes(octets(referentiel))
    return target


def octets(referentiel: Referentiel | None = None) -> bytes:
    """Bytes of the extension."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in fichiers(referentiel):
            info = zipfile.ZipInfo(name, DATE_FIXE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # the same whatever the machine
            archive.writestr(info, text.encode("utf-8"))
    return packed.getvalue()


def fichiers(referentiel: Referentiel | None = None) -> Iterator[tuple[str, str]]:
    """(name, text) of every file of the extension."""
    yield from descriptors.fichiers()
    yield "LICENCE.txt", LICENCE
    component = ICI / descriptors.COMPONENT
    yield descriptors.COMPONENT, rewrite(component.read_text(encoding="utf-8"), component.name)
    for name, text in bundled_core.fichiers():
        yield f"pythonpath/{name}", text
    yield GELE, freeze_referentiel(load_referentiel() if referentiel is None else referentiel)


def unpack(folder: Path, referentiel: Referentiel | None = None) -> Path:
    """Write the extension as a folder, as LibreOffice keeps it once installed; its path."""
    for name, text in fichiers(referentiel):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return folder
