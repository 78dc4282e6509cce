"""One cause, one finding: last year's dates are told once, and what is justified stays alone."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.corpus.cas import controler
from tests.corpus.gestes import Gestures
from xl_cpom.typography import typeset
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.grouped_causes import LEAST, SEVERAL, group_causes
from xl_cpom.validators.model import AVERTISSEMENT, BLOQUANT, Finding

SI = "Systèmes d'information"
_ANNEXES = tuple(
    f"Annexe d'activité pour tous les ESMS + {number}"
    for number in ("210781456", "210099016", "210099024", "210099032", "210099040")
)


def last_year_left(rows: int, comment: int = 0) -> list[tuple[str, tuple[str, ...], str]]:
    """What the control says of SI-014 when the dates of the first rows are those of last year."""
    book = Gestures()
    for rank, who in enumerate(_ANNEXES[:rows]):
        book.saisir(SI, who, "Date de dépôt", dt.date(2026, 10, 30))
        if rank < comment:
            book.saisir(SI, who, "Commentaire ou justification", "Date confirmée par l'ARS.")
    found = [one for one in controler(book.octets()).findings if one.code == "SI-014"]
    return [(one.record, one.cells, one.message) for one in found]


def test_dates_left_from_last_year_are_told_once() -> None:
    ((record, cells, message),) = last_year_left(5)
    assert record == SEVERAL and len(cells) == 5 and {cell[0] for cell in cells} == {"K"}
    assert message == typeset(
        "5 dates de dépôt sont celles d'une campagne précédente : elles ont dû rester de l'an "
        "passé."
    )


def test_few_are_told_one_by_one_and_a_justified_one_alone() -> None:
    assert [len(cells) for _, cells, _ in last_year_left(LEAST - 1)] == [1] * (LEAST - 1)
    assert sorted(len(cells) for _, cells, _ in last_year_left(5, comment=1)) == [1, 4]


def _finding(rank: int, **more: object) -> Finding:
    words: dict[str, object] = {
        "value": str(rank),
        "expected": "une date",
        "message": f"Date {rank}.",
        "fix": "Ici.",
    }
    words |= {"severity": AVERTISSEMENT, **more}
    return Finding("SI-014", sheet=SI, cells=(f"K{rank}",), source="", **words)  # type: ignore[arg-type]


def test_what_a_derogation_lifts_stays_alone() -> None:
    findings = [_finding(rank, waiver="Accordé." if rank == 6 else None) for rank in range(5, 11)]
    told = group_causes(findings, RULES)
    assert [one.cells for one in told] == [("K5", "K7", "K8", "K9", "K10"), ("K6",)]
    assert told[0].value == "5 ; 7 ; 8 ; 9 ; … (et 1 de plus)"
    assert told[0].expected == "une date"


def test_what_blocks_is_told_cell_by_cell() -> None:
    """A profile may make a rule block: each cell that refuses the return is then told."""
    findings = [_finding(rank, severity=BLOQUANT) for rank in range(LEAST)]
    assert group_causes(findings, RULES) == tuple(findings)


def test_what_was_expected_is_said_when_it_is_the_same() -> None:
    findings = [_finding(rank, expected=str(rank)) for rank in range(LEAST)]
    assert [one.expected for one in group_causes(findings, RULES)] == [""]


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.together], ids=lambda r: r.code)
def test_what_is_said_of_many_stands_alone(rule: object) -> None:
    """It says how many, and neither it nor its cure has the value of one row."""
    assert "{nombre}" in rule.together  # type: ignore[attr-defined]
    assert "{" not in rule.together.replace("{nombre}", "")  # type: ignore[attr-defined]
    assert "{" not in rule.together_fix  # type: ignore[attr-defined]


def test_numbers_typed_as_numbers_are_told_once() -> None:
    book = Gestures()
    for number in ("210781456", "210099016", "210099024", "210099032", "210099040"):
        book.saisir("Établissements", number, "FINESS ET", int(number))
    found = [one for one in controler(book.octets()).findings if one.code == "FMT-004"]
    assert [len(one.cells) for one in found] == [5]
    assert found[0].fix == typeset(RULES["FMT-004"].together_fix)
