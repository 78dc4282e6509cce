"""`xl-cpom preparer --depuis`: which return is taken, what is told, and nobody's work lost."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from xl_cpom.batch.follow_up import read_follow_up
from xl_cpom.batch.given_lists import read_attendus
from xl_cpom.cli import cli
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook
from xl_cpom.workbook.template import write_template
from xl_cpom.workbook.transfer.pouring import for_tables

WORKBOOKS = Path("workbooks")
EJ = "210099008"


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The valid example, an older version that says less, the faulty example, a stray file."""
    folder = tmp_path_factory.mktemp("retours")
    shutil.copy(WORKBOOKS / "exemple_valide.xlsx", folder / f"CPOM_{EJ}_v2.xlsx")
    shutil.copy(WORKBOOKS / "exemple_fautif.xlsx", folder)
    referentiel = load_referentiel()
    read = interpret(read_workbook(WORKBOOKS / "exemple_valide.xlsx"), referentiel)
    content = for_tables(read).content
    content["actions"][0]["pilote"] = "Direction générale"
    write_template(folder / f"CPOM_{EJ}_v1.xlsx", referentiel, contenu=content)
    (folder / "lisez-moi.txt").write_text("bonjour", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def prepared(returns: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("envoi") / "N3"
    return folder, prepare(returns, folder, "--annee", "N3")


def prepare(returns: Path, folder: Path, *more: str) -> Result:
    asked = ["preparer", "--depuis", str(returns), "-o", str(folder), "-j", "2", *more]
    return CliRunner().invoke(cli, asked)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_one_workbook_from_the_last_recevable_return(
    returns: Path, prepared: tuple[Path, Result]
) -> None:
    folder, run = prepared
    assert (run.exit_code, run.exception) == (0, None)
    (path,) = folder.glob("*.xlsx")
    assert path.name.startswith(f"CPOM_{EJ}_")
    assert path.stem.endswith("_N3")
    assert not {f.code for f in check(path, precedent=returns).findings if f.code.startswith("EVO")}
    outcomes = {row["Fichier"]: row["Suite"] for row in table(folder / "retours.csv")}
    assert outcomes[f"CPOM_{EJ}_v2.xlsx"] == "retenu"
    assert plain(outcomes[f"CPOM_{EJ}_v1.xlsx"]) == (
        f"remplacé par une version plus récente : CPOM_{EJ}_v2.xlsx"
    )
    assert plain(outcomes["exemple_fautif.xlsx"]).startswith("non recevable : ")
    follow = read_follow_up(folder / "suivi.csv")
    assert follow[EJ]["Retour d'origine"] == f"CPOM_{EJ}_v2.xlsx"
    assert follow["010099000"]["État"] == "non préparé : aucun retour recevable"
    assert {a.annee for a in read_attendus(folder / "attendus.csv").values()} == {2028, None}
    assert "lisez-moi.txt" in run.output


def test_run_again_it_writes_nothing_and_keeps_what_was_typed(
    returns: Path, prepared: tuple[Path, Result], tmp_path: Path
) -> None:
    folder = tmp_path / "N3"
    shutil.copytree(prepared[0], folder)
    (path,) = folder.glob("*.xlsx")
    before = path.read_bytes()
    again = prepare(returns, folder, "--annee", "2028")
    assert "inchangé : 1" in plain(again.output)
    assert path.read_bytes() == before
    path.write_bytes(before + b"saisi depuis")
    again = prepare(returns, folder, "--annee", "N3")
    assert "modifié depuis : laissé : 1" in plain(again.output)
    assert path.read_bytes() == before + b"saisi depuis"
    other = prepare(returns, folder, "--annee", "N4")
    assert other.exit_code == 2
    assert "suit déjà une autre année" in other.output
    assert [p.name for p in folder.glob("*.xlsx")] == [path.name]


def test_what_finess_says_otherwise_is_listed(returns: Path, tmp_path: Path) -> None:
    extract = tmp_path / "finess.csv"
    extract.write_text(
        "nofinesset;nofinessej;raison_sociale;categetab;departement;datefermeture;capacite\n"
        f"210781456;{EJ};EHPAD Les Tilleuls de la Tille;500;21;2026-06-30;82\n"
        f"210000105;{EJ};EHPAD Les Nouveaux Tilleuls;500;21;;\n",
        encoding="utf-8",
    )
    folder = tmp_path / "N3"
    run = prepare(returns, folder, "--annee", "N3", "--referentiel", str(extract))
    assert run.exit_code == 0, run.output
    rows = table(folder / "changements_finess.csv")
    told = {(row["FINESS ET"], row["Différence"], row["Dans FINESS"]) for row in rows}
    assert {(n, d, plain(f)) for n, d, f in told if not d.startswith("Numéro inconnu")} == {
        ("210781456", "Établissement fermé", "fermé le 30/06/2026"),
        ("210781456", "Capacité autorisée", "82 places"),
        ("210000105", "Établissement absent du retour", "ouvert"),
    }
    assert {row["FINESS EJ"] for row in rows} == {EJ}
    assert f"{len(rows)} différences avec les retours" in plain(run.output)


def test_an_organisme_of_the_list_that_sent_nothing_is_told(returns: Path, tmp_path: Path) -> None:
    programmation = tmp_path / "programmation.csv"
    programmation.write_text(
        "finess_ej;raison_sociale\n710099003;Association Les Érables\n", encoding="utf-8"
    )
    run = prepare(returns, tmp_path / "N3", "--annee", "N3", "--programmation", str(programmation))
    assert run.exit_code == 0, run.output
    assert "710099003 Association Les Érables : non préparé (aucun retour reçu)" in plain(
        run.output
    )


@pytest.mark.long
def test_the_next_contract(returns: Path, tmp_path: Path) -> None:
    run = prepare(returns, tmp_path / "N", "--renouvellement", "--annee", "N3")
    assert run.exit_code == 0, run.output
    (path,) = (tmp_path / "N").glob("*.xlsx")
    classeur = interpret(read_workbook(path), load_referentiel()).classeur
    assert (classeur.identification.annee_suivie, classeur.annee_n1) == ("N", 2031)


def test_the_next_contract_follows_what_the_bilan_decided(returns: Path, tmp_path: Path) -> None:
    source = returns / f"CPOM_{EJ}_v2.xlsx"
    assert CliRunner().invoke(cli, ["bilan", str(source), "-o", str(tmp_path)]).exit_code == 0
    book = load_workbook(tmp_path / "bilan.xlsx")
    rows = {row[1].value: row for row in book["Suites"].iter_rows(min_row=2)}
    rows["A9"][8].value, rows["A12"][8].value = "clore", "Transformer"
    book.save(tmp_path / "bilan.xlsx")
    run = prepare(returns, tmp_path / "N", "--renouvellement", "--bilan", str(tmp_path))
    assert run.exit_code == 0, run.output
    (path,) = (tmp_path / "N").glob("*.xlsx")
    plan = interpret(read_workbook(path), load_referentiel()).classeur["actions"]
    kept = {row.numero: row.commentaire for row in plan}
    assert "A9" not in kept
    assert plain(kept["A12"]) == "À transformer : décision du bilan."
    rows["A12"][8].value = "peut-être"
    book.save(tmp_path / "bilan.xlsx")
    refused = prepare(returns, tmp_path / "N", "--renouvellement", "--bilan", str(tmp_path))
    assert refused.exit_code == 2
    assert "« peut-être » n'est pas un devenir" in plain(refused.output)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "donnez --annee"),
        (("--annee", "N"), "donnez --annee"),
        (("--annee", "N3", "--bilan", "workbooks"), "--bilan demande --renouvellement"),
        (("--annee", "trois"), "n'est pas une année"),
    ],
)
def test_what_does_not_go_together(
    returns: Path, tmp_path: Path, more: tuple[str, ...], said: str
) -> None:
    run = prepare(returns, tmp_path / "x", *more)
    assert run.exit_code == 2
    assert said in plain(run.output)


def test_without_any_source_it_says_which_ones_there_are(tmp_path: Path) -> None:
    run = CliRunner().invoke(cli, ["preparer", "-o", str(tmp_path / "x")])
    assert run.exit_code == 2
    assert "--depuis" in run.output


def test_the_workbooks_are_not_written_among_the_returns(returns: Path) -> None:
    run = prepare(returns, returns, "--annee", "N3")
    assert run.exit_code == 2
    assert "écrivez les classeurs ailleurs" in plain(run.output)
