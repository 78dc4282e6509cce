"""The letter: what blocks, what to justify, by when; another template; hostile texts."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports.letter import ANNEXE, check_template, compose_letter
from xl_cpom.reports.render_context import InvalidTemplateError, RenderOptions
from xl_cpom.reports.renderings import FORMATS

DATES = RenderOptions(date=dt.date(2028, 2, 15), echeance=dt.date(2028, 3, 31))


def test_the_letter_says_what_blocks_what_is_to_justify_and_by_when() -> None:
    letter = compose_letter(fabrique.faulty_report(), DATES)
    assert letter.startswith("Le 15\u00a0février\u00a02028\n")
    assert "**n'est pas recevable en l'état**" in letter
    blocks, rest = letter.split("## Ce qui est à corriger ou à justifier")
    assert "A6:A17 (IDE-001)" in blocks
    assert "P7, Q7, P9 et Q9 (INS-002)" in blocks
    assert "FMT-015" not in blocks
    assert "G6:G25 (FMT-015)" in rest
    assert "Et 18\u00a0autres constats semblables." in rest
    assert "STR-010" not in letter  # an information asks for nothing
    assert "| N° | Où | Constat | Dérogation |" in rest and "| Accordée par l'ARS" in rest
    assert "**au plus tard le 31\u00a0mars\u00a02028**" in letter


def test_the_letter_is_short_and_its_annex_is_a_table() -> None:
    letter = compose_letter(fabrique.faulty_report(), DATES)
    body, annex = letter.split(f"\n{ANNEXE}\n")
    assert len(body) < 1800 and "IDE-001" not in body
    assert "- 2 points empêchent de le recevoir ;" in body
    assert annex.count("| N° | Où | Constat |") == 3
    page = FORMATS["lettre-html"].content([fabrique.faulty_report()], DATES).decode()
    assert page.count('<section class="annexe"') == 1 and page.count("<table>") == 3
    assert ANNEXE not in compose_letter(fabrique.valid_report(), DATES)


def test_without_date_the_letter_invents_none() -> None:
    letter = compose_letter(fabrique.faulty_report())
    assert letter.startswith("À l'attention de la direction")
    assert "dans les meilleurs délais" in letter


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (fabrique.valid_report(), "est **recevable**. Aucune correction"),
        (fabrique.unreadable_report(), "n'a pas pu être lu."),
        (fabrique.failed_report(), "du fait de l'outil et non du vôtre"),
        (
            fabrique.rapport((fabrique.anomalie(severity=fabrique.AVERTISSEMENT),)),
            "est **recevable avec réserves**",
        ),
    ],
    ids=["valide", "illisible", "panne", "réserves"],
)
def test_the_letter_follows_the_verdict(report: fabrique.Report, sentence: str) -> None:
    assert sentence in compose_letter(report, DATES)


def test_one_letter_by_gestionnaire() -> None:
    reports = [fabrique.faulty_report(), fabrique.valid_report()]
    assert FORMATS["lettre"].content(reports).decode().count("Madame, Monsieur,\n") == 2
    assert FORMATS["lettre-html"].content(reports).decode().count("<article ") == 2


def test_the_ars_may_bring_its_own_template(tmp_path: Path) -> None:
    model = tmp_path / "modele.md"
    model.write_text("{{ organisme }} : {{ blocages | length }} / {{ echeance }}", "utf-8")
    letter = compose_letter(
        fabrique.faulty_report(), RenderOptions(letter_template=model, echeance=dt.date(2028, 4, 1))
    )
    assert letter == "Association des Monts : 2 / 1er\u00a0avril\u00a02028"


@pytest.mark.parametrize(
    "source",
    [
        "{{ organisme",
        "{{ inconnu }}",
        "{{ organisme.__class__.__mro__ }}",
        "{% include '/etc/passwd' %}",
        "{{ 1 // 0 }}",
        "{% for _ in range(10**9) %}x{% endfor %}",
    ],
)
def test_a_faulty_or_curious_template_is_refused(tmp_path: Path, source: str) -> None:
    model = tmp_path / "modele.md"
    model.write_text(source, "utf-8")
    with pytest.raises(InvalidTemplateError, match="Le modèle de lettre ne peut pas être utilisé"):
        compose_letter(fabrique.rapport(), RenderOptions(letter_template=model))


def test_the_page_follows_the_same_template(tmp_path: Path) -> None:
    """One template for both forms: an image it holds whole is shown, a tag of it is not."""
    model = tmp_path / "modele.md"
    model.write_text(
        "![ARS](data:image/png;base64,AAAA) <b>gras</b>\n\n# Pour {{ organisme }}\n\n"
        "{% for p in blocages %}\n- {{ p.lieu }}\n{% endfor %}\n",
        "utf-8",
    )
    page = (
        FORMATS["lettre-html"]
        .content([fabrique.faulty_report()], RenderOptions(letter_template=model))
        .decode()
    )
    assert '<img src="data:image/png;base64,AAAA" alt="ARS" />' in page
    assert "&lt;b&gt;gras&lt;/b&gt;" in page
    assert "<h1>Pour Association des Monts</h1>" in page
    assert page.count("<li>") == 2
    assert "img-src data:" in page and "default-src 'none'" in page


@pytest.mark.parametrize(
    ("source", "refuse"),
    [
        ("{{ organisme }} {{ date }} {{ echeance }}", False),
        ("{% for p in reserves %}{{ p.constat }}{% endfor %}", False),
        ("{% for p in reserves %}{{ p.gravite }}{% endfor %}", True),
        ("{% if not date %}{{ inconnu }}{% endif %}", True),
        ("{{ organisme", True),
    ],
)
def test_a_template_is_tried_before_the_control(tmp_path: Path, source: str, refuse: bool) -> None:
    model = tmp_path / "modele.md"
    model.write_text(source, "utf-8")
    if not refuse:
        check_template(model)
        return
    with pytest.raises(InvalidTemplateError, match="ne peut pas être utilisé"):
        check_template(model)


def test_an_absent_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidTemplateError, match="ne peut pas être lu"):
        compose_letter(fabrique.rapport(), RenderOptions(letter_template=tmp_path / "absent.md"))


ATTAQUES = ("<script>alert(1)</script>", "{{ 7*7 }}", '"><img>')


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)


@given(
    st.text(max_size=40) | st.sampled_from(["<script>alert(1)</script>", "{{ 7*7 }}", '"><img>'])
)
@example("\u00a0")
@settings(max_examples=150, deadline=None)
def test_no_text_of_the_classeur_acts_in_the_page(text: str) -> None:
    def tags(value: str) -> list[str]:
        parser = Tags()
        parser.feed(FORMATS["lettre-html"].content([fabrique.hostile(value)]).decode())
        return parser.seen

    assert tags(text) == tags("x")
