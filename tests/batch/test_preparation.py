"""`xl-cpom preparer`: one pre-filled workbook per organisme, nobody's work overwritten."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tools.synthese import DrawnCampaign
from xl_cpom.batch.follow_up import ATTENDUS, SUIVI, read_follow_up
from xl_cpom.batch.given_lists import UnreadableListError, read_attendus
from xl_cpom.batch.planned_workbook import CHANGED, UNCHANGED, WITHOUT_ESMS, WRITTEN, Prepare
from xl_cpom.batch.preparation import classeurs, prepare_workbooks
from xl_cpom.batch.programmation import read_programmation
from xl_cpom.cli import cli
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check
from xl_cpom.validators.retours import Attendu, EtAttendu
from xl_cpom.workers.pool import WorkerSettings

EXTRAIT = """nofinesset;nofinessej;raison_sociale;categetab;departement;commune;siret
210781456;210099008;EHPAD Les Tilleuls;500;21;Selongey;99900026800022
210099032;210099008;IME Les Tilleuls;183;21;Quetigny;
710976507;710099003;EHPAD Les Érables;500;71;Mâcon;
750000000;750712184;Hors région;500;75;Paris;
"""
PROGRAMMATION = """FINESS EJ;Raison sociale;Dep;Type de contrat;Date d'entrée;Compétence;Courriel
210099008;Association Les Tilleuls;Côte-d'Or;Renouvellement;01/01/2026;ARS+CD;q@tilleuls.example.fr
710099003;Association Les Érables;;Primo CPOM;2027-01-01;propre ARS;
710099003;;71;;;;erables@example.fr
710099011;Sans établissement;;;;;
"""


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    extrait, programmation = tmp_path / "extrait.csv", tmp_path / "programmation.csv"
    extrait.write_text(EXTRAIT, encoding="utf-8")
    programmation.write_bytes(PROGRAMMATION.encode("cp1252"))
    return extrait, programmation


def test_the_list_of_attendus_is_given_to_the_control(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    faire(sources, out)
    found = read_attendus(out / ATTENDUS)
    assert list(found) == ["210099008", "710099003", "710099011"]
    assert found["210099008"] == Attendu(
        "210099008", "Association Les Tilleuls", "21", "renouvellement", "PA et PH",
        courriel="q@tilleuls.example.fr", etablissements=(
            EtAttendu("210099032", "IME Les Tilleuls", "183", "PH", "21"),
            EtAttendu("210781456", "EHPAD Les Tilleuls", "500", "PA", "21"),
        ))  # fmt: skip
    assert found["710099003"].courriel == "erables@example.fr"
    assert found["710099011"].etablissements == ()
    follow = read_attendus(out / SUIVI)
    assert {k: (a.raison_sociale, a.departement) for k, a in follow.items()} == {
        k: (a.raison_sociale, a.departement) for k, a in found.items()
    }


@pytest.mark.parametrize(
    ("header", "text", "read"),
    [
        ("Type", "Primo CPOM", "primo-CPOM"), ("type de contrat", "1er CPOM", "primo-CPOM"),
        ("type_contrat", "RENOUVELLEMENT ", "renouvellement"), ("type", "en cours",
         "CPOM en cours de validité"), ("type", "", ""),
        ("Compétence", "conjointe", "ARS + CD"), ("competence", "ARS et Département", "ARS + CD"),
        ("competence", "propre ARS", "ARS"), ("competence", "exclusive", "ARS"),
        ("Date d'entrée en CPOM", "1/3/2027", dt.date(2027, 3, 1)),
        ("date_entree", "1er mars 2027", dt.date(2027, 3, 1)), ("date_entree", "", None),
        ("Département", "Saône-et-Loire", "71"), ("dep", "71 - Saône-et-Loire", "71"),
        ("dep", "1", "01"), ("dep", "2a", "2A"), ("dep", "21 71", ""), ("dep", "ailleurs", ""),
    ],
)  # fmt: skip
def test_what_the_programmation_means(tmp_path: Path, header: str, text: str, read: object) -> None:
    path = tmp_path / "programmation.csv"
    path.write_text(f'FINESS EJ;"{header}"\n710099003;{text}\n', encoding="utf-8")
    (found,) = read_programmation(path, load_referentiel()).values()
    values = (found.type_contrat, found.autorites, found.date_entree, found.departement)
    assert [value for value in values if value] == ([read] if read else [])


@pytest.mark.parametrize(
    ("header", "text", "said"),
    [
        ("type", "avenant", "« avenant » n'est pas un type de contrat. Écrivez par exemple "
         "« primo-CPOM », « renouvellement » ou « CPOM en cours de validité »."),
        ("competence", "Préfet", "« Préfet » n'est pas une compétence"),
        ("date_entree", "31/02/2027", "« 31/02/2027 » n'est pas une date"),
    ],
)  # fmt: skip
def test_what_the_programmation_cannot_say(
    tmp_path: Path, header: str, text: str, said: str
) -> None:
    path = tmp_path / "programmation.csv"
    path.write_text(f"finess_ej;{header}\n710099003;\n210099008;{text}\n", encoding="utf-8")
    with pytest.raises(UnreadableListError) as refusal:
        read_programmation(path, load_referentiel())
    assert f"ligne 3 : {said}" in str(refusal.value).replace("\u00a0", " ")


def test_from_the_invented_region_to_the_classeurs(campagne: DrawnCampaign, tmp_path: Path) -> None:
    """The lists of the synthetic campaign, as the ARS would have them, through the command."""
    few = campagne.organismes[:3]
    lines = campagne.programmation.read_text("utf-8-sig").splitlines()[:4]
    path = tmp_path / "programmation.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "envoi"
    asked = ["preparer", "--referentiel", str(campagne.extrait), "--programmation", str(path),
             "-o", str(out), "-j", "2"]  # fmt: skip
    run = CliRunner().invoke(cli, asked)
    assert (run.exit_code, run.exception) == (0, None)
    wanted = read_attendus(campagne.attendus)
    prepared = read_attendus(out / ATTENDUS)
    for og in few:
        expected, found = wanted[og.finess], prepared[og.finess]
        assert set(found.etablissements) == set(expected.etablissements)
        assert replace(found, etablissements=()) == replace(expected, etablissements=(), annee=None)
        (path,) = out.glob(f"CPOM_{og.finess}_*.xlsx")
        report = check(path)
        assert report.finess_ej == og.finess
        assert {f.code for f in report.findings if f.sheet == "Établissements"} == set()
    rows = read_follow_up(out / SUIVI)
    assert {n: (r["ESMS"], r["Places"]) for n, r in rows.items()} == {
        og.finess: (str(len(og.esms)), str(sum(e.capacite for e in og.esms))) for og in few
    }


def faire(sources: tuple[Path, Path], out: Path) -> dict[str, str]:
    wanted = list(classeurs(*sources, load_referentiel()))
    done: list[Prepare] = list(prepare_workbooks(wanted, out, WorkerSettings(jobs=2)))
    return {p.classeur.finess_ej: p.state for p in done}


def fingerprints(out: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in out.glob("*.xlsx")}


def test_one_prefilled_classeur_by_organisme(sources: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "a préparer"
    assert faire(sources, out) == {
        "210099008": WRITTEN, "710099003": WRITTEN, "710099011": WITHOUT_ESMS}  # fmt: skip
    book = load_workbook(out / "CPOM_210099008_Association_Les_Tilleuls.xlsx")
    fiche = {row[0].value: row[1].value for row in book["Identification"].iter_rows(max_col=2)}
    assert fiche["FINESS EJ"] == "210099008"
    assert fiche["Raison sociale de l'organisme gestionnaire"] == "Association Les Tilleuls"
    assert fiche["Type de contrat"] == "renouvellement"
    assert fiche["Autorités signataires"] == "ARS + CD"
    assert str(fiche["Date d'échéance"])[:10] == "2030-12-31"
    assert fiche["Département du siège"] == "21"
    cells = [row[0].value for row in book["Établissements"].iter_rows(min_row=6, max_row=8)]
    assert cells == ["210099032", "210781456", None]
    later = load_workbook(out / "CPOM_710099003_Association_Les_Erables.xlsx")
    assert "2027" in {str(row[1].value) for row in later["Identification"].iter_rows(max_col=2)}


def test_running_again_writes_only_what_is_missing(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    faire(sources, out)
    before = fingerprints(out)
    filled, lost = sorted(before)
    (out / lost).unlink()
    (out / filled).write_bytes((out / filled).read_bytes() + b"saisi depuis")
    states = faire(sources, out)
    assert sorted(states.values()) == sorted([CHANGED, WRITTEN, WITHOUT_ESMS])
    assert (out / filled).read_bytes().endswith(b"saisi depuis")
    assert fingerprints(out)[lost] == before[lost]


def test_a_run_interrupted_before_the_table_is_resumed(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    faire(sources, out)
    before = fingerprints(out)
    table = (out / SUIVI).read_bytes()
    (out / SUIVI).unlink()
    assert set(faire(sources, out).values()) == {UNCHANGED, WITHOUT_ESMS}
    assert fingerprints(out) == before
    assert faire(sources, out) == faire(sources, out)
    assert read_follow_up(out / SUIVI).keys() == {"210099008", "710099003", "710099011"}
    assert table.count(b"\r\n") == (out / SUIVI).read_bytes().count(b"\r\n") == 4


def test_what_the_ars_types_in_the_table_is_kept(
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
    kept = read_follow_up(out / SUIVI)["210099008"]
    assert (kept["Envoyé le"], kept["Remarque"]) == ("12/01/2028", "relancer ; appeler")
    assert kept["État"] == UNCHANGED


def test_the_command(sources: tuple[Path, Path], tmp_path: Path) -> None:
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
    assert wrong.exit_code == 0, wrong.output
    bad = tmp_path / "mauvais.csv"
    bad.write_text("a;b\n1;2\n", encoding="utf-8")
    refused = CliRunner().invoke(
        cli,
        ["preparer", "--referentiel", extrait, "--programmation", str(bad), "-o", str(out)],
    )
    assert refused.exit_code == 2
    assert "il manque la colonne" in refused.output
    with pytest.raises(UnreadableListError):
        list(classeurs(sources[0], bad, load_referentiel()))
