"""The letters as the ARS makes them: its own template, its dates, one letter in each bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.atelier import VALIDE, WORKBOOKS
from xl_cpom.cli import main

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def launched(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The command in this process: exit code, output, errors."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return (end.value.code if isinstance(end.value.code, int) else 0), out, err


def test_the_template_given_back_unchanged_makes_the_same_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "modele.md"
    assert launched(capsys, "gabarit", "--lettre", "-o", model)[0] == 0
    usual = launched(capsys, "valider", FAULTY, "--format", "lettre")
    ours = launched(capsys, "valider", FAULTY, "--format", "lettre", "--modele-lettre", model)
    assert usual == ours and usual[0] == 1
    model.write_text("le nôtre", "utf-8")
    code, _, err = launched(capsys, "gabarit", "--lettre", "-o", model)
    assert code == 2 and "n'est pas remplacé" in err
    assert model.read_text("utf-8") == "le nôtre"


def test_the_dates_are_those_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "lettre.html"
    code, _, _ = launched(
        capsys, "valider", FAULTY, "--format", "lettre-html", "--date-lettre", "2028-02-15",
        "--reponse-avant", "2028-03-31", "-o", page,
    )  # fmt: skip
    text = page.read_text("utf-8").replace("\u00a0", " ")
    assert code == 1
    assert "<p>Le 15 février 2028</p>" in text
    assert "<strong>au plus tard le 31 mars 2028</strong>" in text


@pytest.mark.parametrize(
    "source", [b"{{ organisme", b"{{ le_nom_de_l_ars }}", b"\xff\xfe", b"{{ 1 // 0 }}"]
)
def test_a_template_that_cannot_be_used_stops_all_at_once(
    source: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = tmp_path / "modele.md", tmp_path / "lettre.md"
    model.write_bytes(source)
    code, _, err = launched(
        capsys, "valider", FAULTY, "--format", "lettre", "--modele-lettre", model, "-o", out
    )
    assert code == 2 and "modèle de lettre" in err and "Traceback" not in err
    assert not out.exists()


@pytest.mark.parametrize("option", ["--reponse-avant=2028-03-31", "--date-lettre=2028-02-15"])
def test_they_mean_nothing_without_a_letter(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = launched(capsys, "valider", VALIDE, "--format", "json", option)
    assert code == 2 and "ne servent qu'aux lettres" in err.replace("\n", " ")


def test_each_bundle_has_the_letter_of_the_ars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, lots = tmp_path / "modele.md", tmp_path / "lots"
    model.write_text("# Pour {{ organisme }}\n\nAvant le {{ echeance }}.\n", "utf-8")
    code, _, _ = launched(
        capsys, "valider", FAULTY, "--lots", lots, "--modele-lettre", model,
        "--reponse-avant", "2028-04-01", "-j", 1,
    )  # fmt: skip
    assert code == 1
    (letter,), (page,) = lots.rglob("lettre.md"), lots.rglob("lettre.html")
    text = letter.read_text("utf-8").replace("\u00a0", " ")
    assert "Avant le 1er avril 2028." in text
    assert "<h1>Pour Association Les Tilleuls" in page.read_text("utf-8")


def test_a_bundle_has_the_word_letter_of_the_ars_and_the_command_ends_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("docxtpl", reason="extra lettres")
    model, lots = tmp_path / "lettre.docx", tmp_path / "lots"
    assert launched(capsys, "modele", "lettre", "-o", model)[0] == 0
    code, out, _ = launched(
        capsys, "valider", VALIDE, "--lots", lots, "--modele-lettre", model, "-j", 1
    )
    assert code == 0 and "Recevable" in out
    assert [path.name for path in lots.rglob("lettre*.docx")] == ["lettre.docx"]


def test_a_format_that_needs_a_file_says_so_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = launched(
        capsys, "valider", FAULTY, "--format", "xlsx", "--copie-annotee", tmp_path / "c"
    )
    assert (code, out) == (2, "") and "demande un fichier" in err
    assert not (tmp_path / "c").exists()
