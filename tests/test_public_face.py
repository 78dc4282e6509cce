"""What `from xl_cpom import …` gives: one base of refusals, one set of keywords, plain values."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import xl_cpom
from tests.test_architecture import MODULES
from xl_cpom import Finding, Report, Severity, Verdict, XlCpomError, check, check_batch
from xl_cpom.reports.renderings import FORMATS

WORKBOOKS = Path(__file__).resolve().parents[1] / "workbooks"
FAULTY = WORKBOOKS / "exemple_fautif.xlsx"
EMPTY = WORKBOOKS / "exemple_valide.xlsx"
HOSTS = {"uno", "unohelper", "com", "win32com", "pythoncom", "winreg", "xlcpom"}
"""What only an office suite or Windows gives: a module that asks for it is not walked elsewhere."""

INSIDE = {
    "SansObjetError": "an indicator that does not apply: evaluation turns it into « sans objet »",
    "ExcelFunctionError": "the error value of a cell: every host shows it in the cell",
    "NotAWorksheetError": "a sheet of another nature: the reader says so in its notices",
    "MalformedPartError": "a part that does not read: said in a finding or a refusal",
    "_NotOpenedError": "an archive left as it is, on its way to what is said of it",
    "_TooLargeError": "an entity larger than any real one, on its way to the refusal of the flow",
    "NeedsWorkbookError": "a rule asked for more than its table: another judge is asked",
    "RowsRefusedError": "which rows the wide check suspects, told through pandera to the engine",
    "LostTaskError": "a scheduler is gone: the batch does the task again itself",
    "MalformedXmlError": "the same, met while a copy is annotated: the refusal says it",
}
"""Exceptions that never leave the package: they carry an answer from one function to another."""


def exceptions() -> Iterator[type[BaseException]]:
    """Every exception class of every module that can be imported here."""
    for name, path in MODULES.items():
        if path.stem == "__main__":
            continue
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            assert (error.name or "").split(".")[0] in HOSTS, (name, error)
            continue
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, BaseException) and found.__module__ == name:
                yield found


def test_every_refusal_has_the_one_base() -> None:
    found = set(exceptions())
    assert len(found) > 30
    stray = {one.__name__ for one in found if not issubclass(one, XlCpomError)}
    assert stray == set(INSIDE)


def test_the_names_are_given_lazily() -> None:
    for name in xl_cpom.__all__:
        assert getattr(xl_cpom, name) is not None
    loaded = "{m for m in sys.modules if m.startswith('xl_cpom.')}"
    code = f"import sys, xl_cpom; assert {loaded} == {{'xl_cpom.version'}}"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        _ = xl_cpom.nothing


def test_a_batch_takes_the_keywords_of_a_control() -> None:
    one, many = inspect.signature(check).parameters, inspect.signature(check_batch).parameters
    for name, parameter in list(one.items())[1:]:
        assert many[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert many[name].annotation == parameter.annotation
        assert name == "juge" or many[name].default == parameter.default
    assert (one["juge"].default, many["juge"].default) == ("direct", "pandera")


def test_a_batch_says_what_a_control_says(tmp_path: Path) -> None:
    profil = tmp_path / "profil.toml"
    profil.write_text(
        '[[regle]]\ncode = "INS-002"\ngravite = "information"\nmotif = "essai"\n', encoding="utf-8"
    )
    (many,) = check_batch([FAULTY], profil=profil, jobs=1)
    assert many == check(FAULTY, profil=profil, juge="pandera") != check(FAULTY, juge="pandera")


def test_a_file_that_goes_with_a_batch_is_refused_at_once(tmp_path: Path) -> None:
    broken = tmp_path / "profil.toml"
    broken.write_text("[", encoding="utf-8")
    with pytest.raises(XlCpomError):
        check_batch([FAULTY], profil=broken)


def test_a_report_as_plain_values() -> None:
    report = check(FAULTY)
    assert isinstance(report, Report) and report.verdict is Verdict.NON_RECEVABLE
    assert report.to_dict() == json.loads(FORMATS["json"].render([report]))


def test_the_findings_as_a_frame() -> None:
    reports = [check(FAULTY), check(EMPTY)]
    frame = pd.concat([report.findings_frame() for report in reports], ignore_index=True)
    anomalies = [
        {"fichier": report.file, **anomalie, "cellules": tuple(anomalie["cellules"])}
        for report in reports
        for anomalie in report.to_dict()["anomalies"]
    ]
    assert frame.to_dict("records") == anomalies
    first = reports[0].findings[0]
    assert isinstance(first, Finding) and isinstance(first.severity, Severity)
    assert list(frame.explode("cellules")["cellules"][:1]) == list(first.cells[:1])


def test_the_indicators_as_a_frame() -> None:
    report = check(FAULTY)
    frame = report.to_frame("indicateurs")
    assert len(frame) == len(report.indicateurs) > 5
    rates = [i.taux for i in report.indicateurs if i.taux is not None]
    assert frame["taux"].dropna().tolist() == rates and frame["taux"].dtype == "float64"
    assert set(frame["finess_ej"]) == {report.finess_ej}
    assert report.to_frame().equals(report.findings_frame())
    with pytest.raises(ValueError, match="anomalies"):
        report.to_frame("règles")


def test_no_finding_is_a_frame_with_its_columns() -> None:
    empty = check(EMPTY).findings_frame()
    full = check(FAULTY).findings_frame()
    assert list(empty.columns) == list(full.columns)


DOCUMENTED = {
    "validators/model.py": {"Finding", "Outcome", "ProfileEffect", "Report", "Rule"},
    "validators/recomputed.py": {"ComputedIndicator"},
    "indicators/model.py": {"Indicator", "IndicatorResult"},
    "indicators/inputs.py": {"Input"},
    "batch/campagne.py": {"CampaignSettings", "CampaignResult"},
    "validators/across_returns.py": {"CampaignReport"},
}
"""What `check`, `check_batch`, RULES and INDICATORS give, and where each is written."""


def test_each_field_of_the_public_face_says_what_it_is_under_itself() -> None:
    silent = []
    for path, classes in DOCUMENTED.items():
        tree = ast.parse((Path(xl_cpom.__file__).parent / path).read_text(encoding="utf-8"))
        found = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef) and n.name in classes}
        assert set(found) == classes
        silent += [
            f"{name}.{ast.unparse(one.target)}"
            for name, node in found.items()
            for one, after in zip(node.body, [*node.body[1:], None], strict=True)
            if isinstance(one, ast.AnnAssign)
            and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
        ]
    assert silent == []
