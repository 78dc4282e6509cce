"""The renderings of a comparison and its command: words, schema, accessibility, exit codes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from tests.atelier import VALIDE, WORKBOOKS
from xl_cpom.cli import main
from xl_cpom.reports.comparison import (
    Comparison,
    Nature,
    comparer,
    console,
    html_page,
    json_document,
)
from xl_cpom.reports.comparison.model import grouped


def schema(name: str) -> Any:
    text = resources.files("xl_cpom").joinpath(f"schemas/{name}.schema.json").read_text("utf-8")
    return json.loads(text)


@pytest.fixture(scope="module")
def corrections(fichiers: dict[str, Path]) -> Comparison:
    return comparer(fichiers["un"], fichiers["deux"])


@pytest.fixture(scope="module")
def evolution(fichiers: dict[str, Path]) -> Comparison:
    return comparer(fichiers["valide"], fichiers["apres"])


def test_two_years_show_how_the_indicators_moved(evolution: Comparison) -> None:
    assert evolution.nature is Nature.EVOLUTION
    assert (evolution.before.annee, evolution.after.annee) == (2027, 2028)
    assert evolution.cells == evolution.rows == evolution.findings == ()
    assert len(evolution.remarks) == 1 and "deux retours" in evolution.remarks[0]
    found = {(i.code, i.secteur): i for i in evolution.indicateurs}
    assert len(found) == 16
    moved = found["TRANSFO", "PA"]
    assert moved.before is not None and moved.after is not None
    assert (moved.before.numerateur, moved.before.denominateur) == (2, 5)
    assert (moved.after.numerateur, moved.after.denominateur) == (3, 5)
    assert moved.ecart == pytest.approx(0.2)
    assert moved.before.cible == 0.4 and moved.after.cible == moved.after.cibles[2]


def test_backwards_is_said(fichiers: dict[str, Path]) -> None:
    found = comparer(fichiers["apres"], fichiers["valide"])
    assert any("à rebours" in text for text in found.remarks)


def test_the_json_follows_its_schema(corrections: Comparison, evolution: Comparison) -> None:
    published = schema("comparaison")
    registry: Any = Registry().with_resources(
        [(s["$id"], Resource.from_contents(s)) for s in (published, schema("rapport"))]
    )
    jsonschema.Draft202012Validator.check_schema(published)
    validator = jsonschema.Draft202012Validator(published, registry=registry)
    for comparaison in (corrections, evolution):
        text = json_document.render(comparaison)
        document = json.loads(text)
        validator.validate(document)
        assert text == json_document.render(comparaison) and text.endswith("}\n")
    assert document["anomalies"] is None and document["cellules"] is None
    first = json.loads(json_document.render(corrections))
    assert {a["avant"]["code"] for a in first["anomalies"]["corrigees"]} == {
        "FMT-002", "FMT-013", "FMT-018", "SUI-001",
    }  # fmt: skip
    assert [a["apres"]["cellules"] for a in first["anomalies"]["nouvelles"]] == [["G11"]]
    changed = {c["colonne"]: c for c in first["cellules"]}
    assert changed["Statut"]["avant"] == {"valeur": "Terminée", "cellule": "J6"}
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**first, "autre": 1})


def test_the_console_says_it_in_french(corrections: Comparison, evolution: Comparison) -> None:
    text = console.render(corrections, 80)
    assert "4\u00a0anomalies corrigées, 1\u00a0nouvelle, 3\u00a0restantes" in text
    assert "Pilote (G9 puis G11)" in text
    assert "«\u00a0Terminée\u00a0» → «\u00a0Réalisée\u00a0»" in text
    assert max(map(len, text.splitlines())) <= 80
    years = console.render(evolution, 80)
    assert "Deux années différentes" in years and "de 2027 à 2028" in years
    assert "TRANSFO PA\u00a0: 40,0\u202f% → 60,0\u202f% (+20,0\u00a0points)" in years
    for shown in (text, years):
        assert re.findall(r"\w+ [:;!?»%]", shown) == []
        assert re.findall(r"« \w+", shown) == []


class Page(HTMLParser):
    """Tags and text of a page, whose tags must be balanced."""

    EMPTY = frozenset({"meta", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


@pytest.mark.parametrize("this_name", ["corrections", "evolution"])
def test_the_page_is_whole_and_self_contained(
    this_name: str, request: pytest.FixtureRequest
) -> None:
    html = html_page.render(request.getfixturevalue(this_name))
    page = Page(html)
    names = Counter(name for name, _ in page.tags)
    assert not names.keys() & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert names["h1"] == names["main"] == 1 and names["table"] == names["caption"]
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = [a["href"] for _, a in page.tags if a.get("href")]
    assert all(target and target[1:] in ids for target in targets)
    assert all(a.get("scope") in ("col", "row") for name, a in page.tags if name == "th")
    assert not re.search(r"url\(|@import|https?://", html)
    assert re.findall(r"\w+ [:;!?»%]", page.text) == []
    assert re.findall(r"« \w+", page.text) == []


def test_findings_that_say_the_same_are_one_line(corrections: Comparison) -> None:
    """As « valider » groups them: one line, and the cells of all."""
    first = corrections.findings[0]
    (told,) = grouped([first] * 3)
    assert told.finding == first.finding and told.cells == first.finding.cells * 3
    rows = [
        Counter(name for name, _ in Page(html_page.render(c)).tags)["tr"]
        for c in (corrections, replace(corrections, findings=(*corrections.findings, first)))
    ]
    assert rows[0] == rows[1]


def test_the_page_holds_every_change(corrections: Comparison) -> None:
    text = Page(html_page.render(corrections)).text
    for constat in corrections.findings:
        assert constat.finding.message in text
    for cell in corrections.cells:
        assert cell.record in text and cell.before.value in text
    assert "G9 puis G11" in text


@pytest.mark.chromium
@pytest.mark.xdist_group("chromium")
def test_axe_finds_nothing(
    corrections: Comparison,
    evolution: Comparison,
    navigateur: Any,
    axe: Callable[[Any], list[tuple[str, str]]],
    tmp_path: Path,
) -> None:
    for comparaison in (corrections, evolution):
        file = tmp_path / f"{comparaison.nature.name}.html"
        file.write_text(html_page.render(comparaison), encoding="utf-8")
        for width in (400, 1100):
            context = navigateur.new_context(
                viewport={"width": width, "height": 900}, bypass_csp=True
            )
            tab = context.new_page()
            tab.goto(file.as_uri())
            assert axe(tab) == []
            assert tab.evaluate("document.documentElement.scrollWidth") == width
            context.close()


def commande(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["comparer", *map(str, arguments)])
    out, err = capsys.readouterr()
    return (end.value.code if isinstance(end.value.code, int) else 0), out, err


def test_exit_codes_are_those_of_the_second_file(
    fichiers: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = commande(capsys, fichiers["un"], VALIDE)
    assert code == 0 and "Deux versions d'un retour" in out
    target = tmp_path / "c.json"
    run = commande(capsys, VALIDE, fichiers["un"], "--format", "json", "-o", target)
    assert run == (1, "", "")
    assert json.loads(target.read_text("utf-8"))["nature"] == "corrections"


def test_refusals(
    fichiers: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "casse.xlsx").write_bytes(VALIDE.read_bytes()[:5000])
    expected = (
        ((VALIDE, WORKBOOKS / "exemple_fautif.xlsx"), 2, "deux organismes différents"),
        ((tmp_path / "casse.xlsx", VALIDE), 3, "casse.xlsx"),
        ((fichiers["un"], VALIDE, "-o", tmp_path / "absent" / "c.html"), 2, "n'existe pas"),
    )
    for arguments, code, phrase in expected:
        got, out, err = commande(capsys, *arguments)
        assert (got, out) == (code, "") and phrase in err and err.startswith("Erreur")
