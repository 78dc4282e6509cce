"""The interface for programs: the published report, named refusals, an accurate description."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from starlette.testclient import TestClient

from tests.server.files_sent import FAULTY, OTHERS, VALIDE, WORKBOOKS, XLSX, bombs
from xl_cpom.reports.annotate import is_our_copy
from xl_cpom.reports.explanation import rule_object
from xl_cpom.reports.renderings import FORMATS
from xl_cpom.server.http_refusals import CATALOGUE
from xl_cpom.validators.catalogue import RULES
from xl_cpom.validators.check import check

CONTROLES = "/api/v1/controles"
SCHEMA = json.loads(
    resources.files("xl_cpom").joinpath("schemas", "rapport.schema.json").read_text("utf-8")
)


@pytest.mark.parametrize("name", ["exemple_valide.xlsx", "exemple_fautif.xlsx"])
def test_the_report_is_the_one_of_the_command_line(client: TestClient, name: str) -> None:
    data = (WORKBOOKS / name).read_bytes()
    expected = FORMATS["json"].content([check(WORKBOOKS / name, juge="pandera")])
    form = client.post(CONTROLES, files={"classeur": (name, data, XLSX)})
    assert (form.status_code, form.content) == (200, expected)
    jsonschema.validate(form.json(), SCHEMA)
    for kind in (XLSX, "application/octet-stream"):
        bare = client.post(
            CONTROLES, params={"nom": name}, content=data, headers={"Content-Type": kind}
        )
        assert bare.content == expected


def test_the_annotated_copy(client: TestClient, tmp_path: Path) -> None:
    answer = client.post(
        "/api/v1/copies-annotees", files={"classeur": ("l'été.xlsx", FAULTY, XLSX)}
    )
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"] == 'attachment; filename="l_ete_annote.xlsx"'
    path = tmp_path / "copie.xlsx"
    path.write_bytes(answer.content)
    assert is_our_copy(path)


@pytest.mark.parametrize("path", [CONTROLES, "/api/v1/copies-annotees"])
@pytest.mark.parametrize("code", [*OTHERS, "LEC-BOMBE", "LEC-DTD", "LEC-GABARIT"])
def test_a_refusal_is_a_problem_with_our_code(client: TestClient, path: str, code: str) -> None:
    data = {**OTHERS, **bombs()}[code]
    answer = client.post(path, content=data, headers={"Content-Type": XLSX})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["status"]) == (code, answer.status_code)
    assert problem["title"].endswith((".", "»)."))
    assert problem["correction"]
    schema = client.get("/api/v1/openapi.json").json()["components"]["schemas"]["refus"]
    jsonschema.validate(problem, schema)


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [("text/plain", b"x", 415, "SRV-TYPE"), ("", b"x", 415, "SRV-TYPE"),
     (XLSX, b"", 400, "SRV-SANS-FICHIER"), (XLSX, bytes(3 * 1024 * 1024), 413, "SRV-TAILLE")],
)  # fmt: skip
def test_what_is_sent_badly(
    client: TestClient, kind: str, body: bytes, status: int, code: str
) -> None:
    answer = client.post(CONTROLES, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_one_workbook_per_call(client: TestClient) -> None:
    files = [("classeur", ("a.xlsx", VALIDE, XLSX))] * 2
    answer = client.post(CONTROLES, files=files)
    assert (answer.status_code, answer.json()["code"]) == (400, "SRV-PLUSIEURS")


def test_the_rules_are_those_of_the_catalogue(client: TestClient) -> None:
    answer = client.get("/api/v1/regles").json()
    assert answer == {"regles": json.loads(json.dumps(list(map(rule_object, RULES.values()))))}


def test_unknown_addresses_and_methods(client: TestClient) -> None:
    assert client.get("/api/v1/inconnu").json()["code"] == "SRV-PAGE"
    wrong = client.get(CONTROLES)
    assert (wrong.status_code, wrong.json()["code"]) == (405, "SRV-METHODE")
    assert wrong.headers["allow"] == "POST"


def test_the_description_names_every_path_and_every_refusal(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    mine = {r.path for r in client.app.routes if r.path.startswith(("/api/", "/sante"))}  # type: ignore[attr-defined]
    assert set(document["paths"]) == mine
    said = set(re.findall(r"SRV-[A-Z-]+", json.dumps(document["paths"])))
    assert said == set(CATALOGUE) - {"SRV-PAGE", "SRV-METHODE"}
    published = document["components"]["schemas"]
    for name, schema in SCHEMA["$defs"].items():
        again = json.loads(json.dumps(schema).replace("#/$defs/", "#/components/schemas/"))
        assert published[name] == again
    for name in ("rapport", "refus", "regle", "sante"):
        jsonschema.Draft202012Validator.check_schema(published[name])
    jsonschema.validate(client.get("/sante").json(), published["sante"])
    for rule in client.get("/api/v1/regles").json()["regles"]:
        jsonschema.validate(rule, published["regle"])
