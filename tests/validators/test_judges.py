"""The two judges say the same: same findings, same order, same report but for their own name.

Compared on the corpus, on returns drawn at random (half of them honest, half of them damaged), on
mutants of real files. The corpus, the hostile set and the mutants of files also go, each time they
are played, through both judges at once: a disagreement there is a failure of the program.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ampleur import by, une_sur
from tests.atelier import VALIDE
from tests.commande import run as xl_cpom
from tests.corpus.cas import cas
from tests.validators.honnetes import Contenu, retours
from tools.hostiles.mutants import mutant
from xl_cpom import check, check_batch
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators import engine
from xl_cpom.validators.check import check_retour
from xl_cpom.validators.judges import JUDGES, by_pandera
from xl_cpom.validators.judging import accused_rows
from xl_cpom.validators.model import Status, exit_code
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.workbook.building import build
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.lists import admitted
from xl_cpom.workbook.model import Column, Kind
from xl_cpom.workbook.reader import UnreadableWorkbookError, read_workbook
from xl_cpom.workbook.records import NON_LU
from xl_cpom.workbook.sheets import SHEETS

RETOURS = by(40, 500)
LOTS = 4
FAULTY = VALIDE.with_name("exemple_fautif.xlsx")
CORPUS = une_sur(12, list(cas()))
MUTANTS = by(12, 400)
SEED = 20_261_130

TEXTS = ("texte", "010780001", "Réalisée", "Levée", "Abandonnée", "Oui", "PA", "=A1", "x" * 300)
NUMBERS = (0, -5, 1, 1.2, 2027, 10**9)
DATES = (dt.date(1999, 1, 1), dt.date(2027, 12, 31), dt.date(2099, 6, 30))


def other_value(chance: random.Random, column: Column) -> Any:
    """What a cell of this column may hold once it has been read."""
    if listed := admitted(column, load_referentiel()):
        typed: tuple[Any, ...] = tuple(listed)
    elif column.kind is Kind.ANNEE:
        typed = (2019, 2027, 2031)
    elif column.kind.is_number:
        typed = NUMBERS
    elif column.kind is Kind.DATE:
        typed = DATES
    elif column.kind is Kind.FINESS_LIST:
        typed = ((), ("010780001",), ("010780001", "010780002"))
    else:
        typed = TEXTS
    return chance.choice((None, NON_LU, *typed, *typed))


def both(judged: Callable[[str], Any]) -> Any:
    """What both judges say, once compared."""
    said, theirs = judged("direct"), judged("pandera")
    assert said == theirs
    return said


def report_of(raw_bytes: bytes, name: str = "retour.xlsx") -> dict[str, Any]:
    """The report of a file, the same from both judges."""
    raw = read_workbook(raw_bytes)

    def judged(juge: str) -> dict[str, Any]:
        retour = interpret(raw, load_referentiel())  # a control may come to doubt its rows
        found = check_retour(name, retour, juge=juge).to_dict()
        assert found.pop("juge") == juge
        return found

    return both(judged)  # type: ignore[no-any-return]


def damaged(chance: random.Random, contenu: Contenu) -> Contenu:
    """The same return with one to eight cells that hold something else, anywhere."""
    for _ in range(chance.randint(1, 8)):
        key = chance.choice([key for key, rows in contenu.items() if rows])
        column = chance.choice([c for c in SHEETS[key].columns if c.is_entry])
        chance.choice(contenu[key])[column.key] = other_value(chance, column)
    return contenu


def drawn() -> Iterator[tuple[str, Contenu]]:
    """Honest returns and damaged ones, by turns."""
    chance = random.Random(SEED)
    for rank, (name, content) in enumerate(retours(RETOURS, SEED, load_referentiel())):
        yield name, damaged(chance, content) if rank // LOTS % 2 else content


@pytest.mark.parametrize("lot", range(LOTS))
def test_on_returns_drawn_at_random(lot: int, record_property) -> None:  # type: ignore[no-untyped-def]
    wrong, found, count = [], 0, 0
    for name, content in list(drawn())[lot::LOTS]:
        count += 1
        classeur = build(content, load_referentiel())
        date = classeur.identification.date_arrete
        context = RuleContext(classeur, date if isinstance(date, dt.date) else None)
        said = engine.run((), context, juge="direct")
        if said != engine.run((), context, juge="pandera"):
            wrong.append(name)
        found += len(said[0])
    record_property("parite", count)
    record_property("desaccords", len(wrong))
    assert wrong == []
    assert found >= count // 2


@pytest.mark.parametrize("case", CORPUS, ids=lambda c: f"{c.fichier}-{c.nom}")
def test_on_the_corpus(case: Any, record_property) -> None:  # type: ignore[no-untyped-def]
    report = report_of(case.classeur().octets(), case.file_name)
    record_property("parite", 1)
    assert len(report["anomalies"]) == len(case.attendu)


def test_on_mutants_of_a_file(record_property) -> None:  # type: ignore[no-untyped-def]
    read = 0
    for seed in range(MUTANTS):
        try:
            report_of(mutant(90_000 + seed))
            read += 1
        except UnreadableWorkbookError:
            continue
    record_property("parite", read)
    assert read >= MUTANTS // 4


@pytest.mark.parametrize("path", [VALIDE, FAULTY], ids=lambda p: p.stem)
def test_on_the_examples(path: Path) -> None:
    """Through the schemas: the same rows for the same rules as the predicates alone."""
    context = RuleContext(interpret(read_workbook(path), load_referentiel()).classeur)
    found = {}
    for key, table in context.classeur.tables.items():
        found[key] = by_pandera.accused(table, context)
        assert found[key] == accused_rows(table.rows, table.sheet, context)
    assert any(found.values()) is (path == FAULTY)


def test_one_file_is_judged_directly_a_folder_by_pandera(tmp_path: Path) -> None:
    folder = tmp_path / "retours"
    folder.mkdir()
    copy = folder / "retour.xlsx"
    copy.write_bytes(FAULTY.read_bytes())
    said = {
        arguments: xl_cpom("valider", *arguments, "--format", "json")
        for arguments in [(copy,), (folder,), (copy, "--juge", "deux"),
                          (folder, "--juge", "direct"), (copy, "--juge", "pandera")]
    }  # fmt: skip
    reports = [json.loads(run.stdout) for run in said.values()]
    assert [run.returncode for run in said.values()] == [1] * 5
    judges = [report.pop("juge") for report in reports]
    assert judges == ["direct", "pandera", "deux", "direct", "pandera"]
    assert all(report == reports[0] for report in reports)
    assert xl_cpom("valider", copy, "--juge", "aucun").returncode == 2


def test_a_batch_goes_through_pandera_unless_told_otherwise() -> None:
    assert [report.judge for report in check_batch([VALIDE], jobs=1)] == ["pandera"]
    assert [report.judge for report in check_batch([VALIDE], jobs=1, juge="direct")] == ["direct"]
    assert check(VALIDE).judge == "direct"
    with pytest.raises(ValueError, match="juge"):
        check(VALIDE, juge="autre")
    assert JUDGES == ("direct", "pandera", "deux")


def test_the_report_says_which_judged() -> None:
    run = xl_cpom("valider", VALIDE, "--juge", "deux", "--format", "html")
    assert "Lignes jugées" in run.stdout and "sans désaccord" in run.stdout


def test_a_disagreement_is_a_failure_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """One judge made blind to a rule: it alone is told as failed, the others are judged."""
    real = by_pandera.accused

    def blind(table: Any, context: Any) -> Any:
        return {code: rows for code, rows in real(table, context).items() if code != "SUI-001"}

    before = check(FAULTY)
    (said,) = [finding for finding in before.findings if finding.code == "SUI-001"]
    monkeypatch.setattr(by_pandera, "accused", blind)
    report = check(FAULTY, juge="deux")
    failed = [outcome for outcome in report.outcomes if outcome.status is Status.EN_PANNE]
    assert exit_code(report) == 4 and failed[0].code == "SUI-001"
    assert all("dont elle dépend" in outcome.reason for outcome in failed[1:])
    assert "JudgesDisagreeError" in failed[0].reason and "SUI-001" in failed[0].reason
    assert "Plan d'actions" in failed[0].reason.replace("’", "'")
    assert said.cells[0][1:] in failed[0].reason
    assert {f.code for f in before.findings} - {f.code for f in report.findings} == {"SUI-001"}


def test_a_judge_that_accuses_too_much_is_a_disagreement_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(by_pandera, "accused", lambda table, _: {"SUI-001": [table.rows[0].number]})
    report = check(VALIDE, juge="deux")
    (failed,) = [outcome for outcome in report.outcomes if outcome.status is Status.EN_PANNE]
    assert exit_code(report) == 4 and failed.code == "SUI-001"


def test_the_command_ends_in_4_when_the_judges_disagree(tmp_path: Path) -> None:
    """A whole process, one of whose judges was made blind."""
    script = tmp_path / "aveugle.py"
    script.write_text(
        "import sys\n"
        "from xl_cpom.validators.judges import by_pandera\n"
        "by_pandera.accused = lambda table, contexte: {}\n"
        "from xl_cpom.cli import main\n"
        "main(['valider', sys.argv[1], '--juge', 'deux'])\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, script, FAULTY], capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 4
    assert "deux juges sont en désaccord" in run.stdout + run.stderr


def test_a_broken_schema_is_never_the_users_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of pandera that crashes comes back as an error of the data: it must not pass so."""

    def crash(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(by_pandera, "accused_rows", crash)
    report = check(VALIDE, juge="pandera")
    assert exit_code(report) == 4 and report.findings == ()
