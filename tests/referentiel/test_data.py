"""The data of BFC 2026-2030: complete, sourced, without dead reference."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from xl_cpom.identifiants import finess_valide
from xl_cpom.referentiel import (
    DEFAULT_REFERENTIEL,
    Referentiel,
    available_referentiels,
    load_referentiel,
)
from xl_cpom.typography import typeset

CERTAINTIES = {"guide", "trouvé", "connu", "inféré"}

LISTS = {
    "oui_non": "Oui|Non",
    "secteur": "PA|PH",
    "secteur_esms": "PA|PH|autre champ",
    "secteur_si": "PA|PH|PA et PH|autre champ",
    "secteurs_og": "PA|PH|PA et PH",
    "type_contrat": "primo-CPOM|renouvellement|CPOM en cours de validité",
    "autorites_signataires": "ARS|ARS + CD",
    "autorite": "ARS|CD|ARS + CD",
    "principal_secondaire": "Principal|Secondaire",
    "annee_suivie": "N|N1|N2|N3|N4|N5|N6",
    "module": "TRANSFO|UNESANTE|PREVENTION|EFFICIENCE|SI|HAS|INSPECTION|DIFFICULTE",
    "statut_module": "Obligatoire|À la carte",
    "origine_module": "contrat initial|avenant",
    "objet_avenant": "périmètre|module activé ou retiré|cible|action retirée|prorogation|autre",
    "motif_mouvement": "ouverture|fermeture|cession|reprise|fusion|changement de numéro"
    "|transformation",
    "role_referent": "Référent CPOM|Référent SI",
    "statut_action": "À démarrer|En cours|Réalisée|Reportée|Abandonnée|Sans objet",
    "statut_amelioration": "À démarrer|En cours|Réalisée|Reportée|Abandonnée|Sans objet",
    "domaine_fragilite": "Activité|Organisation|Ressources humaines|Immobilier|Gestion financière",
    "statut_fragilite": "Identifié|En cours|Résolu|Sans objet",
    "si": "ROR par ET|ROR pour EHPAD et hébergement PH|VT par ET|Tab de bord Perfo par ET"
    "|Annexe d'activité pour tous les ESMS|Suivi d'activité par dispositif complémentaire"
    "|e-CARS par OG|Import EPRD|Import ERRD|Cybersécurité sur la période CPOM",
    "motif_si": "ouvert le|fermé le|hors périmètre|autre motif",
    "niveau_si": "ET|dispositif|OG",
    "type_critere": "impératif|standard",
    "cotation_speciale": "★|NC|RI",
    "autorite_controle": "ARS|CD|ARS + CD",
    "mode_controle": "sur pièces|sur site",
    "type_mesure": "injonction|prescription|recommandation",
    "unite_delai": "immédiat|jours|mois",
    "statut_mesure": "Notifiée|En cours|Réalisée – en attente de levée|Levée|Non levée|Annulée",
    "mode_accueil": "hébergement permanent|hébergement temporaire|accueil de jour|internat"
    "|semi-internat|externat|autre mode",
    "base_deficit": "annuelle|cumulée",
    "atteinte": "Atteint|Partiellement atteint|Non atteint|Sans objet",
    "departement": "21|25|39|58|70|71|89|90",
}


@pytest.fixture(scope="module")
def ref() -> Referentiel:
    return load_referentiel()


def records(ref: Referentiel) -> Iterator[tuple[str, Any]]:
    """Every record of the référentiel, with its place."""
    for champ in dataclasses.fields(ref):
        content = getattr(ref, champ.name)
        if champ.name in ("tables", "sources", "carte") or isinstance(content, (str, int, dt.date)):
            continue
        for element in content.values() if isinstance(content, Mapping) else content:
            yield f"{champ.name}: {element}", element
            for echeance in getattr(element, "echeances", ()):
                yield f"{champ.name}: {echeance}", echeance


def test_identity(ref: Referentiel) -> None:
    assert available_referentiels() == ("BFC-2026-2030",)
    assert ref.id == DEFAULT_REFERENTIEL == "BFC-2026-2030"
    assert (ref.region, ref.annee_n1, ref.duree, ref.duree_maximale) == (
        "Bourgogne-Franche-Comté",
        2026,
        5,
        6,
    )
    assert load_referentiel() is ref


def test_counts(ref: Referentiel) -> None:
    assert len(ref.modules) == 8
    assert Counter(m.statut for m in ref.modules.values()) == {"Obligatoire": 5, "À la carte": 3}
    assert Counter(t.module for t in ref.types_action) == {
        "TRANSFO": 10,
        "UNESANTE": 10,
        "PREVENTION": 10,
        "EFFICIENCE": 5,
        "SI": 9,
    }
    free = ref.valeur("type_action_libre")
    assert len([t for t in ref.types_action if t.libelle != free]) == 41
    assert len(ref.si_proposes) == 10  # EPRD et ERRD: one system of the guide, two deposits
    assert Counter(s.niveau for s in ref.si_proposes.values()) == {
        "ET": 5, "dispositif": 1, "OG": 4}  # fmt: skip
    assert {s.code: s.remplace_par for s in ref.si.values() if s.remplace_par} == {
        "EPRD_ERRD": ("EPRD", "ERRD")
    }
    assert len(ref.criteres_imperatifs) == 18 == ref.valeur("has_nombre_imperatifs")
    assert len(ref.categories) == 312
    assert sum(c.ouverte() for c in ref.categories.values()) == 179
    assert len(ref.statuts_juridiques) == 69
    assert len(ref.serafin) == 107
    assert Counter(code[0] for code in ref.serafin) == {"1": 35, "2": 37, "3": 35}
    assert len(ref.departements) == 8
    assert len(ref.departements_france) == 102
    assert list(ref.cotations) == ["1", "2", "3", "4", "★", "NC", "RI"]


def test_every_value_says_its_source_and_certainty(ref: Referentiel) -> None:
    seen = list(records(ref))
    assert len(seen) > 700
    texts = {s.texte for s in ref.sources.values()}
    faulty = [ou for ou, e in seen if not any(e.source.startswith(s) for s in texts)]
    assert faulty == []
    assert {element.certitude for _, element in seen} == CERTAINTIES


def test_every_source_is_cited(ref: Referentiel) -> None:
    cites = [e.source for _, e in records(ref)]
    cites += [c.source_classement for c in ref.categories.values()] + [ref.source]
    cites += [e.source for s in ref.si.values() for e in s.echeances]
    inutiles = [
        s.code for s in ref.sources.values() if not any(c.startswith(s.texte) for c in cites)
    ]
    assert inutiles == []


@pytest.mark.parametrize("name", LISTS)
def test_lists_to_the_exact_text(ref: Referentiel, name: str) -> None:
    assert ref.listes[name] == tuple(LISTS[name].split("|"))


def test_deduced_lists(ref: Referentiel) -> None:
    assert set(ref.listes) - set(LISTS) == {
        "dispositif_complementaire",
        "public",
        "categorie",
        "statut_juridique",
        "departement_siege",
    }
    assert ref.listes["statut_juridique"] == tuple(ref.statuts_juridiques)
    assert ref.listes["departement_siege"] == tuple(ref.departements_france)
    for code in ref.listes["categorie"]:
        assert ref.categories[code].ouverte() and ref.categories[code].dans_le_champ
    assert {"500", "255", "354"} <= set(ref.listes["categorie"])
    assert not {"200", "101", "247", "609"} & set(ref.listes["categorie"])


def test_the_types_of_action_follow_the_other_tables(ref: Referentiel) -> None:
    nine = [s.libelle for s in ref.si.values() if s.code not in ("EPRD", "ERRD")]
    assert [t.libelle for t in ref.types_de("SI")] == nine
    assert tuple(t.libelle for t in ref.types_de("EFFICIENCE")) == ref.listes["domaine_fragilite"]


def test_secteurs_of_the_types_of_action(ref: Referentiel) -> None:
    reserves = {t.libelle: set(t.secteurs) for t in ref.types_action if len(t.secteurs) == 1}
    assert reserves == {
        "Transformation du secteur PSH – Enfant, Jeunes et Adultes": {"PH"},
        "Transformation du secteur PA": {"PA"},
        "Actions d'inclusion scolaire en milieu ordinaire": {"PH"},
        "Actions en lien à la transition liée à l'âge": {"PH"},
        "Appui au milieu ordinaire et participation active aux dispositifs de coopération": {"PH"},
    }
    assert len(ref.types_de("TRANSFO", "PA")) == 5 + 1
    assert len(ref.types_de("TRANSFO", "PH")) == 8 + 1


def test_codes_of_the_indicateurs(ref: Referentiel) -> None:
    assert [m.code_indicateur for m in ref.modules.values()] == (
        ["TRANSFO", "UNESANTE", "PREVENTION", "EFFICIENCE", "SI", "HAS", "LEVEE", "RESORPTION"]
    )
    deduites = {m.code for m in ref.modules.values() if m.certitude_famille == "inféré"}
    assert deduites == {"EFFICIENCE", "HAS"}  # the guide's annex gives no formula for them


@pytest.mark.parametrize(
    ("code", "sigle", "secteur", "autorite"),
    [
        ("500", "EHPAD", "PA", "ARS + CD"),
        ("502", "EHPA", "PA", "CD"),
        ("354", "SSIAD", "PA/PH", "ARS"),
        ("209", "SAAS", "PA/PH", "ARS + CD"),
        ("190", "CAMSP", "PH", "ARS + CD"),
        ("183", "IME", "PH", "ARS"),
        ("446", "SAVS", "PH", "CD"),
        ("448", "EAM", "PH", "ARS + CD"),
        ("370", "Expérimental PH", "PH", ""),
        ("197", "CSAPA", "hors champ", "ARS"),
        ("609", "MDPH", "hors champ", ""),
        ("101", "C.H.R.", "hors champ", ""),
    ],
)
def test_categories(ref: Referentiel, code: str, sigle: str, secteur: str, autorite: str) -> None:
    categorie = ref.categories[code]
    assert (categorie.sigle, categorie.secteur, categorie.autorite) == (sigle, secteur, autorite)


def test_categories_of_the_champ_are_open_and_complete(ref: Referentiel) -> None:
    for code in ref.listes["categorie"]:
        categorie = ref.categories[code]
        assert categorie.public in ref.listes["public"], code
        assert categorie.autorites_admises, code
        assert not categorie.autorite or categorie.autorite in categorie.autorites_admises
        assert categorie.secteurs <= {"PA", "PH"} and categorie.secteurs


@pytest.mark.parametrize(
    ("code", "fermeture", "remplacantes"),
    [
        ("200", dt.date(2015, 1, 1), ("500", "501", "502")),
        ("394", dt.date(2015, 1, 1), ("500", "501", "502")),
        ("184", dt.date(2005, 7, 6), ("183",)),
        ("185", dt.date(2005, 7, 6), ("183",)),
        ("191", dt.date(2005, 7, 6), ("192",)),
        ("193", dt.date(2005, 7, 6), ("192",)),
        ("237", dt.date(2005, 7, 6), ()),
        ("397", dt.date(2005, 7, 6), ("460",)),
        ("450", dt.date(2018, 3, 7), ("460",)),
        ("208", dt.date(2018, 3, 7), ("460",)),
    ],
)
def test_closed_categories(
    ref: Referentiel, code: str, fermeture: dt.date, remplacantes: tuple[str, ...]
) -> None:
    categorie = ref.categories[code]
    assert (categorie.date_fin, categorie.remplacee_par) == (fermeture, remplacantes)
    assert not categorie.ouverte()
    assert categorie.ouverte(fermeture - dt.timedelta(days=1))
    assert not categorie.ouverte(fermeture)


def test_the_replacements_are_open(ref: Referentiel) -> None:
    for categorie in ref.categories.values():
        for code in categorie.remplacee_par:
            assert not categorie.ouverte() and ref.categories[code].ouverte(), categorie.code


def test_criteres_imperatifs(ref: Referentiel) -> None:
    attendus = (
        "2.2.1 2.2.2 2.2.3 2.2.4 2.2.5 2.2.6 2.2.7 3.6.2 3.11.1 3.11.2 3.12.1 3.12.2 3.12.3 "
        "3.13.1 3.13.2 3.13.3 3.14.1 3.14.2"
    )
    assert list(ref.criteres_imperatifs) == attendus.split()
    deduits = {c.code for c in ref.criteres_imperatifs.values() if c.certitude == "inféré"}
    assert deduits == set()
    services = {"354", "209", "460", "182", "445", "446"}
    assert ref.criteres_imperatifs["2.2.1"].categories_exclues == services
    assert ref.criteres_imperatifs["3.6.2"].categories_exclues == {"460"}


def test_the_whole_manuel_has(ref: Referentiel) -> None:
    assert len(ref.manuel_has) == 157
    assert Counter(code[0] for code in ref.manuel_has) == {"1": 68, "2": 38, "3": 51}
    assert ref.manuel_has["2.2.1"].type == "impératif"
    assert [c.code for c in ref.manuel_has.values() if c.structures == "service"] == ["3.2.1"]
    assert "1.99.99" not in ref.manuel_has and "3.10.3" not in ref.manuel_has


def test_reforms(ref: Referentiel) -> None:
    def equals(code: str, jour: dt.date, **ou: str) -> bool:
        return ref.reforme(code, jour, **ou) is not None

    ehpad = {"departement": "58", "categorie": "500"}
    assert equals("FORFAIT_GLOBAL_UNIQUE", dt.date(2025, 7, 1), **ehpad)
    assert equals("FORFAIT_GLOBAL_UNIQUE", dt.date(2026, 12, 31), **ehpad)
    assert not equals("FORFAIT_GLOBAL_UNIQUE", dt.date(2027, 1, 1), **ehpad)
    assert not equals(
        "FORFAIT_GLOBAL_UNIQUE", dt.date(2026, 1, 1), departement="21", categorie="500"
    )
    assert not equals(
        "FORFAIT_GLOBAL_UNIQUE", dt.date(2026, 1, 1), departement="58", categorie="183"
    )
    assert not equals("SERAFIN_ENFANTS", dt.date(2026, 12, 31), categorie="183")
    assert equals("SERAFIN_ENFANTS", dt.date(2027, 1, 1), categorie="183")
    assert ref.reforme("INCONNUE", dt.date(2027, 1, 1)) is None


def test_cotations(ref: Referentiel) -> None:
    assert {c.code: c.valeur for c in ref.cotations.values()} == {
        "1": 1.0,
        "2": 2.0,
        "3": 3.0,
        "4": 4.0,
        "★": 4.0,
        "NC": None,
        "RI": None,
    }
    assert {c.code for c in ref.cotations.values() if c.chapitres} == {"RI"}
    assert ref.cotations["RI"].chapitres == {"1"}


def test_thresholds_of_atypical_values(ref: Referentiel) -> None:
    seuils = ref.seuils
    assert not seuils["OCCUPATION"].atypique(1.2) and seuils["OCCUPATION"].atypique(1.201)
    assert seuils["OCCUPATION"].atypique(-0.001)
    assert seuils["ABSENTEISME"].atypique(0.4) and not seuils["ABSENTEISME"].atypique(0.399)
    assert seuils["ABSENTEISME_MOTIF"].atypique(0.2)
    assert not seuils["ETP_VACANTS"].atypique(0.2) and seuils["ETP_VACANTS"].atypique(0.21)
    assert seuils["CAF"].atypique(-0.22) and not seuils["CAF"].atypique(-0.21)
    assert seuils["CAF"].repere == 0.02


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("methode_avancement", "REALISEES"),
        ("tolerance_ecart_points", 0.1),
        ("tolerance_arrondi_points", 1.0),
        ("seuil_atteinte_partielle", 10.0),
        ("trajectoire_cible", (0.2, 0.4, 0.6, 0.8, 1.0)),
        ("max_actions_par_secteur", 5),
        ("seuil_tdb_validation", 0.9),
        ("seuil_has_imperatif", 4.0),
        ("seuil_has_standard", 3.0),
        ("has_validite_annees", 5),
        ("date_minimale", dt.date(2015, 1, 1)),
        ("date_maximale", dt.date(2035, 12, 31)),
        ("statuts_action_realises", ("Réalisée",)),
        ("statuts_action_exclus", ("Abandonnée", "Sans objet")),
        ("types_mesure_suivis", ("injonction", "prescription")),
    ],
)
def test_parameters(ref: Referentiel, key: str, value: object) -> None:
    assert ref.valeur(key) == value


def test_avancement_by_statut_covers_the_counted_statuts(ref: Referentiel) -> None:
    comptes = set(ref.listes["statut_action"]) - set(ref.valeur("statuts_action_exclus"))
    assert set(ref.valeur("avancement_par_statut")) == comptes


def test_departement_of_a_finess(ref: Referentiel) -> None:
    cas = {"210000022": "21", "2A0000014": "2A", "970100186": "971", "980500011": "976"}
    for numero, code in cas.items():
        departement = ref.departement_du_finess(numero)
        assert departement is not None and departement.code == code
    assert finess_valide("210000022")
    assert ref.departement_du_finess("999999999") is None
    prefixes = [d.prefixe_finess for d in ref.departements_france.values()]
    assert len(set(prefixes)) == len(prefixes)


def test_french_typography(ref: Referentiel) -> None:
    faulty = []
    for ou, element in records(ref):
        for champ in dataclasses.fields(element):
            value = getattr(element, champ.name)
            if isinstance(value, str) and typeset(value) != value:
                faulty.append((ou, champ.name))
    assert faulty == []
