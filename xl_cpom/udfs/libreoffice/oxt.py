"""Packs the extension `cpom.oxt`: text files in a zip, the same bytes for the same sources."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from xl_cpom.referentiel import Referentiel, charger, geler

from . import coeur, descripteurs, gele
from .anciens_pythons import reecrire
from .notice import FICHIER, LICENCE

DATE_FIXE = (2026, 1, 1, 0, 0, 0)
ICI = Path(__file__).parent
GELE = f"pythonpath/xl_cpom/udfs/libreoffice/{gele.FICHIER}"


def construire_oxt(chemin: Path, referentiel: Referentiel | None = None) -> Path:
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
    yield from descripteurs.fichiers()
    yield "LICENCE.txt", LICENCE
    component = ICI / descripteurs.COMPOSANT
    yield descripteurs.COMPOSANT, reecrire(component.read_text(encoding="utf-8"), component.name)
    for name, text in coeur.fichiers():
        yield f"pythonpath/{name}", text
    yield GELE, geler(charger() if referentiel is None else referentiel)


def deplier(dossier: Path, referentiel: Referentiel | None = None) -> Path:
    """Write the extension as a folder, as LibreOffice keeps it once installed; its path."""
    for name, text in fichiers(referentiel):
        path = dossier / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return dossier
