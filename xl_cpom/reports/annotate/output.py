"""Writing the copy: never over the source, all or nothing, one clear sentence when it fails."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from xl_cpom.files.atomic import WriteError, atomic_write
from xl_cpom.reports.annotate.package import Package
from xl_cpom.reports.annotate.refusal import AnnotationError
from xl_cpom.typography import guillemets

_MACRO_SUFFIXES = {".xlsm", ".xltm"}


def check_target(source: Path | bytes, out: Path, *, macros: bool) -> None:
    """Refuse to write over the source, or under a name Excel would not open."""
    if isinstance(source, Path) and out.exists() and out.samefile(source):
        raise AnnotationError(
            "La copie ne peut pas remplacer le fichier d’origine.",
            "Choisissez un autre dossier ou un autre nom pour la copie.",
        )
    if macros != (out.suffix.lower() in _MACRO_SUFFIXES):
        wanted = ".xlsm" if macros else ".xlsx"
        raise AnnotationError(
            f"Excel n’ouvrirait pas la copie « {out.name} » sous ce nom.",
            f"Donnez-lui un nom terminé par « {wanted} ».",
        )


def check_new_copy(
    source: Path, out: Path, *, macros: bool, replace: bool, suffixes: Collection[str]
) -> None:
    """`check_target` for a copy that has a name of its own: never over a file that is there.

    suffixes: those the copy may have; replace: a file already there may be replaced.
    """
    if out.suffix.lower() not in suffixes:
        raise AnnotationError(
            f"La copie doit être un classeur Excel : {guillemets(out.name)}.",
            "Donnez-lui un nom terminé par « .xlsx ».",
        )
    check_target(source, out, macros=macros)
    if os.path.lexists(out) and not replace:
        raise AnnotationError(
            f"{guillemets(out.name)} existe déjà.", "Choisissez un autre nom, ou ajoutez --ecraser."
        )


def publish(data: bytes, out: Path) -> None:
    """Write a copy, whole or not at all. Raises AnnotationError (French)."""
    try:
        with atomic_write(out) as temporary:
            temporary.write_bytes(data)
    except WriteError as error:
        raise AnnotationError(str(error)) from error


FAST = 3
"""Level of compression of the parts we mark: half the time of the usual 6, a tenth more bytes."""


def write_package(package: Package, out: Path, *, level: int = -1) -> None:
    """Write the package in one go: the file appears whole or not at all.

    At the usual level, parts given back as they were also take their former compressed bytes when
    the same compressor had made them.
    """
    try:
        with atomic_write(out) as temporary, temporary.open("wb") as stream:
            package.write(stream, level=level)
    except WriteError as error:
        raise AnnotationError(str(error)) from error
    except OSError as error:
        raise AnnotationError(
            f"La copie « {out.name} » ne peut pas être écrite "
            f"({error.strerror or type(error).__name__}).",
            "Vérifiez le dossier et la place sur le disque, puis recommencez.",
        ) from error
