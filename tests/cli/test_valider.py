"""The public face: verdicts, exit codes, JSON, errors, as a user or a script meets them."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.atelier import VALIDE, WORKBOOKS, Workshop
from tests.commande import End, run
from xl_cpom.cli.control_alone import only_a_file
from xl_cpom.workbook.sheets import VERSION_GABARIT

FAULTY = WORKBOOKS / "exemple_fautif.xlsx"


def xl_cpom(*arguments: object, cwd: Path | None = None, **env: str) -> End:
    return run(*arguments, cwd=cwd, COLUMNS="80", **env)


def test_valid_example_is_receivable() -> None:
    run = xl_cpom("valider", VALIDE)
    assert run.returncode == 0, run.stderr
    assert "Recevable" in run.stdout and "aucune anomalie" in run.stdout
    assert run.stderr == ""


def test_faulty_example_is_refused_and_says_what_to_do() -> None:
    run = xl_cpom("valider", FAULTY)
    assert run.returncode == 1
    assert "Non recevable" in run.stdout and "Comment corriger" in run.stdout


def test_warnings_alone_leave_it_receivable_with_reserves(tmp_path: Path) -> None:
    path = Workshop().cellule("Plan d'actions", "K6", 100).write(tmp_path / "reserve.xlsx")
    run = xl_cpom("valider", path, "--format", "json")
    assert run.returncode == 0
    report = json.loads(run.stdout)
    assert report["verdict"] == "recevable avec réserves"
    assert [(a["code"], a["cellules"]) for a in report["anomalies"]] == [("FMT-010", ["K6"])]


def test_json_of_one_and_of_several() -> None:
    one = json.loads(xl_cpom("valider", VALIDE, "--format", "json").stdout)
    assert list(one)[:5] == ["fichier", "sha256", "gabarit", "verdict", "organisme"]
    assert one["verdict"] == "recevable" and one["anomalies"] == []
    assert one["organisme"]["finess_ej"] and one["gabarit"] == VERSION_GABARIT
    assert {"code", "module", "secteur", "annee", "numerateur", "denominateur", "taux", "declare",
            "cible", "atteinte"} <= set(one["indicateurs"][0])  # fmt: skip
    assert set(one["regles"]) == {"passees", "en_anomalie", "non_controlees", "en_panne"}
    assert one["regles"]["en_panne"] == 0
    run = xl_cpom("valider", VALIDE, FAULTY, "--format", "json")
    assert run.returncode == 1
    assert [r["verdict"] for r in json.loads(run.stdout)] == ["recevable", "non recevable"]


def test_the_gravest_wins_and_a_folder_is_walked(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "valide.xlsx").write_bytes(VALIDE.read_bytes())
    (tmp_path / "casse.xlsx").write_bytes(VALIDE.read_bytes()[:5000])
    (tmp_path / "~$valide.xlsx").write_bytes(b"verrou")
    (tmp_path / "note.txt").write_text("à ne pas lire")
    run = xl_cpom("valider", tmp_path, "--format", "json")
    assert run.returncode == 3
    reports = {r["fichier"]: r["verdict"] for r in json.loads(run.stdout)}
    assert reports == {"a/valide.xlsx": "recevable", "casse.xlsx": "illisible"}


def bombe(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 300_000_000)


UNREADABLE = {
    "vide": lambda p: p.write_bytes(b""),
    "texte": lambda p: p.write_text("raison sociale;finess\n"),
    "pdf": lambda p: p.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "tronque": lambda p: p.write_bytes(VALIDE.read_bytes()[:20_000]),
    "chiffre": lambda p: p.write_bytes(
        bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    ),
    "bombe": bombe,
}


@pytest.mark.parametrize("cas", UNREADABLE)
def test_unreadable_files(cas: str, tmp_path: Path) -> None:
    path = tmp_path / f"{cas}.xlsx"
    UNREADABLE[cas](path)
    run = xl_cpom("valider", path, "--format", "json")
    assert run.returncode == 3
    report = json.loads(run.stdout)
    assert report["verdict"] == "illisible"
    (anomalie,) = report["anomalies"]
    assert anomalie["code"].startswith("LEC-") and anomalie["message"] and anomalie["correction"]
    assert "Traceback" not in run.stderr


def test_another_workbook_is_said_in_one_sentence(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "budget.xlsx"
    openpyxl.Workbook().save(path)
    run = xl_cpom("valider", path, "--format", "json")
    assert run.returncode == 3
    assert json.loads(run.stdout)["anomalies"][0]["code"] == "LEC-GABARIT"


@pytest.mark.parametrize(
    "arguments",
    [["valider"], ["valider", "absent.xlsx"], ["valider", VALIDE, "--format", "pdf"],
     ["valider", VALIDE, "--date", "31/12/2027"], ["expliquer", "ABC-999"], ["inconnue"]],
    ids=str,
)  # fmt: skip
def test_wrong_usage(arguments: list[Any], tmp_path: Path) -> None:
    run = xl_cpom(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert "Erreur" in run.stderr and "Traceback" not in run.stderr


def test_a_rule_that_crashes_is_never_the_users_fault(tmp_path: Path) -> None:
    """Exit code 4, the rule named, the verdict never « recevable »."""
    code = (
        "from dataclasses import replace\n"
        "from xl_cpom.validators import catalogue, judging, engine\n"
        "rules = dict(catalogue.RULES)\n"
        "rules['INS-002'] = replace(rules['INS-002'], check=lambda mesure: 1 / 0)\n"
        "judging.RULES = engine.RULES = rules\n"
        f"from xl_cpom.cli import main\nmain(['valider', {str(VALIDE)!r}, '--format', 'json'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert run.returncode == 4, run.stderr
    report = json.loads(run.stdout)
    assert report["anomalies"] == [] and report["regles"]["en_panne"] == 1
    assert not report["verdict"].startswith("recevable")


def test_the_input_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "retour.xlsx"
    path.write_bytes(FAULTY.read_bytes())
    path.chmod(0o444)
    before = path.stat()
    xl_cpom("valider", path, "-o", tmp_path / "rapport.json", "--format", "json")
    after = path.stat()
    assert (before.st_mtime_ns, before.st_mode) == (after.st_mtime_ns, after.st_mode)
    assert path.read_bytes() == FAULTY.read_bytes()
    assert json.loads((tmp_path / "rapport.json").read_text(encoding="utf-8"))


def test_demo_shows_both_verdicts() -> None:
    run = xl_cpom("demo", cwd=WORKBOOKS.parent)
    assert run.returncode == 0, run.stderr
    assert "Recevable" in run.stdout and "Non recevable" in run.stdout


def test_rules_as_json_are_complete() -> None:
    rules = json.loads(xl_cpom("regles", "--format", "json").stdout)["regles"]
    assert len({rule["code"] for rule in rules}) == len(rules) > 100
    for rule in rules:
        assert rule["titre"] and rule["message"] and rule["correction"] and rule["source"]
        assert rule["gravite"] in ("bloquant", "avertissement", "information")


def test_a_file_alone_says_what_the_command_says_of_it() -> None:
    """`valider FICHIER` goes round click: same words, same exit code, as with an option."""
    for path in (VALIDE, FAULTY):
        alone, asked = xl_cpom("valider", path), xl_cpom("valider", path, "--format", "console")
        assert alone == asked and alone.stdout
    assert only_a_file(["valider", str(VALIDE)]) == (VALIDE if sys.platform != "win32" else None)
    for other in (
        ["valider", "absent.xlsx"], ["valider", str(VALIDE.parent)], ["valider", "--help"],
        ["valider"], ["annoter", str(VALIDE)], ["valider", str(VALIDE), "-j", "2"],
    ):  # fmt: skip
        assert only_a_file(other) is None


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipe")
def test_a_file_alone_ends_quietly_when_nobody_reads_its_report() -> None:
    program = "from xl_cpom.cli import main; import sys; main(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", program, "valider", str(FAULTY)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b"" and process.wait() == 1
