"""A prepared workbook filled in honestly: statuses brought up to date, the year's figures given."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

from xl_cpom.workbook.building import build

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel

Content = dict[str, list[dict[str, Any]]]

TARGETS = (0.2, 0.4, 0.6, 0.8, 1.0)


def fill(content: Content, referentiel: Referentiel, seed: str) -> None:
    """Fill the workbook of a year in place, its rates aside. The same seed, the same answers."""
    fiche = content["identification"][0]
    rank = int(str(fiche["annee_suivie"])[1:])
    year = int(fiche["annee_n1"]) + rank - 1
    draw = random.Random(f"{seed}/{fiche['finess_ej']}/{rank}")
    fiche["date_arrete"] = dt.date(year, 12, 31)
    for row in content["actions"]:
        _action(row, draw, year)
    for row in content["fragilites"]:
        _fragility(row, draw, year)
    for row in content["has"]:
        _criterion(row, draw, year)
    for row in content["mesures"]:
        _measure(row, draw, year)
    for row in content["si"]:
        _system(row, draw, year)
    for row in content["difficulte"]:
        _accounts(row, content["difficulte"], year)
    capacities = {row["finess_et"]: row["capacite_autorisee"] for row in content["etablissements"]}
    for row in content["activite"]:
        if row["exercice"] == year:
            row["capacite_financee"] = capacities.get(row["finess_et"])


def declare(content: Content, referentiel: Referentiel) -> None:
    """Give the rates that the rows make, and the targets of an indicator that starts."""
    classeur = build(content, referentiel)
    rank = classeur.followed_rank
    known = {row["code"]: row for row in content["indicateurs"]}
    for (module, secteur), result in classeur.results.items():
        code = f"{module}/{secteur}"
        if result.value is None or not classeur.actif(module):
            continue
        row = known.get(code)
        if row is None:
            row = {"code": code}
            content["indicateurs"].append(row)
        for place, target in enumerate(TARGETS, 1):
            if row.get(f"cible_n{place}") is None:
                row[f"cible_n{place}"] = target
        if f"realise_n{rank}" in classeur["indicateurs"].sheet.by_key:
            row[f"realise_n{rank}"] = round(result.value, 3)


def _late(row: dict[str, Any], year: int) -> bool:
    return isinstance(row.get("echeance"), dt.date) and row["echeance"].year <= year


def _action(row: dict[str, Any], draw: random.Random, year: int) -> None:
    if row["statut"] not in ("À démarrer", "En cours", "Reportée"):
        return
    if _late(row, year) or draw.random() < 0.15:
        row.update(statut="Réalisée", avancement=1, date_realisation=dt.date(year, 11, 15))
    elif draw.random() < 0.7:
        before = row.get("avancement") or 0
        row.update(statut="En cours", avancement=min(0.95, round(before + 0.2, 2)))


def _fragility(row: dict[str, Any], draw: random.Random, year: int) -> None:
    if row["statut"] == "Identifié":
        row["statut"] = draw.choice(("Identifié", "En cours"))
    elif row["statut"] == "En cours" and draw.random() < 0.5:
        row.update(statut="Résolu", date_resolution=dt.date(year, 10, 15))


def _criterion(row: dict[str, Any], draw: random.Random, year: int) -> None:
    if row.get("statut") in ("À démarrer", "En cours") and (
        _late(row, year) or draw.random() < 0.4
    ):
        row.update(statut="Réalisée", date_realisation=dt.date(year, 5, 20))


def _measure(row: dict[str, Any], draw: random.Random, year: int) -> None:
    if row["statut"] == "En cours" and (_late(row, year) or draw.random() < 0.3):
        done = min(row["echeance"], dt.date(year, 6, 1))
        row.update(statut="Réalisée – en attente de levée", date_realisation=done)
    elif row["statut"] == "Réalisée – en attente de levée":
        row.update(
            statut="Levée",
            date_levee=dt.date(year, 3, 18),
            reference_courrier=f"ARS/{year}/{row['numero_mission'][-4:]}-{row['numero']}",
        )


def _system(row: dict[str, Any], draw: random.Random, year: int) -> None:
    if row.get("exigible") != "Oui":
        return
    full = draw.random() < 0.85
    row.update(
        taux_completude=1 if full else draw.randint(10, 17) / 20,
        valide="Oui" if full else "Non",
        derniere_maj=dt.date(year, 12, 10),
    )


def _accounts(row: dict[str, Any], rows: list[dict[str, Any]], year: int) -> None:
    """This year's accounts: half of last year's deficit is left."""
    if row["exercice"] != year or row.get("produits") is not None:
        return
    before = max(
        (r for r in rows if r["finess_et"] == row["finess_et"] and r["exercice"] < year),
        key=lambda r: int(r["exercice"]),
    )
    left = max(0, before["charges"] - before["produits"]) // 2
    row.update(charges=before["charges"], produits=before["charges"] - left)
