"""The JSON of a report: the public contract, described by `schemas/rapport.schema.json`.

One object for one workbook, a list for several. Keys are French and stable; numbers are plain
(no text, no percent), nothing is null that has a value, and the order never changes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.reports import harmless
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions
from xl_cpom.validators.model import Status

if TYPE_CHECKING:
    from xl_cpom.validators.model import ComputedIndicator, Finding, Report


def render(reports: Sequence[Report], contexte: RenderOptions = DEFAULT_OPTIONS) -> str:
    """JSON text, indented, ending with a line feed; accents are written as they are."""
    objets = [objet(report) for report in reports]
    document = objets[0] if len(objets) == 1 else objets
    return (
        harmless.safe_json(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        + "\n"
    )


def objet(report: Report) -> dict[str, Any]:
    """The object of one workbook, made of plain Python values."""
    return {
        "fichier": report.fichier,
        "sha256": report.sha256,
        "gabarit": report.gabarit,
        "verdict": report.verdict.value,
        "organisme": {"finess_ej": report.finess_ej, "raison_sociale": report.raison_sociale},
        "anomalies": [anomalie(finding) for finding in report.findings],
        "indicateurs": [indicateur(one) for one in report.indicateurs],
        "regles": {
            "passees": report.count_rules(Status.PASSEE),
            "en_anomalie": report.count_rules(Status.EN_ANOMALIE),
            "non_controlees": report.count_rules(Status.NON_CONTROLEE),
            "en_panne": report.count_rules(Status.EN_PANNE),
        },
        "moteur": report.moteur,
        "referentiel": report.referentiel,
        "options": dict(report.options),
    }


def anomalie(finding: Finding) -> dict[str, Any]:
    """The object of one finding."""
    return {
        "code": finding.code,
        "gravite": finding.severity.value,
        "feuille": finding.sheet,
        "cellules": list(finding.cells),
        "valeur": finding.value,
        "attendu": finding.expected,
        "message": finding.message,
        "correction": finding.fix,
        "source": finding.source,
        "derogation": finding.waiver,
        "justification": finding.justification,
    }


def indicateur(one: ComputedIndicator) -> dict[str, Any]:
    """The object of one indicator."""
    return {
        "code": one.code,
        "module": one.module,
        "secteur": one.secteur,
        "annee": one.annee,
        "numerateur": plain(one.numerateur),
        "denominateur": plain(one.denominateur),
        "taux": plain(one.taux),
        "declare": plain(one.declare),
        "cible": plain(one.cible),
        "atteinte": one.atteinte,
    }


def plain(value: float | None) -> float | int | None:
    """A number as JSON shows it: 3.0 is 3; infinite and « not a number » are null."""
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 2**53 else value
