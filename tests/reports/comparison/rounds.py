"""Three hand-made rounds of correction of one return, and the return of the year after."""

from __future__ import annotations

from pathlib import Path

from tests.atelier import Workshop

ACTIONS = "Plan d'actions"
MESURES = "Inspection-contrôle"
ESMS = "Établissements"


def premier() -> Workshop:
    """Six faults on three sheets."""
    return (
        Workshop()
        .cellule(ACTIONS, "J6", "Terminée")
        .cellule(ACTIONS, "K7", "80 %")
        .cellule(ACTIONS, "I9", "fin 2029")
        .cellule(MESURES, "B6", "210000023")
        .cellule(MESURES, "F7", "31/02/2026")
        .cellule(ESMS, "N7", 80.5)
    )


def deuxieme() -> Workshop:
    """Three corrected, one spoilt (a pilot erased), two blank rows inserted: cells have moved."""
    return (
        Workshop()
        .cellule(ACTIONS, "I9", "fin 2029")
        .cellule(MESURES, "F7", "31/02/2026")
        .cellule(ESMS, "N7", 80.5)
        .cellule(ACTIONS, "G9", None)
        .insert_rows(ACTIONS, 8, 2)
    )


def troisieme() -> Workshop:
    """All corrected but the capacity."""
    return Workshop().cellule(ESMS, "N7", 80.5)


def annee_suivante() -> Workshop:
    """The same organisme, one year later: an action done, the year followed moved on."""
    return (
        Workshop()
        .cellule("Identification", fiche("annee_suivie"), "N3")
        .cellule(ACTIONS, "J8", "Réalisée")
        .cellule(ACTIONS, "K8", 1)
    )


def fiche(key: str) -> str:
    """Address of a value of the fiche."""
    from xl_cpom.workbook.geometry import Place
    from xl_cpom.workbook.sheets import IDENTIFICATION

    return Place(IDENTIFICATION, 1).address(key)


def write(workshop: Workshop, folder: Path, name: str) -> Path:
    return workshop.write(folder / f"{name}.xlsx")
