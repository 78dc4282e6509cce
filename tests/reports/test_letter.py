"""The letter: what blocks, what to justify, by when; another template; hostile texts."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports.letter import check_template, compose_letter
from xl_cpom.reports.render_context import InvalidTemplateError, RenderOptions
from xl_cpom.reports.renderings import FORMATS

DATES = RenderOptions(date=dt.date(2028, 2, 15), echeance=dt.date(2028, 3, 31))


def test_la_lettre_dit_ce_qui_bloque_ce_qui_se_justifie_et_pour_quand() -> None:
    letter = compose_letter(fabrique.rapport_fautif(), DATES)
    assert letter.startswith("Le 15\u00a0février\u00a02028\n")
    assert "**n'est pas recevable en l'état**" in letter
    blocks, rest = letter.split("## Ce qui est à corriger ou à justifier")
    assert "A6:A17 (IDE-001)" in blocks
    assert "P7, Q7, P9 et Q9 (INS-002)" in blocks
    assert "FMT-015" not in blocks
    assert "G6:G25 (FMT-015)" in rest
    assert "Et 18\u00a0autres constats semblables." in rest
    assert "STR-010" not in letter  # an information asks for nothing
    assert "Dérogation\u00a0: Accordée par l'ARS" in rest
    assert "**au plus tard le 31\u00a0mars\u00a02028**" in letter


def test_sans_date_la_lettre_n_en_invente_pas() -> None:
    letter = compose_letter(fabrique.rapport_fautif())
    assert letter.startswith("À l'attention de la direction")
    assert "dans les meilleurs délais" in letter


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (fabrique.rapport_valide(), "est **recevable**. Aucune correction"),
        (fabrique.rapport_illisible(), "n'a pas pu être lu."),
        (fabrique.rapport_en_panne(), "du fait de l'outil et non du vôtre"),
        (
            fabrique.rapport((fabrique.anomalie(severity=fabrique.AVERTISSEMENT),)),
            "est **recevable avec réserves**",
        ),
    ],
    ids=["valide", "illisible", "panne", "réserves"],
)
def test_la_lettre_suit_le_verdict(report: fabrique.Report, sentence: str) -> None:
    assert sentence in compose_letter(report, DATES)


def test_une_lettre_par_gestionnaire() -> None:
    reports = [fabrique.rapport_fautif(), fabrique.rapport_valide()]
    assert FORMATS["lettre"].octets(reports).decode().count("Madame, Monsieur,\n") == 2
    assert FORMATS["lettre-html"].octets(reports).decode().count("<article ") == 2


def test_l_ars_peut_fournir_son_modele(tmp_path: Path) -> None:
    model = tmp_path / "modele.md"
    model.write_text("{{ organisme }} : {{ blocages | length }} / {{ echeance }}", "utf-8")
    letter = compose_letter(
        fabrique.rapport_fautif(), RenderOptions(modele_lettre=model, echeance=dt.date(2028, 4, 1))
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
def test_un_modele_fautif_ou_curieux_est_refuse(tmp_path: Path, source: str) -> None:
    model = tmp_path / "modele.md"
    model.write_text(source, "utf-8")
    with pytest.raises(InvalidTemplateError, match="Le modèle de lettre ne peut pas être utilisé"):
        compose_letter(fabrique.rapport(), RenderOptions(modele_lettre=model))


def test_la_page_suit_le_meme_modele(tmp_path: Path) -> None:
    """One template for both forms: an image it holds whole is shown, a tag of it is not."""
    model = tmp_path / "modele.md"
    model.write_text(
        "![ARS](data:image/png;base64,AAAA) <b>gras</b>\n\n# Pour {{ organisme }}\n\n"
        "{% for p in blocages %}\n- {{ p.lieu }}\n{% endfor %}\n", "utf-8",
    )  # fmt: skip
    page = (
        FORMATS["lettre-html"]
        .octets([fabrique.rapport_fautif()], RenderOptions(modele_lettre=model))
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
def test_un_modele_s_essaie_avant_de_controler(tmp_path: Path, source: str, refuse: bool) -> None:
    model = tmp_path / "modele.md"
    model.write_text(source, "utf-8")
    if not refuse:
        check_template(model)
        return
    with pytest.raises(InvalidTemplateError, match="ne peut pas être utilisé"):
        check_template(model)


def test_un_modele_absent_se_dit(tmp_path: Path) -> None:
    with pytest.raises(InvalidTemplateError, match="ne peut pas être lu"):
        compose_letter(fabrique.rapport(), RenderOptions(modele_lettre=tmp_path / "absent.md"))


ATTAQUES = ("<script>alert(1)</script>", "{{ 7*7 }}", '"><img>')


class Balises(HTMLParser):
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
def test_aucun_texte_du_classeur_n_agit_dans_la_page(text: str) -> None:
    def balises(value: str) -> list[str]:
        parser = Balises()
        parser.feed(FORMATS["lettre-html"].octets([fabrique.hostile(value)]).decode())
        return parser.seen

    assert balises(text) == balises("x")
