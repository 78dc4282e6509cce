"""The content of an honest return: typed values by sheet, coherent with themselves.

The declared rates are those that the rows give: a return is honest when nothing in it contradicts
anything else.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from tools.synthese import suivi
from tools.synthese.population import Esms, Organisme
from xl_cpom.workbook.building import build

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

Contenu = dict[str, list[dict[str, Any]]]

CIBLES = (0.2, 0.4, 0.6, 0.8, 1.0)


def contenu(og: Organisme, referentiel: Referentiel, graine: int, rang: int = 2) -> Contenu:
    """The honest return of an organisme for the year N`rang` of its contract.

    The same arguments give the same content.
    """
    chance = random.Random(f"{graine}/{og.finess}/{rang}")
    annee = referentiel.annee_n1 + rang - 1
    evalues = [e for e in og.esms if chance.random() < 0.5]
    found: Contenu = {
        "identification": [_identification(og, referentiel, rang)],
        "etablissements": [_etablissement(e, e in evalues, referentiel) for e in og.esms],
        "actions": suivi.actions(chance, og, referentiel, annee),
        "si": suivi.systemes(chance, og, referentiel, annee),
        "cybersecurite": suivi.cybersecurite(referentiel, annee),
        "has": suivi.criteres(chance, evalues, annee),
        "mesures": suivi.mesures(chance, og, annee),
        "difficulte": suivi.difficultes(chance, og, annee),
        "activite": [
            {"finess_et": e.finess, "exercice": annee, "capacite_financee": e.capacite}
            for e in og.esms
        ],
    }
    found["fragilites"] = suivi.fragilites(chance, og, found["actions"], annee)
    found["modules"] = _modules(found, referentiel)
    found["indicateurs"] = _indicateurs(found, referentiel, rang)
    return found


def _identification(og: Organisme, referentiel: Referentiel, rang: int) -> dict[str, Any]:
    start, annee = referentiel.annee_n1, referentiel.annee_n1 + rang - 1
    conjointes = [e for e in og.esms if "CD" in referentiel.categories[e.categorie].autorite]
    found: dict[str, Any] = {
        "raison_sociale": og.nom,
        "finess_ej": og.finess,
        "siren": og.siren,
        "statut_juridique": og.statut,
        "adresse": "1, place de l'Exemple",
        "commune": og.commune,
        "departement": og.departement,
        "type_contrat": og.type_contrat,
        "numero_cpom": f"{start}-{og.departement}-{og.rang + 1:03}",
        "date_entree": dt.date(start, 1, 1),
        "date_signature": dt.date(start - 1, 12, 15),
        "date_effet": dt.date(start, 1, 1),
        "date_echeance": dt.date(start + 4, 12, 31),
        "secteurs": " et ".join(og.secteurs),
        "autorites": "ARS + CD" if conjointes else "ARS",
        "annee_n1": start,
        "annee_suivie": f"N{rang}",
        "date_arrete": dt.date(annee, 12, 31),
        "referent_cpom": f"Référent {og.rang + 1}",
        "referent_cpom_fonction": "Responsable qualité",
        "referent_cpom_courriel": f"cpom{og.rang + 1}@organisme.example.fr",
        "referent_si": f"Référent SI {og.rang + 1}",
        "referent_si_courriel": f"si{og.rang + 1}@organisme.example.fr",
        "referent_si_nomme": dt.date(start, 1, 5),
        "referent_si_forme": "Oui",
    }
    if conjointes:
        found["conseils_departementaux"] = " ; ".join(sorted({e.departement for e in conjointes}))
    if og.type_contrat == "renouvellement":
        found["echeance_precedente"] = dt.date(start - 1, 12, 31)
    return found


def _etablissement(esms: Esms, evalue: bool, referentiel: Referentiel) -> dict[str, Any]:
    categorie = referentiel.categories[esms.categorie]
    found: dict[str, Any] = {
        "finess_et": esms.finess,
        "raison_sociale": esms.nom,
        "categorie": esms.categorie,
        "secteur": esms.secteur,
        "public": categorie.public,
        "principal_secondaire": "Secondaire" if esms.principal else "Principal",
        "siret": esms.siret,
        "commune": esms.commune,
        "departement": esms.departement,
        "autorite": categorie.autorite,
        "date_autorisation": dt.date(2017, 1, 3),
        "capacite_autorisee": esms.capacite,
        "capacite_installee": esms.capacite,
        "capacite_financee": esms.capacite,
    }
    if esms.principal:
        found["finess_principal"] = esms.principal
    if evalue:
        found["date_evaluation_has"] = suivi.DATE_EVALUATION
    return found


def _modules(found: Contenu, referentiel: Referentiel) -> list[dict[str, Any]]:
    """The compulsory modules, and those that have rows."""
    used = {"HAS": found["has"], "INSPECTION": found["mesures"], "DIFFICULTE": found["difficulte"]}
    rows: list[dict[str, Any]] = []
    for code, module in referentiel.modules.items():
        if module.statut == "Obligatoire":
            rows.append({"code": code, "actif": "Oui", "origine": "contrat initial"})
        elif used.get(code):
            rows.append({"code": code, "actif": "Oui", "origine": "contrat initial",
                         "date_activation": dt.date(referentiel.annee_n1, 1, 1)})  # fmt: skip
        else:
            rows.append({"code": code, "actif": "Non"})
    return rows


def _indicateurs(found: Contenu, referentiel: Referentiel, rang: int) -> list[dict[str, Any]]:
    """Targets and declared rates: this year's as the rows give it, the years before lower."""
    classeur = build(found, referentiel)
    rows = []
    for (module, secteur), result in classeur.results.items():
        if result.value is None or not classeur.actif(module):
            continue
        row: dict[str, Any] = {"code": f"{module}/{secteur}"}
        row.update({f"cible_n{n}": cible for n, cible in enumerate(CIBLES, 1)})
        row.update({f"realise_n{n}": round(result.value * n / rang, 3) for n in range(1, rang)})
        row[f"realise_n{rang}"] = round(result.value, 4)
        rows.append(row)
    return rows
