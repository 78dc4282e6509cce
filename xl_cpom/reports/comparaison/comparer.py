"""The comparison of two files: are they comparable, how, and what each part finds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xl_cpom.reports.comparaison.appariement import Paire, apparier
from xl_cpom.reports.comparaison.cellules import (
    cellules_changees,
    lignes_changees,
    structure_changee,
)
from xl_cpom.reports.comparaison.constats import suivre
from xl_cpom.reports.comparaison.lectures import Cote
from xl_cpom.reports.comparaison.modele import (
    Comparaison,
    ComparaisonRefusee,
    FichierIllisible,
    IndicateurCompare,
    Nature,
    StructureChangee,
)
from xl_cpom.typographie import plier, typographie, visible
from xl_cpom.validators.model import Report
from xl_cpom.workbook.reading import Retour
from xl_cpom.workbook.sheets import SHEETS

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def comparer(
    avant: Path | str,
    apres: Path | str,
    *,
    referentiel: Referentiel | None = None,
    date: dt.date | None = None,
) -> Comparaison:
    """Compare two workbooks of one organisme gestionnaire; neither is written.

    date: the date at which deadlines are judged in both (each one's own if None). Raises
    FichierIllisible, ComparaisonRefusee (two organismes), FileNotFoundError.
    """
    from xl_cpom.validators.check import check_and_keep

    sides = []
    for path in (avant, apres):
        report, retour = check_and_keep(path, referentiel=referentiel, date=date)
        if retour is None:
            raise FichierIllisible(report)
        sides.append((report, retour))
    return comparer_retours(sides[0], sides[1])


def comparer_retours(avant: tuple[Report, Retour], apres: tuple[Report, Retour]) -> Comparaison:
    """Compare two workbooks already controlled. Raises ComparaisonRefusee (two organismes)."""
    before, after = avant[0], apres[0]
    retours = (avant[1], apres[1])
    remarks = list(_same_organisme(before, after, retours))
    indicators = tuple(_indicators(before, after))
    if before.annee and after.annee and before.annee != after.annee:
        remarks += _years(before.annee, after.annee)
        return Comparaison(Nature.EVOLUTION, before, after, indicators, tuple(remarks))
    if not (before.annee and after.annee):
        remarks.append(
            "L'année suivie n'est pas lisible dans les deux classeurs : ils sont comparés comme "
            "deux versions du même retour."
        )
    if before.sha256 == after.sha256:
        remarks.append("Les deux fichiers sont identiques, octet pour octet.")
    return _corrections(before, after, retours, indicators, tuple(map(typographie, remarks)))


def _corrections(
    before: Report,
    after: Report,
    retours: tuple[Retour, Retour],
    indicators: tuple[IndicateurCompare, ...],
    remarks: tuple[str, ...],
) -> Comparaison:
    cotes = (Cote(retours[0]), Cote(retours[1]))
    pairs: dict[str, list[Paire]] = {}
    structure: list[StructureChangee] = []
    for key in SHEETS:
        tables = (retours[0].classeur[key], retours[1].classeur[key])
        structure += structure_changee(*tables)
        if tables[0].present and tables[1].present:
            pairs[key] = apparier(*tables, cotes)
    every = [pair for found in pairs.values() for pair in found]
    return Comparaison(
        Nature.CORRECTIONS,
        before,
        after,
        indicators,
        remarks,
        tuple(cellules_changees(every, cotes)),
        tuple(lignes_changees(every, cotes)),
        tuple(structure),
        suivre(before.findings, after.findings, retours, pairs),
    )


def _years(before: int, after: int) -> Iterator[str]:
    yield typographie(
        f"Deux années différentes ({before} puis {after}) : ce sont deux retours, et non deux "
        "versions du même. L'évolution des indicateurs est montrée, pas les corrections."
    )
    if before > after:
        yield typographie("Le premier classeur est le plus récent : l'évolution est lue à rebours.")


def _same_organisme(before: Report, after: Report, retours: tuple[Retour, Retour]) -> Iterator[str]:
    """Refuse two organismes; say it when only something else than the number tells they are one."""
    old, new = before.finess_ej, after.finess_ej
    if old and new and old == new:
        return
    names = tuple(_named(report) for report in (before, after))
    if old and new:
        raise ComparaisonRefusee(
            typographie(
                f"Ces classeurs sont ceux de deux organismes différents : {names[0]} et "
                f"{names[1]}. Seuls deux retours du même organisme se comparent."
            )
        )
    if not _alike(retours):
        raise ComparaisonRefusee(
            typographie(
                "Rien ne dit que ces classeurs sont ceux du même organisme : le FINESS EJ n'est "
                f"pas lisible dans les deux, et ni le SIREN, ni la raison sociale, ni un "
                f"établissement ne sont communs ({names[0]} ; {names[1]})."
            )
        )
    yield typographie(
        "Le FINESS EJ n'est pas lisible dans les deux classeurs : l'organisme est reconnu à son "
        "SIREN, à sa raison sociale ou à ses établissements."
    )


def _named(report: Report) -> str:
    who = visible(report.raison_sociale or "organisme sans nom", 80)
    return f"« {who} » ({report.finess_ej or 'FINESS EJ illisible'}, {visible(report.fichier)})"


def _alike(retours: tuple[Retour, Retour]) -> bool:
    fiches = [retour.classeur.identification for retour in retours]
    for key in ("siren", "raison_sociale"):
        values: list[Any] = [fiche.values[key] for fiche in fiches]
        if values[0] and values[1] and plier(str(values[0])) == plier(str(values[1])):
            return True
    first, second = (retour.classeur.etablissements.keys() for retour in retours)
    return bool(first & second)


def _indicators(before: Report, after: Report) -> Iterator[IndicateurCompare]:
    old = {(one.module, one.secteur): one for one in before.indicateurs}
    new = {(one.module, one.secteur): one for one in after.indicateurs}
    for key in dict.fromkeys((*new, *old)):
        one = new.get(key) or old[key]
        yield IndicateurCompare(
            one.code, one.module, one.libelle, one.secteur, old.get(key), new.get(key)
        )
