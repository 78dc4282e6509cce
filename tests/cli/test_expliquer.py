"""`xl-cpom expliquer`: by a code, by words, with examples; a helpful refusal otherwise."""

from __future__ import annotations

import pytest

from tests.cli.test_copie_annotee import launched
from xl_cpom.reports.word_search import search_words


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("taux de levée", "LEVEE"),
        ("TAUX DE LEVEE", "LEVEE"),
        ("clé FINESS fausse", "FMT-002"),
        ("mesure levée sans courrier", "INS-002"),
        ("feuille introuvable", "STR-002"),
    ],
)
def test_words_find_what_bears_them(words: str, first: str) -> None:
    assert search_words(words)[0].code == first


def test_words_that_mean_nothing_find_nothing() -> None:
    assert search_words("zorglub") == search_words("le la les") == ()


def test_the_page_shows_examples_then_what_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = launched(capsys, "expliquer", "taux", "de", "levée")
    assert (code, err) == (0, "")
    assert out.startswith("LEVEE – Taux de levée des mesures")
    assert "Voir aussi" in out and "INS-001" in out
    code, out, _ = launched(capsys, "expliquer", "INS-002")
    assert code == 0 and "Exemples" in out
    assert "✖ en anomalie\u00a0: N° de mesure\u00a0: P3, Statut\u00a0: Levée" in out
    assert "sans «\u00a0Référence du courrier\u00a0»" in out, "the message of a real fault"


def test_what_answers_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = launched(capsys, "expliquer", "zorglub")
    assert (code, out) == (2, "") and "zorglub" in err
    code, _, err = launched(capsys, "expliquer", "INS-99")
    assert code == 2 and "Codes proches" in err
