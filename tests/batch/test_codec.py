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

TEXTE = st.text(st.characters(codec="utf-8"), max_size=20)
NOMBRE = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
FINDING = st.builds(
    Finding, code=TEXTE, severity=st.sampled_from(Severity), sheet=TEXTE,
    cells=st.lists(TEXTE, max_size=3).map(tuple), value=TEXTE, expected=TEXTE, message=TEXTE,
    fix=TEXTE, source=TEXTE, record=TEXTE, waiver=st.none() | TEXTE,
)  # fmt: skip
INDICATEUR = st.builds(
    ComputedIndicator, code=TEXTE, module=TEXTE, libelle=TEXTE, secteur=TEXTE,
    annee=st.none() | st.integers(2000, 2100), numerateur=st.none() | NOMBRE,
    denominateur=st.none() | NOMBRE, taux=st.none() | NOMBRE, declare=st.none() | NOMBRE,
    cible=st.none() | NOMBRE, atteinte=TEXTE,
    cibles=st.lists(st.none() | NOMBRE, max_size=5).map(tuple),
)  # fmt: skip
REPORT = st.builds(
    Report, file=TEXTE, sha256=TEXTE, gabarit=st.none() | TEXTE,
    verdict=st.sampled_from(Verdict), finess_ej=st.none() | TEXTE,
    raison_sociale=st.none() | TEXTE, findings=st.lists(FINDING, max_size=3).map(tuple),
    indicateurs=st.lists(INDICATEUR, max_size=2).map(tuple),
    outcomes=st.lists(st.builds(Outcome, TEXTE, st.sampled_from(Status), TEXTE),
                      max_size=3).map(tuple),
    engine=TEXTE, referentiel=TEXTE, options=st.dictionaries(TEXTE, TEXTE, max_size=2),
)  # fmt: skip
RENDU = st.builds(
    Rendu, fichier=TEXTE, sha256=TEXTE, verdict=st.sampled_from(Verdict),
    annee=st.none() | st.integers(2000, 2100), date_arrete=st.none() | st.dates(),
    etablissements=st.lists(st.builds(
        EtablissementRendu, TEXTE, capacite_autorisee=st.none() | st.integers(0, 500),
        cellules=st.dictionaries(TEXTE, TEXTE, max_size=2)), max_size=2).map(tuple),
)  # fmt: skip
REPONSE = st.builds(
    FileAnswer, REPORT, RENDU,
    st.dictionaries(TEXTE, st.lists(st.lists(st.none() | TEXTE | NOMBRE | st.booleans(),
                                             max_size=3), max_size=2), max_size=2),
)  # fmt: skip


@given(REPONSE)
def test_aller_et_retour(answer: FileAnswer) -> None:
    data = encode(answer)
    back = decode(FileAnswer, data)
    assert back == answer
    assert encode(back) == data
    assert pickle.loads(pickle.dumps(back)) == answer


@given(st.binary(max_size=60))
def test_des_octets_quelconques_sont_refuses(data: bytes) -> None:
    with pytest.raises(UnreadableAnswerError):
        decode(FileAnswer, data)


def _gates(answer: list[Any]) -> list[Any]:
    report, rendu, lignes, secret = answer

    def mine(of: Any, plain: list[Any], name: str, value: Any) -> list[Any]:
        rank = [field.name for field in fields(of)].index(name)
        return [*plain[:rank], value, *plain[rank + 1 :]]

    return [
        [], {}, [1], [report, None, lignes, secret], [*answer, "de trop"], [report, rendu],
        [mine(Report, report, "verdict", "peut-être"), rendu, lignes, secret],
        [mine(Report, report, "findings", "abc"), rendu, lignes, secret],
        [mine(Report, report, "outcomes", [["A", []]]), rendu, lignes, secret],
        [report, mine(Rendu, rendu, "date_arrete", "hier"), lignes, secret],
        [mine(Report, report, "file", 3), rendu, lignes, secret],
    ]  # fmt: skip


def test_une_forme_fausse_est_refusee() -> None:
    import json

    from xl_cpom.batch.task import FileTask, refusal_report

    good = json.loads(encode(refusal_report(FileTask("x.xlsx", "x.xlsx"), "LEC-VIDE", "")))
    assert decode(FileAnswer, json.dumps(good).encode()).report.verdict is Verdict.ILLISIBLE
    for wrong in _gates(good):
        with pytest.raises(UnreadableAnswerError):
            decode(FileAnswer, json.dumps(wrong).encode())


def test_une_valeur_sans_forme_json_est_une_faute_du_programme() -> None:
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
def test_le_finess_du_nom_d_un_fichier(name: str, number: str | None) -> None:
    assert finess_in_name(name) == number
