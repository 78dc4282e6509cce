"""Each parameter has a consumer: change its value, and a result changes.

« Changer une valeur ici suffit » is what the file of parameters promises.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.atelier import WORKBOOKS
from xl_cpom.indicators import BY_MODULE, parameters_of
from xl_cpom.indicators.cibles import cible, ecart, trajectoire
from xl_cpom.referentiel import (
    InvalidReferentielError,
    Referentiel,
    freeze_referentiel,
    load_referentiel,
    referentiel_from_json,
)
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.check import check
from xl_cpom.validators.rule_examples import example_faults
from xl_cpom.workbook.building import build
from xl_cpom.workbook.examples import valid_content
from xl_cpom.workbook.template import write_template


def merged_with(**valeurs: Any) -> Referentiel:
    """The default référentiel, some of its parameters changed."""
    frozen = json.loads(freeze_referentiel(load_referentiel()))
    for row in frozen["tables"]["parametres"]:
        if row["code"] in valeurs:
            row["valeurs"]["valeur"] = valeurs[row["code"]]
    return referentiel_from_json(json.dumps(frozen))


@cache
def _controle(fichier: str, referentiel: Referentiel) -> Any:
    report = check(WORKBOOKS / fichier, referentiel=referentiel)
    return (
        sorted((f.code, f.cells, f.message, f.severity.value) for f in report.findings),
        [(i.code, i.secteur, i.numerateur, i.denominateur, i.atteinte) for i in report.indicateurs],
    )


def fautif(referentiel: Referentiel) -> Any:
    return _controle("exemple_fautif.xlsx", referentiel)


def regle(code: str) -> Callable[[Referentiel], Any]:
    """What a rule finds in its own examples."""

    def probe(referentiel: Referentiel) -> Any:
        rule = RULES[code]
        return [len(example_faults(rule, e, referentiel)) for e in (*rule.ok, *rule.ko)]

    return probe


def computed(feuille: str, colonne: str) -> Callable[[Referentiel], Any]:
    """A calculated column of the valid example."""

    def probe(referentiel: Referentiel) -> Any:
        return [row[colonne] for row in build(valid_content(), referentiel)[feuille]]

    return probe


def _resorption(referentiel: Referentiel) -> Any:
    data = {"deficit_reference": [100.0], "resultat": [50.0]}
    return BY_MODULE["DIFFICULTE"].compute(data, parametres=parameters_of(referentiel)).value


def _mean(referentiel: Referentiel) -> Any:
    known = parameters_of(referentiel).merged_with(methode_avancement="MOYENNE")
    data = {"statut": ["En cours", "À démarrer"], "avancement": [None, None]}
    return BY_MODULE["TRANSFO"].compute(data, parametres=known).value


def _gabarit(referentiel: Referentiel) -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gabarit.xlsx"
        write_template(path, referentiel)
        with zipfile.ZipFile(path) as archive:
            return [archive.read(n) for n in archive.namelist() if "worksheets/sheet" in n]


VIVANTS: dict[str, tuple[Any, Callable[[Referentiel], Any]]] = {
    "methode_avancement": ("MOYENNE", fautif),
    "methode_si": ("PAR_SI", fautif),
    "secteur_si_partage": ("PH", computed("si", "perimetre")),
    "resorption_signee": (True, _resorption),
    "statuts_action_realises": (["Réalisée", "En cours"], fautif),
    "statuts_action_exclus": (["Sans objet", "En cours"], fautif),
    "statuts_action_a_justifier": (["Abandonnée", "En cours"], fautif),
    "avancement_par_statut": (
        {"À démarrer": 0.1, "En cours": 0.9, "Réalisée": 1.0, "Reportée": 0.2}, _mean),
    "statuts_fragilite_resolus": (["En cours"], fautif),
    "statuts_fragilite_exclus": (["En cours", "Résolu"], fautif),
    "statuts_amelioration_realises": (["En cours"], fautif),
    "statuts_amelioration_exclus": (["En cours", "Réalisée"], fautif),
    "types_mesure_suivis": (["injonction"], fautif),
    "statuts_mesure_leves": (["Notifiée", "En cours"], fautif),
    "statuts_mesure_exclus": (["Levée"], fautif),
    "tolerance_ecart_points": (50.0, fautif),
    "tolerance_arrondi_points": (60.0, fautif),
    "decimales_taux": (0, lambda r: ecart(0.6666, 0.6, parameters_of(r))),
    "tolerance_resultat": (1e9, regle("DIF-016")),
    "seuil_atteinte_partielle": (95.0, fautif),
    "trajectoire_cible": ([0.1, 0.2, 0.3, 0.4, 0.5],
                          lambda r: cible(2027, 2026, parametres=parameters_of(r))),
    "trajectoires_par_module": ({"SI": [0.5, 0.5, 0.5, 0.5, 0.5]},
                                lambda r: trajectoire("SI", parameters_of(r))),
    "cible_finale": (0.5, fautif),
    "modules_cible_finale_imposee": (["TRANSFO"], fautif),
    "max_actions_par_secteur": (1, fautif),
    "max_types_par_secteur": (1, fautif),
    "modules_limites": ([], fautif),
    "longueur_min_intitule": (200, fautif),
    "intitules_vides_de_sens": (["autodétermination"], fautif),
    "date_minimale": ("2026-06-01", fautif),
    "date_maximale": ("2026-06-01", fautif),
    "date_autorisation_minimale": ("2025-01-01", _gabarit),
    "seuil_taux_saisi_en_points": (0.1, fautif),
    "type_action_libre": ("Autodétermination", regle("MOD-038")),
    "seuil_si_complet": (0.5, fautif),
    "seuil_tdb_validation": (0.1, regle("SI-013")),
    "seuil_has_imperatif": (2.0, fautif),
    "seuil_has_standard": (1.0, fautif),
    "has_validite_annees": (1, fautif),
    "jours_annee": (100, computed("activite", "taux_absenteisme")),
}  # fmt: skip
COMPTES = {"has_nombre_criteres": 156, "has_nombre_imperatifs": 17}
"""Counts that the lists must have: another value is refused when loading."""


def test_no_parameter_is_left_out() -> None:
    assert set(load_referentiel().parametres) == {*VIVANTS, *COMPTES}


@pytest.mark.parametrize("key", VIVANTS)
def test_a_changed_value_changes_a_result(key: str) -> None:
    value, probe = VIVANTS[key]
    assert probe(merged_with(**{key: value})) != probe(load_referentiel())


@pytest.mark.parametrize("key", COMPTES)
def test_a_count_that_is_not_that_of_the_list_is_refused(key: str) -> None:
    with pytest.raises(InvalidReferentielError, match=key):
        merged_with(**{key: COMPTES[key]})
