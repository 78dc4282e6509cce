"""The static add-in, its manifest, its functions and its pane, in a simulated Office host."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.navigateur.test_ranges import as_excel_shows
from tests.udfs.bilan import calls_of, judge
from tests.udfs.cases import EMPTY
from tests.udfs.hotes import echange, officejs
from xl_cpom.functions import FUNCTIONS
from xl_cpom.udfs import office
from xl_cpom.validators.check import check
from xl_cpom.workbook.tabs import CONTROLES, CONTROLES_COLUMNS

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
FAULTY, VALIDE = WORKBOOKS / "exemple_fautif.xlsx", WORKBOOKS / "exemple_valide.xlsx"
OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,127}")
NOM = re.compile(r"[^\W\d_][\w.]{0,127}")
"""What `custom-functions-metadata` 2 accepts for an id and for a name."""


class Server(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".wasm": "application/wasm",
        ".js": "text/javascript",
        ".gz": "application/octet-stream",
    }

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def adresse(construit: Any) -> Iterator[str]:
    """The folders of the build, served."""
    handler = functools.partial(Server, directory=str(construit.dossier))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


NEW = """() => Object.assign(__excel, { selected: null, written: [], sheets: {}, file: null,
  formulas: undefined, formats: undefined, locked: ["Contrôles"] })"""


@pytest.fixture
def pane(awakened_pane: Any) -> Any:
    """The pane beside an empty workbook."""
    awakened_pane.evaluate(NEW)
    return awakened_pane


@pytest.fixture(scope="module")
def awakened_pane(navigateur: Any, adresse: str) -> Iterator[Any]:
    context = navigateur.new_context(locale="fr-FR", viewport={"width": 340, "height": 800})
    tab = context.new_page()
    host = Path(__file__).with_name("office_host.js")
    tab.route(OFFICE_JS, lambda route: route.fulfill(path=host, content_type="text/javascript"))
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(f"{adresse}/excel/pane.html")
    tab.wait_for_selector("body[data-pret]", timeout=120_000)
    yield tab
    assert said == []
    context.close()


def test_metadata_follow_the_rules_and_the_registry() -> None:
    said = office.metadata()["functions"]
    assert [one["name"] for one in said] == list(FUNCTIONS)
    for one, function in zip(said, FUNCTIONS.values(), strict=True):
        assert ID.fullmatch(one["id"]) and NOM.fullmatch(one["name"])
        assert one["description"] == function.description and len(one["description"]) <= 255
        assert [p["optional"] for p in one["parameters"]] == sorted(
            p["optional"] for p in one["parameters"]
        )
        assert {p["type"] for p in one["parameters"]} <= {"any"}
        names = [p["name"] for p in one["parameters"]]
        assert len(set(names)) == len(names) and all(NOM.fullmatch(name) for name in names)


def test_the_manifest_names_files_that_are_there() -> None:
    base = "https://ars.exemple.fr/cpom"
    text = office.manifest(f"{base}/")
    assert "{" not in text
    tree = ET.fromstring(text)
    named = {v for node in tree.iter() for v in node.attrib.values() if v.startswith(base)}
    assert {url.removeprefix(f"{base}/") for url in named} <= set(office.files())
    resources = {node.get("id") for node in tree.iter() if node.get("id")}
    assert {node.get("resid") for node in tree.iter() if node.get("resid")} <= resources
    with pytest.raises(office.AddressRefusedError, match="https"):
        office.manifest("http://ars.exemple.fr")


@pytest.mark.chromium
def test_cases_through_the_static_addin(pane: Any, record_property: Any) -> None:
    calls = calls_of("Office.js")
    ranks = [rank for rank, _ in calls]
    asked = json.loads(echange.write([(a.fonction, a.args) for _, a in calls], EMPTY))

    def given(name: str, args: list[Any]) -> list[Any]:
        found = []
        for param, value in zip(FUNCTIONS[name].params, args, strict=False):
            rows = officejs.argument(value)
            found.append(rows if rows is None or param.kind == "range" else rows[0][0])
        return found + [officejs.argument(value) for value in args[len(found) :]]

    found = pane.evaluate(
        """async (calls) => Promise.all(calls.map(async ([name, args]) => {
          const plain = (value) => value instanceof CustomFunctions.Error ? value.code : value;
          try {
            const value = await __excel.functions[name](...args, { address: "A1" });
            return Array.isArray(value) ? value.map((row) => row.map(plain)) : value;
          } catch (error) { return error.code ?? String(error); }
        }))""",
        [[name, given(name, args)] for name, args in asked],
    )
    shown = [
        v[0][0] if isinstance(v, list) and len(v) == 1 and len(v[0]) == 1 else v for v in found
    ]
    judge("Office.js", dict(zip(ranks, shown, strict=True)), record_property, "complément statique")


@pytest.mark.chromium
def test_the_pane_controls_the_open_workbook(pane: Any, axe: Any) -> None:
    headers = list(CONTROLES_COLUMNS.values())
    pane.evaluate(
        "([file, name, headers]) => { __excel.file = file;"
        " __excel.sheets[name] = [['Contrôles'], headers, ['ancien', 'constat']]; }",
        [base64.b64encode(FAULTY.read_bytes()).decode(), CONTROLES, headers],
    )
    pane.get_by_role("button", name="Vérifier").click()
    expect(pane.locator("#etat")).to_contain_text("Non recevable", timeout=120_000)
    findings = check(FAULTY).findings
    expect(pane.locator("#liste li")).to_have_count(len(findings))
    first = next(f for f in findings if f.cells)
    pane.locator("#liste li button:enabled").first.click()
    pane.evaluate(f"__excel.sheets[{json.dumps(first.sheet)}] = [[]]")
    pane.locator("#liste li button:enabled").first.click()
    assert pane.evaluate("__excel.selected") == [first.sheet, first.cells[0]]
    lines = pane.evaluate(f"__excel.sheets[{json.dumps(CONTROLES)}]")
    assert len(lines) == 2 + len(findings) and lines[1] == headers
    assert [line[1] for line in lines[2:]] == [f.code for f in findings]
    assert pane.evaluate("__excel.locked") == [CONTROLES]
    assert axe(pane) == []
    helped = pane.locator("details", has=pane.get_by_text("TRANSFO – Autodétermination"))
    helped.first.locator("> summary").click()
    helped.last.locator("> summary").click()
    expect(helped.last.locator("li").first).to_be_visible()
    assert helped.last.locator("li").count() == 17


@pytest.mark.chromium
def test_the_pane_reads_cells_where_the_file_is_not_given(pane: Any) -> None:
    sheets = list(as_excel_shows(VALIDE))
    pane.evaluate(
        """(sheets) => { __excel.file = null; __excel.formulas = {}; __excel.formats = {};
        for (const one of sheets) { __excel.sheets[one.nom] = one.valeurs;
          __excel.formulas[one.nom] = one.formules; __excel.formats[one.nom] = one.formats; } }""",
        sheets,
    )
    pane.get_by_role("button", name="Vérifier").click()
    expect(pane.locator("#etat")).to_contain_text("a lu les cellules", timeout=120_000)
    expect(pane.locator("#etat")).to_have_attribute("data-verdict", "recevable")


@pytest.mark.chromium
def test_values_are_frozen(pane: Any) -> None:
    pane.evaluate(
        "() => { __excel.sheets.Feuil1 = [['=CPOM_RESORPTION(250000,-100000)', '=SUM(A1)', 3]]; }"
    )
    pane.get_by_role("button", name="Figer les valeurs").click()
    expect(pane.locator("#etat")).to_contain_text("1 formule remplacée")
    assert pane.evaluate("__excel.sheets.Feuil1[0].slice(1, 3)") == ["=SUM(A1)", 3]


@pytest.mark.chromium
def test_the_site_opens_without_network_the_second_time(
    navigateur: Any, adresse: str, tmp_path: Path
) -> None:
    context = navigateur.new_context(locale="fr-FR")
    tab = context.new_page()
    tab.goto(f"{adresse}/site/")
    tab.wait_for_selector("body[data-pret]", timeout=120_000)
    tab.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    context.set_offline(True)
    again = context.new_page()
    again.goto(f"{adresse}/site/")
    again.wait_for_selector("body[data-pret]", timeout=120_000)
    again.set_input_files("#classeurs", FAULTY)
    expect(again.locator("[data-verdict]")).to_have_attribute(
        "data-verdict", "non recevable", timeout=120_000
    )
    context.close()


def test_the_command_writes_it_for_an_address(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from xl_cpom.cli.complement import complement

    folder = tmp_path / "excel"
    base = "https://ars.exemple.fr/cpom"
    done = CliRunner().invoke(complement, ["construire", "--adresse", base, "-o", str(folder)])
    assert done.exit_code == 0, done.output
    assert "memory.gz" in done.output  # the engine is not there: said, with where it comes from
    assert {path.name for path in folder.iterdir()} == set(office.files())
    assert f"{base}/functions.json" in (folder / "manifest.xml").read_text("utf-8")
    refused = CliRunner().invoke(
        complement, ["construire", "--adresse", "http://ars.exemple.fr", "-o", str(folder)]
    )
    assert refused.exit_code == 2 and "https" in refused.output
