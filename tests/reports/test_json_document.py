"""The JSON of a report: the keys of the contract, plain numbers, the published schema."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.validators.recomputed import plain

SCHEMA = json.loads(
    resources.files("xl_cpom").joinpath("schemas/rapport.schema.json").read_text("utf-8")
)


def reread(*reports: Any) -> Any:
    text = FORMATS["json"].render(reports)
    assert isinstance(text, str)
    return json.loads(text)


def test_the_objet_is_that_of_the_contrat() -> None:
    report = fabrique.rapport(
        (fabrique.anomalie(),),
        (fabrique.indicateur(),),
        fabrique.faulty_report().outcomes,
    )
    assert reread(report) == {
        "fichier": "retour.xlsx",
        "sha256": "ab" * 32,
        "gabarit": "2026.1",
        "verdict": "non recevable",
        "organisme": {"finess_ej": "390000123", "raison_sociale": "Association des Monts"},
        "anomalies": [
            {
                "code": "INS-002",
                "gravite": "bloquant",
                "feuille": "Inspection-contrôle",
                "cellules": ["P7", "Q7"],
                "valeur": "Levée",
                "attendu": "une date de levée et une référence de courrier",
                "message": "La mesure M1 est «\u00a0Levée\u00a0» sans date de levée.",
                "correction": "Saisissez la date de levée et la référence du courrier de "
                "l'autorité.",
                "source": fabrique.GUIDE_LEVEE,
                "derogation": None,
                "justification": None,
                "empreinte": report.said_findings()[0]["empreinte"],
            }
        ],
        "indicateurs": [
            {
                "code": "LEVEE",
                "module": "INSPECTION",
                "secteur": "PH",
                "annee": 2027,
                "numerateur": 3,
                "denominateur": 4,
                "taux": 0.75,
                "declare": 0.75,
                "cible": 0.4,
                "atteinte": "Atteint",
            }
        ],
        "regles": {"passees": 14, "en_anomalie": 6, "non_controlees": 3, "en_panne": 0},
        "moteur": "0.1.0",
        "juge": "direct",
        "referentiel": "BFC-2026-2030",
        "options": {},
        "completude": {"taux": None, "feuilles": []},
    }


def test_one_classeur_one_object_several_a_list() -> None:
    assert isinstance(reread(fabrique.rapport()), dict)
    assert [r["fichier"] for r in reread(fabrique.rapport(), fabrique.valid_report())] == [
        "retour.xlsx",
        "exemple_valide.xlsx",
    ]
    assert reread() == []


@pytest.mark.parametrize(
    "report",
    [
        fabrique.faulty_report(),
        fabrique.valid_report(),
        fabrique.unreadable_report(),
        fabrique.failed_report(),
    ],
    ids=lambda report: report.file,
)
def test_obeys_the_published_schema(report: Any) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(reread(report))
    jsonschema.Draft202012Validator(SCHEMA).validate(reread(report, report))


def test_the_schema_refuses_what_is_not_in_the_contract() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    document = reread(fabrique.faulty_report())
    assert not validator.is_valid(document | {"verdict": "conforme"})
    assert not validator.is_valid(document | {"nouvelle_cle": 1})
    assert not validator.is_valid({k: v for k, v in document.items() if k != "regles"})
    assert not validator.is_valid(
        document | {"indicateurs": [document["indicateurs"][0] | {"taux": "75 %"}]}
    )


def test_the_schema_is_well_formed_and_every_key_is_described() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"].startswith("urn:xl-cpom:schema:rapport:")

    def properties(node: Any) -> Any:
        if isinstance(node, dict):
            yield from node.get("properties", {}).items()
            for value in node.values():
                yield from properties(value)

    described = dict(properties(SCHEMA))
    assert len(described) > 30
    assert [key for key, value in described.items() if not value["description"].endswith(".")] == []


def test_the_schema_names_every_verdict() -> None:
    from xl_cpom.validators.model import Severity, Verdict

    defs = SCHEMA["$defs"]
    assert defs["rapport"]["properties"]["verdict"]["enum"] == [v.value for v in Verdict]
    assert defs["anomalie"]["properties"]["gravite"]["enum"] == [s.value for s in Severity]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3.0, "3"), (0.75, "0.75"), (None, "null"), (float("nan"), "null"), (float("inf"), "null")],
)
def test_numbers_are_bare(value: float | None, expected: str) -> None:
    assert json.dumps(plain(value)) == expected


def test_derogation_and_justification_are_said() -> None:
    (found,) = [a for a in reread(fabrique.faulty_report())["anomalies"] if a["code"] == "SUI-004"]
    assert found["derogation"].startswith("Accordée par l'ARS")
    assert found["justification"] == "Fermeture du site décidée avant la signature"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
@settings(max_examples=300)
def test_no_text_is_lost_nor_commands_the_terminal(text: str) -> None:
    rendered = FORMATS["json"].render([fabrique.hostile(text)])
    assert isinstance(rendered, str)
    assert json.loads(rendered)["organisme"]["raison_sociale"] == text
    assert not set(rendered) & set("\x1b\u202e\u200f\x9b\x07\r\ufeff")


def test_a_file_name_outside_unicode_is_written() -> None:
    report = fabrique.rapport(file="retour\udce9.xlsx")
    assert reread(report)["fichier"] == "retour\N{REPLACEMENT CHARACTER}.xlsx"
    assert FORMATS["json"].content([report]).decode("utf-8")


def test_same_reports_same_bytes() -> None:
    reports = [fabrique.faulty_report(), fabrique.valid_report()]
    assert FORMATS["json"].content(reports) == FORMATS["json"].content(list(reports))
