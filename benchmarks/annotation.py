"""The annotated copy: ours on a few findings and on a thousand, against a load-and-save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl

from benchmarks.mesure import Mesure, mesurer
from xl_cpom.reports.annotate import annotate
from xl_cpom.validators.check import check
from xl_cpom.validators.model import Finding
from xl_cpom.workbook.reader import cell_name

FEUILLES = ("Identification", "Établissements", "Plan d'actions", "Indicateurs")
TOURS = 20


def mesures(valide: Path, fautif: Path, folder: Path) -> Sequence[Mesure]:
    """One measure per case; the control itself is not in them."""
    out = folder / "copie.xlsx"
    found = check(fautif).findings
    many = mille(found[0])

    def copier(findings: Sequence[Finding], path: Path) -> None:
        annotate(path, findings, out)

    return (
        mesurer("copie annotée : exemple valide", lambda p: copier((), p), [valide] * TOURS),
        mesurer(
            f"copie annotée : exemple fautif, {len(found)} anomalies",
            lambda p: copier(found, p), [fautif] * TOURS,
        ),
        mesurer(
            f"copie annotée : {len(many)} anomalies et autant de notes",
            lambda p: copier(many, p), [valide] * TOURS,
        ),
        mesurer(
            "copie sans rien annoter : openpyxl ouvre et enregistre",
            lambda p: openpyxl.load_workbook(p).save(out), [fautif] * 3,
        ),
    )  # fmt: skip


def mille(modele: Finding) -> list[Finding]:
    """A thousand findings, each on its own cell."""
    return [
        replace(
            modele,
            sheet=FEUILLES[k % 4],
            cells=(cell_name(6 + k // 28, 2 + k // 4 % 7),),
            message=f"{modele.message} ({k})",
        )
        for k in range(1000)
    ]
