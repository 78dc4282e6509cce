"""One report of a return that came in several workbooks: each finding says which one it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from xl_cpom.typography import listing
from xl_cpom.validators.model import Finding, Report, Verdict

_FROM_THE_GRAVEST = (
    Verdict.NON_CONTROLE,
    Verdict.ILLISIBLE,
    Verdict.NON_RECEVABLE,
    Verdict.WITH_RESERVES,
    Verdict.RECEVABLE,
)


def joined(reports: Sequence[Report]) -> Report:
    """The report that a letter is made from; the files are called by their bare names.

    What is said of the whole return, in the same words in each file, is said once.
    """
    bare = [replace(r, file=PurePosixPath(r.file).name) for r in reports]
    first = bare[0]
    if len(bare) == 1:
        return first
    findings: list[Finding] = []
    said: set[tuple[str, str]] = set()
    for report in bare:
        for finding in report.findings:
            key = (finding.code, finding.message)
            if finding.sheet and key not in said:
                findings.append(replace(finding, sheet=f"{finding.sheet} – {report.file}"))
            elif key not in said:
                findings.append(finding)
            if not finding.sheet or finding.code.startswith("LOT-"):
                said.add(key)
    verdicts = {report.verdict for report in bare}
    return replace(
        first,
        file=listing([report.file for report in bare]),
        sha256=" ; ".join(report.sha256 for report in bare),
        verdict=next(verdict for verdict in _FROM_THE_GRAVEST if verdict in verdicts),
        findings=tuple(sorted(findings, key=lambda f: f.severity.rank)),
    )
