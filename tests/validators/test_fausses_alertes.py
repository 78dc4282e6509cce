"""No false alarm: 300 honest returns drawn at random raise nothing, but informations that are true.

Different organismes (one ESMS to a score), secteurs and years N to N5, from another seed than the
synthetic campaign's. Most are judged in memory; a few go through a real file, written from the
template and read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.ampleur import by
from tests.validators.honnetes import Contenu, informations, retours
from xl_cpom import check
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import engine
from xl_cpom.validators.model import INFORMATION, Finding, Status, Verdict
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.building import build
from xl_cpom.workbook.records import Classeur
from xl_cpom.workbook.template import write_template

SEED, COMBIEN, LOTS = 20_260_101, 300, 8
pytestmark = pytest.mark.xdist_group("honnetes")


@cache
def tires() -> tuple[tuple[str, Contenu], ...]:
    """(name, content) of each return; drawn once, by the only process that needs them."""
    return tuple(retours(COMBIEN, SEED, load_referentiel()))


def said(findings: Sequence[Finding], classeur: Classeur) -> list[tuple[str, str]]:
    """(code, what the row is) of each row of each finding."""
    tabs = {table.name: table for table in classeur.tables.values()}
    found = []
    for finding in findings:
        rows = tabs[finding.sheet].rows_of(finding.cells)
        assert rows, finding
        key = "numero" if finding.sheet == "Inspection-contrôle" else "finess_et"
        found += {(finding.code, row[key]) for row in rows}
    return sorted(found)


@pytest.mark.parametrize("lot", range(LOTS))
def test_an_honest_return_raises_nothing(lot: int, record_property) -> None:  # type: ignore[no-untyped-def]
    mine = tires()[lot::LOTS]
    alertes: list[tuple[str, Finding]] = []
    for name, content in mine:
        classeur = build(content, load_referentiel())
        context = RuleContext(classeur, classeur.identification.date_arrete)
        findings, outcomes = engine.run((), context)
        assert [o for o in outcomes if o.status is Status.EN_PANNE] == [], name
        alertes += [(name, f) for f in findings if f.severity is not INFORMATION]
        assert said(findings, classeur) == informations(content) or alertes, name
    record_property("honnetes", len(mine))
    record_property("fausses_alertes", len(alertes))
    assert alertes == []


@pytest.mark.parametrize("rank", range(0, COMBIEN, by(97, 31)))
def test_an_honest_file_raises_nothing(
    rank: int,
    tmp_path: Path,
    record_property,  # type: ignore[no-untyped-def]
) -> None:
    _, content = tires()[rank]
    path = tmp_path / "retour.xlsx"
    write_template(path, load_referentiel(), contenu=content)
    report = check(path)
    preparing = content["identification"][0]["annee_suivie"] == "N"
    assert report.verdict is (Verdict.READY if preparing else Verdict.RECEVABLE)
    assert report.count_rules(Status.EN_PANNE) == 0
    assert said(report.findings, build(content, load_referentiel())) == informations(content)
    record_property("honnetes", 1)


def test_they_are_of_every_kind() -> None:
    contents = [content for _, content in tires()]
    fiches = [content["identification"][0] for content in contents]
    assert {fiche["annee_suivie"] for fiche in fiches} == {"N", "N1", "N2", "N3", "N4", "N5"}
    assert {fiche["secteurs"] for fiche in fiches} == {"PA", "PH", "PA et PH"}
    sizes = [len(content["etablissements"]) for content in contents]
    assert sizes.count(1) >= 15 and max(sizes) >= 12
    optional = [
        {row["code"] for row in content["modules"] if row.get("actif") == "Oui"}
        & {"HAS", "INSPECTION", "DIFFICULTE"}
        for content in contents
    ]
    assert {len(active) for active in optional} == {0, 1, 2, 3}
    statuts = {row["statut"] for content in contents for row in content["actions"]}
    assert statuts == set(load_referentiel().listes["statut_action"])
    for key in ("mesures", "has", "difficulte", "activite", "fragilites"):
        assert sum(bool(content.get(key)) for content in contents) >= 15, key
    assert sum(bool(informations(content)) for content in contents) >= 10
