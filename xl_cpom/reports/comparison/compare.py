"""The comparison of two files: are they comparable, how, and what each part finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.reports.comparison.changed_cells import changed_cells, changed_rows, changed_structure
from xl_cpom.reports.comparison.changed_findings import follow_findings
from xl_cpom.reports.comparison.displayed_values import ComparedSide
from xl_cpom.reports.comparison.matching import MatchedPair, match_records
from xl_cpom.reports.comparison.model import (
    ChangedStructure,
    ComparedIndicator,
    Comparison,
    ComparisonRefusedError,
    Nature,
    UnreadableSideError,
)
from xl_cpom.typography import fold, typeset, visible
from xl_cpom.validators.model import Report
from xl_cpom.workbook.interpretation.interpret import Retour
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def comparer(
    avant: Path | str,
    apres: Path | str,
    *,
    referentiel: Referentiel | None = None,
    date: dt.date | None = None,
) -> Comparison:
    """Compare two workbooks of one organisme gestionnaire; neither is written.

    date: the date at which deadlines are judged in both (each one's own if None). Raises
    UnreadableSideError, ComparisonRefusedError (two organismes), FileNotFoundError.
    """
    from xl_cpom.validators.check import check_and_keep

    sides = []
    for path in (avant, apres):
        report, retour = check_and_keep(path, referentiel=referentiel, date=date)
        if retour is None:
            raise UnreadableSideError(report)
        sides.append((report, retour))
    return compare_returns(sides[0], sides[1])


def compare_returns(avant: tuple[Report, Retour], apres: tuple[Report, Retour]) -> Comparison:
    """Compare two workbooks already controlled. Raises ComparisonRefusedError (two organismes)."""
    before, after = avant[0], apres[0]
    retours = (avant[1], apres[1])
    remarks = list(_same_organisme(before, after, retours))
    indicators = tuple(_indicators(before, after))
    if before.annee and after.annee and before.annee != after.annee:
        remarks += _years(before.annee, after.annee)
        return Comparison(Nature.EVOLUTION, before, after, indicators, tuple(remarks))
    if not (before.annee and after.annee):
        remarks.append(
            "L'année suivie n'est pas lisible dans les deux classeurs : ils sont comparés comme "
            "deux versions du même retour."
        )
    if before.sha256 == after.sha256:
        remarks.append("Les deux fichiers sont identiques, octet pour octet.")
    return _corrections(before, after, retours, indicators, tuple(map(typeset, remarks)))


def _corrections(
    before: Report,
    after: Report,
    retours: tuple[Retour, Retour],
    indicators: tuple[ComparedIndicator, ...],
    remarks: tuple[str, ...],
) -> Comparison:
    cotes = (ComparedSide(retours[0]), ComparedSide(retours[1]))
    pairs: dict[str, list[MatchedPair]] = {}
    structure: list[ChangedStructure] = []
    for key in SHEETS:
        tables = (retours[0].classeur[key], retours[1].classeur[key])
        structure += changed_structure(*tables)
        if tables[0].present and tables[1].present:
            pairs[key] = match_records(*tables, cotes)
    every = [pair for found in pairs.values() for pair in found]
    return Comparison(
        Nature.CORRECTIONS,
        before,
        after,
        indicators,
        remarks,
        tuple(changed_cells(every, cotes)),
        tuple(changed_rows(every, cotes)),
        tuple(structure),
        follow_findings(before.findings, after.findings, retours, pairs),
    )


def _years(before: int, after: int) -> Iterator[str]:
    yield typeset(
        f"Deux années différentes ({before} puis {after}) : ce sont deux retours, et non deux "
        "versions du même. L'évolution des indicateurs est montrée, pas les corrections."
    )
    if before > after:
        yield typeset("Le premier classeur est le plus récent : l'évolution est lue à rebours.")


def _same_organisme(before: Report, after: Report, retours: tuple[Retour, Retour]) -> Iterator[str]:
    """Refuse two organismes; say it when only something else than the number tells they are one."""
    old, new = before.finess_ej, after.finess_ej
    if old and new and old == new:
        return
    names = tuple(_named(report) for report in (before, after))
    if old and new:
        raise ComparisonRefusedError(
            typeset(
                f"Ces classeurs sont ceux de deux organismes différents : {names[0]} et "
                f"{names[1]}. Seuls deux retours du même organisme se comparent."
            )
        )
    if not _alike(retours):
        raise ComparisonRefusedError(
            typeset(
                "Rien ne dit que ces classeurs sont ceux du même organisme : le FINESS EJ n'est "
                f"pas lisible dans les deux, et ni le SIREN, ni la raison sociale, ni un "
                f"établissement ne sont communs ({names[0]} ; {names[1]})."
            )
        )
    yield typeset(
        "Le FINESS EJ n'est pas lisible dans les deux classeurs : l'organisme est reconnu à son "
        "SIREN, à sa raison sociale ou à ses établissements."
    )


def _named(report: Report) -> str:
    who = visible(report.raison_sociale or "organisme sans nom", 80)
    return f"« {who} » ({report.finess_ej or 'FINESS EJ illisible'}, {visible(report.file)})"


def _alike(retours: tuple[Retour, Retour]) -> bool:
    fiches = [retour.classeur.identification for retour in retours]
    for key in ("siren", "raison_sociale"):
        values: list[Any] = [fiche.values[key] for fiche in fiches]
        if values[0] and values[1] and fold(str(values[0])) == fold(str(values[1])):
            return True
    first, second = (retour.classeur.etablissements.keys() for retour in retours)
    return bool(first & second)


def _indicators(before: Report, after: Report) -> Iterator[ComparedIndicator]:
    old = {(one.module, one.secteur): one for one in before.indicateurs}
    new = {(one.module, one.secteur): one for one in after.indicateurs}
    for key in dict.fromkeys((*new, *old)):
        one = new.get(key) or old[key]
        yield ComparedIndicator(
            one.code, one.module, one.libelle, one.secteur, old.get(key), new.get(key)
        )
