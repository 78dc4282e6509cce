"""The report of a file that could not be read: by the control, by a batch, by the server."""

from __future__ import annotations

import hashlib
from pathlib import Path

from xl_cpom.validators.model import BLOQUANT, DIRECT, Finding, Report, Verdict
from xl_cpom.version import __version__
from xl_cpom.workbook.reader.refusals import UnreadableWorkbookError


def unreadable_report(
    fichier: str,
    sha256: str,
    refusal: UnreadableWorkbookError,
    referentiel: str,
    juge: str = DIRECT,
) -> Report:
    """What is said of it, and why. referentiel, juge: what was to judge it."""
    finding = Finding(
        code=refusal.code,
        severity=BLOQUANT,
        sheet="",
        cells=(),
        value="",
        expected="un classeur .xlsx",
        message=refusal.message,
        fix=refusal.fix,
        source="Lecture du fichier",
    )
    return Report(
        file=fichier,
        sha256=sha256,
        gabarit=None,
        verdict=Verdict.ILLISIBLE,
        finess_ej=None,
        raison_sociale=None,
        findings=(finding,),
        indicateurs=(),
        outcomes=(),
        engine=__version__,
        referentiel=referentiel,
        judge=juge,
    )


def file_fingerprint(path: Path) -> str:
    """SHA-256 of an ordinary file read by blocks, "" when it cannot be read."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
