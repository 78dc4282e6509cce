"""The points of the second week that were left: one typo said once, the profile's effect, the keys.

The numbers are those of the table of `docs/decisions/19-deuxieme-semaine.md`.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from tests.batch.small_campaign import controler
from tests.commande import End, run
from tools.synthese import DrawnCampaign
from tools.synthese.contenu import contenu
from tools.synthese.deposit import Deposit, population
from tools.synthese.france import continued_sheets
from tools.synthese.population import organismes
from tools.synthese.production import legeres
from xl_cpom.batch.campagne import CampaignResult
from xl_cpom.batch.consolidation import consolidate as consolidation
from xl_cpom.batch.consolidation.years import COUNCILS
from xl_cpom.batch.deposit import CampaignFile
from xl_cpom.batch.journal import Journal
from xl_cpom.batch.situation import situations
from xl_cpom.cli.bundle_run import write_councils
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.check import check
from xl_cpom.validators.fingerprints import fingerprints
from xl_cpom.validators.numbers_meant import numbers_meant
from xl_cpom.validators.versions import Trace, comparer, declared_nature, declared_reason
from xl_cpom.workbook.template import write_template

FAULTY = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_fautif.xlsx"
PROFILE = """nom = "essai"
[[regle]]
code = "MOD-005"
gravite = "avertissement"
motif = "en discussion"
"""


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def valider(*arguments: object) -> End:
    return run("valider", *arguments)


def write(path: Path, og_rank: int, graine: int = 4, **fiche: object) -> Path:
    og = organismes(12, 11)[og_rank]
    content = contenu(og, load_referentiel(), graine, 2)
    content["identification"][0] |= fiche
    write_template(path, load_referentiel(), sheets=legeres(), contenu=content)
    return path


# --- 15: one typo, one finding


@pytest.mark.parametrize(
    ("wrong", "missing", "meant"),
    [
        (["210090040"], ["210090049"], {"210090040": "210090049"}),
        (["21009049"], ["210090049"], {"21009049": "210090049"}),
        (["210090094"], ["210090049"], {"210090094": "210090049"}),
        (["210 090 040"], ["210090049"], {"210 090 040": "210090049"}),
        (["250000007"], ["210090049"], {}),
        (["210090040", "210090041"], ["210090049"], {}),
        (["210090040"], ["210090049", "210090042"], {}),
    ],
)
def test_15_the_number_meant(wrong: list[str], missing: list[str], meant: dict[str, str]) -> None:
    assert numbers_meant(wrong, missing) == meant


# --- 29: the profile says what it changes


def test_29_the_effect_of_a_profile(campagne: DrawnCampaign, tmp_path: Path) -> None:
    faulty = [r for r in campagne.retours if r.detail == "sans pilote" and r.attendu == "MOD-005"]
    folder = tmp_path / "retours"
    folder.mkdir()
    for r in faulty[:1] or [next(r for r in campagne.retours if r.qualite == "fautif")]:
        shutil.copy(campagne.depot / r.fichier, folder)
    shutil.copy(FAULTY, folder)
    profile = tmp_path / "profil.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    out = tmp_path / "conso"
    run = valider(folder, "--profil", profile, "--consolidation", out, "--format", "json",
                  "-o", tmp_path / "r.json", "-j", 1)  # fmt: skip
    reports = json.loads((tmp_path / "r.json").read_text("utf-8"))
    softened = sum(a["code"] == "MOD-005" and a["gravite"] == "avertissement"
                   for r in reports for a in r["anomalies"])  # fmt: skip
    assert softened > 0
    words = "anomalie change" if softened == 1 else "anomalies changent"
    told = f"Effet du profil : {softened} {words} de gravité"
    assert told in plain(run.stderr)
    page = plain((out / "region.html").read_text("utf-8"))
    assert f"{softened} {words} de gravité" in page and "essai – MOD-005" in page
    sheet = load_workbook(out / "consolidation.xlsx")["Lisez-moi"]
    said = {row[0]: row[2] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert said["Échéances jugées"] == "à la date d'arrêté de chaque classeur"
    assert "essai – MOD-005" in plain(str(said["Profil de la campagne"]))
    kept = duckdb.sql(
        f"SELECT key, value FROM parquet_kv_metadata('{out}/parquet/*/retours.parquet')"
    ).fetchall()
    metadata = {key.decode(): plain(value.decode()) for key, value in kept}
    assert {"version", "referentiel", "profil", "date", "annee", "effet_du_profil"} <= set(metadata)
    assert metadata["referentiel"] == "BFC-2026-2030"


# --- 26: activity


@pytest.fixture(scope="module")
def deposit(first_week: Deposit, tmp_path_factory: pytest.TempPathFactory) -> Deposit:
    """A few files of the deposit: with an activity, in two parts, with a reason."""
    folder = tmp_path_factory.mktemp("quelques") / "depot"
    shutil.copytree(first_week.folder, folder)
    found = replace(first_week, folder=folder)
    ranks = {0, 1, 7, 38}
    for name, sent in found.files.items():
        if sent.rank not in ranks and ".zip/" not in name:
            (found.returns / name).unlink()
    for archive in found.returns.glob("*.zip"):
        archive.unlink()
    return found


def test_26_activity_is_pooled(deposit: Deposit, tmp_path: Path) -> None:
    out = tmp_path / "conso"
    valider(deposit.returns, "--consolidation", out, "--lots", tmp_path / "lots",
            "--format", "csv", "-o", tmp_path / "r.csv", "-j", 1)  # fmt: skip
    mine = duckdb.sql(
        f"SELECT code, niveau, departement, valeur FROM '{out}/parquet/*/totaux_activite.parquet'"
    ).fetchall()
    theirs = duckdb.sql(
        "SELECT sum(journees_realisees) / sum(journees_financees) FROM "
        f"'{out}/parquet/*/activite.parquet' WHERE journees_financees > 0"
    ).fetchall()
    rates = {(code, level, where): rate for code, level, where, rate in mine}
    assert rates["REALISATION_ACTIVITE", "région", None] == pytest.approx(theirs[0][0])
    where = {og.departement for og in population()[:8] if og.rang in (0, 1, 7)}
    assert {w for code, n, w in rates if code == "REALISATION_ACTIVITE"} == {None, *where}
    page = (out / "region.html").read_text("utf-8")
    assert 'data-figure="activite.REALISATION_ACTIVITE.valeur"' in page
    book = load_workbook(out / "region.xlsx")
    assert book["Activité et finances"].max_row > 3
    folders = [p.name for p in (tmp_path / "lots").iterdir() if p.is_dir()]
    parts = [name for name in folders if name.startswith(population()[38].finess)]
    assert len(parts) == 1, "one folder for a return in two workbooks"
    pieces = {p.name for p in (tmp_path / "lots" / parts[0]).iterdir()}
    assert len([name for name in pieces if name.endswith("_annoté.xlsx")]) == 2
    letter = (tmp_path / "lots" / parts[0] / "lettre.md").read_text("utf-8")
    assert letter.count("Madame, Monsieur,\n") == 1
    assert "partie 1.xlsx et " in letter.replace("\\", "")


# --- 32: keys, fingerprints, sheets longer than Excel's


def test_32_one_row_per_esms_and_clean_keys(resultat: CampaignResult, tmp_path: Path) -> None:
    known = situations(resultat.report)
    made = consolidation.consolidate(resultat, known, tmp_path, sheet_rows=20)
    folder = made.parquet[0].parent

    def rows(query: str) -> list[tuple[object, ...]]:
        return duckdb.sql(query.format(d=folder)).fetchall()

    ej = {str(row[0]) for row in rows("SELECT DISTINCT finess_ej FROM '{d}/retours.parquet'")}
    for name in ("actions", "fragilites", "si", "has", "mesures", "activite"):
        ets = rows(f"SELECT DISTINCT finess_et FROM '{{d}}/{name}.parquet'")
        assert all(et is None or (len(str(et)) == 9 and et not in ej) for (et,) in ets), name
    for name in ("identification", "modules"):
        columns = {str(row[0]) for row in rows(f"DESCRIBE SELECT * FROM '{{d}}/{name}.parquet'")}
        assert "finess_et" not in columns and "rang" in columns
    ((spread, lines),) = rows(
        "SELECT count(*), count(DISTINCT (fichier, rang)) FROM '{d}/actions.parquet'"
    )
    assert int(str(spread)) == int(str(lines)) > 0, "no invented action is about two ESMS"
    levels = rows("SELECT DISTINCT niveau, departement IS NULL FROM '{d}/totaux.parquet'")
    assert sorted(levels) == [("département", False), ("région", True)]
    assert rows("SELECT count(*) FROM '{d}/totaux.parquet' WHERE annee IS NULL") == [(0,)]
    (twice,) = rows(
        "SELECT count(*) - count(DISTINCT (fichier, finess_ej, empreinte)) "
        "FROM '{d}/anomalies.parquet'"
    )
    assert twice == (0,)
    book = load_workbook(made.classeur, read_only=True)
    actions = [name for name in book.sheetnames if name.startswith("Plan d'actions")]
    assert len(actions) == -(-made.rows["actions"] // 20) > 2
    held = sum(len(list(book[name].iter_rows(min_row=2))) for name in actions)
    assert held == made.rows["actions"]
    told = [f"{row[2]}" for row in book["Lisez-moi"].values if "Suite dans" in f"{row[2]}"]
    cut = [name for name in continued_sheets(made.classeur) if name.endswith(" (2)")]
    assert len(told) == len(cut) and all(any(name in text for text in told) for name in cut)


def test_32_a_line_about_two_esms_is_in_two_rows(tmp_path: Path) -> None:
    shutil.copy(FAULTY.with_name("exemple_valide.xlsx"), tmp_path)
    out = tmp_path / "conso"
    assert valider(tmp_path / "exemple_valide.xlsx", "--consolidation", out, "--format", "csv",
                   "-o", tmp_path / "r.csv").returncode == 0  # fmt: skip
    spread, lines, joined = duckdb.sql(
        "SELECT count(*), count(DISTINCT rang), count(*) FILTER (finess_et LIKE '%;%') "
        f"FROM '{out}/parquet/*/actions.parquet'"
    ).fetchall()[0]
    assert spread > lines > 0 == joined


def test_32_a_fingerprint_survives_inserted_rows(tmp_path: Path) -> None:
    """The same fault keeps its name from one version to the next, one row lower."""
    og = next(o for o in organismes(12, 11) if len(o.esms) > 1)
    found = []
    for shift in (0, 1):
        content = contenu(og, load_referentiel(), 4, 2)
        content["actions"][-1]["pilote"] = None
        if shift:
            content["actions"].insert(0, {**content["actions"][0], "numero": "A99",
                                          "intitule": "Autre action"})  # fmt: skip
        path = tmp_path / f"{shift}.xlsx"
        write_template(path, load_referentiel(), sheets=legeres(), contenu=content)
        findings = check(path).findings
        mine = dict(zip(fingerprints(findings), findings, strict=True))
        found.append({name: f for name, f in mine.items() if f.code == "MOD-005"})
    assert len(found[0]) == 1 and found[0].keys() == found[1].keys()
    cells = [next(iter(mine.values())).cells for mine in found]
    assert cells[0] != cells[1]
    run = valider(tmp_path / "0.xlsx", "--format", "sarif")
    (name,) = found[0]
    prints = [r["partialFingerprints"]["xlCpomAnomalie/v1"]
              for r in json.loads(run.stdout)["runs"][0]["results"]]  # fmt: skip
    assert f"{og.finess}/{name}" in prints


# --- provisional and final, versions and their reason, an unchanged re-send


@pytest.mark.parametrize(
    ("name", "comment", "nature"),
    [
        ("CPOM_provisoire.xlsx", "", "provisoire"),
        ("retour DÉFINITIF.xlsx", "", "définitif"),
        ("CPOM_version_definitive.xlsx", "Retour provisoire", "définitif"),
        ("CPOM.xlsx", "Retour provisoire, comptes en cours", "provisoire"),
        ("CPOM.xlsx", "le budget provisoire est joint", ""),
        ("improvisoirement.xlsx", "", ""),
    ],
)
def test_what_a_return_declares(name: str, comment: str, nature: str) -> None:
    assert declared_nature(name, comment) == nature


def test_the_reason_of_a_version() -> None:
    assert declared_reason("Motif de la version : pilotes ajoutés.") == "pilotes ajoutés"
    assert declared_reason("rien à dire") == ""
    final, first = Trace("a.xlsx", nature="définitif"), Trace("b_v9.xlsx", nature="provisoire")
    assert comparer(final, first) == (1, "déclarée définitive")


def test_versions_are_told_everywhere(tmp_path: Path) -> None:
    folder = tmp_path / "retours"
    folder.mkdir()
    og, other = organismes(12, 11)[0], organismes(12, 11)[1]
    first = write(folder / f"CPOM_{og.finess}_provisoire.xlsx", 0)
    write(folder / f"CPOM_{og.finess}_définitif.xlsx", 0, graine=5,
          commentaire="Motif : actions revues avec la délégation")  # fmt: skip
    write(folder / f"CPOM_{other.finess}_provisoire.xlsx", 1)
    out, lots = tmp_path / "conso", tmp_path / "lots"
    run = valider(folder, "--consolidation", out, "--lots", lots, "--format", "json",
                  "-o", tmp_path / "r.json", "-j", 1)  # fmt: skip
    assert run.returncode in (0, 1), run.stderr
    rows = duckdb.sql(
        f"SELECT fichier, retenu, nature, remplace, motif_version FROM "
        f"'{out}/parquet/*/retours.parquet'"
    ).fetchall()
    told = {name: rest for name, *rest in rows}
    assert told[f"CPOM_{og.finess}_définitif.xlsx"] == [
        True, "définitif", first.name, "actions revues avec la délégation"]  # fmt: skip
    assert told[first.name][:2] == [False, "provisoire"]
    messages = {a["code"]: plain(a["message"])
                for r in json.loads((tmp_path / "r.json").read_text("utf-8"))
                for a in r["anomalies"]}  # fmt: skip
    assert "motif « actions revues avec la délégation »" in messages["LOT-015"]
    assert "« Plan d'actions »" in messages["LOT-015"] and "LOT-016" in messages
    page = (out / "region.html").read_text("utf-8")
    assert 'data-figure="region.provisoires">1<' in page
    letters = {p.parent.name[:9]: plain(p.read_text("utf-8")) for p in lots.rglob("lettre.md")}
    assert "déclaré provisoire : le retour définitif reste attendu" in letters[other.finess]
    assert "motif donné : actions revues avec la délégation." in letters[og.finess]


def test_an_unchanged_resend_is_said(
    campagne: DrawnCampaign, dossier: list[CampaignFile], tmp_path: Path
) -> None:
    faulty = next(r for r in campagne.retours if (r.qualite == "fautif" and r.attendu == "MOD-005")
                  or r.attendu in ("FMT-007", "FMT-013", "FMT-015"))  # fmt: skip
    folder = tmp_path / "retours"
    folder.mkdir()
    for name in (faulty.fichier, f"renvoi_{faulty.fichier}"):
        shutil.copy(campagne.depot / faulty.fichier, folder / name)
    listed = tmp_path / "attendus.csv"
    listed.write_text(f"finess_ej\n{faulty.organisme.finess}\n", encoding="utf-8")
    out, lots = tmp_path / "conso", tmp_path / "lots"
    valider(folder, "--attendus", listed, "--consolidation", out, "--lots", lots,
            "--format", "csv", "-o", tmp_path / "r.csv", "-j", 1)  # fmt: skip
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as stream:
        said = plain(stream.read())
    assert "renvoyé sans changement" in said and list(csv.reader([said[:10]]))
    assert "renvoyé sans changement ; " in plain((out / "region.html").read_text("utf-8"))
    (letter,) = lots.rglob("lettre.md")
    assert "a été renvoyé sans changement" in plain(letter.read_text("utf-8"))
    assert controler(campagne, dossier[:1], Journal(), jobs=1).reports


def test_a_conseil_that_has_no_esms_left_is_put_aside(
    resultat: CampaignResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was made for it goes to « anciens », with what was written there; nothing else does."""
    conso, lots = tmp_path / "conso", tmp_path / "lots"
    for root in (conso, lots):
        old, kept = root / COUNCILS / "974", root / COUNCILS / "notes"
        for folder in (old, kept):
            folder.mkdir(parents=True)
            (folder / "à dire.txt").write_text("ma note", "utf-8")
        (old / "conseil.html").write_text("une ancienne page", "utf-8")
    assert write_councils(resultat, conso, lots, reprendre=False)
    assert str(lots / COUNCILS / "anciens" / "974") in capsys.readouterr().err
    for root in (conso, lots):
        current = {path.name for path in (root / COUNCILS).iterdir()}
        assert {"anciens", "notes"} < current and "974" not in current
        aside = root / COUNCILS / "anciens" / "974"
        assert {path.name for path in aside.iterdir()} == {"à dire.txt", "conseil.html"}
    assert write_councils(resultat, conso, lots, reprendre=False)
    assert "rangé" not in capsys.readouterr().err
