"""The campaign's second week: what a run of three weeks got wrong, point by point, by the command.

The numbers are those of the table of `docs/decisions/`, « la deuxième semaine ».
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.commande import Fin, executer
from xl_cpom.batch.synthese import DrawnCampaign

EXTRAIT = """nofinesset;nofinessej;raison_sociale;categetab;departement;commune;siret
210781456;210099008;EHPAD Les Tilleuls;500;21;Selongey;99900026800022
210099032;210099008;IME Les Tilleuls;183;21;Quetigny;
710976507;710099003;EHPAD Les Érables;500;71;Mâcon;
"""
DEUX = "finess_ej;raison_sociale\n210099008;Les Tilleuls\n710099003;Les Érables\n"
UN = "finess_ej;raison_sociale\n710099003;Les Érables\n"


def blancs(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def valider(*arguments: object, **env: str) -> Fin:
    return executer("valider", *arguments, **env)


@pytest.fixture
def prepare(tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """An extract, a list of two organismes, a list of one, the folder to send."""
    extrait, deux, un = tmp_path / "extrait.csv", tmp_path / "deux.csv", tmp_path / "un.csv"
    for path, text in ((extrait, EXTRAIT), (deux, DEUX), (un, UN)):
        path.write_text(text, encoding="utf-8")
    return extrait, deux, un, tmp_path / "envoi"


def preparer(extrait: Path, liste: Path, out: Path, *options: object) -> Fin:
    return executer("preparer", "--referentiel", extrait, "--programmation", liste, "-o", out,
                    "-j", 1, *options)  # fmt: skip


def lignes(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))


# --- 1: e-CARS and xlsx hold the return that counts


@pytest.fixture
def copies(campagne: DrawnCampaign, tmp_path: Path) -> tuple[Path, set[str], set[str]]:
    """A folder with a copy and two versions: (folder, files that count, files that do not)."""
    folder = tmp_path / "retours"
    folder.mkdir()
    double = next(r for r in campagne.retours if r.attendu == "LOT-004")
    ancien = next(r for r in campagne.retours if r.attendu == "LOT-006")
    aside = {double.fichier, ancien.fichier}
    names = {r.fichier for r in campagne.retours
             if r.organisme in (double.organisme, ancien.organisme)}  # fmt: skip
    for name in names:
        (folder / name).write_bytes((campagne.depot / name).read_bytes())
    return folder, names - aside, aside


def colonne(path: Path, onglet: str, titre: str) -> list[object]:
    head, *rows = load_workbook(path)[onglet].iter_rows(values_only=True)
    rank, number = list(head).index(titre), list(head).index("FINESS EJ")
    return [row[rank] for row in rows if row[number] and row[-1]]  # the note has one cell


def test_01_ecars_et_xlsx_n_ont_que_le_retour_compte(
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
    keys = list(zip(*(colonne(tmp_path / "ecars.xlsx", "Saisie e-CARS", titre)
                      for titre in ("FINESS EJ", "Module", "Secteur")), strict=True))  # fmt: skip
    assert len(set(keys)) == len(keys), "one line per organisme, module and secteur"
    run = valider(folder, "--format", "ecars-csv", "-o", tmp_path / "e.csv")
    assert run.returncode == 1
    assert {row["Fichier"] for row in lignes(tmp_path / "e.csv")} == kept


# --- 2 and 3: nothing typed in suivi.csv is lost


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8-sig", ";"), ("cp1252", ";"), ("cp1252", ","), ("utf-16", "\t"), ("utf-8", "\t")],
)
def test_02_03_suivi_csv_garde_tout(
    prepare: tuple[Path, Path, Path, Path], encoding: str, separator: str
) -> None:
    extrait, deux, un, out = prepare
    assert preparer(extrait, deux, out).returncode == 0
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
    run = preparer(extrait, deux, out)
    assert (run.returncode, "plus dans la liste" in blancs(run.stderr)) == (0, False)
    assert len(lignes(out / "suivi.csv")) == 3


def test_03_suivi_sans_sa_colonne_est_dit(prepare: tuple[Path, Path, Path, Path]) -> None:
    extrait, deux, _, out = prepare
    preparer(extrait, deux, out)
    (out / "suivi.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    run = preparer(extrait, deux, out)
    assert run.returncode == 2
    assert "n'a plus la colonne « FINESS EJ »" in blancs(" ".join(run.stderr.split()))
    assert (out / "suivi.csv").read_text("utf-8") == "a;b\n1;2\n"


# --- 22: a change of name does not make a second workbook


def test_22_un_changement_de_nom_garde_le_classeur(
    prepare: tuple[Path, Path, Path, Path],
) -> None:
    extrait, deux, _, out = prepare
    preparer(extrait, deux, out)
    names = {path.name for path in out.glob("*.xlsx")}
    text = deux.read_text("utf-8")
    deux.write_text(text.replace("Les Tilleuls", "Fondation Tilleul"), encoding="utf-8")
    assert preparer(extrait, deux, out).returncode == 0
    assert {path.name for path in out.glob("*.xlsx")} == names
    states = {row["FINESS EJ"]: row["État"] for row in lignes(out / "suivi.csv")}
    assert states == {"210099008": "écrit", "710099003": "inchangé"}
    deux.write_text(text, encoding="utf-8")
    preparer(extrait, deux, out)
    assert {path.name for path in out.glob("*.xlsx")} == names
    assert {row["État"] for row in lignes(out / "suivi.csv")} == {"écrit", "inchangé"}


# --- 4: the first year


def test_04_un_dossier_precedent_vide(
    copies: tuple[Path, set[str], set[str]], tmp_path: Path
) -> None:
    folder, kept, _ = copies
    empty = tmp_path / "vide"
    empty.mkdir()
    run = valider(folder, "--precedent", empty, "--format", "csv", "-o", tmp_path / "r.csv")
    assert run.returncode == 1, run.stderr
    said = blancs(run.stderr)
    assert (f"Retours antérieurs : 0 trouvé pour {len(kept)} retours contrôlés ; les règles "
            f"d'évolution ne sont pas contrôlées pour {len(kept)}.") in said  # fmt: skip
