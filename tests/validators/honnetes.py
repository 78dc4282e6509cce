"""Honest returns, drawn at random from the référentiel: nothing in them contradicts anything.

They start from those of the synthetic campaign and are made richer: every year from N to N5, every
status with what it asks for, activity figures within the usual values, deposits on time, comments.
Each says which informations (never faults) the control must give of it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from tools.synthese import Organisme, organismes
from tools.synthese.contenu import contenu
from xl_cpom.referentiel import Referentiel
from xl_cpom.workbook.building import build

Contenu = dict[str, list[dict[str, Any]]]

COMMENTS = (
    None,
    None,
    None,
    "Point fait en comité de pilotage avec le référent CPOM.",
    "Voir le rapport d'activité, page 12 ; suivi au 2e trimestre.",
    "Budget de 12 500 € inscrit à l'EPRD 2027.",
)


def retours(combien: int, graine: int, referentiel: Referentiel) -> Iterator[tuple[str, Contenu]]:
    """`combien` honest returns of different organismes, sizes, secteurs and years."""
    ogs = organismes(combien, graine)
    for rank, og in enumerate(ogs):
        year = rank % (referentiel.duree + 1)
        yield f"{og.finess}-N{year or ''}", retour(og, referentiel, graine, year)


def retour(og: Organisme, referentiel: Referentiel, graine: int, rang: int) -> Contenu:
    """One honest return for the year N`rang` (0: at the signature)."""
    chance = random.Random(f"{graine}/{og.finess}/honnête/{rang}")
    found = contenu(og, referentiel, graine, max(rang, 1))
    annee = referentiel.annee_n1 + rang - 1
    if rang == 0:
        _a_la_signature(found, referentiel)
    else:
        _actions(chance, found)
        _systemes(found, referentiel, annee)
        _mesures(chance, found)
        found["activite"] = [_activite(chance, og, row, annee) for row in found["etablissements"]]
        _avenants(found, annee)
    _etablissements(chance, found)
    if rang == 0:
        _contractualisation(found, referentiel)
    for key in ("actions", "fragilites", "si", "etablissements", "activite"):
        for row in found.get(key, ()):
            row.setdefault("commentaire", chance.choice(COMMENTS))
    _fiche(chance, found, referentiel)
    _results(found, referentiel, rang)
    if rang == referentiel.duree:
        _explained(found)
    return found


def _explained(found: Contenu) -> None:
    """The last year, what is not reached is explained."""
    for key in ("actions", "fragilites", "has", "mesures", "indicateurs"):
        for row in found[key]:
            if not row.get("commentaire"):
                row["commentaire"] = "Se poursuit dans le prochain contrat ; voir le bilan."


EHPAD = "500"
FROM_SERAFIN = 2027
FOR_CHILDREN = ("182", "183", "186", "188", "189", "192", "194", "195", "196")
"""Whose financing SERAFIN-PH changes; no action of these returns has a code of it."""


def informations(found: Contenu) -> list[tuple[str, str]]:
    """(code, FINESS or number) of what the control may say of it, and must."""
    (fiche,) = found["identification"]
    annee = fiche["date_arrete"].year
    told = [("INS-001", row["numero"]) for row in found["mesures"] if _recommande(row)]
    told += [
        ("IDE-040", row["finess_et"])
        for row in found["etablissements"]
        if row["date_autorisation"].year + 15 < annee
    ]
    told += [
        ("DIF-023", row["finess_et"]) for row in found["difficulte"] if row["exercice"] == annee
    ]
    categories = {row["finess_et"]: row["categorie"] for row in found["etablissements"]}
    told += [
        ("VRA-044", row["finess_et"])
        for row in found["activite"]
        if categories[row["finess_et"]] == "500"
        and "absences_72h" in row
        and _occupation(row) < 0.95
    ]
    children = [number for number, category in categories.items() if category in FOR_CHILDREN]
    told += [("MOD-060", number) for number in children if annee >= FROM_SERAFIN]
    return sorted(told)


def _occupation(row: dict[str, Any]) -> float:
    occupied = row["journees_realisees"] + row["absences_72h"]
    return round(occupied / (row["capacite_financee"] * row["jours_ouverture"]), 3)


def _recommande(row: dict[str, Any]) -> bool:
    return row["type"] == "recommandation"


def _a_la_signature(found: Contenu, referentiel: Referentiel) -> None:
    """Year N: the plan is made, nothing has begun and nothing is due."""
    (fiche,) = found["identification"]
    veille = dt.date(referentiel.annee_n1 - 1, 12, 31)
    fiche.update(annee_suivie="N", date_arrete=veille, referent_si_nomme=veille)
    for action in found["actions"]:
        action.update(statut="À démarrer", avancement=0, echeance=dt.date(veille.year + 3, 12, 31))
        action.pop("date_realisation", None)
    for point in found["fragilites"]:
        point.update(statut="Identifié", annee_identification=veille.year)
        point.pop("date_resolution", None)
    for row in found["si"]:
        row.update(taux_completude=0.5, valide="Non")
        row.pop("derniere_maj", None)
    for key in ("has", "mesures", "difficulte", "activite"):
        found[key] = []
    for row in found["etablissements"]:
        row.pop("date_evaluation_has", None)
    for row in found["modules"]:
        if row["code"] in ("HAS", "INSPECTION", "DIFFICULTE"):
            code = row["code"]
            row.clear()
            row.update(code=code, actif="Non")


def _actions(chance: random.Random, found: Contenu) -> None:
    """Some actions are put off, dropped or without object, each with what it asks for."""
    for action in found["actions"]:
        if action["statut"] == "Réalisée" or chance.random() > 0.15:
            continue
        action["statut"] = chance.choice(("Reportée", "Abandonnée", "Sans objet"))
        action["reference_avenant"] = "Avenant n° 1 : dialogue de gestion du 12 mai"
        action["avancement"] = min(action["avancement"], 0.4)


def _avenants(found: Contenu, annee: int) -> None:
    """The register holds the avenant that actions cite."""
    cited = [row["numero"] for row in found["actions"] if row.get("reference_avenant")]
    if cited:
        found["avenants"] = [
            {"numero": "1", "date_signature": dt.date(annee, 6, 15),
             "date_effet": dt.date(annee, 7, 1), "objet": "action retirée",
             "concerne": " ; ".join(cited), "signataires": "ARS ; organisme gestionnaire"}
        ]  # fmt: skip


def _contractualisation(found: Contenu, referentiel: Referentiel) -> None:
    """The diagnostic of every active module and secteur, and how each ESMS uses its systems."""
    day = dt.date(referentiel.annee_n1 - 1, 9, 15)
    actifs = [row["code"] for row in found["modules"] if row["actif"] == "Oui"]
    secteurs = sorted({row["secteur"] for row in found["etablissements"]})
    found["contractualisation"] = [
        {"code": f"{code}/{secteur}", "offre": "Hébergement permanent et accueil de jour",
         "autorisations": "À jour", "partenariats": "Convention avec le centre hospitalier",
         "fragilites": "Voir la feuille « Points de fragilité »", "plan_redige": "Oui",
         "partage_le": day, "partage_avec": "ARS ; CVS"}
        for code in actifs
        for secteur in secteurs
    ]  # fmt: skip
    found["photographie_si"] = [
        {"finess_et": row["finess_et"], "completude": 0.5, "mises_a_jour": 4,
         "date_autodiagnostic": day}
        for row in found["etablissements"]
    ]  # fmt: skip


def _systemes(found: Contenu, referentiel: Referentiel, annee: int) -> None:
    """What has a deadline was deposited before it, in the campaign of the year."""
    categories = {row["finess_et"]: row["categorie"] for row in found["etablissements"]}
    codes = {si.libelle: si.code for si in referentiel.si.values()}
    for row in found["si"]:
        code, categorie = codes[row["si"]], categories.get(row["entite"], "")
        limit = referentiel.calendrier(code, annee, categorie)
        if limit is not None and limit <= dt.date(annee, 12, 31) and row["taux_completude"] == 1:
            row["date_depot"] = limit - dt.timedelta(days=10)
            row["derniere_maj"] = limit - dt.timedelta(days=12)


def _mesures(chance: random.Random, found: Contenu) -> None:
    """Some measures are mere recommendations."""
    for row in found["mesures"][1:]:
        if row["statut"] == "En cours" and chance.random() < 0.4:
            row["type"] = "recommandation"


def _etablissements(chance: random.Random, found: Contenu) -> None:
    for row in found["etablissements"]:
        if chance.random() < 0.1:
            row["date_autorisation"] = dt.date(chance.randint(1985, 2008), 3, 1)
        if chance.random() < 0.2:
            row["capacite_installee"] = max(1, row["capacite_autorisee"] - 2)


def _activite(chance: random.Random, og: Organisme, esms: dict[str, Any], annee: int) -> Any:
    """The year of an ESMS, its figures in proportion to its places and within usual values."""
    places, ratio = esms["capacite_financee"], chance.uniform
    etp = round(places * ratio(0.5, 0.9), 1)
    charges = round(places * ratio(40_000, 60_000))
    produits = round(charges * ratio(1.0, 1.02))
    days = 365 if esms["categorie"] in ("500", "255", "448", "202", "501") else 220
    return {
        "finess_et": esms["finess_et"], "exercice": annee, "capacite_financee": places,
        "jours_ouverture": days, "journees_realisees": round(places * days * ratio(0.94, 0.97)),
        "journees_financees": round(places * days * 0.97), "absences_72h": places,
        "effectif_31_12": places, "sorties": max(1, places // 6), "admissions": max(1, places // 6),
        "durees_accompagnement": places * 150, "jours_absence_personnes": places * 7,
        "personnes_absentes": places // 2, "personnes_derogation": 0, "etp_budgetes": etp,
        "etp_realises": round(etp * ratio(0.95, 0.99), 1), "jours_abs_courte": round(etp * 6),
        "jours_abs_moyenne": round(etp * 7), "jours_abs_longue": round(etp * 5),
        "jours_abs_maternite": round(etp * 2), "jours_abs_at_mp": round(etp * 2),
        "jours_abs_conges_speciaux": round(etp * 0.6), "recrutements": max(1, round(etp / 10)),
        "departs": max(1, round(etp / 11)), "effectif_reel_n1": round(etp * 1.1) + 1,
        "depenses_personnel": round(charges * ratio(0.6, 0.7)),
        "prestations_externes": round(charges * 0.03), "sous_traitance": round(charges * 0.01),
        "caf": round(produits * ratio(0.03, 0.06)), "produits_caf": produits,
        "amortissements_constructions": places * 20_000,
        "immobilisations_constructions": places * 50_000, "emprunts": places * 12_000,
        "financements_stables": places * 40_000, "frng": places * 6_000,
        "charges_courantes": round(charges * 0.95), "produits": produits, "charges": charges,
    }  # fmt: skip


def _fiche(chance: random.Random, found: Contenu, referentiel: Referentiel) -> None:
    (fiche,) = found["identification"]
    if chance.random() < 0.2:
        end = referentiel.annee_n1 + referentiel.duree - 2
        fiche["referent_si_fin"] = dt.date(end, 6, 30)
        fiche["referent_si_successeur"] = "Référent SI adjoint"
    difficulte = {(row["finess_et"], row["exercice"]): row for row in found["difficulte"]}
    for row in found.get("activite", ()):  # the two sheets tell the same story
        if (same := difficulte.get((row["finess_et"], row["exercice"]))) is not None:
            row.update(produits=same["produits"], charges=same["charges"])


def _results(found: Contenu, referentiel: Referentiel, rang: int) -> None:
    """Targets of the contract, results as the rows give them."""
    found["indicateurs"] = []
    classeur = build(found, referentiel)
    presents = {row["secteur"] for row in found["etablissements"]}
    for (module, secteur), result in classeur.results.items():
        if not classeur.actif(module) or secteur not in presents:
            continue
        row: dict[str, Any] = {"code": f"{module}/{secteur}"}
        row.update({f"cible_n{n}": n / referentiel.duree for n in range(1, referentiel.duree + 1)})
        if result.value is not None and rang:
            past = {f"realise_n{n}": round(result.value * n / rang, 3) for n in range(1, rang)}
            row.update(past, **{f"realise_n{rang}": round(result.value, 4)})
        found["indicateurs"].append(row)
