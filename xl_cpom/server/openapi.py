"""The description of the interface (OpenAPI 3.1), made from the schemas we publish already.

Nothing is said twice: the report is `schemas/rapport.schema.json`, the refusals are those of the
catalogue, the limits those of the settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from xl_cpom.server.control_result import CLASSEUR, WITH_MACROS
from xl_cpom.server.http_refusals import CATALOGUE
from xl_cpom.server.settings import MIB, ServerSettings
from xl_cpom.typography import typeset
from xl_cpom.validators.model import Scope, Severity
from xl_cpom.version import __version__

_TEXT = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}
_REFUSAL = {
    "title": "Refus",
    "description": "Pourquoi la demande est refusée (RFC 9457), et que faire.",
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "status", "code", "correction"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:xl-cpom:refus:[A-Z0-9-]+$"},
        "title": {"type": "string", "minLength": 1, "description": "Le refus, en une phrase."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {
            "type": "string",
            "pattern": "^(SRV|LEC)-[A-Z0-9-]+$",
            "description": "Code stable : LEC-… pour le classeur, SRV-… pour l'envoi.",
        },
        "correction": {"type": "string", "description": "Que faire."},
    },
}
_RULE = {
    "title": "Règle",
    "type": "object",
    "required": ["code", "gravite", "feuille", "titre", "message", "correction", "source"],
    "properties": {
        "code": {"type": "string", "pattern": "^[A-Z]{2,4}(-[0-9A-Z]+)+$"},
        "gravite": {"enum": [severity.value for severity in Severity]},
        "portee": {"enum": [scope.value for scope in Scope]},
        "feuille": {"type": ["string", "null"], "description": "null : tout le classeur."},
        "colonnes": {"type": "array", "items": _TEXT},
        "titre": _TEXT,
        "explication": _TEXT,
        "message": _TEXT,
        "correction": _TEXT,
        "attendu": _TEXT,
        "source": _TEXT,
        "certitude": _TEXT,
        "depuis": _TEXT,
    },
}
_SANTE = {
    "title": "Santé",
    "type": "object",
    "additionalProperties": False,
    "required": ["etat", "version", "referentiel", "ouvriers", "au_travail", "places",
                 "places_prises"],
    "properties": {
        "etat": {"enum": ["prêt", "occupé"]},
        "version": _TEXT,
        "referentiel": _TEXT,
        "ouvriers": {"type": "integer", "minimum": 1},
        "au_travail": {"type": "integer", "minimum": 0},
        "places": {"type": "integer", "minimum": 1},
        "places_prises": {"type": "integer", "minimum": 0},
    },
}  # fmt: skip

_UPLOAD = (400, 403, 408, 413, 415, 422, 500, 503)
_TITLES = {
    400: "Envoi mal formé, ou sans classeur.",
    403: "Envoi venu d'un autre site.",
    408: "Le classeur n'est pas arrivé à temps.",
    413: "Envoi trop volumineux.",
    415: "Ce n'est pas un classeur .xlsx ni .xlsm.",
    422: "Un classeur, mais abîmé, hostile, démesuré, chiffré ou qui n'est pas un CPOM socle.",
    421: "Nom de serveur refusé.",
    500: "Panne du contrôle : le classeur n'est pas en cause.",
    503: "Trop de classeurs en cours : revenir après « Retry-After » secondes.",
}


def document(settings: ServerSettings) -> dict[str, Any]:
    """The OpenAPI document of a server with these settings."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Contrôle des classeurs CPOM socle",
            "version": __version__,
            "summary": "Un classeur entre, son rapport ou sa copie annotée sort.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/api/v1/controles": {"post": _upload(
                "controler", "Contrôler un classeur", settings,
                {"application/json": {"schema": _ref("rapport")}}, "Le rapport du classeur.",
            )},
            "/api/v1/copies-annotees": {"post": _upload(
                "annoter", "Annoter un classeur", settings,
                {kind: {"schema": _BYTES} for kind in (CLASSEUR, WITH_MACROS)},
                "Le classeur, ses cellules en anomalie surlignées et commentées.",
            )},
            "/api/v1/regles": {"get": _reading(
                "regles", "Lister les règles de contrôle",
                {"type": "object", "required": ["regles"], "additionalProperties": False,
                 "properties": {"regles": {"type": "array", "items": _ref("regle")}}},
            )},
            "/api/v1/openapi.json": {"get": _reading(
                "description", "Décrire cette interface", {"type": "object"},
            )},
            "/sante": {"get": _reading("sante", "Dire si le serveur est prêt", _ref("sante"))},
        },
        "components": {"schemas": {
            **_publies(), "regle": _RULE, "refus": _REFUSAL, "sante": _SANTE,
        }},
    }  # fmt: skip


@cache
def _publies() -> dict[str, Any]:
    """The schemas published with the reports, under the addresses that OpenAPI gives them."""
    path = resources.files("xl_cpom").joinpath("schemas", "rapport.schema.json")
    text = path.read_text("utf-8").replace('"#/$defs/', '"#/components/schemas/')
    found: dict[str, Any] = json.loads(text)["$defs"]
    return found


def _ref(nom: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{nom}"}


def _upload(
    nom: str, resume: str, settings: ServerSettings, contenu: dict[str, Any], description: str
) -> dict[str, Any]:
    raw_bytes = {"schema": _BYTES}
    form = {
        "type": "object",
        "required": ["classeur"],
        "properties": {"classeur": _BYTES},
    }
    return {
        "operationId": nom,
        "summary": resume,
        "description": typeset(
            f"Un seul classeur, {settings.max_bytes // MIB} Mio au plus, dans un formulaire ou "
            "comme corps de la requête. Il est oublié dès la réponse."
        ),
        "parameters": [{
            "name": "nom", "in": "query", "required": False, "schema": _TEXT,
            "description": "Nom du fichier, pour le rapport, quand le classeur est le corps.",
        }],
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": form},
                CLASSEUR: raw_bytes,
                WITH_MACROS: raw_bytes,
                "application/octet-stream": raw_bytes,
            },
        },
        "responses": {"200": {"description": description, "content": contenu}, **_refusal(_UPLOAD)},
    }  # fmt: skip


def _reading(nom: str, resume: str, schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": resume, "content": {"application/json": {"schema": schema}}}
    return {"operationId": nom, "summary": resume, "responses": {"200": answer, **_refusal(())}}


def _refusal(statuts: Iterable[int]) -> dict[str, Any]:
    """One response per status, with the codes that may come with it."""
    found = {}
    for status in sorted({*statuts, 421}):
        codes = [code for code, phrase in CATALOGUE.items() if phrase.statut == status]
        said = f" Codes : {', '.join(codes)}." if codes else ""
        found[str(status)] = {
            "description": typeset(_TITLES[status] + said),
            "content": {"application/problem+json": {"schema": _ref("refus")}},
        }
        if status == 503:
            retry = {"description": "Secondes.", "schema": {"type": "integer", "minimum": 1}}
            found["503"]["headers"] = {"Retry-After": retry}
    return found
