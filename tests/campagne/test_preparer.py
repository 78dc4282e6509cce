"""`xl-cpom preparer`: one pre-filled workbook per organisme, nobody's work overwritten."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from xl_cpom.batch.listes import ListeIllisibleError
from xl_cpom.batch.pool import Reglages
from xl_cpom.batch.preparation import (
    ECRIT,
    INCHANGE,
    MODIFIE,
    SANS_ESMS,
    SUIVI,
    Prepare,
    classeurs,
    lire_suivi,
    preparer,
)
from xl_cpom.cli import cli
from xl_cpom.referentiel import charger

EXTRAIT = """nofinesset;nofinessej;raison_sociale;categetab;departement;commune;siret
210781456;210099008;EHPAD Les Tilleuls;500;21;Selongey;99900026800022
210099032;210099008;IME Les Tilleuls;183;21;Quetigny;
710976507;710099003;EHPAD Les Érables;500;71;Mâcon;
750000000;750712184;Hors région;500;75;Paris;
"""
PROGRAMMATION = """FINESS EJ;Raison sociale;Type de contrat;Date d'entrée;Compétence;Courriel
210099008;Association Les Tilleuls;Renouvellement;01/01/2026;ARS+CD;qualite@tilleuls.example.fr
710099003;Association Les Érables;primo-cpom;2027-01-01;ARS;
710099011;Sans établissement;;;;
"""


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    extrait, programmation = tmp_path / "extrait.csv", tmp_path / "programmation.csv"
    extrait.write_text(EXTRAIT, encoding="utf-8")
    programmation.write_bytes(PROGRAMMATION.encode("cp1252"))
    return extrait, programmation


def faire(sources: tuple[Path, Path], out: Path) -> dict[str, str]:
    wanted = list(classeurs(*sources, charger()))
    done: list[Prepare] = list(preparer(wanted, out, Reglages(jobs=2)))
    return {p.classeur.finess_ej: p.etat for p in done}


def empreintes(out: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in out.glob("*.xlsx")}


def test_un_classeur_prerempli_par_organisme(sources: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "a préparer"
    assert faire(sources, out) == {
        "210099008": ECRIT, "710099003": ECRIT, "710099011": SANS_ESMS}  # fmt: skip
    book = load_workbook(out / "CPOM_210099008_Association_Les_Tilleuls.xlsx")
    fiche = {row[0].value: row[1].value for row in book["Identification"].iter_rows(max_col=2)}
    assert fiche["FINESS EJ"] == "210099008"
    assert fiche["Raison sociale de l'organisme gestionnaire"] == "Association Les Tilleuls"
    assert fiche["Type de contrat"] == "renouvellement"
    assert fiche["Autorités signataires"] == "ARS + CD"
    assert str(fiche["Date d'échéance"])[:10] == "2030-12-31"
    cells = [row[0].value for row in book["Établissements"].iter_rows(min_row=6, max_row=8)]
    assert cells == ["210099032", "210781456", None]
    later = load_workbook(out / "CPOM_710099003_Association_Les_Erables.xlsx")
    assert "2027" in {str(row[1].value) for row in later["Identification"].iter_rows(max_col=2)}


def test_relancer_n_ecrit_que_ce_qui_manque(sources: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    faire(sources, out)
    before = empreintes(out)
    filled, lost = sorted(before)
    (out / lost).unlink()
    (out / filled).write_bytes((out / filled).read_bytes() + b"saisi depuis")
    states = faire(sources, out)
    assert sorted(states.values()) == sorted([MODIFIE, ECRIT, SANS_ESMS])
    assert (out / filled).read_bytes().endswith(b"saisi depuis")
    assert empreintes(out)[lost] == before[lost]


def test_un_passage_interrompu_avant_la_table_se_reprend(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    faire(sources, out)
    before = empreintes(out)
    table = (out / SUIVI).read_bytes()
    (out / SUIVI).unlink()
    assert set(faire(sources, out).values()) == {INCHANGE, SANS_ESMS}
    assert empreintes(out) == before
    assert faire(sources, out) == faire(sources, out)
    assert lire_suivi(out / SUIVI).keys() == {"210099008", "710099003", "710099011"}
    assert table.count(b"\r\n") == (out / SUIVI).read_bytes().count(b"\r\n") == 4


def test_ce_que_l_ars_saisit_dans_la_table_est_garde(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    faire(sources, out)
    rows = list(csv.reader(io.StringIO((out / SUIVI).read_text("utf-8-sig")), delimiter=";"))
    rows[1][rows[0].index("Envoyé le")] = "12/01/2028"
    rows[1][rows[0].index("Remarque")] = "relancer ; appeler"
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    (out / SUIVI).write_text("\ufeff" + text.getvalue(), encoding="utf-8")
    faire(sources, out)
    kept = lire_suivi(out / SUIVI)["210099008"]
    assert (kept["Envoyé le"], kept["Remarque"]) == ("12/01/2028", "relancer ; appeler")
    assert kept["État"] == INCHANGE


def test_la_commande(sources: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    extrait, programmation = map(str, sources)
    run = CliRunner().invoke(
        cli, ["preparer", "--referentiel", extrait, "--programmation", programmation, "-o",
              str(out), "-j", "1"])  # fmt: skip
    assert (run.exit_code, run.exception) == (0, None)
    assert "3 organismes (sans ESMS : 1 et écrit : 2)" in run.output.replace("\u00a0", " ")
    everything = CliRunner().invoke(cli, ["preparer", "--referentiel", extrait, "-o", str(out)])
    assert everything.exit_code == 0
    wrong = CliRunner().invoke(
        cli,
        ["preparer", "--referentiel", extrait, "--programmation", extrait, "-o", str(out)],
    )
    assert wrong.exit_code == 0, "the extract itself names the organismes"
    bad = tmp_path / "mauvais.csv"
    bad.write_text("a;b\n1;2\n", encoding="utf-8")
    refused = CliRunner().invoke(
        cli,
        ["preparer", "--referentiel", extrait, "--programmation", str(bad), "-o", str(out)],
    )
    assert refused.exit_code == 2
    assert "il manque la colonne" in refused.output
    with pytest.raises(ListeIllisibleError):
        list(classeurs(sources[0], bad, charger()))
