"""What workers answer and the journal keeps: nothing lost, nothing that could run."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_cpom.batch.answer import FileAnswer, finess_in_name
from xl_cpom.validators.model import (
    Finding,
    Outcome,
    Report,
    Severity,
    Status,
    Verdict,
)
from xl_cpom.validators.recomputed import ComputedIndicator
from xl_cpom.validators.retours import EtablissementRendu, Rendu
from xl_cpom.workers.codec import UnreadableAnswerError, decode, encode

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NUMBER = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
FINDING = st.builds(
    Finding, code=TEXT, severity=st.sampled_from(Severity), sheet=TEXT,
    cells=st.lists(TEXT, max_size=3).map(tuple), value=TEXT, expected=TEXT, message=TEXT,
    fix=TEXT, source=TEXT, record=TEXT, waiver=st.none() | TEXT,
)  # fmt: skip
INDICATEUR = st.builds(
    ComputedIndicator, code=TEXT, module=TEXT, libelle=TEXT, secteur=TEXT,
    annee=st.none() | st.integers(2000, 2100), numerateur=st.none() | NUMBER,
    denominateur=st.none() | NUMBER, taux=st.none() | NUMBER, declare=st.none() | NUMBER,
    cible=st.none() | NUMBER, atteinte=TEXT,
    cibles=st.lists(st.none() | NUMBER, max_size=5).map(tuple),
)  # fmt: skip
REPORT = st.builds(
    Report, file=TEXT, sha256=TEXT, gabarit=st.none() | TEXT,
    verdict=st.sampled_from(Verdict), finess_ej=st.none() | TEXT,
    raison_sociale=st.none() | TEXT, findings=st.lists(FINDING, max_size=3).map(tuple),
    indicateurs=st.lists(INDICATEUR, max_size=2).map(tuple),
    outcomes=st.lists(st.builds(Outcome, TEXT, st.sampled_from(Status), TEXT),
                      max_size=3).map(tuple),
    engine=TEXT, referentiel=TEXT, options=st.dictionaries(TEXT, TEXT, max_size=2),
)  # fmt: skip
RENDU = st.builds(
    Rendu, file=TEXT, sha256=TEXT, verdict=st.sampled_from(Verdict),
    annee=st.none() | st.integers(2000, 2100), date_arrete=st.none() | st.dates(),
    etablissements=st.lists(st.builds(
        EtablissementRendu, TEXT, capacite_autorisee=st.none() | st.integers(0, 500),
        cells=st.dictionaries(TEXT, TEXT, max_size=2)), max_size=2).map(tuple),
)  # fmt: skip
ANSWER = st.builds(
    FileAnswer, REPORT, RENDU,
    st.dictionaries(TEXT, st.lists(st.lists(st.none() | TEXT | NUMBER | st.booleans(),
                                             max_size=3), max_size=2), max_size=2),
)  # fmt: skip


@given(ANSWER)
def test_there_and_back(answer: FileAnswer) -> None:
    data = encode(answer)
    back = decode(FileAnswer, data)
    assert back == answer
    assert encode(back) == data
    assert pickle.loads(pickle.dumps(back)) == answer


@given(st.binary(max_size=60))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableAnswerError):
        decode(FileAnswer, data)


def _gates(answer: list[Any]) -> list[Any]:
    report, rendu, *rest = answer

    def mine(of: Any, plain: list[Any], name: str, value: Any) -> list[Any]:
        rank = [field.name for field in fields(of)].index(name)
        return [*plain[:rank], value, *plain[rank + 1 :]]

    return [
        [], {}, [1], [report, None, *rest], [*answer, "de trop"], [report, rendu],
        [mine(Report, report, "verdict", "peut-être"), rendu, *rest],
        [mine(Report, report, "findings", "abc"), rendu, *rest],
        [mine(Report, report, "outcomes", [["A", []]]), rendu, *rest],
        [report, mine(Rendu, rendu, "date_arrete", "hier"), *rest],
        [mine(Report, report, "file", 3), rendu, *rest],
    ]  # fmt: skip


def test_a_wrong_shape_is_refused() -> None:
    import json

    from xl_cpom.batch.task import FileTask, refusal_report

    good = json.loads(encode(refusal_report(FileTask("x.xlsx", "x.xlsx"), "LEC-VIDE", "")))
    assert decode(FileAnswer, json.dumps(good).encode()).report.verdict is Verdict.ILLISIBLE
    for wrong in _gates(good):
        with pytest.raises(UnreadableAnswerError):
            decode(FileAnswer, json.dumps(wrong).encode())


def test_a_value_without_json_form_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError):
        encode({"x": {1, 2}})
    assert encode({"d": dt.date(2027, 1, 2)}) == b'{"d":"2027-01-02"}'


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("CPOM_210099008_Les_Tilleuls.xlsx", "210099008"),
        ("retours/210099008 v2.xlsx", "210099008"),
        ("210099009.xlsx", None),
        ("210099008_710099003.xlsx", None),
        ("2100990081.xlsx", None),
        ("retour.xlsx", None),
    ],
)
def test_the_finess_in_the_name_of_a_file(name: str, number: str | None) -> None:
    assert finess_in_name(name) == number
