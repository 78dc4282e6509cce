"""The functions through xlwings' own code: COM (pywin32 replaced), Office.js, help texts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from xl_cpom.functions import FUNCTIONS

from .bilan import calls_of, judge
from .cases import EMPTY
from .hotes import echange

pytest.importorskip("xlwings", reason="xlwings absent : chemins COM et Office.js non vérifiés")
ROOT = Path(__file__).parents[2]


def launch(module: str, entree: str = "", *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *options],
        input=entree,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("host", "module", "options"),
    [("COM", "com", []), ("COM, plages", "com", ["plages"]), ("Office.js", "officejs", [])],
)
def test_case(host, module, options, record_property):
    calls = calls_of(host)
    entry = echange.write([(a.fonction, a.args) for _, a in calls], EMPTY)
    found = json.loads(launch(f"tests.udfs.hotes.{module}", entry, *options))
    ranks = [rank for rank, _ in calls]
    judge(host, dict(zip(ranks, found, strict=True)), record_property)


def test_what_com_publishes():
    published = json.loads(launch("tests.udfs.hotes.publication", "com"))
    assert published["fonctions"] == {
        name: {
            "aide": f.description,
            "categorie": "CPOM",
            "volatile": False,
            "arguments": [
                {"nom": p.name, "aide": p.doc, "plage": p.kind == "range", "facultatif": p.optional}
                for p in f.params
            ],
        }
        for name, f in FUNCTIONS.items()
    }
    vba = published["vba"]
    assert "Function CPOM_SI(taux, Optional exigibles, Optional systemes, Optional methode)" in vba
    assert (
        'CPOM_SI = XLPy.CallUDF("xl_cpom.udfs.xlwings_module", "CPOM_SI", '
        "Array(taux, exigibles, systemes, methode), ActiveWorkbook, Application.Caller)" in vba
    )
    assert vba.count("End Function") == len(FUNCTIONS)


def test_what_office_publishes():
    published = json.loads(launch("tests.udfs.hotes.publication", "officejs"))
    meta = {f["name"]: f for f in published["functions"]}
    assert set(meta) == set(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        assert meta[name]["description"] == function.description
        assert [
            (p["name"], p["description"], p.get("optional", False))
            for p in meta[name]["parameters"]
        ] == [(p.name, p.doc, p.optional) for p in function.params]


def test_our_module_adds_nothing_heavy_to_xlwings():
    script = (
        "import sys; sys.modules['pandas'] = None\n"
        "import xlwings\n"
        "before = set(sys.modules)\n"
        "import xl_cpom.udfs.xlwings_module as m\n"
        "assert m.CPOM_RESORPTION(250000, -100000) == 0.6\n"
        "ours = {n for n in set(sys.modules) - before if n.startswith('xl_cpom')}\n"
        "print(sorted(n for n in set(sys.modules) - before - ours"
        " if '.' not in n and n not in sys.stdlib_module_names))\n"
        "print(sorted({'.'.join(n.split('.')[:2]) for n in ours}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=ROOT, capture_output=True, text=True
    )
    third_party, ours = done.stdout.splitlines()
    assert third_party == "[]"
    assert ours == str(
        ["xl_cpom", *(f"xl_cpom.{n}" for n in
         ("errors", "functions", "identifiants", "indicators", "light_dataclass", "referentiel",
          "typography", "udfs", "version"))]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("module", "options"), [("com", []), ("com", ["plages"]), ("officejs", [])]
)
@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#GETTING_DATA"])
def test_an_error_only_recent_versions_know_is_no_number(module, options, error):
    calls = [
        ("CPOM_OCCUPATION", [error, 80, 365]),
        ("CPOM_SI", [[1, error]]),
        ("CPOM_FINESS_VALIDE", [["210780581", error]]),
        ("CPOM_EXPLIQUE", [error]),
    ]
    found = json.loads(launch(f"tests.udfs.hotes.{module}", echange.write(calls, EMPTY), *options))
    assert found == [
        "#VALUE!", "#VALUE!", [[True], ["#VALUE!"]], "La cellule contient une erreur du tableur.",
    ]  # fmt: skip
