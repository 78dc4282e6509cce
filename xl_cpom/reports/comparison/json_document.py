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
    after = comparaison.apres
    corrections = comparaison.nature is Nature.CORRECTIONS
    return {
        "nature": comparaison.nature.value,
        "organisme": {"finess_ej": after.finess_ej, "raison_sociale": after.raison_sociale},
        "avant": _side(comparaison.avant),
        "apres": _side(after),
        "remarques": list(comparaison.remarques),
        "anomalies": _anomalies(comparaison) if corrections else None,
        "cellules": [_cell(one) for one in comparaison.cellules] if corrections else None,
        "lignes": [_row(one) for one in comparaison.lignes] if corrections else None,
        "structure": (
            [
                {"feuille": one.feuille, "colonne": one.colonne, "sens": one.sens}
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
    before, after = _said(comparaison.avant), _said(comparaison.apres)

    def constat(one: TrackedFinding) -> dict[str, Any]:
        return {
            "avant": None if one.avant is None else before[id(one.avant)],
            "apres": None if one.apres is None else after[id(one.apres)],
        }

    return {
        "corrigees": [constat(one) for one in comparaison.corriges],
        "nouvelles": [constat(one) for one in comparaison.nouveaux],
        "restantes": [constat(one) for one in comparaison.restants],
    }


def _said(report: Report) -> dict[int, dict[str, Any]]:
    """What the JSON of a report says of each finding, by its identity: those followed are these."""
    return {
        id(finding): said
        for finding, said in zip(report.findings, report.said_findings(), strict=True)
    }


def _reading(reading: ReadValue) -> dict[str, str]:
    read = {"valeur": reading.valeur, "cellule": reading.cellule}
    return read | {"type": reading.type} if reading.type else read


def _cell(one: ChangedCell) -> dict[str, Any]:
    return {
        "feuille": one.feuille,
        "enregistrement": one.enregistrement,
        "colonne": one.colonne,
        "nature": one.nature,
        "avant": _reading(one.avant),
        "apres": _reading(one.apres),
    }


def _row(one: ChangedRow) -> dict[str, Any]:
    return {
        "feuille": one.feuille,
        "enregistrement": one.enregistrement,
        "sens": one.sens,
        "ligne": one.ligne,
        "valeurs": [{"colonne": header, **_reading(read)} for header, read in one.valeurs],
    }


def _indicateur(one: ComparedIndicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "module": one.module,
        "secteur": one.secteur,
        "avant": None if one.avant is None else one.avant.to_dict(),
        "apres": None if one.apres is None else one.apres.to_dict(),
        "ecart": plain(one.ecart),
    }
