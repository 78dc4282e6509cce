"""What each entity has to deposit during a civil year, when, and why: the calendar of a workbook.

One convention: what falls due during the year (the ERRD of the year before, the EPRD of the year,
the annexe d'activité of the year after). The sheet « Systèmes d'information » says what was done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_cpom.workbook.records import Row

if TYPE_CHECKING:
    from xl_cpom.referentiel import Echeance, Referentiel, SystemeInformation
    from xl_cpom.workbook.records import Classeur


@dataclass(frozen=True, slots=True)
class Depositor:
    """Who deposits: an ESMS (with its category), a dispositif, or the organisme itself."""

    numero: str
    name: str
    level: str
    categorie: str = ""
    statut_juridique: str = ""


@dataclass(frozen=True, slots=True)
class DueDeposit:
    """One deposit. date: None when its calendar is not known. condition: "" when always due.

    ligne: the row of the sheet that says it, None when there is none.
    """

    entity: Depositor
    system: SystemeInformation
    echeance: Echeance
    date: dt.date | None
    why: str
    condition: str
    row: Row | None = None

    @property
    def deposited_on(self) -> dt.date | None:
        """The day it was deposited, as far as the workbook says."""
        return (self.row.date_depot or None) if self.row is not None else None


def calendar_of(classeur: Classeur, annee: int | None = None) -> list[DueDeposit]:
    """The deposits of an organisme and of its ESMS, by entity then date.

    annee: civil year; the year followed when it is not given (N1 when that is not said either).
    """
    referentiel = classeur.referentiel
    year = annee or classeur.annee_suivie or classeur.annee_n1
    rows = _rows(classeur)
    found: list[DueDeposit] = []
    for entity in entities(classeur):
        found += [_with_row(deposit, rows) for deposit in deposits(referentiel, entity, year)]
    return found


def entities(classeur: Classeur) -> Iterator[Depositor]:
    """The organisme, then its ESMS, then the dispositifs its sheet names."""
    fiche = classeur.identification
    yield Depositor(
        str(fiche.finess_ej or ""),
        str(fiche.raison_sociale or "l'organisme gestionnaire"),
        "OG",
        statut_juridique=str(fiche.statut_juridique or ""),
    )
    for esms in classeur["etablissements"]:
        if esms.finess_et and esms.categorie in classeur.referentiel.categories:
            yield Depositor(
                str(esms.finess_et), str(esms.raison_sociale or ""), "ET", esms.categorie
            )
    named = dict.fromkeys(
        str(row.entite)
        for row in classeur["si"]
        if row.entite
        and (found := classeur.referentiel.si_by_libelle(row.si or ""))
        and found.niveau == "dispositif"
    )
    for name in named:
        yield Depositor(name, "", "dispositif")


def deposits(referentiel: Referentiel, entity: Depositor, annee: int) -> list[DueDeposit]:
    """What an entity has to deposit that year, those without a known date last."""
    found = []
    for system in referentiel.si_proposes.values():
        if system.niveau != entity.level:
            continue
        due = system.exigibilite(entity.categorie) if entity.level == "ET" else "exigible"
        if due == "non exigible":
            continue
        condition = system.condition if due == "sous condition" else ""
        for echeance in system.echeances:
            if echeance.convient("", entity.categorie, entity.statut_juridique):
                found.append(_deposit(referentiel, entity, system, echeance, annee, condition))
                break
        for echeance in system.echeances:
            objet = echeance.objet
            if objet and echeance.convient(objet, entity.categorie, entity.statut_juridique):
                said = f"si des personnes relèvent de l'amendement {objet}"
                found.append(_deposit(referentiel, entity, system, echeance, annee, said))
    return sorted(found, key=lambda deposit: (deposit.date is None, deposit.date or dt.date.min))


def _deposit(
    referentiel: Referentiel,
    entity: Depositor,
    system: SystemeInformation,
    echeance: Echeance,
    annee: int,
    condition: str,
) -> DueDeposit:
    why = _why(referentiel, entity, system, echeance)
    return DueDeposit(entity, system, echeance, echeance.date(annee), why, condition)


def _why(
    referentiel: Referentiel, entity: Depositor, system: SystemeInformation, echeance: Echeance
) -> str:
    if entity.level == "OG":
        status = referentiel.statuts_juridiques.get(entity.statut_juridique)
        if echeance.statuts_juridiques and status is not None:
            return f"organisme gestionnaire, statut {status.code} ({status.libelle})"
        return "organisme gestionnaire"
    if entity.level == "dispositif":
        return "dispositif complémentaire"
    category = referentiel.categories[entity.categorie]
    named = f"catégorie {category.code} ({category.sigle or category.libelle})"
    return named if system.categories or echeance.categories else f"tous les ESMS, {named}"


def _rows(classeur: Classeur) -> dict[tuple[str, str], Row]:
    """(code of the system, entity) -> the row that says it; an older line stands for both."""
    found: dict[tuple[str, str], Row] = {}
    for row in classeur["si"]:
        system = classeur.referentiel.si_by_libelle(row.si) if row.si else None
        if system is not None and row.entite:
            for code in system.remplace_par or (system.code,):
                found.setdefault((code, str(row.entite)), row)
    return found


def _with_row(deposit: DueDeposit, rows: dict[tuple[str, str], Row]) -> DueDeposit:
    row = rows.get((deposit.system.code, deposit.entity.numero))
    if row is None or deposit.echeance.objet:
        return deposit
    return DueDeposit(
        deposit.entity, deposit.system, deposit.echeance, deposit.date, deposit.why,
        deposit.condition, row,
    )  # fmt: skip
