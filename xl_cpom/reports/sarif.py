"""The findings as SARIF 2.1.0, for the tools that already read it (forges, dashboards, editors).

A workbook has no lines: the place of a finding is a logical location « feuille!cellule ». Waived
findings are kept, as suppressed; rules that failed are notifications of the run, never results.
Source: OASIS, Static Analysis Results Interchange Format 2.1.0, errata 01.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from xl_cpom.referentiel import Referentiel, load_referentiel
from xl_cpom.reports import harmless
from xl_cpom.reports.render_context import DEFAULT_OPTIONS, RenderOptions
from xl_cpom.validators.fingerprints import fingerprints
from xl_cpom.validators.model import (
    AVERTISSEMENT,
    BLOQUANT,
    INFORMATION,
    Status,
    Verdict,
)

if TYPE_CHECKING:
    from xl_cpom.validators.model import Finding, Report, Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "xlCpomAnomalie/v1"
"""Name of the fingerprint: the same fault of the same organisme keeps it from run to run."""
LEVELS = {BLOQUANT: "error", AVERTISSEMENT: "warning", INFORMATION: "note"}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}


def render(reports: Sequence[Report], context: RenderOptions = DEFAULT_OPTIONS) -> str:
    """The text of the SARIF log: one run for all the workbooks."""
    referentiel = context.referentiel or load_referentiel()
    codes = {finding.code: finding for report in reports for finding in report.findings}
    ranks = {code: rank for rank, code in enumerate(sorted(codes))}
    run = {
        "tool": {
            "driver": {
                "name": "xl_cpom",
                "version": reports[0].engine if reports else "",
                "language": "fr-FR",
                "rules": [
                    _rule(codes[code], context.rules.get(code), referentiel) for code in ranks
                ],
            }
        },
        "language": "fr-FR",
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(report) for report in reports],
        "invocations": [_invocation(reports)],
        "results": [
            _result(finding, report, rank, ranks, name)
            for rank, report in enumerate(reports)
            for finding, name in zip(report.findings, fingerprints(report.findings), strict=True)
        ],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return (
        harmless.safe_json(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
        + "\n"
    )


def _rule(finding: Finding, rule: Rule | None, referentiel: Referentiel) -> dict[str, Any]:
    """Descriptor of a rule, from the catalogue when it is given, else from its first finding."""
    level = LEVELS[rule.severity if rule else finding.severity]
    descriptor: dict[str, Any] = {
        "id": finding.code,
        "shortDescription": {"text": rule.title if rule else finding.code},
        "defaultConfiguration": {"level": level},
        "properties": {"source": finding.source},
    }
    if rule is not None:
        descriptor["fullDescription"] = {"text": rule.doc or rule.title}
        descriptor["help"] = {"text": _help(rule, referentiel)}
        descriptor["properties"] |= {"depuis": rule.since, "certitude": rule.source.certitude}
    else:
        descriptor["help"] = {"text": finding.fix or finding.message}
    return descriptor


def _help(rule: Rule, referentiel: Referentiel) -> str:
    cure = f"Comment corriger\u00a0: {rule.fix}" if "{" not in rule.fix else ""
    source = f"Source\u00a0: {referentiel.cite(str(rule.source))}"
    return "\n\n".join(part for part in (rule.doc, cure, source) if part)


def _artifact(report: Report) -> dict[str, Any]:
    artifact: dict[str, Any] = {"location": {"uri": _uri(report)}, "roles": ["analysisTarget"]}
    kind = TYPES.get(report.file.rpartition(".")[2].lower())
    if kind:
        artifact["mimeType"] = kind
    if report.sha256:
        artifact["hashes"] = {"sha-256": report.sha256}
    artifact["properties"] = {
        "verdict": report.verdict.value,
        "finess_ej": report.finess_ej,
        "raison_sociale": report.raison_sociale,
        "gabarit": report.gabarit,
        "referentiel": report.referentiel,
        "options": dict(report.options),
    }
    return artifact


def _uri(report: Report) -> str:
    """Relative URI of the workbook; a name that is not Unicode loses what is not."""
    return quote(harmless.propre(report.file).replace("\\", "/")) or "classeur"


def _result(
    finding: Finding, report: Report, artifact: int, ranks: Mapping[str, int], name: str
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": ranks[finding.code],
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(report), "index": artifact}},
                "logicalLocations": _logical(finding),
            }
        ],
        "partialFingerprints": {FINGERPRINT: f"{report.finess_ej or report.file}/{name}"},
        "properties": {
            "valeur": finding.value,
            "attendu": finding.expected,
            "correction": finding.fix,
            "source": finding.source,
        },
    }
    if not finding.sheet:
        del result["locations"][0]["logicalLocations"]
    if finding.waiver is not None:
        reason = finding.waiver + (f" – {finding.justification}" if finding.justification else "")
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": reason}
        ]
    return result


def _logical(finding: Finding) -> list[dict[str, Any]]:
    if not finding.cells:
        return [{"name": finding.sheet, "fullyQualifiedName": finding.sheet, "kind": "feuille"}]
    return [
        {"name": cell, "fullyQualifiedName": f"{finding.sheet}!{cell}", "kind": "cellule"}
        for cell in finding.cells
    ]


def _invocation(reports: Sequence[Report]) -> dict[str, Any]:
    """Whether the control itself worked; what failed or was not checked, and why."""
    failures = [_notification(r, o.code, o.reason, "error") for r, o in _outcomes(reports, "panne")]
    skipped = [_notification(r, o.code, o.reason, "note") for r, o in _outcomes(reports, "saut")]
    unread = any(report.verdict is Verdict.ILLISIBLE for report in reports)
    return {
        "executionSuccessful": not failures and not unread,
        "toolExecutionNotifications": failures,
        "toolConfigurationNotifications": skipped,
    }


def _outcomes(reports: Sequence[Report], kind: str) -> list[tuple[Report, Any]]:
    wanted = Status.EN_PANNE if kind == "panne" else Status.NON_CONTROLEE
    return [(r, outcome) for r in reports for outcome in r.outcomes if outcome.status is wanted]


def _notification(report: Report, code: str, reason: str, level: str) -> dict[str, Any]:
    return {
        "level": level,
        "message": {"text": f"{code}\u00a0: {reason or 'raison non précisée'}"},
        "associatedRule": {"id": code},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(report)}}}],
    }
