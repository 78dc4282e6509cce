"""`xl-cpom valider` over a folder: options, outputs, exit codes, bundles."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import EXTENSIONS, controler

from xl_cpom.batch.campagne import fichiers
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.lots import PIECES, ecrire_lots
from xl_cpom.batch.pool import Reglages
from xl_cpom.batch.synthese import Campagne
from xl_cpom.validators.model import Verdict


def lancer(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "xl_cpom", "valider", *map(str, arguments)], capture_output=True,
        text=True, check=False, env={**os.environ, **env},
    )  # fmt: skip


@pytest.fixture(scope="module")
def trois(campagne: Campagne, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three honest returns and one that is damaged, in a folder of their own."""
    folder = tmp_path_factory.mktemp("trois")
    wanted = [r for r in campagne.retours if r.qualite == "honnête"][:3]
    wanted += [r for r in campagne.retours if r.qualite == "abîmé"][:1]
    for retour in wanted:
        (folder / retour.fichier).write_bytes((campagne.depot / retour.fichier).read_bytes())
    return folder


def test_un_dossier(trois: Path, tmp_path: Path) -> None:
    run = lancer(trois, "--format", "json", XDG_STATE_HOME=str(tmp_path))
    found = json.loads(run.stdout)
    assert [r["fichier"] for r in found] == sorted(p.name for p in trois.iterdir())
    assert sorted(r["verdict"] for r in found) == ["illisible", *["recevable"] * 3]
    assert (run.returncode, run.stderr) == (3, "")
    assert len(list(tmp_path.rglob("*.sqlite"))) == 1
    again = lancer(trois, "--format", "json", "--reprendre", XDG_STATE_HOME=str(tmp_path))
    assert (again.stdout, again.returncode) == (run.stdout, 3)


def test_un_dossier_d_etat_interdit_n_empeche_rien(trois: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "fichier"
    blocked.write_text("")
    run = lancer(trois, "--format", "json", XDG_STATE_HOME=str(blocked))
    assert (len(json.loads(run.stdout)), run.returncode) == (4, 3)
    assert run.stderr.startswith("Pas de journal")


def test_une_campagne_entiere(campagne: Campagne, tmp_path: Path) -> None:
    out = tmp_path / "sortie"
    run = lancer(campagne.depot, "--attendus", campagne.attendus, "--consolidation", out,
                 "--format", "json", "-o", tmp_path / "rapport.json", "-j", 2)  # fmt: skip
    assert run.returncode == 3, run.stderr
    assert {p.name for p in out.iterdir()} == {
        "consolidation.xlsx", "journal.sqlite", "parquet", "region.html", "region.xlsx",
    }  # fmt: skip
    assert (tmp_path / "rapport.json").exists()
    lines = run.stderr.replace("\u202f", " ").splitlines()
    total = len(campagne.retours)
    assert lines[-2].startswith(f"{total} classeurs sur {total} :".replace(" :", "\u00a0:"))


def test_aucun_retour_mais_des_attendus(campagne: Campagne, tmp_path: Path) -> None:
    empty = tmp_path / "vide"
    empty.mkdir()
    out = tmp_path / "sortie"
    run = lancer(empty, "--attendus", campagne.attendus, "--consolidation", out, "--format", "csv")
    assert run.returncode == 0, run.stderr
    html = (out / "region.html").read_text(encoding="utf-8")
    assert re.search(r'data-figure="region.manquants">26<', html)
    nothing = lancer(empty)
    assert nothing.returncode == 2


@pytest.mark.parametrize("text", ["a;b\n1;2\n", "finess_ej\nabc\n"])
def test_une_liste_inutilisable_est_un_mauvais_usage(
    trois: Path, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "attendus.csv"
    path.write_text(text, encoding="utf-8")
    run = lancer(trois, "--attendus", path)
    assert run.returncode == 2
    assert "attendus.csv" in run.stderr and "Traceback" not in run.stderr


def test_un_lot_par_organisme(campagne: Campagne, trois: Path, tmp_path: Path) -> None:
    out = tmp_path / "lots"
    copy = next(r for r in campagne.retours if r.attendu == "LOT-004")
    (trois / copy.fichier).write_bytes((campagne.depot / copy.fichier).read_bytes())
    original = copy.fichier.removeprefix("copie_de_")
    (trois / original).write_bytes((campagne.depot / original).read_bytes())
    dossier = fichiers([trois], EXTENSIONS)
    resultat = controler(campagne, dossier, Journal())
    made = {lot.fichier: lot for lot in ecrire_lots(resultat, dossier, out,
                                                    reglages=Reglages(jobs=2))}  # fmt: skip
    aside = resultat.campagne.ecartes
    assert len(aside) == 1
    assert set(made) == {r.fichier for r in resultat.reports if r.fichier not in aside}
    for report in resultat.reports:
        lot = made.get(report.fichier)
        if lot is None:
            continue
        names = {p.name for p in lot.dossier.iterdir()}
        assert names == set(lot.pieces)
        assert lot.manques == ()
        if report.verdict is Verdict.ILLISIBLE:
            assert names == set(PIECES) - {"saisie_e-CARS.xlsx"}
        else:
            assert names == {*PIECES, f"{Path(report.fichier).stem}_annoté.xlsx"}
    first = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    for _ in ecrire_lots(resultat, dossier, out, reglages=Reglages(jobs=1)):
        pass
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == first
