"""Rows of an honest return: actions, points de fragilité, SI, HAS, mesures, difficulté."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.synthese.population import Esms, Organisme
    from xl_cpom.referentiel import Referentiel

CYBER = "Cybersécurité sur la période CPOM"
SyntheticRows = list[dict[str, Any]]

DATE_EVALUATION = dt.date(2026, 3, 14)
MODULES_A_ACTIONS = ("TRANSFO", "UNESANTE", "PREVENTION", "EFFICIENCE", "SI")
VERBS = ("Mettre en œuvre", "Développer", "Structurer", "Évaluer et améliorer", "Déployer")
FUNCTIONS = ("Direction", "Responsable qualité", "Cadre de santé", "Responsable technique")
DOMAINES = ("Activité", "Organisation", "Ressources humaines", "Immobilier", "Gestion financière")
CRITERES = (("2.2.3", "impératif"), ("1.5.2", "standard"), ("3.6.2", "impératif"),
            ("2.10.1", "standard"), ("3.13.1", "impératif"))  # fmt: skip


def actions(
    chance: random.Random, og: Organisme, referentiel: Referentiel, annee: int
) -> SyntheticRows:
    """One to three actions per compulsory module and secteur, of different types."""
    rows: SyntheticRows = []
    last = referentiel.annee_n1 + referentiel.duree - 1
    for module in MODULES_A_ACTIONS:
        for secteur in og.secteurs:
            free = referentiel.valeur("type_action_libre")
            types = [t for t in referentiel.types_de(module, secteur) if t.libelle != free]
            for chosen in chance.sample(types, min(len(types), chance.randint(1, 3))):
                sujet = chosen.libelle[:60].lower()
                rows.append({
                    "numero": f"A{len(rows) + 1}", "module": module, "secteur": secteur,
                    "type_action": chosen.libelle,
                    "intitule": f"{chance.choice(VERBS)} : {sujet} ({secteur})",
                    "pilote": chance.choice(FUNCTIONS), "annee_entree": referentiel.annee_n1,
                    "poids": 1, **_state(chance, annee, last),
                })  # fmt: skip
    return rows


def _state(chance: random.Random, annee: int, derniere: int) -> dict[str, Any]:
    """Statut, avancement and dates of an action, at the end of the year."""
    draw = chance.random()
    if draw < 0.35:
        done = dt.date(annee, chance.randint(1, 12), chance.randint(1, 28))
        return {"statut": "Réalisée", "avancement": 1, "date_realisation": done,
                "echeance": dt.date(annee, 12, 31)}  # fmt: skip
    later = dt.date(min(annee + chance.randint(1, 3), derniere), 12, 31)
    if draw < 0.75:
        return {"statut": "En cours", "avancement": chance.randint(2, 18) / 20, "echeance": later}
    return {"statut": "À démarrer", "avancement": 0, "echeance": later}


def fragilites(
    chance: random.Random, og: Organisme, des_actions: SyntheticRows, annee: int
) -> SyntheticRows:
    """Two points de fragilité per secteur, each answered by an action of that secteur."""
    rows: SyntheticRows = []
    for secteur in og.secteurs:
        linked = [a for a in des_actions if a["secteur"] == secteur and a["module"] == "EFFICIENCE"]
        for domaine in chance.sample(DOMAINES, 2):
            row: dict[str, Any] = {
                "numero": f"F{len(rows) + 1}", "domaine": domaine, "secteur": secteur,
                "description": f"Point repéré au diagnostic : {domaine.lower()} ({secteur})",
                "annee_identification": annee - 2, "numero_action": chance.choice(linked)["numero"],
                "statut": chance.choice(("Identifié", "En cours", "Résolu")),
            }  # fmt: skip
            if row["statut"] == "Résolu":
                row["date_resolution"] = dt.date(annee, chance.randint(1, 12), 15)
            rows.append(row)
    return rows


def systemes(
    chance: random.Random, og: Organisme, referentiel: Referentiel, annee: int
) -> SyntheticRows:
    """One row per system and entity that must fill it in."""
    rows: SyntheticRows = []
    for si in referentiel.si_proposes.values():
        if si.niveau == "dispositif":
            continue
        for secteur in og.secteurs:
            entities = (
                [og.finess] if si.niveau == "OG"
                else [e.finess for e in og.esms if e.secteur == secteur
                      and (not si.categories or e.categorie in si.categories)]
            )  # fmt: skip
            for entity in entities:
                full = chance.random() < 0.8
                share = 1 if full else chance.randint(10, 17) / 20
                row: dict[str, Any] = {
                    "si": si.libelle, "secteur": secteur, "entite": entity, "exigible": "Oui",
                    "taux_completude": share, "valide": "Oui" if full else "Non",
                    "derniere_maj": dt.date(annee, 12, 10),
                }  # fmt: skip
                if si.libelle == CYBER:  # its checklist says it, see `cybersecurite`
                    row |= {"taux_completude": None, "valide": "Oui"}
                rows.append(row)
    return rows


def cybersecurite(referentiel: Referentiel, annee: int) -> SyntheticRows:
    """The checklist of cybersecurity: every point in place, dated in the year."""
    return [
        {"code": code, "en_place": "Oui", "date": dt.date(annee, 10, 15)}
        for code in referentiel.controles_cyber
    ]


def criteres(chance: random.Random, evalues: Sequence[Esms], annee: int) -> SyntheticRows:
    """One or two criteria under the threshold per ESMS evaluated."""
    rows: SyntheticRows = []
    for esms in evalues:
        for critere, kind in chance.sample(CRITERES, chance.randint(1, 2)):
            row: dict[str, Any] = {
                "finess_et": esms.finess, "date_evaluation": DATE_EVALUATION, "critere": critere,
                "type": kind, "cotation": 3.5 if kind == "impératif" else 2.5,
                "action": f"Répondre au critère {critere} par un protocole revu",
                "pilote": chance.choice(FUNCTIONS),
            }  # fmt: skip
            if chance.random() < 0.5:
                row.update(statut="Réalisée", echeance=dt.date(annee, 12, 31),
                           date_realisation=dt.date(annee, 11, 5))  # fmt: skip
            else:
                row.update(statut="En cours", echeance=dt.date(annee + 1, 6, 30))
            rows.append(row)
    return rows


def mesures(chance: random.Random, og: Organisme, annee: int) -> SyntheticRows:
    """The measures of an inspection, for three organismes out of ten."""
    if chance.random() > 0.3:
        return []
    esms = chance.choice(og.esms)
    rows: SyntheticRows = []
    for number in range(1, chance.randint(3, 5)):
        row: dict[str, Any] = {
            "numero_mission": f"{annee - 1}-SYN-{og.rang + 1:04}", "finess_et": esms.finess,
            "autorite": "ARS", "mode": "sur site", "date_controle": dt.date(annee - 1, 2, 10),
            "date_notification": dt.date(annee - 1, 6, 15), "numero": f"P{number}",
            "type": "prescription", "libelle": f"Mettre en conformité le point {number}",
            "reference_juridique": "Art. L. 311-3 du CASF", "theme": "Organisation",
            "action_correctrice": "Protocole revu et diffusé", "pilote": chance.choice(FUNCTIONS),
        }  # fmt: skip
        if chance.random() < 0.55:
            row.update(delai_valeur=6, delai_unite="mois", echeance=dt.date(annee - 1, 12, 15),
                       statut="Levée", date_realisation=dt.date(annee - 1, 12, 1),
                       date_levee=dt.date(annee, 3, 18),
                       reference_courrier=f"ARS/{annee}/{og.rang + 1:04}-{number}")  # fmt: skip
        else:
            row.update(delai_valeur=24, delai_unite="mois", echeance=dt.date(annee + 1, 6, 15),
                       statut="En cours")  # fmt: skip
        rows.append(row)
    return rows


def difficultes(chance: random.Random, og: Organisme, annee: int) -> SyntheticRows:
    """An ESMS whose deficit is being absorbed, for one organisme out of eight."""
    if chance.random() > 0.125:
        return []
    esms = chance.choice(og.esms)
    reference = chance.randint(5, 40) * 10_000
    charges = esms.capacite * 50_000
    return [
        {
            "finess_et": esms.finess, "base": "annuelle", "exercice_reference": annee - 2,
            "deficit_reference": reference, "exercice": exercice,
            "produits": charges - round(reference * left), "charges": charges,
            "plan_retour": "Oui", "date_plan": dt.date(annee - 1, 9, 30),
            "preconisations": "Suivre la trésorerie chaque mois.",
        }
        for exercice, left in ((annee - 1, 0.7), (annee, chance.choice((0.3, 0.4, 0.5))))
    ]  # fmt: skip
