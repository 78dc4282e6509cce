"""Legitimate situations that a trade audit saw refused or suspected (November 2026), replayed.

Each is the smallest content that shows it: the rules of the codes given must find nothing in it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import BLOQUANT, Scope
from xl_cpom.validators.rule_examples import example_faults

ET, OTHER = "210780581", "250000015"
D = dt.date
END_OF_2027 = {"annee_n1": 2026, "annee_suivie": "N2", "date_arrete": D(2027, 12, 31)}
SI = {"entite": ET, "exigible": "Oui"}
ACTIF = [{"code": "SI", "actif": "Oui"}]
EHPAD = [{"finess_et": ET, "categorie": "500", "secteur": "PA"}]
PLAN = {"finess_et": ET, "plan_retour": "Oui", "exercice_reference": 2025}

SITUATIONS: dict[str, tuple[str, Any]] = {
    "CPOM de 2019 prorogé jusqu'en 2027": ("IDE-017", [{
        "date_effet": D(2019, 1, 1), "date_echeance": D(2027, 12, 31),
        "type_contrat": "CPOM en cours de validité"}]),
    "EHPAD de la Nièvre, ARS seule": ("IDE-028", {
        "identification": [{"autorites": "ARS", "date_arrete": D(2026, 12, 31)}],
        "etablissements": [{"finess_et": ET, "categorie": "500", "autorite": "ARS + CD",
                            "departement": "58"}]}),
    "annexe d'activité déposée en octobre de l'année": ("SI-004", [{
        **SI, "si": "Annexe d'activité pour tous les ESMS", "date_depot": D(2027, 10, 28),
        "@": {"etablissements": EHPAD}}]),
    "ERRD de l'année précédente": ("SI-004", [{
        **SI, "si": "Import EPRD et ERRD", "date_depot": D(2027, 4, 28),
        "@": {"identification": [{**END_OF_2027, "statut_juridique": "60"}]}}]),
    "foyer de vie qui remplit le tableau de bord": ("SI-018", {
        **SI, "si": "Tab de bord Perfo par ET",
        "@": {"etablissements": [{"finess_et": ET, "categorie": "382"}]}}),
    "organisme mixte, une ligne par système": ("SI-001", {
        "modules": ACTIF, "identification": [{"secteurs": "PA et PH"}],
        "etablissements": [{"finess_et": ET, "categorie": "200", "secteur": "PA"}],
        "si": [{"si": s, "entite": "x", "secteur": "PA", "exigible": "Oui"}
               for s in ("e-CARS par OG", "Import EPRD et ERRD",
                         "Cybersécurité sur la période CPOM")]}),
    "ESMS ouvert dans l'année": ("SI-007", {
        **SI, "si": "ROR par ET", "exigible": "Non",
        "motif_non_exigibilite": "ouvert le 01/09/2027", "@": {"etablissements": EHPAD}}),
    "comptes de l'année non clos au 31 décembre": ("DIF-005", {
        "identification": [END_OF_2027], "difficulte": [{**PLAN, "exercice": 2026}]}),
    "3.6.2 non concerné, service sans soins": ("HAS-004", {
        "finess_et": ET, "critere": "3.6.2", "cotation": "NC", "type": "impératif",
        "@": {"etablissements": [{"finess_et": ET, "categorie": "460"}]}}),
    "2.2.1 non concerné, SESSAD": ("HAS-004", {
        "finess_et": ET, "critere": "2.2.1", "cotation": "NC", "type": "impératif",
        "@": {"etablissements": [{"finess_et": ET, "categorie": "182"}]}}),
    "SAD mixte d'un autre SIREN": ("IDE-009", [{
        "finess_et": ET, "siret": "35600000000048", "categorie": "209",
        "@": {"identification": [{"siren": "999000268", "date_arrete": D(2027, 12, 31)}]}}]),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_nothing_is_told(situation: str) -> None:
    code, content = SITUATIONS[situation]
    assert example_faults(RULES[code], content, load_referentiel()) == []


def test_a_house_watched_for_cash_is_not_refused() -> None:
    for code in ("DIF-001", "DIF-007"):
        assert RULES[code].severity is not BLOQUANT


def test_a_typing_fault_of_the_plan_is_no_longer_a_refusal() -> None:
    """What only an unpublished annexe would say asks, and does not refuse."""
    asked = [r.code for r in RULES.values() if r.source.blocks and r.scope is not Scope.CAMPAGNE]
    assert {"IND-001", "SUI-001", "SUI-011", "EVO-010"} <= set(asked)
