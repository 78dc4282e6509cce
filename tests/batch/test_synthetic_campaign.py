"""The synthetic campaign: its size, its numbers, and what the control finds in it."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from tools.synthese import DrawnCampaign, organismes, production, produire
from tools.synthese.contenu import contenu
from tools.synthese.degats import DEGATS
from tools.synthese.fautes import FAUTES, appliquer
from xl_cpom import check
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.identifiants import finess_troisieme_zero, finess_valide, siren_valide, siret_valide
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.model import Verdict
from xl_cpom.workbook.template import write_template

REELS = Path(__file__).resolve().parents[1] / "data" / "finess_reels.txt"


def test_les_dimensions_de_la_region() -> None:
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


def test_des_numeros_justes_et_inventes() -> None:
    ogs = organismes()
    numbers = [og.finess for og in ogs] + [e.finess for og in ogs for e in og.esms]
    assert len(set(numbers)) == len(numbers) == 363 + 774 + 270
    assert all(finess_valide(n) and finess_troisieme_zero(n) for n in numbers)
    real = {word for word in REELS.read_text(encoding="utf-8").split() if finess_valide(word)}
    assert len(real) > 100
    assert not real & set(numbers)
    assert all(siren_valide(og.siren) for og in ogs)
    assert len({og.siren for og in ogs}) == len(ogs)
    sirets = [e.siret for og in ogs for e in og.esms]
    assert all(siret_valide(s) for s in sirets)
    assert len(set(sirets)) == len(sirets)


@pytest.mark.long
def test_la_meme_graine_donne_les_memes_octets(tmp_path: Path) -> None:
    def digests(name: str, jobs: int) -> dict[str, str]:
        made = produire(tmp_path / name, nombre=5, graine=3, jobs=jobs)
        return {
            path.relative_to(made.dossier).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(made.dossier.rglob("*")) if path.is_file()
        }  # fmt: skip

    assert digests("a", 1) == digests("b", 2)


@pytest.mark.parametrize("nom", list(FAUTES))
def test_chaque_faute_est_trouvee_par_sa_regle(nom: str, tmp_path: Path) -> None:
    path = tmp_path / "retour.xlsx"
    for og in organismes(40):
        filled = contenu(og, load_referentiel(), 2026)
        if appliquer(nom, filled):
            write_template(path, load_referentiel(), contenu=filled, sheets=production.legeres())
            codes = {finding.code for finding in check(path).findings}
            assert FAUTES[nom][1] in codes
            assert codes <= {FAUTES[nom][1], "IND-007"}, "one fault, and the rate it changes"
            return
    pytest.fail("no organisme can make this fault")


def test_le_controle_trouve_ce_qui_a_ete_mis(
    campagne: DrawnCampaign, resultat: CampaignResult
) -> None:
    reports = {report.file: report for report in resultat.reports}
    assert set(reports) == {retour.fichier for retour in campagne.retours}
    victims = {r.emprunt.finess for r in campagne.retours if r.emprunt}
    seen = set()
    for retour in campagne.retours:
        report = reports[retour.fichier]
        codes = {finding.code for finding in report.findings}
        seen.add(retour.qualite)
        if retour.attendu:
            assert retour.attendu in codes, (retour.qualite, retour.detail)
        elif retour.organisme.finess not in victims:
            assert codes == set(), retour
            assert report.verdict is Verdict.RECEVABLE
        assert (report.verdict is Verdict.ILLISIBLE) == (retour.detail in DEGATS)
    assert len(seen) >= 6


@pytest.mark.parametrize("rang", [1, 3])
def test_un_retour_honnete_l_est_chaque_annee(rang: int, tmp_path: Path) -> None:
    og = max(organismes(30), key=lambda o: len(o.esms))
    path = tmp_path / "retour.xlsx"
    write_template(path, load_referentiel(), contenu=contenu(og, load_referentiel(), 5, rang))
    report = check(path)
    assert (report.findings, report.verdict) == ((), Verdict.RECEVABLE)
