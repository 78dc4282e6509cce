"""SARIF: the essentials of the official 2.1.0 schema, and where each finding points."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports import report_factory as fabrique
from xl_cpom.reports.render_context import RenderOptions
from xl_cpom.reports.renderings import FORMATS

MESSAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {"text": {"type": "string"}, "markdown": {"type": "string"}},
}
TEXT = {"type": "string"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SAC = {"type": "object"}
SPOT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "uri": {"type": "string", "pattern": "^[!-~]+$"},
        "index": {"type": "integer", "minimum": 0},
    },
}
PLACE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"artifactLocation": SPOT},
        },
        "logicalLocations": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(("name", "fullyQualifiedName", "kind"), TEXT),
            },
        },
    },
}
NOTIFICATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["message"],
    "properties": {
        "level": LEVEL,
        "message": MESSAGE,
        "associatedRule": {"type": "object", "required": ["id"]},
        "locations": {"type": "array", "uniqueItems": True, "items": PLACE},
    },
}
RULE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "defaultConfiguration": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"level": LEVEL},
        },
        "properties": SAC,
    },
}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": PLACE},
        "suppressions": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": {"type": "string"},
                },
            },
        },
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
        "properties": SAC,
    },
}
ARTEFACT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "location": SPOT,
        "roles": {"type": "array", "items": {"enum": ["analysisTarget"]}},
        "mimeType": {"type": "string", "pattern": "[^/]+/.+"},
        "hashes": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": SAC,
    },
}
LANGUAGE = {"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"}
ESSENTIELS = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "additionalProperties": False,
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "language": LANGUAGE,
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": RULE,
                                    },
                                },
                            }
                        },
                    },
                    "language": LANGUAGE,
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "artifacts": {"type": "array", "uniqueItems": True, "items": ARTEFACT},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": NOTIFICATION,
                                },
                                "toolConfigurationNotifications": {
                                    "type": "array",
                                    "items": NOTIFICATION,
                                },
                            },
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}
"""What the official schema asks of the objects written here, retyped (no unknown key anywhere)."""


def read(*reports: Any, context: RenderOptions | None = None) -> Any:
    return json.loads(FORMATS["sarif"].content(reports, context or RenderOptions()))


@pytest.mark.parametrize("with_rules", [False, True])
def test_obeys_the_essentials_of_the_schema(with_rules: bool) -> None:
    rule = fabrique.levee_rule()
    document = read(
        fabrique.faulty_report(),
        fabrique.valid_report(),
        fabrique.unreadable_report(),
        fabrique.failed_report(),
        context=RenderOptions(rules={rule.code: rule} if with_rules else {}),
    )
    jsonschema.Draft202012Validator(ESSENTIELS).validate(document)


def test_every_result_points_to_its_rule_and_cells() -> None:
    report = fabrique.faulty_report()
    (run,) = read(report)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(report.findings)
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"] == {"uri": "retour.xlsx", "index": 0}
        cells = [spot["fullyQualifiedName"] for spot in place.get("logicalLocations", [])]
        assert cells == [f"{finding.sheet}!{cell}" for cell in finding.cells]
    assert run["results"][0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == (
        "Inspection-contrôle!P7"
    )


def test_the_help_of_a_rule_comes_from_the_catalogue() -> None:
    rule = fabrique.levee_rule()
    document = read(
        fabrique.rapport((fabrique.anomalie(),)), context=RenderOptions(rules={rule.code: rule})
    )
    (descriptor,) = document["runs"][0]["tool"]["driver"]["rules"]
    assert descriptor["shortDescription"]["text"] == "Mesure levée sans justificatif"
    assert "Comment corriger\u00a0: Saisissez la date de levée" in descriptor["help"]["text"]
    assert "Source\u00a0: Guide CPOM" in descriptor["help"]["text"]
    assert descriptor["defaultConfiguration"] == {"level": "error"}


def test_a_derogation_is_an_accepted_suppression() -> None:
    (run,) = read(fabrique.faulty_report())["runs"]
    lifted = [r for r in run["results"] if "suppressions" in r]
    assert [r["ruleId"] for r in lifted] == ["SUI-004"]
    assert lifted[0]["suppressions"][0]["status"] == "accepted"


def test_a_failed_rule_is_no_result() -> None:
    (run,) = read(fabrique.failed_report())["runs"]
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [n["associatedRule"]["id"] for n in invocation["toolExecutionNotifications"]] == [
        "SI-003"
    ]


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_no_text_breaks_the_document(text: str) -> None:
    jsonschema.Draft202012Validator(ESSENTIELS).validate(read(fabrique.hostile(text)))
