"""« Vouliez-vous dire… » : a value close to one of the list is proposed, and never taken."""

from __future__ import annotations

import pytest

from tests.corpus.cas import controler
from tests.corpus.gestes import Gestures
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import fold, guillemets, listing
from xl_cpom.validators.model import Finding
from xl_cpom.workbook import lists
from xl_cpom.workbook.sheets import SHEETS


def constats(feuille: str, row: str, colonne: str, saisie: str) -> list[Finding]:
    workshop = Gestures()
    workshop.saisir(feuille, row, colonne, saisie)
    return list(controler(workshop.octets()).findings)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "saisie", "proposee"),
    [
        ("Plan d'actions", "A3", "Statut", "Réalisé", "Réalisée"),
        ("Plan d'actions", "A3", "Statut", "Terminée", "Réalisée"),
        ("Plan d'actions", "A3", "Statut", "à faire", "À démarrer"),
        ("Plan d'actions", "A3", "Statut", "Abandon", "Abandonnée"),
        ("Points de fragilité", "F1", "Statut", "Terminé", "Résolu"),
        ("Établissements", "210781456", "Secteur", "Personnes âgées", "PA"),
        ("Établissements", "210781456", "Autorité compétente", "ARS et CD", "ARS + CD"),
        ("Plan d'actions", "A3", "Statut", "selon les mois", None),
    ],
)
def test_what_is_proposed(
    sheet: str, row: str, column: str, saisie: str, proposee: str | None
) -> None:
    (finding,) = [f for f in constats(sheet, row, column, saisie) if f.code == "FMT-013"]
    asked = f"vouliez-vous dire «\u00a0{proposee}\u00a0»\u202f?"
    assert finding.message.endswith(asked if proposee else f"«\u00a0{column}\u00a0».")
    assert finding.expected == (proposee or choices("statut_action"))


def choices(name: str) -> str:
    """The whole of a list, as a report shows it."""
    return listing([guillemets(text) for text in load_referentiel().listes[name]], "ou")


def test_a_value_proposed_is_not_taken() -> None:
    """« Terminée » is not read as « Réalisée »: nothing is said of a missing date."""
    assert {f.code for f in constats("Plan d'actions", "A3", "Statut", "Terminée")} == {"FMT-013"}


def test_no_identifier_is_guessed() -> None:
    (finding,) = constats("Inspection-contrôle", "2026-BFC-0142 + P1", "FINESS ET", "210781457")
    assert finding.code == "FMT-002" and "vouliez" not in finding.message


def test_every_synonym_means_a_value_of_some_list() -> None:
    columns = [column for sheet in SHEETS.values() for column in sheet.columns if column.list_name]
    values = {value for column in columns for value in lists.admitted(column, load_referentiel())}
    for text, meant in load_referentiel().meanings.items():
        assert fold(text) == text and set(meant) <= values, text
