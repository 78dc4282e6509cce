"""The report in a terminal: what is said, in which order, how wide, how safe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS

COMMANDS = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"


def texte(*reports: Any, **options: Any) -> str:
    rendered = FORMATS["console"].render(reports, RenderOptions(**options))
    assert isinstance(rendered, str)
    return rendered


def titles(rendered: str) -> list[str]:
    return re.findall(r"^(Feuille «\u00a0.*?\u00a0»|Classeur) — ", rendered, re.M)


def test_the_gravest_sheets_and_rules_first() -> None:
    rendered = texte(fabrique.faulty_report())
    assert titles(rendered) == [
        "Feuille «\u00a0Établissements\u00a0»",
        "Feuille «\u00a0Inspection-contrôle\u00a0»",
        "Feuille «\u00a0Plan d'actions\u00a0»",
        "Feuille «\u00a0Indicateurs\u00a0»",
        "Classeur",
    ]
    codes = re.findall(r"^  (\S \w+ [A-Z]+-\d+)", rendered, re.M)
    assert codes == [
        "✖ Bloquant IDE-001",
        "✖ Bloquant INS-002",
        "▲ Avertissement FMT-015",
        "▲ Avertissement SUI-004",
        "▲ Avertissement IND-007",
        "● Information STR-010",
    ]


def test_every_anomalie_says_where_what_and_how_to_correct() -> None:
    rendered = texte(fabrique.rapport((fabrique.anomalie(),)), width=200)
    assert "    P7 et Q7\u00a0: La mesure M1 est «\u00a0Levée\u00a0» sans date" in rendered
    assert "    Comment corriger\u00a0: Saisissez la date de levée" in rendered


def test_the_title_of_the_rule_when_the_catalogue_is_given() -> None:
    rule = fabrique.levee_rule()
    rendered = texte(fabrique.rapport((fabrique.anomalie(),)), rules={rule.code: rule})
    assert "✖ Bloquant INS-002 — Mesure levée sans justificatif" in rendered


def test_the_cells_of_one_fault_are_grouped() -> None:
    assert "    A6:A17\u00a0: Ce numéro FINESS" in texte(fabrique.faulty_report())


def test_the_cap_says_the_true_total() -> None:
    rendered = texte(fabrique.faulty_report())
    assert "G10\u00a0: Le pilote" in rendered
    assert "G11\u00a0: Le pilote" not in rendered
    assert "… et 15\u00a0autres anomalies de la même règle\u00a0: G11:G25" in rendered
    complete = texte(fabrique.faulty_report(), cap=None)
    assert "G25\u00a0: Le pilote" in complete
    assert "autres anomalies" not in complete


def test_the_cells_too_many_are_counted() -> None:
    cells = tuple(f"A{row}" for row in range(2, 42, 2))
    rendered = texte(fabrique.rapport((fabrique.anomalie(cells=cells),)), width=200)
    assert "A2, A4, A6, A8, A10, A12, A14, A16 et 12\u00a0autres cellules\u00a0: La" in rendered


def test_a_derogation_stays_visible_and_does_not_count() -> None:
    rendered = texte(fabrique.faulty_report(), width=200)
    assert "▲ Avertissement SUI-004 (levé par dérogation)" in rendered
    assert "Dérogation\u00a0: Accordée par l'ARS le 12/03/2027" in rendered
    assert "Justification\u00a0: Fermeture du site" in rendered
    assert "20\u00a0avertissements" in rendered


@pytest.mark.parametrize(
    ("report", "sentence", "next_step"),
    [
        (
            fabrique.faulty_report(),
            "✖ Non recevable\u00a0: 3\u00a0anomalies bloquantes, 21\u00a0avertissements, "
            "1\u00a0information, 1\u00a0anomalie levée par dérogation.",
            "  Corrigez les 3\u00a0anomalies bloquantes, puis relancez le contrôle avant de "
            "transmettre le classeur.",
        ),
        (
            fabrique.rapport((fabrique.anomalie(severity=fabrique.AVERTISSEMENT),)),
            "▲ Recevable avec réserves\u00a0: 1\u00a0avertissement.",
            "  Vous pouvez transmettre ce classeur après avoir corrigé ou justifié "
            "l’avertissement dans la colonne «\u00a0Commentaire ou justification\u00a0».",
        ),
        (
            fabrique.valid_report(),
            "✔ Recevable\u00a0: aucune anomalie.",
            "  Vous pouvez transmettre ce classeur à l'ARS.",
        ),
        (
            fabrique.unreadable_report(),
            "✖ Illisible\u00a0: le fichier n'a pas pu être lu.",
            "  Rien n'a pu être contrôlé. Suivez la correction indiquée, puis relancez le "
            "contrôle.",
        ),
        (
            fabrique.failed_report(),
            "■ Contrôle incomplet\u00a0: 1\u00a0règle en panne, aucune anomalie.",
            "  Ce classeur ne peut pas encore être déclaré recevable. 1\u00a0règle est tombée en "
            "panne\u00a0: c'est un défaut du contrôle, pas du classeur. Signalez-le avec ce "
            "rapport.",
        ),
    ],
    ids=["refusé", "réserves", "recevable", "illisible", "panne"],
)
def test_the_verdict_comes_last_and_says_what_to_do(
    report: Any, sentence: str, next_step: str
) -> None:
    assert texte(report, width=240).splitlines()[-2:] == [sentence, next_step]


def test_the_unchecked_rules_say_why() -> None:
    rendered = texte(fabrique.faulty_report(), width=200)
    assert (
        "  PRE-001, PRE-002 — non contrôlées\u00a0: aucun classeur de l'année précédente "
        "n'est donné" in rendered
    )


def test_the_indicateurs_as_a_table_then_as_a_list() -> None:
    report = fabrique.rapport((), fabrique.complete_indicateurs())
    wide = texte(report, width=80)
    assert re.search(r"^  Inspection +PA +25 +50 +50,0\u202f% +40,0\u202f%  ✔ Atteint$", wide, re.M)
    assert re.search(
        r"^  En difficulté +PA +−61\u202f728 +246\u202f914 +−25,0\u202f% +40,0.% +✖ Non atteint$",
        wide,
        re.M,
    )
    assert re.search(r"^  En difficulté +PH +0 +0 +— +—  Sans objet$", wide, re.M)
    narrow = texte(report, width=50)
    assert "  Inspection PA\n    Taux\u00a0: 50,0\u202f% (25 sur 50)" in narrow


def test_several_classeurs_one_line_each_and_the_totals() -> None:
    reports = (fabrique.faulty_report(), fabrique.valid_report(), fabrique.valid_report())
    lines = texte(*reports, width=200).splitlines()
    assert lines == [
        "✖ Non recevable — retour.xlsx — Association des Monts\u00a0: 3\u00a0anomalies bloquantes, "
        "21\u00a0avertissements, 1\u00a0information, 1\u00a0anomalie levée par dérogation",
        "✔ Recevable — exemple_valide.xlsx — Association des Monts\u00a0: aucune anomalie",
        "✔ Recevable — exemple_valide.xlsx — Association des Monts\u00a0: aucune anomalie",
        "",
        "3\u00a0classeurs contrôlés",
        "  ✔ Recevable\u00a0: 2",
        "  ✖ Non recevable\u00a0: 1",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_overflows_and_no_word_is_cut(width: int) -> None:
    rendered = texte(fabrique.faulty_report(), width=width)
    assert max(len(line) for line in rendered.splitlines()) <= width
    reference = texte(fabrique.faulty_report(), width=2000)
    words = set(re.split(r"[ \n]+", rendered)) - {""}
    known_rows = set(re.split(r"[ \n]+", reference)) - {""}
    assert {m for m in words - known_rows if not set(m) <= {"─"}} <= _list_words()


def _list_words() -> set[str]:
    """Words that only the list of indicators uses (narrow screens)."""
    return (
        {"Taux\u00a0:", "Cible\u00a0:", "sur", "(0", "0)"}
        | {f"({n}" for n in ("19", "22", "25", "−61\u202f728")}
        | {"50)", "246\u202f914)"}
    )


def test_no_color_outside_a_terminal() -> None:
    assert "\x1b" not in texte(fabrique.faulty_report())
    assert "\x1b[1;31m" in texte(fabrique.faulty_report(), color=True)


def test_the_color_does_not_change_the_text() -> None:
    coloured = texte(fabrique.faulty_report(), color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == texte(fabrique.faulty_report())


@given(st.text(alphabet=st.characters(), max_size=60))
@settings(max_examples=300)
def test_no_control_character_reaches_the_terminal(text: str) -> None:
    for reports in ([fabrique.hostile(text)], [fabrique.hostile(text)] * 2):
        rendered = FORMATS["console"].content(reports).decode("utf-8")
        assert not re.search(COMMANDS, rendered)


@pytest.mark.parametrize("text", ["[bold red]x[/]", "[/]", ":smile:", "[link=http://x]y[/link]"])
def test_the_markup_of_rich_is_not_interpreted(text: str) -> None:
    assert text in texte(fabrique.hostile(text), width=300)
