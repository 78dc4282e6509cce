"""« Ce qui arrive à un fichier abîmé », the table of the README, held line by line."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.ampleur import une_sur
from tests.atelier import VALIDE, Workshop
from tests.corpus.cas import controler
from tools.hostiles.formats import ole_container
from xl_cpom.validators.check import check
from xl_cpom.validators.model import Report, Verdict, exit_code

README = Path(__file__).resolve().parents[2] / "README.md"
ACTIONS, FRAGILITES = "Plan d'actions", "Points de fragilité"
SOFFICE = shutil.which("soffice")
ROWS = (
    "chiffré, `.xls`, `.ods`, PDF, image, texte, tronqué", "un autre classeur Excel",
    "une feuille ou une colonne renommée, déplacée, en double", "une feuille ou une colonne supprimée",
    "des formules écrasées ou jamais calculées", "un numéro FINESS sans son zéro",
)  # fmt: skip


def constats(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    return [(f.code, f.cells) for f in report.findings]


def test_every_line_of_the_table_is_held_here() -> None:
    table = README.read_text(encoding="utf-8").partition("### Ce qui arrive à un fichier abîmé")[2]
    rows = [line for line in table.splitlines()[:14] if line.startswith("| ")][1:]
    assert len(rows) == len(ROWS)
    assert all(line in row for line, row in zip(ROWS, rows, strict=True))


# --- another format

OTHER_FORMATS = une_sur(3, [
    ("xls", "LEC-XLS", "97-2003", "Enregistrer sous"),
    ("ods", "LEC-ODS", "OpenDocument", "Enregistrer sous"),
    ("pdf", "LEC-PDF", "PDF", "au format .xlsx"),
], 1)  # fmt: skip


@pytest.fixture(scope="module")
def convertis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The valid example as LibreOffice writes it in other formats, all under the name .xlsx."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("formats")
    found = {}
    for suffix, *_ in OTHER_FORMATS:
        subprocess.run(
            [SOFFICE, f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless",
             "--convert-to", suffix, "--outdir", folder, VALIDE],
            capture_output=True, check=True, timeout=180, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        found[suffix] = (folder / f"exemple_valide.{suffix}").rename(folder / f"{suffix}.xlsx")
    return found


@pytest.mark.soffice
@pytest.mark.xdist_group("libreoffice")
@pytest.mark.parametrize(("suffix", "code", "say", "do"), OTHER_FORMATS)
def test_a_real_file_of_another_format(
    convertis: dict[str, Path], suffix: str, code: str, say: str, do: str
) -> None:
    refuse(check(convertis[suffix]), code, say, do)


@pytest.mark.parametrize(
    ("content", "code", "say", "do"),
    [
        (ole_container("EncryptionInfo", "EncryptedPackage"), "LEC-CHIFFRE", "mot de passe", "effacez"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "LEC-IMAGE", "image", "au format .xlsx"),
        (b"<html><table><tr><td>1", "LEC-HTML", "page web", "Enregistrer sous"),
        (b"a;b\n1;2\n", "LEC-CSV", "texte à colonnes", "au format .xlsx"),
        (b"Bonjour", "LEC-TEXTE", "texte", "au format .xlsx"),
        (VALIDE.read_bytes()[:-2000], "LEC-TRONQUE", "incomplet", "recommencez"),
    ],
)  # fmt: skip
def test_what_is_no_workbook(tmp_path: Path, content: bytes, code: str, say: str, do: str) -> None:
    path = tmp_path / "retour.xlsx"
    path.write_bytes(content)
    refuse(check(path), code, say, do)


def refuse(report: Report, code: str, say: str, do: str) -> None:
    (finding,) = report.findings
    assert (exit_code(report), finding.code) == (3, code)
    assert say in finding.message and do in finding.fix


def test_another_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Budget"
    book.save(tmp_path / "budget.xlsx")
    refuse(check(tmp_path / "budget.xlsx"), "LEC-GABARIT", "n'est pas un « CPOM socle »".replace(
        "« ", "«\u00a0").replace(" »", "\u00a0»"), "Vérifiez")  # fmt: skip


# --- a workbook that was handled roughly


@pytest.mark.parametrize(
    ("workshop", "attendu"),
    [
        (Workshop().rename(ACTIONS, "Plan actions"), [("STR-020", ())]),
        (Workshop().rename(ACTIONS, "Feuil3"), [("STR-020", ())]),
        (Workshop().cellule(ACTIONS, "K5", "Avancements"), [("STR-006", ("K5",))]),
        (Workshop().reorder(["Indicateurs", ACTIONS]), []),
        (Workshop().swap_columns(ACTIONS, {10: 11, 11: 10}, 5), [("STR-031", ("J5",))]),
        (Workshop().add_sheet(f"{ACTIONS} (2)", copy_of=ACTIONS), [("STR-021", ())]),
        (Workshop().cellule(ACTIONS, "S5", "Statut"), [("STR-022", ("S5",))]),
    ],
    ids=["nom-voisin", "nom-perdu", "colonne", "feuille-deplacee", "colonne-deplacee",
         "feuille-double", "colonne-double"],
)  # fmt: skip
def test_renamed_moved_or_doubled(workshop: Workshop, attendu: list[tuple[str, tuple]]) -> None:
    report = controler(workshop.octets())
    assert constats(report) == attendu
    assert exit_code(report) == 0 and len(report.indicateurs) == 16


@pytest.mark.parametrize(
    ("workshop", "attendu"),
    [
        (Workshop().remove(FRAGILITES), [("STR-002", ())]),
        (Workshop().remove_column(ACTIONS, 11, 5), [("STR-005", ("A5",))]),
    ],
    ids=["feuille", "colonne"],
)
def test_removed_is_said_once_and_the_rest_is_controlled(
    workshop: Workshop, attendu: list[tuple[str, tuple]]
) -> None:
    assert constats(controler(workshop.octets())) == attendu
    workshop.cellule("Identification", "B13", "x@")  # a fault elsewhere is still found
    more = controler(workshop.cellule("Évaluation HAS", "C6", 9).octets())
    assert set(attendu) < set(constats(more)) and more.verdict is Verdict.NON_RECEVABLE


def test_overwritten_or_never_calculated_formulas() -> None:
    honest = controler(Workshop().octets())
    for workshop, code, cells in (
        (Workshop().cellule("Indicateurs", "G6", 0.99), "STR-008", ("G6",)),
        (Workshop().without_cache("Indicateurs"), "STR-015", ("E6", "F6", "G6")),
    ):
        report = controler(workshop.octets())
        (finding,) = report.findings
        assert finding.code == code and finding.cells[: len(cells)] == cells
        assert [i.taux for i in report.indicateurs] == [i.taux for i in honest.indicateurs]


def test_the_only_reading_is_taken_and_said() -> None:
    said = [
        (Workshop().cellule("Établissements", "A6", 10_780_005.0), "FMT-003", "010780005"),
        (Workshop().cellule(ACTIONS, "K7", "85 %"), "FMT-018", "85\u202f%"),
        (Workshop().cellule(ACTIONS, "O6", dt.date(2001, 2, 2)).style(ACTIONS, "O6", "L6"),
         "FMT-012", "2.2.1"),
    ]  # fmt: skip
    for workshop, code, read in said:
        findings = [f for f in controler(workshop.octets()).findings if f.code == code]
        assert [read in f.message for f in findings] == [True], (code, findings)
