"""What changed since the last run: faults corrected, new, remaining.

A fault is recognised from one run to the next by its organisme, its rule and what it is about (the
action A3, the cell B12), not by its row nor by its file: a return comes back under another name,
with rows inserted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from xl_cpom.batch.journal import Passage
from xl_cpom.validators.across_returns import CampaignReport
from xl_cpom.validators.model import INFORMATION, Finding

Constats = Mapping[str, Sequence[str]]
"""Key of a fault -> [FINESS EJ, organisme, code, severity, message]."""


@dataclass(frozen=True)
class Evolution:
    """Faults since the run of `jour` (ISO), each as the list that `Constats` keeps."""

    jour: str
    corriges: tuple[Sequence[str], ...]
    nouveaux: tuple[Sequence[str], ...]
    restants: tuple[Sequence[str], ...]


def finding_keys(rapport: CampaignReport, discrets: Collection[str] = ()) -> dict[str, list[str]]:
    """The faults of a campaign by key: those of the returns that count, and those without return.

    What is only for information is no fault. Of the files of `discrets` no text is given: neither
    name nor message.
    """
    found: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    counted = {rendu.fichier for rendu in rapport.campagne.rendus}
    counted -= set(rapport.campagne.ecartes)
    for report in rapport.reports:
        if report.fichier not in counted:
            continue
        who = report.finess_ej or report.fichier
        name = report.raison_sociale or report.fichier
        for finding in report.findings:
            if report.fichier in discrets:
                quiet = replace(finding, message=finding.code)
                _note(found, seen, who, who, quiet)
            else:
                _note(found, seen, who, name, finding)
    for constat in rapport.constats:
        if not constat.fichier:
            _note(found, seen, constat.finess_ej, constat.raison_sociale, constat.finding)
    return found


def _note(
    found: dict[str, list[str]], seen: Counter[str], who: str, name: str, finding: Finding
) -> None:
    if finding.severity is INFORMATION or finding.waiver is not None:
        return
    where = finding.record or ",".join(finding.cells)
    key = "|".join((who, finding.code, finding.sheet, where))
    seen[key] += 1
    if seen[key] > 1:
        key = f"{key}|{seen[key]}"
    found[key] = [who, name, finding.code, finding.severity.value, finding.message]


def compare_runs(before: Passage, now: Constats) -> Evolution:
    """What changed between two runs, in the order of the keys."""
    return Evolution(
        jour=before.jour,
        corriges=tuple(before.constats[key] for key in sorted(before.constats.keys() - now.keys())),
        nouveaux=tuple(now[key] for key in sorted(now.keys() - before.constats.keys())),
        restants=tuple(now[key] for key in sorted(now.keys() & before.constats.keys())),
    )
