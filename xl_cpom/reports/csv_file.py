"""The findings as a CSV that a French Excel opens by double click: UTF-8 with BOM, « ; », CRLF.

One line per finding, the keys of the return on every line. Excel turns a FINESS number that
starts with 0 into a number when it opens a CSV: the xlsx format keeps it.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xl_cpom.reports import harmless
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions

if TYPE_CHECKING:
    from xl_cpom.validators.model import Report

Champ = str | float | int | None

BOM = "\ufeff"

HEADERS = (
    "Fichier",
    "FINESS EJ",
    "Raison sociale",
    "Année suivie",
    "Verdict",
    "Code",
    "Gravité",
    "Feuille",
    "Cellules",
    "Valeur lue",
    "Attendu",
    "Message",
    "Comment corriger",
    "Source",
    "Dérogation",
    "Justification",
    "Gabarit",
    "Référentiel",
    "Moteur",
    "SHA-256",
)


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the CSV, BOM included; a return without finding has no line."""
    return tableau(HEADERS, lignes(reports))


def lignes(reports: Iterable[Report]) -> Iterable[tuple[Champ, ...]]:
    """One tuple per finding, in the order of `HEADERS`; numbers are numbers."""
    for report in reports:
        for finding in report.findings:
            yield (
                report.file,
                report.finess_ej,
                report.raison_sociale,
                report.annee,
                report.verdict.value,
                finding.code,
                finding.severity.value,
                finding.sheet,
                " ".join(finding.cells),
                finding.value,
                finding.expected,
                finding.message,
                finding.fix,
                finding.source,
                finding.waiver,
                finding.justification,
                report.gabarit,
                report.referentiel,
                report.engine,
                report.sha256,
            )


def tableau(headers: Sequence[str], rows: Iterable[Sequence[Champ]]) -> str:
    """A CSV for a French spreadsheet; every text field goes through `neutre.csv`."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow([champ(value) for value in row])
    return BOM + out.getvalue()


def champ(value: Champ) -> str:
    """One field: text made harmless, number with a decimal comma, nothing for None."""
    if isinstance(value, str):
        return harmless.safe_csv(value)
    if value is None or not math.isfinite(value):
        return ""
    number = int(value) if value == int(value) and abs(value) < 2**53 else value
    return format(number, "" if isinstance(number, int) else ".15g").replace(".", ",")
