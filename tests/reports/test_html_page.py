"""The HTML page: what it holds, that it is self-contained, safe and accessible (axe)."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports.grouping import group_findings
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.check import check
from xl_cpom.validators.model import Outcome, Status

RULE = fabrique.levee_rule()
WITH_RULES = RenderOptions(rules={RULE.code: RULE})
ALL = (
    fabrique.faulty_report(),
    fabrique.valid_report(),
    fabrique.unreadable_report(),
    fabrique.failed_report(),
)
ATTAQUES = (
    "<script>alert(1)</script>",
    "'\"><svg onload=x>",
    "{{ 7*7 }}",
    "</style><b>",
    "javascript:x",
)


class Page(HTMLParser):
    """Tags, attributes and texts of a page, and whether its tags are balanced."""

    EMPTY = frozenset({"meta", "br", "path", "rect", "circle", "line"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(*reports: Any, context: RenderOptions = WITH_RULES) -> Page:
    return Page(FORMATS["html"].content(reports, context).decode("utf-8"))


def test_the_verdict_comes_first() -> None:
    text = " ".join(page(fabrique.faulty_report()).text.split())
    verdict = text.index("Non recevable : 3 anomalies bloquantes".replace(" ", " "))
    assert verdict < text.index("Établissements") < text.index("Indicateurs recalculés")


def test_every_anomalie_is_on_the_page_with_its_correction_and_source() -> None:
    report = fabrique.faulty_report()
    text = page(report).text
    for finding in report.findings:
        assert finding.message in text
        assert finding.fix in text
        assert finding.source in text
        assert finding.expected in text
    assert "A6:A17" in text
    assert "Dérogation\u00a0:" in text
    assert "Fermeture du site décidée avant la signature" in text


def test_the_text_of_the_cited_rule_is_in_the_page() -> None:
    found = page(fabrique.faulty_report())
    assert "Une mesure n'est levée que par un courrier de l'autorité" in found.text
    assert {"href": "#c1-regle-INS-002"} in found.all("a")
    assert "c1-regle-INS-002" in {a.get("id") for a in found.all("div")}


def test_the_unchecked_rules_and_the_provenance() -> None:
    text = page(fabrique.faulty_report()).text
    for expected in (
        "PRE-001",
        "La colonne «\u00a0Cotation\u00a0» est absente",
        "ab" * 32,
        "LibreOffice 7.4",
        "31/12/2027",
        "campagne-2027.toml",
        "derogations.csv",
    ):
        assert expected in text


def test_the_trajectoires_have_a_title_a_description_and_a_table() -> None:
    found = page(fabrique.faulty_report())
    images = [a for a in found.all("svg") if a.get("role") == "img"]
    assert len(images) == 15  # sixteen indicators, one is sans objet
    assert len(found.all("title")) == 1 + 15
    assert len(found.all("desc")) == 15
    assert "Réalisé\u00a0: 20,0\u202f% en N1 et 50,0\u202f% en N2." in found.text
    assert "Les mêmes valeurs en tableau" in found.text


@pytest.mark.parametrize("reports", [ALL[:1], ALL], ids=["un", "plusieurs"])
def test_the_page_is_self_contained_and_well_formed(reports: tuple[Any, ...]) -> None:
    found = page(*reports)
    names = Counter(name for name, _ in found.tags)
    assert not names.keys() & {"script", "img", "link", "iframe", "object", "form", "base"}
    attributes = [(key, value) for _, a in found.tags for key, value in a.items()]
    assert not [key for key, _ in attributes if key.startswith("on") or key in ("src", "style")]
    ids = [value for key, value in attributes if key == "id"]
    assert [i for i, count in Counter(ids).items() if count > 1] == []
    targets = [value for key, value in attributes if key == "href"]
    assert all(value and value.startswith("#") and value[1:] in ids for value in targets)
    for key, value in attributes:
        if key == "aria-labelledby":
            assert value
            assert set(value.split()) <= set(ids)
    css = FORMATS["html"].content(reports).decode()
    assert not re.search(r"url\(|@import|https?://", css)


@pytest.mark.parametrize("reports", [ALL[:1], ALL], ids=["un", "plusieurs"])
def test_structure_accessible(reports: tuple[Any, ...]) -> None:
    found = page(*reports)
    assert found.all("html") == [{"lang": "fr"}]
    names = Counter(name for name, _ in found.tags)
    assert names["h1"] == names["main"] == 1
    assert names["table"] == names["caption"] > 5
    assert all(a.get("scope") in ("col", "row") for a in found.all("th"))
    levels = [int(name[1]) for name, _ in found.tags if re.fullmatch("h[1-6]", name)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert found.all("a")[0] == {"class": "evitement", "href": "#contenu"}


def test_several_classeurs_a_summary_then_a_section_each() -> None:
    found = page(*ALL)
    assert [a["id"] for a in found.all("article")] == ["c1", "c2", "c3", "c4"]
    for report in ALL:
        assert report.file in found.text
    assert "Contrôle incomplet\u00a0: 1" in found.text


def test_french_typography() -> None:
    text = page(*ALL).text
    assert re.findall(r"\w+ [:;!?»]", text) == []
    assert re.findall(r"« \w+", text) == []


def test_beyond_the_cap_the_true_total_is_said() -> None:
    findings = tuple(
        fabrique.anomalie(cells=(f"A{n}",), message=f"Constat numéro {n}.") for n in range(1, 512)
    )
    text = page(fabrique.rapport(findings)).text
    assert "Voir les 490 lignes suivantes" in text
    assert "11 lignes de plus ne sont pas montrées ici" in text
    assert "Constat numéro 500." in text
    assert "Constat numéro 501." not in text
    assert "511\u00a0anomalies bloquantes" in text


def test_an_empty_report_can_still_be_read() -> None:
    assert "Aucune anomalie n'a été trouvée." in page(fabrique.rapport()).text
    assert "0 classeurs contrôlés" in page().text


@given(st.text(max_size=40) | st.sampled_from(ATTAQUES))
@settings(max_examples=100, deadline=None)
def test_no_text_of_the_classeur_acts_in_the_page(text: str) -> None:
    def skeleton(value: str) -> list[tuple[str, list[str]]]:
        return [(name, sorted(a)) for name, a in page(fabrique.hostile(value)).tags]

    if text.strip():
        assert skeleton(text) == skeleton("x")
        html = FORMATS["html"].content([fabrique.hostile(text)]).decode()
        assert not set(html) & set("\x1b\u202e\u200f\x07\ufeff")


def test_the_unchecked_rules_are_gathered_by_reason() -> None:
    outcomes = (
        Outcome("EVO-001", Status.NON_CONTROLEE, "pas de retour précédent"),
        Outcome("INS-002", Status.PASSEE),
        Outcome("EVO-002", Status.NON_CONTROLEE, "pas de retour précédent"),
        Outcome("SI-003", Status.EN_PANNE, "panne"),
    )
    page = FORMATS["html"].content([fabrique.rapport((), (), outcomes)]).decode()
    section = page.split('id="c1-inabouties"')[1].split("</section>")[0]
    rows = re.findall(r"<tr><th [^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", section)
    assert [(why, state, re.findall(r"[A-Z]+-\d+", codes)) for why, state, codes in rows] == [
        ("Pas de retour précédent", "non contrôlée&nbsp;: 2", ["EVO-001", "EVO-002"]),
        ("Panne", "en panne&nbsp;: 1", ["SI-003"]),
    ]


def test_same_reports_same_bytes() -> None:
    assert FORMATS["html"].content(ALL) == FORMATS["html"].content(list(ALL))


@pytest.mark.chromium
@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize(
    ("name", "reports"),
    [("html", ALL[:1]), ("html", ALL), ("lettre-html", ALL)],
    ids=["un classeur", "plusieurs", "lettres"],
)
@pytest.mark.parametrize("width", [400, pytest.param(1100, marks=pytest.mark.long)])
def test_axe_finds_nothing(
    navigateur: Any,
    axe: Callable[[Any], list[tuple[str, str]]],
    tmp_path: Path,
    name: str,
    reports: tuple[Any, ...],
    width: int,
) -> None:
    file = tmp_path / "rapport.html"
    file.write_bytes(FORMATS[name].content(reports, WITH_RULES))
    context = navigateur.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    tab = context.new_page()
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(file.as_uri())
    assert axe(tab) == []
    assert requests == [file.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") == width  # no sideways scrolling
    context.close()


@pytest.mark.chromium
@pytest.mark.xdist_group("chromium")
def test_the_page_is_walked_by_keyboard_and_printed_whole(navigateur: Any, tmp_path: Path) -> None:
    file = tmp_path / "rapport.html"
    file.write_bytes(FORMATS["html"].content(ALL[:1], WITH_RULES))
    tab = navigateur.new_page()
    tab.goto(file.as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Aller au contenu"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    hidden = tab.get_by_text("Le pilote de l'action A20 n'est pas renseigné.")
    assert not hidden.is_visible()
    tab.emulate_media(media="print")
    assert hidden.is_visible()
    tab.close()


FINDINGS_PRINTED, PAGES_MOST = 35, 6


@pytest.mark.long
@pytest.mark.chromium
@pytest.mark.xdist_group("chromium")
def test_thirty_five_findings_print_on_six_pages_to_be_ticked(
    navigateur: Any, tmp_path: Path
) -> None:
    """No card is cut, each finding has its box, the texts of the rules stay on the screen."""
    example = Path(__file__).resolve().parents[2] / "workbooks" / "exemple_fautif.xlsx"
    report = check(example)
    findings = report.findings[:FINDINGS_PRINTED]
    assert len(findings) == FINDINGS_PRINTED
    file = tmp_path / "rapport.html"
    file.write_bytes(
        FORMATS["html"].content([replace(report, findings=findings)], RenderOptions(rules=RULES))
    )
    tab = navigateur.new_page()
    tab.goto(file.as_uri())
    printed = tab.pdf(prefer_css_page_size=True)
    (count,) = {int(n) for n in re.findall(rb"/Type /Pages\n/Count (\d+)", printed)}
    assert count <= PAGES_MOST
    tab.emulate_media(media="print")
    cards = tab.locator(".faute")
    assert set(cards.evaluate_all("all => all.map(c => getComputedStyle(c).breakInside)")) == {
        "avoid"
    }
    boxes = tab.evaluate(
        "[...document.querySelectorAll('.faute .t4, .faute tbody th.cellules')].filter("
        "e => getComputedStyle(e, '::before').content === '\"☐\"').length"
    )
    assert boxes == sum(len(g.messages) for s in group_findings(replace(report, findings=findings))
                        for g in s.groups)  # fmt: skip
    assert not tab.locator("#c1-regles").is_visible()
    tab.close()
