"""The campaign's second week: what a run of three weeks got wrong, point by point, by the command.

The numbers are those of the table of `docs/decisions/19-deuxieme-semaine.md`.
"""

from __future__ import annotations

import csv
import datetime as dt
import email
import io
import json
import re
import shutil
import zipfile
from email.policy import SMTP
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook, load_workbook

from tests.atelier import Workshop
from tests.commande import End, run
from tools.synthese import DrawnCampaign, organismes
from tools.synthese.contenu import contenu
from tools.synthese.production import legeres
from xl_cpom.batch.consolidation.years import COUNCILS
from xl_cpom.referentiel import load_referentiel
from xl_cpom.typography import plural
from xl_cpom.workbook.template import write_template

EXTRAIT = """nofinesset;nofinessej;raison_sociale;categetab;departement;commune;siret
210781456;210099008;EHPAD Les Tilleuls;500;21;Selongey;99900026800022
210099032;210099008;IME Les Tilleuls;183;21;Quetigny;
710976507;710099003;EHPAD Les Érables;500;71;Mâcon;
"""
TWO = "finess_ej;raison_sociale\n210099008;Les Tilleuls\n710099003;Les Érables\n"
PROFIL = """nom = "essai"
[[regle]]
code = "FMT-002"
gravite = "désactivée"
motif = "essai"
"""
UN = "finess_ej;raison_sociale\n710099003;Les Érables\n"


def blancs(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def valider(*arguments: object, **env: str) -> End:
    return run("valider", *arguments, **env)


@pytest.fixture
def prepare(tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """An extract, a list of two organismes, a list of one, the folder to send."""
    extrait, two, un = tmp_path / "extrait.csv", tmp_path / "deux.csv", tmp_path / "un.csv"
    for path, text in ((extrait, EXTRAIT), (two, TWO), (un, UN)):
        path.write_text(text, encoding="utf-8")
    return extrait, two, un, tmp_path / "envoi"


def preparer(extrait: Path, items: Path, out: Path, *options: object) -> End:
    return run(
        "preparer", "--referentiel", extrait, "--programmation", items, "-o", out, "-j", 1, *options
    )


def lignes(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


# --- 1: e-CARS and xlsx hold the return that counts


@pytest.fixture
def copies(campagne: DrawnCampaign, tmp_path: Path) -> tuple[Path, set[str], set[str]]:
    """A folder with a copy and two versions: (folder, files that count, files that do not)."""
    folder = tmp_path / "retours"
    folder.mkdir()
    double = next(r for r in campagne.retours if r.attendu == "LOT-004")
    old = next(r for r in campagne.retours if r.attendu == "LOT-006")
    aside = {double.fichier, old.fichier}
    names = {
        r.fichier for r in campagne.retours if r.organisme in (double.organisme, old.organisme)
    }
    for name in names:
        (folder / name).write_bytes((campagne.depot / name).read_bytes())
    return folder, names - aside, aside


def colonne(path: Path, onglet: str, titre: str) -> list[object]:
    head, *rows = load_workbook(path)[onglet].iter_rows(values_only=True)
    rank, number = list(head).index(titre), list(head).index("FINESS EJ")
    return [row[rank] for row in rows if row[number] and row[-1]]  # the note has one cell


def test_01_ecars_and_xlsx_hold_the_counted_return_only(
    copies: tuple[Path, set[str], set[str]], tmp_path: Path
) -> None:
    folder, kept, aside = copies
    for kind, sheet in (("ecars", "Saisie e-CARS"), ("xlsx", "Indicateurs")):
        out = tmp_path / f"{kind}.xlsx"
        assert valider(folder, "--format", kind, "-o", out).returncode == 1
        assert set(colonne(out, sheet, "Fichier")) == kept
        assert set(colonne(out, "Non comptés", "Fichier")) == aside
        why = [str(text) for text in colonne(out, "Non comptés", "Pourquoi il n'est pas compté")]
        assert all("copie d" in text or "remplacé par" in text for text in why)
    keys = list(zip(*(colonne(tmp_path / "ecars.xlsx", "Saisie e-CARS", title)
                      for title in ("FINESS EJ", "Module", "Secteur")), strict=True))  # fmt: skip
    assert len(set(keys)) == len(keys), "one line per organisme, module and secteur"
    run = valider(folder, "--format", "ecars-csv", "-o", tmp_path / "e.csv")
    assert run.returncode == 1
    assert {row["Fichier"] for row in lignes(tmp_path / "e.csv")} == kept


# --- 2 and 3: nothing typed in suivi.csv is lost


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8-sig", ";"), ("cp1252", ";"), ("cp1252", ","), ("utf-16", "\t"), ("utf-8", "\t")],
)
def test_02_03_suivi_csv_keeps_everything(
    prepare: tuple[Path, Path, Path, Path], encoding: str, separator: str
) -> None:
    extrait, two, un, out = prepare
    assert preparer(extrait, two, out).returncode == 0
    expected = lignes(out / "attendus.csv")
    rows = lignes(out / "suivi.csv")
    for row in rows:
        row |= {"Envoyé le": "12/01/2028", "Remarque": f"relancé ; {row['FINESS EJ']}",
                "Relancé le": "15/02/2028"}  # fmt: skip
    rows.append(dict.fromkeys(rows[0], "") | {"Remarque": "ligne à moi"})
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    (out / "suivi.csv").write_bytes(text.getvalue().encode(encoding))
    run = preparer(extrait, un, out)
    assert run.returncode == 0, run.stderr
    assert "1 organisme n'est plus dans la liste (210099008)" in blancs(run.stderr)
    typed = ("FINESS EJ", "Envoyé le", "Remarque", "Relancé le")
    kept = [{key: row[key] for key in typed} for row in lignes(out / "suivi.csv")]
    wanted = [{key: row[key] for key in typed} for row in rows]
    assert sorted(map(str, kept)) == sorted(map(str, wanted))
    assert sorted(map(str, lignes(out / "attendus.csv"))) == sorted(map(str, expected))
    run = preparer(extrait, two, out)
    assert (run.returncode, "plus dans la liste" in blancs(run.stderr)) == (0, False)
    assert len(lignes(out / "suivi.csv")) == 3


def test_03_suivi_without_its_column_is_said(prepare: tuple[Path, Path, Path, Path]) -> None:
    extrait, two, _, out = prepare
    preparer(extrait, two, out)
    (out / "suivi.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    run = preparer(extrait, two, out)
    assert run.returncode == 2
    assert "n'a plus la colonne « FINESS EJ »" in blancs(" ".join(run.stderr.split()))
    assert (out / "suivi.csv").read_text("utf-8") == "a;b\n1;2\n"


# --- 22: a change of name does not make a second workbook


def test_22_a_change_of_name_keeps_the_classeur(
    prepare: tuple[Path, Path, Path, Path],
) -> None:
    extrait, two, _, out = prepare
    preparer(extrait, two, out)
    names = {path.name for path in out.glob("*.xlsx")}
    text = two.read_text("utf-8")
    two.write_text(text.replace("Les Tilleuls", "Fondation Tilleul"), encoding="utf-8")
    assert preparer(extrait, two, out).returncode == 0
    assert {path.name for path in out.glob("*.xlsx")} == names
    states = {row["FINESS EJ"]: row["État"] for row in lignes(out / "suivi.csv")}
    assert states == {"210099008": "écrit", "710099003": "inchangé"}
    two.write_text(text, encoding="utf-8")
    preparer(extrait, two, out)
    assert {path.name for path in out.glob("*.xlsx")} == names
    assert {row["État"] for row in lignes(out / "suivi.csv")} == {"écrit", "inchangé"}


# --- 4: the first year


def test_04_an_empty_precedent_folder(
    copies: tuple[Path, set[str], set[str]], tmp_path: Path
) -> None:
    folder, kept, _ = copies
    empty = tmp_path / "vide"
    empty.mkdir()
    run = valider(folder, "--precedent", empty, "--format", "csv", "-o", tmp_path / "r.csv")
    assert run.returncode == 1, run.stderr
    said = blancs(run.stderr)
    assert (
        f"Retours antérieurs : 0 trouvé pour {len(kept)} retours contrôlés ; les règles "
        f"d'évolution ne sont pas contrôlées pour {len(kept)}."
    ) in said


# --- 5 and 6: years side by side; corrected means corrected


@pytest.fixture(scope="module")
def two_annees(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The returns of three organismes for 2027 and for 2028."""
    folder = tmp_path_factory.mktemp("annees")
    for rank in (2, 3):
        (folder / f"N{rank}").mkdir()
        for og in organismes(3, 11):
            write_template(folder / f"N{rank}" / f"{og.finess}.xlsx", load_referentiel(),
                           sheets=legeres(),
                           contenu=contenu(og, load_referentiel(), 4, rank))  # fmt: skip
    return [folder / "N2", folder / "N3"]


def test_05_last_year_stays_whole(two_annees: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "conso"
    asked = ("--consolidation", out, "--format", "csv", "-o", tmp_path / "r.csv", "-j", 1)
    first = valider(two_annees[0], *asked)
    before = {p.relative_to(out): p.read_bytes() for p in out.rglob("*")
              if p.suffix in (".parquet", ".xlsx", ".html")}  # fmt: skip
    second = valider(two_annees[1], *asked)
    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert "Depuis le passage" not in second.stderr, "another campaign"
    for name, content in before.items():
        place = out if name.suffix == ".parquet" else out / "annee=2027"
        assert (place / name).read_bytes() == content
    assert any(name.parts[0] == COUNCILS for name in before)
    tables = duckdb.sql(
        f"SELECT annee, count(*) FROM '{out}/parquet/annee=*/indicateurs.parquet' GROUP BY annee"
    ).fetchall()
    counts = dict(tables)
    assert set(counts) == {2027, 2028} and min(counts.values()) > 0


def test_06_corrected_only_if_judged_again(two_annees: list[Path], tmp_path: Path) -> None:
    """A fault made in one return: withdrawn, its rule switched off, waived, then mended."""
    folder = tmp_path / "retours"
    shutil.copytree(two_annees[0], folder)
    faulty = sorted(folder.iterdir())[0]
    sound = faulty.read_bytes()
    Workshop(faulty).cellule("Établissements", "A6", "123456789").write(faulty)
    bad = faulty.read_bytes()
    profil = tmp_path / "profil.toml"
    profil.write_text(PROFIL, encoding="utf-8")

    def passage(*options: object) -> str:
        run = valider(folder, "--journal", tmp_path / "j.sqlite", "--format", "csv",
                      "-o", tmp_path / "r.csv", "-j", 1, *options)  # fmt: skip
        assert "panne" not in run.stderr
        return blancs(run.stderr)

    passage()
    faulty.unlink()
    gone = passage()
    assert "0 anomalie corrigée" in gone and "fichier retiré" in gone, gone
    faulty.write_bytes(bad)
    assert "absents du passage précédent" in passage()
    off = passage("--profil", profil)
    assert "0 anomalie corrigée" in off and "d'une règle désactivée" in off, off
    assert "absents du passage précédent" in passage()
    faulty.write_bytes(sound)
    mended = passage()
    assert "fichier retiré" not in mended and "0 anomalie corrigée" not in mended, mended


def test_34_a_damaged_journal_is_set_aside(two_annees: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "conso"
    asked = (two_annees[0], "--consolidation", out, "--format", "csv", "-o", tmp_path / "r.csv",
             "-j", 1)  # fmt: skip
    assert valider(*asked).returncode == 0
    page = (out / "region.html").read_bytes()
    for name in ("journal.sqlite", "historique.sqlite"):
        content = bytearray((out / name).read_bytes())
        content[4096:8192] = b"\xff" * 4096
        (out / name).write_bytes(content)
        run = valider(*asked)
        assert run.returncode == 0, run.stderr
        stem = name.removesuffix(".sqlite")
        assert f"« {name} » était abîmé" in blancs(run.stderr)
        assert (out / f"{stem}-abime-1.sqlite").read_bytes() == bytes(content)
    (out / "journal.sqlite").unlink()
    assert valider(*asked).returncode == 0
    assert (out / "region.html").read_bytes() == page


def test_35_an_open_classeur_changes_nothing_else(two_annees: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "conso"
    asked = ("--consolidation", out, "--format", "csv", "-o", tmp_path / "r.csv", "-j", 1)
    assert valider(two_annees[0], *asked).returncode == 0
    before = {p: p.read_bytes() for p in (out / "parquet").rglob("*.parquet")}
    (out / "consolidation.xlsx").unlink()
    (out / "consolidation.xlsx").mkdir()  # as a file that cannot be replaced
    few = tmp_path / "un"
    few.mkdir()
    shutil.copy(min(two_annees[0].iterdir()), few)
    assert valider(few, *asked).returncode == 2
    assert {p: p.read_bytes() for p in (out / "parquet").rglob("*.parquet")} == before


# --- 8: a return in two workbooks is judged as one


def test_08_a_return_in_two_parts(tmp_path: Path) -> None:
    """One return cut in two, the rows of the organisme repeated: as the whole, counted once."""
    many = [og for og in organismes(40, 11) if len({e.principal for e in og.esms} - {""}) != 1]
    og = next(og for og in many if len([e for e in og.esms if not e.principal]) > 1)
    whole = contenu(og, load_referentiel(), 4, 2)
    chosen = {og.esms[0].finess} | {e.finess for e in og.esms if e.principal == og.esms[0].finess}
    integer, parts = tmp_path / "entier", tmp_path / "parties"
    for folder in (integer, parts):
        folder.mkdir()

    def part(rows: list[dict[str, object]], mine: bool) -> list[dict[str, object]]:
        return [row for row in rows
                if (number := str(row.get("finess_et") or row.get("entite") or "")) not in
                {e.finess for e in og.esms} or (number in chosen) is mine]  # fmt: skip

    write_template(integer / "tout.xlsx", load_referentiel(), sheets=legeres(), contenu=whole)
    for name, mine in (("a.xlsx", True), ("b.xlsx", False)):
        content = {key: part([dict(row) for row in rows], mine) for key, rows in whole.items()}
        write_template(parts / name, load_referentiel(), sheets=legeres(), contenu=content)
    read = {}
    for folder in (integer, parts):
        run = valider(folder, "--format", "json", "-j", 1, XDG_STATE_HOME=str(tmp_path))
        read[folder.name] = json.loads(run.stdout)
    alone = read["entier"]
    keys = ("module", "secteur", "numerateur", "denominateur", "taux", "declare")
    wanted = [[i[k] for k in keys] for i in alone["indicateurs"]]
    first, second = read["parties"]
    assert [[i[k] for k in keys] for i in first["indicateurs"]] == wanted
    assert second["indicateurs"] == []
    codes = [{a["code"] for a in r["anomalies"]} for r in (first, second)]
    assert all("LOT-014" in found for found in codes)
    assert not any(code.startswith("IND-0") for found in codes for code in found)


# --- 14: an archive is read


def test_14_an_archive_is_read(copies: tuple[Path, set[str], set[str]], tmp_path: Path) -> None:
    folder, kept, aside = copies
    packed = tmp_path / "paquet"
    packed.mkdir()
    with zipfile.ZipFile(packed / "Retours.zip", "w") as archive:
        for name in kept | aside:
            archive.write(folder / name, f"dossier/{name}")
            archive.writestr(f"__MACOSX/dossier/._{name}", b"x")
            archive.writestr(f"dossier/~${name}", b"x")
        archive.writestr("dossier/lettre.pdf", b"%PDF")
        within = io.BytesIO()
        with zipfile.ZipFile(within, "w") as inner:
            inner.write(folder / min(kept), "CPOM.xlsx")
        archive.writestr("dossier/suite.zip", within.getvalue())
    with zipfile.ZipFile(packed / "vide.zip", "w") as archive:
        archive.writestr("note.txt", b"rien")
    run = valider(packed, "--format", "json", "-j", 1, XDG_STATE_HOME=str(tmp_path))
    found = {r["fichier"]: r["verdict"] for r in json.loads(run.stdout)}
    unread = {"vide.zip", "Retours.zip/dossier/suite.zip"}
    assert set(found) == {*unread, *(f"Retours.zip/dossier/{n}" for n in kept | aside)}
    assert {found[name] for name in unread} == {"illisible"}
    said = blancs(run.stderr)
    assert "Archives ouvertes, classeurs contrôlés : Retours.zip (4)." in said
    assert "suite.zip" not in said.split("laissé de côté")[1].splitlines()[0]
    assert "Retours.zip/dossier/lettre.pdf" in said


# --- 13: the ARS knows the year


def test_13_the_year_of_the_campagne_is_written(prepare: tuple[Path, Path, Path, Path]) -> None:
    extrait, two, _, out = prepare
    assert preparer(extrait, two, out, "--annee", 2027).returncode == 0
    assert {row["annee"] for row in lignes(out / "attendus.csv")} == {"2027"}
    for path in out.glob("*.xlsx"):
        fiche = {
            row[0].value: row[1].value
            for row in load_workbook(path)["Identification"].iter_rows(max_col=2)
        }
        assert str(fiche["Année suivie"]) == "2027"


def test_13_the_return_of_another_year_is_not_received(
    two_annees: list[Path], tmp_path: Path
) -> None:
    folder = tmp_path / "retours"
    shutil.copytree(two_annees[1], folder)
    late = sorted(two_annees[0].iterdir())[0]
    (folder / late.name).write_bytes(late.read_bytes())
    ogs = organismes(3, 11)
    listed = tmp_path / "attendus.csv"
    listed.write_text(
        "finess_ej;raison_sociale;annee\n" + "".join(f"{og.finess};{og.nom};2028\n" for og in ogs),
        encoding="utf-8",
    )
    out = tmp_path / "conso"
    run = valider(folder, "--attendus", listed, "--consolidation", out, "--format", "json",
                  "-o", tmp_path / "r.json", "-j", 1)  # fmt: skip
    said = blancs(run.stderr)
    assert run.returncode == 1
    assert "3 organismes attendus : 2 reçus" in said and "1 retour d'une autre année" in said
    reports = json.loads((tmp_path / "r.json").read_text("utf-8"))
    refused = {r["fichier"] for r in reports if r["verdict"] == "non recevable"}
    assert refused == {late.name}
    page = blancs((out / "region.html").read_text("utf-8"))
    assert "celui qui est venu porte sur 2027, et non sur 2028" in page
    assert 'data-figure="region.recus">2<' in page


# --- 11: the intruder alone is blocked


def test_11_only_the_intruder_is_blocked(campagne: DrawnCampaign, tmp_path: Path) -> None:
    theft = next(r for r in campagne.retours if r.attendu == "LOT-012")
    assert theft.emprunt is not None
    folder = tmp_path / "retours" / "Dept 21"
    folder.mkdir(parents=True)
    sole = [r for r in campagne.retours if r.attendu not in ("LOT-004", "LOT-006")]
    owner = next(r for r in sole if r.organisme == theft.emprunt)
    for retour in (theft, owner):
        (folder / retour.fichier).write_bytes((campagne.depot / retour.fichier).read_bytes())
    run = valider(folder.parent, "--attendus", campagne.attendus, "--lots", tmp_path / "lots",
                  "--format", "json", "-o", tmp_path / "r.json", "-j", 1)  # fmt: skip
    assert run.returncode in (1, 3), run.stderr
    reports = json.loads((tmp_path / "r.json").read_text("utf-8"))
    told = [(Path(r["fichier"]).name, a["code"], a["message"]) for r in reports
            for a in r["anomalies"] if a["code"] in ("LOT-001", "LOT-012")]  # fmt: skip
    (one,) = told  # one cause, one finding
    assert one[:2] == (theft.fichier, "LOT-001")
    assert re.sub(r"[\u00a0\u202f]", " ", one[2]).endswith(
        f"; il est attendu dans celui de « {owner.organisme.nom} »."
    )
    for letter in (tmp_path / "lots").rglob("lettre.md"):
        text = letter.read_text("utf-8")
        assert "Dept 21" not in text
        mine = theft.organisme.finess in text.split("# Objet")[0]
        assert (owner.fichier if mine else theft.fichier) not in text.replace("\\", "")


# --- 12 and 27: one current bundle per organisme, a reminder for each one missing


def test_12_27_bundles_reminders_and_messages(campagne: DrawnCampaign, tmp_path: Path) -> None:
    folder, lots = tmp_path / "retours", tmp_path / "lots"
    folder.mkdir()
    good, other = [r for r in campagne.retours if r.qualite == "honnête"][:2]
    bad = next(r for r in campagne.retours if r.qualite == "abîmé")
    for retour in (good, other, bad):
        (folder / retour.fichier).write_bytes((campagne.depot / retour.fichier).read_bytes())
    (folder / f"{good.organisme.finess}.xls").write_bytes(b"%PDF-1.7")
    listed = tmp_path / "attendus.csv"
    mine = {good.organisme, other.organisme, bad.organisme, campagne.organismes[0],
            campagne.organismes[1], campagne.organismes[2]}  # fmt: skip
    head, *rows = campagne.attendus.read_text("utf-8-sig").splitlines()
    numbers = {og.finess for og in mine}
    listed.write_text("\n".join([head, *(r for r in rows if r[:9] in numbers)]), encoding="utf-8")
    asked = ("--attendus", listed, "--lots", lots, "--reponse-avant", "2028-03-31",
             "--format", "csv", "-o", tmp_path / "r.csv", "-j", 1)  # fmt: skip
    run = valider(folder, *asked)
    came = {r.organisme.finess for r in (good, other, bad)}
    folders = {path.name[:9]: path for path in lots.iterdir() if path.is_dir()}
    assert set(folders) == numbers, run.stderr
    assert len([path for path in lots.iterdir() if path.is_dir()]) == len(numbers)
    letter = (folders[bad.organisme.finess] / "lettre.md").read_text("utf-8")
    assert bad.organisme.finess in letter and "non renseigné" not in letter
    assert bad.organisme.nom.split(" n")[0] in letter.replace("\\", "")
    for number, path in folders.items():
        names = {piece.name for piece in path.iterdir()}
        message = email.message_from_bytes((path / "courriel.eml").read_bytes(), policy=SMTP)
        assert "@organisme.example.fr" in message["To"] and message["X-Unsent"] == "1"
        joined = {part.get_filename() for part in message.iter_attachments()}
        if number in came:
            assert {"lettre.md", "accuse_de_reception.html"} <= names
            assert {"lettre.html", "rapport.html"} <= joined
        else:
            assert names == {"relance.md", "relance.html", "relance.docx", "courriel.eml"}
            assert joined == {"relance.html"}
            assert "31 mars 2028" in blancs((path / "relance.md").read_text("utf-8"))
    assert {row["FINESS EJ"] for row in lignes(lots / "publipostage.csv")} == numbers
    said = f"3 lots et {plural(len(numbers) - len(came), 'relance')} à envoyer"
    assert blancs(said) in blancs(run.stderr)
    (folder / other.fichier).unlink()
    late = next(n for n in numbers - came)
    reminder = folders[late] / "relance.md"
    reminder.write_text("Relance à ma main", encoding="utf-8")
    again = valider(folder, *asked)
    gone = folders[other.organisme.finess]
    reminded = {"relance.md", "relance.html", "relance.docx", "courriel.eml"}
    assert {piece.name for piece in gone.iterdir()} == reminded, "it is now missing"
    aside = {piece.name for piece in (lots / "anciens" / gone.name).iterdir()}
    assert {"lettre.md", "accuse_de_reception.html"} <= aside and not aside & reminded
    assert "pièces d'un passage précédent, dans « anciens »" in blancs(again.stderr)
    assert (folders[late] / "relance_avant_1.md").read_text("utf-8") == "Relance à ma main"
    listed.write_text(
        "\n".join([head, *(r for r in rows if r[:9] in numbers - {late})]), encoding="utf-8"
    )
    (folder / other.fichier).write_bytes((campagne.depot / other.fichier).read_bytes())
    again = valider(folder, *asked)
    assert not {piece.name for piece in gone.iterdir()} & (reminded - {"courriel.eml"})
    assert (lots / "anciens" / gone.name / "relance.docx").is_file(), "it has answered since"
    assert f"rangés dans « anciens » : {folders[late].name}" in blancs(again.stderr)
    assert (lots / "anciens" / folders[late].name / "relance_avant_1.md").is_file()


# --- 27: « Reçu le » is filled by the control; tel: and mailto: in the page


def test_27_received_on_is_noted_and_the_page_calls(
    campagne: DrawnCampaign, tmp_path: Path
) -> None:
    few = [r for r in campagne.retours if r.qualite == "honnête"][:3]
    folder, sent, out = tmp_path / "retours", tmp_path / "envoi", tmp_path / "conso"
    folder.mkdir()
    sent.mkdir()
    numbers = [r.organisme.finess for r in few]
    head, *rows = campagne.attendus.read_text("utf-8-sig").splitlines()
    (sent / "attendus.csv").write_text(
        "\n".join([head, *(r for r in rows if r[:9] in numbers)]), encoding="utf-8"
    )
    (sent / "suivi.csv").write_text(
        "FINESS EJ;Reçu le;Note\n" + "".join(f"{n};;à moi\n" for n in numbers[:2])
        + f"{numbers[2]};01/02/2028;\n", encoding="cp1252")  # fmt: skip
    for retour in (few[0], few[2]):
        (folder / retour.fichier).write_bytes((campagne.depot / retour.fichier).read_bytes())
    asked = (folder, "--attendus", sent / "attendus.csv", "--consolidation", out,
             "--format", "csv", "-o", tmp_path / "r.csv", "-j", 1)  # fmt: skip
    run = valider(*asked)
    assert "suivi.csv : 1 date de réception notée." in blancs(run.stderr), run.stderr
    today = f"{dt.datetime.now(tz=dt.UTC):%d/%m/%Y}"
    table = lignes(sent / "suivi.csv")
    assert [row["Reçu le"] for row in table] == [today, "", "01/02/2028"]
    assert [row["Note"] for row in table] == ["à moi", "à moi", ""]
    assert "notée" not in valider(*asked).stderr
    page = (out / "region.html").read_text("utf-8")
    assert 'href="mailto:cpom' in page and 'href="tel:0300' in page


# --- 21: lists as people make them


def test_21_a_list_made_in_excel(prepare: tuple[Path, Path, Path, Path], tmp_path: Path) -> None:
    extrait, _, _, out = prepare
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Programmation 2026 de la région"],
        [],
        ["N° FINESS EJ", "Raison sociale", "Date d'entrée"],
        [210099008, "Les Tilleuls", dt.date(2026, 1, 1)],
        ["710099003", "Les Érables", 46023],
        ["TOTAL", 2],
    ):
        sheet.append(row)
    path = tmp_path / "liste.xlsx"
    book.save(path)
    run = preparer(extrait, path, out)
    assert run.returncode == 0, run.stderr
    for file in out.glob("*.xlsx"):
        fiche = {
            row[0].value: row[1].value
            for row in load_workbook(file)["Identification"].iter_rows(max_col=2)
        }
        assert str(fiche["Date d'échéance"])[:10] == "2030-12-31"
    text = "sep=;\nProgrammation\nN° FINESS EJ;Date d'entrée\n210099008;01/2026\nTotal;1\n"
    path = tmp_path / "liste.csv"
    path.write_text(text, encoding="cp1252")
    assert preparer(extrait, path, out).returncode == 0
    text = (
        "finess_ej;type;date_entree\n210099009;;\n210099008;primo;01/01/2026\n"
        "710099003;avenant;\n210099008;renouvellement;01/01/2027\n"
    )
    path.write_text(text, encoding="utf-8")
    refused = preparer(extrait, path, out)
    said = blancs(" ".join(refused.stderr.split()))
    assert refused.returncode == 2
    for part in (
        "ligne 2 : « 210099009 » n'est pas un numéro FINESS",
        "ligne 4 : « avenant » n'est pas un type de contrat",
        "ligne 5 : le type de contrat de l'organisme 210099008 est « renouvellement »",
        "ligne 5 : la date d'entrée",
    ):
        assert part in said
