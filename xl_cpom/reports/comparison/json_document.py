"""The JSON of a comparison, described by `schemas/comparaison.schema.json`.

In an evolution the parts that are not compared are null: an empty list would say that nothing
changed.
"""

from __future__ import annotations

import json
from typing import Any

from xl_cpom.reports import harmless
from xl_cpom.reports.comparison.model import (
    ChangedCell,
    ChangedRow,
    ComparedIndicator,
    Comparison,
    Nature,
    ReadValue,
    TrackedFinding,
)
from xl_cpom.validators.model import Report, Severity
from xl_cpom.validators.recomputed import plain


def render(comparaison: Comparison) -> str:
    """JSON text, indented, ending with a line feed."""
    text = json.dumps(objet(comparaison), ensure_ascii=False, indent=2, allow_nan=False)
    return harmless.safe_json(text) + "\n"


def objet(comparaison: Comparison) -> dict[str, Any]:
    """The object of a comparison, made of plain Python values."""
    after = comparaison.after
    corrections = comparaison.nature is Nature.CORRECTIONS
    return {
        "nature": comparaison.nature.value,
        "organisme": {"finess_ej": after.finess_ej, "raison_sociale": after.raison_sociale},
        "avant": _side(comparaison.before),
        "apres": _side(after),
        "remarques": list(comparaison.remarks),
        "anomalies": _anomalies(comparaison) if corrections else None,
        "cellules": [_cell(one) for one in comparaison.cells] if corrections else None,
        "lignes": [_row(one) for one in comparaison.rows] if corrections else None,
        "structure": (
            [
                {"feuille": one.sheet, "colonne": one.column, "sens": one.way}
                for one in comparaison.structure
            ]
            if corrections
            else None
        ),
        "indicateurs": [_indicateur(one) for one in comparaison.indicateurs],
        "moteur": after.engine,
        "referentiel": after.referentiel,
    }


def _side(report: Report) -> dict[str, Any]:
    counts = {f"{s.value}s": report.count(s) for s in Severity}
    return {
        "fichier": report.file,
        "sha256": report.sha256,
        "gabarit": report.gabarit,
        "annee": report.annee,
        "verdict": report.verdict.value,
        **counts,
    }


def _anomalies(comparaison: Comparison) -> dict[str, Any]:
    before, after = _said(comparaison.before), _said(comparaison.after)

    def constat(one: TrackedFinding) -> dict[str, Any]:
        return {
            "avant": None if one.before is None else before[id(one.before)],
            "apres": None if one.after is None else after[id(one.after)],
        }

    return {
        "corrigees": [constat(one) for one in comparaison.fixed],
        "nouvelles": [constat(one) for one in comparaison.new],
        "restantes": [constat(one) for one in comparaison.remaining],
    }


def _said(report: Report) -> dict[int, dict[str, Any]]:
    """What the JSON of a report says of each finding, by its identity: those followed are these."""
    return {
        id(finding): said
        for finding, said in zip(report.findings, report.said_findings(), strict=True)
    }


def _reading(reading: ReadValue) -> dict[str, str]:
    read = {"valeur": reading.value, "cellule": reading.cell}
    return read | {"type": reading.type} if reading.type else read


def _cell(one: ChangedCell) -> dict[str, Any]:
    return {
        "feuille": one.sheet,
        "enregistrement": one.record,
        "colonne": one.column,
        "nature": one.nature,
        "avant": _reading(one.before),
        "apres": _reading(one.after),
    }


def _row(one: ChangedRow) -> dict[str, Any]:
    return {
        "feuille": one.sheet,
        "enregistrement": one.record,
        "sens": one.way,
        "ligne": one.row,
        "valeurs": [{"colonne": header, **_reading(read)} for header, read in one.values],
    }


def _indicateur(one: ComparedIndicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "module": one.module,
        "secteur": one.secteur,
        "avant": None if one.before is None else one.before.to_dict(),
        "apres": None if one.after is None else one.after.to_dict(),
        "ecart": plain(one.ecart),
    }
