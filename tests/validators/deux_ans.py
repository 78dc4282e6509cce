"""Two returns of one organisme, a year apart, that have nothing to reproach each other.

This year's is the valid example; last year's is what it must have been at the end of N1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from xl_cpom.finess.extract import FinessExtract
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import engine
from xl_cpom.validators.model import Finding, Outcome
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.building import build
from xl_cpom.workbook.examples import valid_content

Contenu = dict[str, list[dict[str, Any]]]
END_N_1 = dt.date(2026, 12, 31)


def cette_annee() -> Contenu:
    return valid_content()


def last_year() -> Contenu:
    """The content of the end of N1: what came later has not happened yet."""
    content = valid_content()
    content["identification"][0].update(annee_suivie="N1", date_arrete=END_N_1)
    content["actions"] = [row for row in content["actions"] if row["annee_entree"] <= 2026]
    for row in (*content["actions"], *content["has"], *content["mesures"]):
        if (row.get("date_realisation") or END_N_1) > END_N_1:
            row.update(statut="En cours", date_realisation=None)
            if "avancement" in row:
                row["avancement"] = 0.5
        if (row.get("date_levee") or END_N_1) > END_N_1:
            row.update(statut="En cours", date_levee=None, reference_courrier=None)
    for row in content["actions"]:
        if row["statut"] != "Réalisée":
            row["avancement"] = row["avancement"] / 2
    for row in content["fragilites"]:
        if (row.get("date_resolution") or END_N_1) > END_N_1:
            row.update(statut="En cours", date_resolution=None)
    for row in content["indicateurs"]:
        row.pop("realise_n2", None)
    content["difficulte"] = [r for r in content["difficulte"] if r["exercice"] <= 2026]
    content["activite"] = [{**r, "exercice": 2026} for r in content["activite"]]
    return content


def ligne(content: Contenu, feuille: str, **ou: Any) -> dict[str, Any]:
    """The row of a sheet that holds these values."""
    (found,) = [r for r in content[feuille] if all(r.get(k) == v for k, v in ou.items())]
    return found


def confronter(
    apres: Contenu | None = None,
    avant: Contenu | None = None,
    *,
    finess: FinessExtract | None = None,
    families: tuple[str, ...] = ("EVO",),
    **options: Any,
) -> tuple[list[Finding], Mapping[str, Outcome]]:
    """What these families find in this year's return, and the status of every rule."""
    classeur = build(apres or cette_annee(), load_referentiel())
    precedent = (
        build(avant, load_referentiel()) if avant else build(last_year(), load_referentiel())
    )
    context = RuleContext(
        classeur, classeur.identification.date_arrete, precedent=precedent, finess=finess
    )
    findings, outcomes = engine.run((), context, **options)
    mine = [f for f in findings if f.code.split("-")[0] in families]
    return mine, {outcome.code: outcome for outcome in outcomes}


def places(findings: list[Finding]) -> set[tuple[str, str]]:
    """(code, sheet!cell) of each cell accused."""
    return {(f.code, f"{f.sheet}!{cell}") for f in findings for cell in f.cells or ("",)}
