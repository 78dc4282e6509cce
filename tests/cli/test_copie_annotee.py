"""The annotated copy as a user asks for it: written, re-read, taken back; or refused, clearly."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.ampleur import une_sur
from tests.atelier import VALIDE, WORKBOOKS, Workshop
from xl_cpom.cli import main
from xl_cpom.reports.annotate.sheetscan import MARK_BYTES

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def launched(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The command in this process: exit code, output, errors."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    code = end.value.code
    return (code if isinstance(code, int) else 0), out, err


def anomalies(text: str) -> list[dict[str, Any]]:
    report = json.loads(text)
    return report["anomalies"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def copie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The annotated copy of the faulty example, in a folder that did not exist."""
    folder = tmp_path_factory.mktemp("copie") / "a" / "rendre"
    with pytest.raises(SystemExit) as end:
        main(["valider", str(FAULTY), "--copie-annotee", str(folder), "--format", "json",
              "-o", str(folder.parent.parent / "rapport.json")])  # fmt: skip
    assert end.value.code == 1
    return folder / FAULTY.name


def test_the_copy_checked_again_gives_the_same_findings(
    copie: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = launched(capsys, "valider", FAULTY, "--format", "json")
    after = launched(capsys, "valider", copie, "--format", "json")
    assert before[0] == after[0] == 1
    marks, *same = sorted(anomalies(after[1]), key=lambda one: one["code"] != "STR-065")
    assert same == anomalies(before[1]) != []
    assert (marks["code"], marks["gravite"]) == ("STR-065", "information")


def test_it_says_in_one_line_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = launched(
        capsys, "valider", VALIDE, "--copie-annotee", tmp_path / "c", "--format", "json"
    )
    assert code == 0 and json.loads(out)["verdict"] == "recevable"
    assert err.splitlines() == [
        f"Copie annotée\u00a0: {tmp_path / 'c' / VALIDE.name} (0 cellule surlignée, 0 note)"
    ]


def test_the_suffix_of_a_workbook_with_macros_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    macros = Workshop(FAULTY)
    types = macros.tree("[Content_Types].xml")
    for element in types:
        if element.get("PartName") == "/xl/workbook.xml":
            element.set("ContentType", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    source = macros.write(tmp_path / "retour.xlsm")
    code, _, err = launched(capsys, "valider", source, "--copie-annotee", tmp_path / "c")
    assert code == 1 and "retour.xlsm" in err
    assert [p.name for p in (tmp_path / "c").iterdir()] == ["retour.xlsm"]


def test_openpyxl_reads_the_same_values_and_sees_the_marks(copie: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = openpyxl.load_workbook(FAULTY, data_only=True)
        after = openpyxl.load_workbook(copie, data_only=True)
    assert after.sheetnames == before.sheetnames
    notes = 0
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        if old.title != "Contrôles":
            assert [[c.value for c in row] for row in new.iter_rows(max_row=old.max_row)] == [
                [c.value for c in row] for row in old.iter_rows()
            ]
        notes += sum("Contrôles CPOM" in c.comment.text for r in new for c in r if c.comment)
    assert notes > 30
    controles = after["Contrôles"]
    texts = {c.value for row in controles for c in row if c.value}
    assert any(str(text).startswith("Verdict") for text in texts)
    headers = [c.value for c in controles[5] if c.value]
    assert headers == ["Gravité", "Code", "Feuille", "Cellule", "Valeur lue", "Message",
                       "Correction"]  # fmt: skip
    read = {row[4].value for row in controles.iter_rows(min_row=6) if row[4].value}
    assert "fin 2029" in read


@pytest.mark.soffice
@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(copie: Path, tmp_path: Path) -> None:
    from xl_cpom.workbook.reader import read_workbook

    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path),
         str(copie)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    before, after = read_workbook(copie), read_workbook(tmp_path / copie.name)
    assert [s.name for s in after.sheets] == [s.name for s in before.sheets]
    old, new = before.sheet("Contrôles"), after.sheet("Contrôles")
    assert old is not None and new is not None
    assert {k: c.value for k, c in new.cells.items()} == {k: c.value for k, c in old.cells.items()}


def test_the_clean_file_comes_back_byte_for_byte(
    copie: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = tmp_path / f"{FAULTY.stem}-annoté.xlsx"
    shutil.copy(copie, marked)
    code, _, err = launched(capsys, "annoter", marked, "--sans-marques", "-o", tmp_path / "net")
    assert code == 0 and "identique à l'original" in err
    with zipfile.ZipFile(FAULTY) as one, zipfile.ZipFile(tmp_path / "net" / FAULTY.name) as two:
        assert {n: two.read(n) for n in two.namelist()} == {n: one.read(n) for n in one.namelist()}


def test_annotating_is_the_copy_without_the_report(
    copie: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = launched(capsys, "annoter", FAULTY, "-o", tmp_path)
    assert (code, out) == (0, "")
    made = tmp_path / f"{FAULTY.stem}-annoté.xlsx"
    assert made.read_bytes() == copie.read_bytes()
    code, _, _ = launched(capsys, "annoter", made, "-o", tmp_path / "encore")
    assert [p.name for p in (tmp_path / "encore").iterdir()] == [made.name]


def test_a_corrected_copy_annotated_again_has_no_mark_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The gestionnaire corrects the copy itself, which Excel or LibreOffice has saved."""
    place = ("Plan d'actions", "J6")
    Workshop(VALIDE).cellule(*place, "réalisé").write(tmp_path / "retour.xlsx")
    launched(capsys, "annoter", tmp_path / "retour.xlsx", "-o", tmp_path / "a")
    marked = tmp_path / "a" / "retour-annoté.xlsx"
    Workshop(marked).cellule(*place, "Réalisée").write(tmp_path / "corrige.xlsx")
    code, out, _ = launched(capsys, "valider", tmp_path / "corrige.xlsx", "--format", "json")
    assert (code, json.loads(out)["verdict"]) == (0, "recevable")
    assert [one["code"] for one in anomalies(out)] == ["STR-065"]
    launched(capsys, "annoter", tmp_path / "corrige.xlsx", "-o", tmp_path / "b")
    sound = tmp_path / "b" / "corrige-annoté.xlsx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(sound)
    assert [s.title for s in book.worksheets] == [
        s.title for s in openpyxl.load_workbook(VALIDE).worksheets
    ]
    texts = [str(c.value) for row in book["Contrôles"] for c in row if c.value]
    assert [t for t in texts if t.startswith("Verdict")] == [
        "Verdict\u00a0: Recevable. 0 anomalie au total."
    ]
    notes = [c.coordinate for s in book for row in s for c in row
             if c.comment and "Contrôles CPOM" in c.comment.text]  # fmt: skip
    assert notes == []
    assert "dxf" not in _rules_of_ours(sound)
    assert anomalies(launched(capsys, "valider", sound, "--format", "json")[1]) == []


def _rules_of_ours(path: Path) -> str:
    """The conditional formats of the annotation that the sheets still hold."""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/")]
    return " ".join("dxf" for part in parts if MARK_BYTES in part)


def test_twice_replaces_our_copy_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "c"
    launched(capsys, "valider", FAULTY, "--copie-annotee", folder)
    first = (folder / FAULTY.name).read_bytes()
    code, _, err = launched(capsys, "valider", FAULTY, "--copie-annotee", folder)
    assert code == 1 and "Copie annotée\u00a0:" in err
    assert (folder / FAULTY.name).read_bytes() == first
    corrected = Workshop(folder / FAULTY.name).cellule("Plan d'actions", "K6", 1)
    corrected.write(folder / FAULTY.name)
    kept = (folder / FAULTY.name).read_bytes()
    code, _, err = launched(capsys, "valider", FAULTY, "--copie-annotee", folder)
    assert code == 1 and "n'est pas une copie annotée intacte" in err
    assert (folder / FAULTY.name).read_bytes() == kept


def test_the_source_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own folder, or a folder that holds another of the workbooks given."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        Workshop().cellule("Plan d'actions", "K6", f"{name} %").write(tmp_path / name / "r.xlsx")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*.xlsx")}
    code, _, err = launched(
        capsys, "valider", tmp_path / "a/r.xlsx", "--copie-annotee", tmp_path / "a"
    )
    assert code == 1 and "ne peut pas remplacer le fichier d'origine" in err
    code, _, err = launched(
        capsys, "annoter", tmp_path / "b/r.xlsx", tmp_path / "a/r.xlsx", "-o", tmp_path / "a",
        "--sans-marques",
    )  # fmt: skip
    assert code == 2 and "l'un des classeurs contrôlés" in err
    assert {p: p.read_bytes() for p in before} == before


def test_two_workbooks_of_the_same_name_have_two_copies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(VALIDE, tmp_path / name / "retour.xlsx")
    code, _, _ = launched(
        capsys, "annoter", tmp_path / "a", tmp_path / "b", "-o", tmp_path / "copies"
    )
    assert code == 0
    assert sorted(p.name for p in (tmp_path / "copies").iterdir()) == [
        "retour-annoté.xlsx",
        "retour-annoté_2.xlsx",
    ]


def test_an_unreadable_workbook_has_no_copy_and_the_others_have_theirs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "casse.xlsx").write_bytes(VALIDE.read_bytes()[:5000])
    shutil.copy(VALIDE, tmp_path / "r" / "entier.xlsx")
    code, _, err = launched(capsys, "annoter", tmp_path / "r", "-o", tmp_path / "c")
    assert code == 3 and "casse.xlsx" in err and "illisible" in err
    assert [p.name for p in (tmp_path / "c").iterdir()] == ["entier-annoté.xlsx"]


def refus(capsys: pytest.CaptureFixture[str], dossier: Path, phrase: str) -> None:
    """The copy is refused with a sentence; the verdict is there; the exit code is 2."""
    code, out, err = launched(
        capsys, "valider", VALIDE, "--copie-annotee", dossier, "--format", "json"
    )
    assert code == 2 and json.loads(out)["verdict"] == "recevable"
    assert phrase in err and "Traceback" not in err


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fichier").write_text("")
    refus(capsys, tmp_path / "fichier" / "dossier", "ne peut pas être créé")


@pytest.mark.parametrize(
    ("number", "phrase"),
    [
        (errno.ENOSPC, "il n'y a plus de place sur le disque"),
        (errno.EDQUOT, "il n'y a plus de place sur le disque"),
        (errno.EROFS, "l'écriture est refusée dans le dossier"),
        (errno.EACCES, "l'écriture est refusée dans le dossier"),
    ],
)
@pytest.mark.parametrize("moment", ["beside", "os.fsync", "os.replace"])
def test_a_disk_that_refuses_leaves_nothing_behind(
    moment: str,
    number: int,
    phrase: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The system refuses the temporary file, its content, or its final name."""
    folder = tmp_path / "c"

    def fail(*args: object, **_: object) -> None:
        name = str(args[0]) if moment == "os.replace" else str(folder / VALIDE.name)
        raise OSError(number, os.strerror(number), name)

    monkeypatch.setattr(f"xl_cpom.files.atomic.{moment}", fail)
    refus(capsys, folder, phrase)
    monkeypatch.undo()
    assert list(folder.iterdir()) == []


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 16 kB, really."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs to mount a tmpfs")
    small = tmp_path / "petit"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is refused here")
    try:
        yield small
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_disk_that_is_really_full(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refus(capsys, full, "il n'y a plus de place sur le disque")
    assert list(full.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    une_sur(2, [
        *(["valider", str(FAULTY), "--format", f, "-o", "r"] for f in
          ("html", "xlsx", "lettre-html")),
        ["comparer", str(FAULTY), str(FAULTY), "--format", "html", "-o", "r"],
        ["transvaser", str(FAULTY), "-o", "r.xlsx"],
        ["gabarit", "-o", "r.xlsx"],
    ]),
    ids=lambda c: " ".join(c[:1] + c[2:4]) if len(c) > 4 else c[0],
)  # fmt: skip
def test_every_output_meets_a_full_disk_with_a_sentence(
    full: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The target that stood there is still the one that stood there."""
    target = full / command[-1]
    force = ["--ecraser"] if command[0] in ("transvaser", "gabarit") else []
    target.write_bytes(b"ce qui etait la")
    code, _, err = launched(capsys, *command[:-1], target, *force)
    assert code == 2
    assert "il n'y a plus de place sur le disque" in err and "Traceback" not in err
    assert [path.read_bytes() for path in full.iterdir()] == [b"ce qui etait la"]
