"""Who a message speaks of, by name: articles, lists, quotes, and what stays a number."""

from __future__ import annotations

import pytest

from tests.atelier import WORKBOOKS
from tests.corpus.cas import controler
from tests.corpus.gestes import Gestures
from xl_cpom import check
from xl_cpom.typography import guillemets, typeset
from xl_cpom.validators.names import KnownNames, esms_name, tell_names
from xl_cpom.validators.record_names import LONGEST, RECORD_NAMES

ESMS = {
    number: esms_name(number, name, sigle)
    for number, name, sigle in (
        ("210099016", "EHPAD Les Tilleuls", "EHPAD"),
        ("210099040", "SESSAD Les Tilleuls", "SESSAD"),
        ("210099065", "MAS Les Tilleuls", "MAS"),
        ("210099032", "Les Tilleuls", "IME"),
        ("2A0000014", "Foyer des Pins", "FV"),
        ("710099011", "Les Érables", ""),
    )
}
NAMES = KnownNames(ESMS, {"TRANSFO": "Transformation de l'offre"}, "2027")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("L'établissement 210099016 est vide.", "L'EHPAD Les Tilleuls (210099016) est vide."),
        ("l'action de l'établissement 210099016", "l'action de l'EHPAD Les Tilleuls (210099016)"),
        ("le taux de l'établissement 210099040", "le taux du SESSAD Les Tilleuls (210099040)"),
        ("rattaché à l'établissement 210099040", "rattaché au SESSAD Les Tilleuls (210099040)"),
        ("rattaché à 210099016", "rattaché à l'EHPAD Les Tilleuls (210099016)"),
        ("le nom de 210099040 est faux", "le nom du SESSAD Les Tilleuls (210099040) est faux"),
        ("le dépôt pour 210099040 date", "le dépôt pour le SESSAD Les Tilleuls (210099040) date"),
        ("P1 (210099016) manque", "P1 (EHPAD Les Tilleuls, 210099016) manque"),
        ("P1 (établissement 210099016)", "P1 (EHPAD Les Tilleuls, 210099016)"),
        ("l'établissement 2A0000014 ferme", "le foyer des Pins (2A0000014) ferme"),
        (
            "l'établissement 210099065 est fermé",
            "l'établissement « MAS Les Tilleuls » (210099065) est fermé",
        ),
        ("l'établissement 210099032 ferme", "l'IME « Les Tilleuls » (210099032) ferme"),
        ("de l'établissement 710099011", "de l'établissement « Les Érables » (710099011)"),
        (
            "les établissements 210099016, 210099040 et 999999999",
            "les établissements EHPAD Les Tilleuls (210099016), "
            "SESSAD Les Tilleuls (210099040) et 999999999",
        ),
        ("l'établissement 999999999 est vide", "l'établissement 999999999 est vide"),
        ("le numéro FINESS ET 210099016 est saisi", "le numéro FINESS ET 210099016 est saisi"),
        ("« de 210099016 » est vide", "« de 210099016 » est vide"),
        ("le SIRET 21009901600012", "le SIRET 21009901600012"),
        ("le taux de TRANSFO/PA", "le taux de « Transformation de l'offre » (PA)"),
        ("du module TRANSFO, dont", "du module « Transformation de l'offre », dont"),
        ("la ligne « TRANSFO/PA »", "la ligne « TRANSFO/PA »"),
        ("après la fin de l'année suivie", "après la fin de l'année suivie (2027)"),
        ("l'année suivie est N2", "l'année suivie est N2"),
    ],
)
def test_a_sentence_tells_names(written: str, told: str) -> None:
    assert tell_names(typeset(written), NAMES) == typeset(told)


def test_an_action_has_its_title_cut_between_two_words() -> None:
    tell = RECORD_NAMES["nom_action"]
    assert tell("A4", {"intitule": "Former les équipes"}) == (
        f"l'action A4 {guillemets('Former les équipes')}"
    )
    long = tell("A4", {"intitule": "Former les équipes " * 10})
    assert long.endswith("…\u00a0»") and len(long) <= LONGEST + 20
    assert tell("A4", {"intitule": None}) == tell("A4", {}) == "l'action A4"


def test_half_a_name_is_still_masked() -> None:
    title = "Revoir le projet personnalisé de Mme Germaine Durand, résidente, dès février"
    said = RECORD_NAMES["nom_action"]("A4", {"intitule": title})
    assert "Germ" not in said and "Durand" not in said


def test_a_measure_has_its_mission() -> None:
    tell = RECORD_NAMES["nom_mesure"]
    assert tell("P1", {"numero_mission": "2026-21-014"}) == (
        "la mesure P1 de la mission 2026-21-014"
    )
    assert tell("P1", {"numero_mission": None}) == "la mesure P1"


def test_no_message_of_the_faulty_workbook_leaves_a_house_without_its_name() -> None:
    messages = [finding.message for finding in check(WORKBOOKS / "exemple_fautif.xlsx").findings]
    assert [m for m in messages if "établissement 2" in m or "établissement 7" in m] == []
    assert [m for m in messages if "EHPAD Les Tilleuls de l'Ouche (210099016)" in m] != []


def test_the_name_of_a_house_is_shown_harmless() -> None:
    book = Gestures()
    address = book.adresse("Établissements", "210099016", "Raison sociale")
    book.cellule("Établissements", address, "EHPAD\u202e Les\nTilleuls " + "x" * 500)
    for finding in controler(book.octets()).findings:
        assert "\u202e" not in finding.message and "\n" not in finding.message
        assert len(finding.message) < 700
