"""The synthetic campaign: its size, its numbers, and what the control finds in it."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from tools.synthese import DrawnCampaign, organismes, produce, production
from tools.synthese.contenu import contenu
from tools.synthese.degats import DAMAGES
from tools.synthese.fautes import FAULTS, apply
from xl_cpom import check
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.identifiants import finess_troisieme_zero, finess_valide, siren_valide, siret_valide
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.model import INFORMATION, Scope, Verdict
from xl_cpom.workbook.template import write_template

REAL = Path(__file__).resolve().parents[1] / "data" / "finess_reels.txt"


def test_the_dimensions_of_the_region() -> None:
    ogs = organismes()
    esms = [e for og in ogs for e in og.esms]
    assert len(ogs) == 363
    assert Counter(bool(e.principal) for e in esms) == {False: 774, True: 270}
    assert {og.departement for og in ogs} == set(load_referentiel().departements)
    assert {og.type_contrat for og in ogs} == set(load_referentiel().listes["type_contrat"])
    assert {og.secteurs for og in ogs} == {("PA",), ("PH",), ("PA", "PH")}
    for e in esms:
        assert e.secteur in load_referentiel().categories[e.categorie].secteurs
        assert e.principal == "" or e.principal in {other.finess for other in esms}


def test_right_and_invented_numeros() -> None:
    ogs = organismes()
    numbers = [og.finess for og in ogs] + [e.finess for og in ogs for e in og.esms]
    assert len(set(numbers)) == len(numbers) == 363 + 774 + 270
    assert all(finess_valide(n) and finess_troisieme_zero(n) for n in numbers)
    real = {word for word in REAL.read_text(encoding="utf-8").split() if finess_valide(word)}
    assert len(real) > 100
    assert not real & set(numbers)
    assert all(siren_valide(og.siren) for og in ogs)
    assert len({og.siren for og in ogs}) == len(ogs)
    sirets = [e.siret for og in ogs for e in og.esms]
    assert all(siret_valide(s) for s in sirets)
    assert len(set(sirets)) == len(sirets)


@pytest.mark.long
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def digests(name: str, jobs: int) -> dict[str, str]:
        made = produce(tmp_path / name, nombre=5, graine=3, jobs=jobs)
        return {
            path.relative_to(made.dossier).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(made.dossier.rglob("*"))
            if path.is_file()
        }

    assert digests("a", 1) == digests("b", 2)


@pytest.mark.parametrize("name", list(FAULTS))
def test_every_fault_is_found_by_its_rule(name: str, tmp_path: Path) -> None:
    path = tmp_path / "retour.xlsx"
    for og in organismes(40):
        filled = contenu(og, load_referentiel(), 2026)
        if apply(name, filled):
            write_template(path, load_referentiel(), contenu=filled, sheets=production.legeres())
            codes = {finding.code for finding in check(path).findings}
            assert FAULTS[name][1] in codes
            assert codes <= {FAULTS[name][1], "IND-007"}, "one fault, and the rate it changes"
            return
    pytest.fail("no organisme can make this fault")


def test_the_control_finds_what_was_put(campagne: DrawnCampaign, resultat: CampaignResult) -> None:
    reports = {report.file: report for report in resultat.reports}
    assert set(reports) == {retour.fichier for retour in campagne.retours}
    victims = {r.emprunt.finess for r in campagne.retours if r.emprunt}
    seen = set()
    for retour in campagne.retours:
        report = reports[retour.fichier]
        codes = {finding.code for finding in report.findings}
        seen.add(retour.qualite)
        if retour.attendu:
            told = {retour.attendu}
            rule = RULES.get(retour.attendu)  # none for what cannot be read (LEC)
            if rule is not None and rule.scope is Scope.CAMPAGNE:
                told |= set(rule.requires)
            assert len(told & codes) == 1, (retour.qualite, retour.detail)
        elif retour.organisme.finess not in victims:
            faults = {f.code for f in report.findings if f.severity is not INFORMATION}
            assert faults == set(), retour
            assert report.verdict is Verdict.RECEVABLE
        assert (report.verdict is Verdict.ILLISIBLE) == (retour.detail in DAMAGES)
    assert len(seen) >= 6


@pytest.mark.parametrize("rank", [1, 3])
def test_an_honest_retour_is_so_every_year(rank: int, tmp_path: Path) -> None:
    og = max(organismes(30), key=lambda o: len(o.esms))
    path = tmp_path / "retour.xlsx"
    write_template(path, load_referentiel(), contenu=contenu(og, load_referentiel(), 5, rank))
    report = check(path)
    told = [f for f in report.findings if f.severity is not INFORMATION]
    assert (told, report.verdict) == ([], Verdict.RECEVABLE)
