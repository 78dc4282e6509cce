"""Workbooks really encrypted, by msoffcrypto (as Excel does) and by LibreOffice."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import sqlite3
import zlib
from pathlib import Path

import pytest

from tests.atelier import VALIDE
from tests.commande import End, run
from tests.workbook.reader.builders import zipped
from tools.hostiles import CAS
from xl_cpom.batch.task import Options
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.check import check
from xl_cpom.workbook.decryption import Password, decrypt, open_encrypted
from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook

agile = pytest.importorskip("msoffcrypto.method.ecma376_agile", reason="extra chiffre")

MOT = "Secrét-7301 !"
BY_LIBREOFFICE = Path(__file__).resolve().parents[1] / "data" / "chiffre_par_libreoffice.xlsx"


def chiffrer(data: bytes, word: str = MOT) -> bytes:
    made: bytes = agile.ECMA376Agile.encrypt(word, io.BytesIO(data))
    return made


@pytest.fixture(scope="module")
def chiffre() -> bytes:
    return chiffrer(VALIDE.read_bytes())


@pytest.fixture
def fichier(chiffre: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "retour.xlsx"
    path.write_bytes(chiffre)
    return path


def valider(*arguments: object, entree: str = "", **env: str) -> End:
    return run("valider", *arguments, entree=entree, **env)


def refus(data: bytes, word: str = MOT) -> str:
    with pytest.raises(UnreadableWorkbookError) as found:
        decrypt(data, Password(word))
    return found.value.code


def test_the_right_password_gives_the_usual_report(fichier: Path, chiffre: bytes) -> None:
    run = valider(fichier, "--mot-de-passe", MOT, "--format", "json")
    report = json.loads(run.stdout)
    plain = json.loads(FORMATS["json"].content([check(VALIDE)]))
    assert (run.returncode, report["verdict"]) == (0, "recevable")
    assert report["sha256"] == hashlib.sha256(chiffre).hexdigest()
    same = ("anomalies", "indicateurs", "regles", "organisme", "gabarit", "options")
    assert {key: report[key] for key in same} == {key: plain[key] for key in same}
    assert fichier.read_bytes() == chiffre


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--mot-de-passe", "faux-8412"), "LEC-MOT-DE-PASSE"), ((), "LEC-CHIFFRE")],
)
def test_without_it_one_sentence(fichier: Path, arguments: tuple[str, ...], code: str) -> None:
    run = valider(fichier, "--format", "json", *arguments)
    (finding,) = json.loads(run.stdout)["anomalies"]
    assert (run.returncode, finding["code"], run.stderr) == (3, code, "")
    assert finding["message"].endswith(".") and finding["correction"].endswith(".")
    assert "faux-8412" not in run.stdout


def test_it_can_be_asked_for_or_come_from_the_environment(fichier: Path) -> None:
    asked = valider(fichier, "--mot-de-passe", "-", "--format", "json", entree=f"{MOT}\n")
    known = valider(fichier, "--format", "json", XL_CPOM_MOT_DE_PASSE=MOT)
    assert (asked.returncode, known.returncode) == (0, 0)
    assert asked.stdout == known.stdout
    empty = valider(fichier, "--mot-de-passe", "")
    assert empty.returncode == 2 and "Le mot de passe est vide." in empty.stderr


def test_a_batch_opens_them_and_writes_the_password_nowhere(fichier: Path, tmp_path: Path) -> None:
    folder = tmp_path / "campagne"
    folder.mkdir()
    fichier.rename(folder / "a.xlsx")
    (folder / "b.xlsx").write_bytes(chiffrer(VALIDE.read_bytes(), "un autre"))
    (folder / "c.xlsx").write_bytes(CAS["conteneur-temoin"].fabrique())
    out = tmp_path / "sortie"
    for arguments in ([], ["--reprendre"]):
        run = valider(
            folder, "--mot-de-passe", MOT, "--format", "json", "--consolidation", out,
            "--copie-annotee", tmp_path / "copies", *arguments,
        )  # fmt: skip
        verdicts = [report["verdict"] for report in json.loads(run.stdout)]
        assert verdicts == ["recevable", "illisible", "recevable"] and run.returncode == 3
        assert "aucune copie n’en est faite" in run.stderr
        assert MOT not in run.stdout + run.stderr
    with sqlite3.connect(out / "journal.sqlite") as base:
        kept = [zlib.decompress(row[0]) for row in base.execute("SELECT reponse FROM reponses")]
    assert len(kept) == 2, "the one that came encrypted is not kept in clear"
    name = "Association Les Tilleuls"
    assert sum(name.encode() in answer for answer in kept) == 1
    written = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()] + kept
    for spelling in (MOT.encode(), MOT.encode("utf-16-le")):
        assert not any(spelling in data for data in written)
    assert [p.name for p in (tmp_path / "copies").iterdir()] == ["c.xlsx"]


def test_each_organisme_may_have_its_own(fichier: Path, tmp_path: Path) -> None:
    """One list of passwords: by name of file, or by the FINESS EJ that the name holds."""
    folder = tmp_path / "campagne"
    folder.mkdir()
    fichier.rename(folder / "a.xlsx")
    (folder / "CPOM_210099008.xlsx").write_bytes(chiffrer(VALIDE.read_bytes(), "zQ7-glycine"))
    (folder / "c.xlsx").write_bytes(chiffrer(VALIDE.read_bytes(), "un troisième"))
    items = tmp_path / "mots.csv"
    items.write_text(
        f"fichier;finess_ej;mot_de_passe\na.xlsx;;{MOT}\n;210099008;zQ7-glycine\nx;;y\n",
        encoding="utf-8",
    )
    out = tmp_path / "sortie"
    run = valider(folder, "--mots-de-passe", items, "--format", "json", "--consolidation", out)
    verdicts = {r["fichier"]: r["verdict"] for r in json.loads(run.stdout)}
    assert verdicts.pop("c.xlsx") == "illisible"
    assert set(verdicts.values()) == {"recevable"} and len(verdicts) == 2
    written = [p.read_bytes() for p in out.rglob("*") if p.is_file()]
    for word in (MOT, "zQ7-glycine"):
        assert not any(word.encode() in data for data in written)
    items.write_text("a;b\n1;2\n", encoding="utf-8")
    refused = valider(folder, "--mots-de-passe", items)
    assert refused.returncode == 2 and "mot_de_passe" in refused.stderr


def test_no_fingerprint_lets_the_password_be_searched_for() -> None:
    one, two = (Options(arguments={"mot_de_passe": Password(word)}) for word in (MOT, "autre"))
    assert one.digest == two.digest != Options().digest
    assert MOT not in repr(Password(MOT)) + repr(one)


def test_the_standard_encryption_of_libreoffice() -> None:
    sheet = open_encrypted(BY_LIBREOFFICE, Password("Été 2026 !")).sheets[0]
    assert {cell.ref: cell.value for cell in sheet.cells.values()} == {
        "B2": "temoin-7301",
        "B3": 1234.5,
    }
    assert refus(BY_LIBREOFFICE.read_bytes(), "été 2026 !") == "LEC-MOT-DE-PASSE"


@pytest.mark.parametrize("word", ["", "\udce9", "x" * 10_000, "Secrét-7301 ! ", "secrét-7301 !"])
def test_any_other_password_is_wrong(chiffre: bytes, word: str) -> None:
    assert refus(chiffre, word) == "LEC-MOT-DE-PASSE"


def test_what_is_inside_is_read_as_any_other_file(tmp_path: Path) -> None:
    for content, code in (
        (CAS["conteneur-bombe-xml"].fabrique(), "LEC-BOMBE"),
        (CAS["xml-fichier"].fabrique(), "LEC-DTD"),
        (zipped([("a.bin", random.Random(1).randbytes(9_000))]), "LEC-ARCHIVE"),
    ):
        path = tmp_path / "piege.xlsx"
        path.write_bytes(chiffrer(content))
        assert [f.code for f in check(path, mot_de_passe=MOT).findings] == [code]


def description(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same file with a text of the description of its encryption changed, size for size."""
    assert data.count(old) == 1 and len(old) == len(new)
    return data.replace(old, new)


def test_a_damaged_or_trapped_box_is_refused(chiffre: bytes) -> None:
    at = chiffre.index(b'spinCount="100000"')
    assert refus(chiffre[:at] + b'spinCount="-99999"' + chiffre[at + 18 :]) == "LEC-CHIFFREMENT"
    xmlns = re.search(rb'xmlns:c="[^"]+"', chiffre)
    assert xmlns is not None
    doctype = b"<!DOCTYPE a [<!ENTITY b 'c'>]>".ljust(len(xmlns[0]))
    assert refus(description(chiffre, xmlns[0], doctype)) == "LEC-DTD"
    middle = len(chiffre) // 2
    altered = chiffre[:middle] + bytes([chiffre[middle] ^ 1]) + chiffre[middle + 1 :]
    assert refus(altered) == "LEC-CHIFFREMENT"  # its seal is broken


@pytest.mark.long
def test_mutants_of_an_encrypted_file_are_refused_or_read(tmp_path: Path) -> None:
    content = BY_LIBREOFFICE.read_bytes()
    path = tmp_path / "mutant.xlsx"
    codes = set()
    for seed in range(60):
        rng = random.Random(seed)
        data = bytearray(content)
        for _ in range(rng.choice([1, 4, 20])):
            data[rng.randrange(len(data) if seed % 2 else 3000)] = rng.randrange(256)
        path.write_bytes(bytes(data))
        try:
            read_workbook(path)
        except UnreadableWorkbookError as refusal:
            codes.add(refusal.code)
        try:
            open_encrypted(path, Password("Été 2026 !"))
        except UnreadableWorkbookError as refusal:
            codes.add(refusal.code)
    assert {"LEC-CHIFFRE", "LEC-CHIFFREMENT", "LEC-MOT-DE-PASSE"} <= codes
