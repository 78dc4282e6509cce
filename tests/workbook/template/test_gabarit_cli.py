"""The command `gabarit`: what it writes, what it says, its exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from xl_cpom.cli import cli
from xl_cpom.cli.french_click import speak_french

EJ = "210099008"


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def launched(*arguments: str) -> Result:
    import xl_cpom.cli.gabarit  # noqa: F401 - so that its messages are French too

    speak_french()
    return CliRunner().invoke(cli, ["gabarit", *arguments], prog_name="xl-cpom")


def test_by_default_a_blank_workbook_and_one_sentence(inside: Path) -> None:
    result = launched()
    assert (result.exit_code, result.output) == (
        0,
        "Classeur vierge écrit\u00a0: CPOM_socle_2026-2030.xlsx\n",
    )
    assert load_workbook("CPOM_socle_2026-2030.xlsx")["Identification"]["B26"].value == 2026


def test_a_workbook_already_there_is_not_lost(inside: Path) -> None:
    Path("CPOM_socle_2026-2030.xlsx").write_bytes(b"le travail de trois semaines")
    result = launched()
    assert result.exit_code == 2 and "existe déjà" in result.output
    assert Path("CPOM_socle_2026-2030.xlsx").read_bytes() == b"le travail de trois semaines"


def test_the_first_year_and_the_variant(inside: Path) -> None:
    assert launched("-o", "n.xlsx", "--annee-n1", "2027", "--variante", "native").exit_code == 0
    book = load_workbook("n.xlsx")
    assert book["Identification"]["B26"].value == 2027
    assert {p.name: p.value for p in book.custom_doc_props.props}["cpom_variante"] == "native"


def _extract(folder: Path) -> None:
    (folder / "t.csv").write_text(
        "nofinesset;nofinessej;raison_sociale;categetab;departement;commune\n"
        f"210781456;{EJ};EHPAD Un;500;21;Selongey\n210780581;{EJ};CH;355;21;Dijon\n",
        encoding="utf-8",
    )


def test_pre_filled_for_one_organisme(inside: Path) -> None:
    _extract(inside)
    result = launched("--finess-ej", EJ, "--referentiel", "t.csv", "-o", "p.xlsx")
    assert result.exit_code == 0
    assert result.output == (
        f"Classeur prérempli pour {EJ} (1 établissement\u202f; non repris\u00a0: 1 hors du champ "
        "du CPOM)\u00a0: p.xlsx\n"
    )
    book = load_workbook("p.xlsx")
    assert book["Identification"]["B8"].value == EJ
    found = [cell.value for cell in book["Établissements"][6]][:5]
    assert found[:3] + found[4:] == ["210781456", "EHPAD Un", "500", "PA"]
    assert found[3].startswith(
        '=IF(tEtablissements[[#This Row],[Catégorie]]="","",_xlfn.IFNA(IFERROR('
        'CPOM_LIBELLE("categories",tEtablissements[[#This Row],[Catégorie]]),'
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--finess-ej", EJ], 2, "vont ensemble"),
        (["--referentiel", "t.csv"], 2, "vont ensemble"),
        (["--finess-ej", "210099016", "--referentiel", "t.csv"], 2, "Aucun établissement"),
        (["--finess-ej", EJ, "--referentiel", "absent.csv"], 2, "n'existe pas"),
        (["--finess-ej", EJ, "--referentiel", "faux.csv"], 3, "colonnes absentes"),
        (["--variante", "vba"], 2, "n'est pas admis"),
        (["--annee-n1", "1999"], 2, "1999"),
        (["-o", "x.pdf"], 2, "extension .xlsx"),
        (["-o", "absent/x.xlsx"], 2, "n'existe pas"),
        (["--inconnue"], 2, "n'existe pas"),
    ],
)
def test_refusals_are_french_sentences(
    inside: Path, arguments: list[str], code: int, said: str
) -> None:
    _extract(inside)
    Path("faux.csv").write_text("a;b\n", encoding="utf-8")
    before = sorted(inside.iterdir())
    result = launched(*arguments)
    assert result.exit_code == code and said in result.output
    assert "Traceback" not in result.output and "Error" not in result.output
    assert sorted(inside.iterdir()) == before


def test_as_a_program(inside: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xl_cpom", "gabarit", "-o", "g.xlsx"],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Classeur vierge écrit\u00a0: g.xlsx\n"
    assert (inside / "g.xlsx").stat().st_size > 50_000
