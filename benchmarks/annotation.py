"""The annotated copy: ours on a few findings and on a thousand, against a load-and-save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl

from benchmarks.mesure import Mesure, measure
from xl_cpom.reports.annotate import annotate
from xl_cpom.validators.check import check
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.reader import cell_name

SHEET_NAMES = ("Identification", "Établissements", "Plan d'actions", "Indicateurs")
TOURS = 20


def mesures(valide: Path, faulty: Path, folder: Path) -> Sequence[Mesure]:
    """One measure per case; the control itself is not in them."""
    out = folder / "copie.xlsx"
    found = check(faulty).findings
    many = mille(found[0])

    def copy(findings: Sequence[Finding], path: Path) -> None:
        annotate(path, findings, out)

    return (
        measure("copie annotée : exemple valide", lambda p: copy((), p), [valide] * TOURS),
        measure(
            f"copie annotée : exemple fautif, {len(found)} anomalies",
            lambda p: copy(found, p), [faulty] * TOURS,
        ),
        measure(
            f"copie annotée : {len(many)} anomalies et autant de notes",
            lambda p: copy(many, p), [valide] * TOURS,
        ),
        measure(
            "copie sans rien annoter : openpyxl ouvre et enregistre",
            lambda p: openpyxl.load_workbook(p).save(out), [faulty] * 3,
        ),
    )  # fmt: skip


def mille(template: Finding) -> list[Finding]:
    """A thousand findings, each on its own cell."""
    return [
        replace(
            template,
            sheet=SHEET_NAMES[k % 4],
            cells=(cell_name(6 + k // 28, 2 + k // 4 % 7),),
            message=f"{template.message} ({k})",
        )
        for k in range(1000)
    ]
