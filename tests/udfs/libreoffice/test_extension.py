"""The extension as a file: what it holds, what it tells, its core on older Pythons."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.udfs.cases import CALLS, EMPTY
from tests.udfs.hotes import echange
from xl_cpom import __version__
from xl_cpom.functions import FUNCTIONS
from xl_cpom.referentiel import load_referentiel, referentiel_from_json
from xl_cpom.typography import typeset
from xl_cpom.udfs.libreoffice import (
    bundled_core,
    descriptors,
    match_patterns,
    older_pythons,
    uno_names,
)
from xl_cpom.udfs.libreoffice.install_notice import LICENCE, NOTICE
from xl_cpom.udfs.libreoffice.older_pythons import rewrite
from xl_cpom.udfs.libreoffice.oxt import GELE, build_oxt, octets, unpack
from xl_cpom.workbook.formulas.canonical import calls_cpom, canonical

ROOT = Path(__file__).parents[3]
OOR = "{http://openoffice.org/2001/registry}"


@pytest.fixture(scope="module")
def parties():
    with zipfile.ZipFile(BytesIO(octets())) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_same_bytes_every_time(tmp_path):
    assert build_oxt(tmp_path) == tmp_path / "cpom.oxt"
    other = build_oxt(tmp_path / "autre.oxt")
    assert other.read_bytes() == (tmp_path / "cpom.oxt").read_bytes()


def test_text_only_and_every_xml_is_well_formed(parties):
    kinds = {Path(name).suffix for name in parties}
    assert kinds == {".xml", ".txt", ".idl", ".xcu", ".components", ".py", ".json"}
    for name, text in parties.items():
        if Path(name).suffix in {".xml", ".xcu", ".components"}:
            ET.fromstring(text.encode("utf-8"))
        assert str(ROOT) not in text


def test_what_the_extension_manager_shows(parties):
    root = ET.fromstring(parties["description.xml"].encode("utf-8"))
    ns = {"d": "http://openoffice.org/extensions/description/2006"}
    href = "{http://www.w3.org/1999/xlink}href"
    assert root.find("d:version", ns).get("value") == __version__
    assert root.find("d:identifier", ns).get("value") == "fr.cpom.calc"
    assert [(n.get("lang"), n.text) for n in root.findall("d:display-name/d:name", ns)] == [
        ("fr", "Fonctions CPOM")
    ]
    shown = root.find(".//d:license-text", ns).get(href)
    assert parties[shown] == LICENCE == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert parties[root.find(".//d:src", ns).get(href)] == NOTICE == typeset(NOTICE)


def test_manifest_names_what_is_there(parties):
    paths = re.findall(r'full-path="([^"]+)"', parties["META-INF/manifest.xml"])
    assert set(paths) == {"XCpom.idl", "CalcAddIns.xcu", "cpom.components"}
    assert set(paths) < set(parties)
    assert f'uri="{descriptors.COMPONENT}"' in parties["cpom.components"]
    assert descriptors.COMPONENT in parties


def node(parent, name):
    return next(n for n in parent.findall("node") if n.get(f"{OOR}name") == name)


def texts(parent, name):
    prop = next(p for p in parent.findall("prop") if p.get(f"{OOR}name") == name)
    return {value.text for value in prop.findall("value")}


def test_every_function_has_its_help_in_french(parties):
    root = ET.fromstring(parties["CalcAddIns.xcu"].encode("utf-8"))
    held = node(node(node(root, "AddInInfo"), uno_names.SERVICE), "AddInFunctions")
    assert [n.get(f"{OOR}name") for n in held] == list(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        found = node(held, name)
        assert texts(found, "DisplayName") == texts(found, "CompatibilityName") == {name}
        assert texts(found, "Description") == {function.description}
        assert texts(found, "Category") == {"Add-In"}
        shown = [
            (texts(p, "DisplayName"), texts(p, "Description")) for p in node(found, "Parameters")
        ]
        assert shown == [({p.name}, {descriptors.aide(function, p)}) for p in function.params]


def test_the_interface_has_every_function_and_the_arguments_of_the_help(parties):
    methods = re.findall(r"^    (.+?) (CPOM_\w+)\((.*)\);$", parties["XCpom.idl"], re.MULTILINE)
    assert [name for _, name, _ in methods] == list(FUNCTIONS)
    for kind, name, params in methods:
        function = FUNCTIONS[name]
        assert kind == ("sequence< sequence< any > >" if function.array else "any")
        names = re.findall(r"\[in\] (any|com::sun::star::table::XCellRange) (\w+)", params)
        assert [n for _, n in names] == [uno_names.argument_name(p) for p in function.params]
        assert len({n for _, n in names}) == len(names)
        for (kind_of, word), param in zip(names, function.params, strict=True):
            assert re.fullmatch("[a-z][A-Za-z0-9]*", word), "UNOIDL refuses an underscore there"
            wants_cells = kind_of != "any"
            assert wants_cells == (descriptors.WANTED_CELL in descriptors.aide(function, param))
            assert not (wants_cells and param.optional), "it could no longer be left out"


def test_measures_are_taken_as_cells():
    taken = {
        (f.name, p.name) for f in FUNCTIONS.values() for p in f.params if uno_names.by_cells(f, p)
    }
    assert {
        ("CPOM_OCCUPATION", "capacite_financee"),
        ("CPOM_RESORPTION", "resultat"),
        ("CPOM_ATTEINTE", "realise"),
        ("CPOM_EXPLIQUE", "quoi"),
    } <= taken
    assert not taken & {
        ("CPOM_ATTEINTE", "cible"),
        ("CPOM_TAUX", "indicateur"),
        ("CPOM_TAUX", "donnees1"),
        ("CPOM_FINESS_VALIDE", "finess"),
        ("CPOM_CIBLE", "annee"),
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_control_reads_the_name_libreoffice_stores(name):
    long = uno_names.LONG_NAMES[name]
    assert canonical(f"{long}(A1)") == canonical(f"{name}(A1)")
    assert calls_cpom(f"{long}(A1)")


def test_the_core_packed_needs_nothing_but_itself(parties):
    packed = {n.removeprefix("pythonpath/") for n in parties if n.startswith("pythonpath/")}
    assert {
        "xl_cpom/__init__.py", "xl_cpom/identifiants.py", "xl_cpom/typography.py",
        "xl_cpom/indicators/evaluation.py", "xl_cpom/referentiel/construction.py",
        "xl_cpom/functions/calls.py", "xl_cpom/udfs/libreoffice/conversion.py",
    } < packed  # fmt: skip
    assert {name.split("/")[1] for name in packed} == {
        "__init__.py", "errors.py", "identifiants.py", "light_dataclass.py", "typography.py",
        "version.py", "functions", "indicators", "referentiel", "udfs",
    }  # fmt: skip
    assert referentiel_from_json(parties[GELE]).digest == load_referentiel().digest


def test_what_is_packed_parses_as_python_3_8(parties):
    for name, text in parties.items():
        if name.endswith(".py"):
            ast.parse(text, name, feature_version=older_pythons.OLDEST)


def test_a_module_that_needs_a_library_is_refused(tmp_path):
    module = tmp_path / "essai.py"
    module.write_text("import pandas\n", encoding="utf-8")
    with pytest.raises(bundled_core.ThirdPartyModuleError, match="pandas"):
        list(bundled_core._needs("xl_cpom.essai", module))


ANSWER = """
import sys
sys.path.insert(0, sys.argv[1])
from xl_cpom.udfs.libreoffice import frozen_referentiel as gele
gele.installer()
from xl_cpom.udfs.libreoffice import conversion
import json
calls = json.load(sys.stdin)
print(json.dumps([conversion.invoke(name, args) for name, args in calls]))
"""


OLD = ("3.8", "3.9", "3.10")


def interpretes():
    """Older Pythons of this machine, if any: on the path, or kept by pyenv."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in OLD:
        found = [*kept.glob(f"{version}.*/bin/python"), shutil.which(f"python{version}")]
        if found[0] and subprocess.run([found[0], "-c", ""], check=False).returncode == 0:
            yield pytest.param(str(found[0]), id=version)


@pytest.mark.parametrize("python", [pytest.param(sys.executable, id="celui-ci"), *interpretes()])
def test_the_packed_core_gives_the_same_answers(python, tmp_path):
    from xl_cpom.functions import invoke

    unpack(tmp_path)
    calls = json.loads(echange.write([(a.fonction, a.args) for a in CALLS], EMPTY))

    def plain(argument):
        if isinstance(argument, list):
            return [[plain(cell)] for cell in argument]
        if isinstance(argument, dict):
            return [[None]] if "vide" in argument else 46000
        return argument

    simple = [(name, [plain(a) for a in args]) for name, args in calls]
    done = subprocess.run(
        [python, "-I", "-c", ANSWER, str(tmp_path / "pythonpath")],
        input=json.dumps(simple), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [invoke(name, args) for name, args in simple]


def test_rewriting_says_what_it_does_not_know():
    with pytest.raises(match_patterns.UnknownPatternError):
        rewrite("match x:\n    case {'a': 1}:\n        pass\n")
    with pytest.raises(older_pythons.RewriteError, match="expression"):
        rewrite("match f(x):\n    case 1:\n        pass\n")
    with pytest.raises(older_pythons.RewriteError, match="essai, line 4"):
        rewrite("try:\n    pass\nexcept* ValueError:\n    pass\n", "essai")


def test_rewriting_keeps_the_meaning():
    source = '''"""Docstring « é »."""
from __future__ import annotations
from dataclasses import dataclass
from typing import TypeAlias

@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int

Aliased: TypeAlias = int | str

def kind(node):
    match node:  # a comment that stays
        case Point(0, y) if y > 1:
            return "axis", y
        case Point(x, tuple() as y) | (x, y):
            return "pair", x, y
        case "+" | 3:
            return "sign"
        case [only]:
            return "alone", only
        case _:
            return isinstance(node, int | float), {**{"a": 1} | {"b": 2}}

FOUND = [kind(n) for n in (Point(0, 2), Point(1, (2,)), (5, 6), "+", 3, ["z"], 1.5, "?")]
'''
    source = source.replace(" | (x, y):", ":").replace("(5, 6)", "(5,)")
    written = rewrite(source)
    assert "# a comment that stays" in written
    assert "match node" not in written and "slots" not in written
    before, after = {"__name__": "a"}, {"__name__": "b"}
    sys.modules.update(a=type(sys)("a"), b=type(sys)("b"))
    exec(source, before)
    exec(written, after)
    assert after["FOUND"] == before["FOUND"]
