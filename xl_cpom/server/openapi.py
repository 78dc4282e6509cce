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

from xl_cpom.server.control_result import AVEC_MACROS, CLASSEUR
from xl_cpom.server.http_refusals import CATALOGUE
from xl_cpom.server.settings import MIB, ServerSettings
from xl_cpom.typography import typeset
from xl_cpom.validators.model import Scope, Severity
from xl_cpom.version import __version__

_TEXTE = {"type": "string"}
_OCTETS = {"type": "string", "format": "binary"}
_REFUS = {
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
_REGLE = {
    "title": "Règle",
    "type": "object",
    "required": ["code", "gravite", "feuille", "titre", "message", "correction", "source"],
    "properties": {
        "code": {"type": "string", "pattern": "^[A-Z]{2,4}(-[0-9A-Z]+)+$"},
        "gravite": {"enum": [severity.value for severity in Severity]},
        "portee": {"enum": [scope.value for scope in Scope]},
        "feuille": {"type": ["string", "null"], "description": "null : tout le classeur."},
        "colonnes": {"type": "array", "items": _TEXTE},
        "titre": _TEXTE,
        "explication": _TEXTE,
        "message": _TEXTE,
        "correction": _TEXTE,
        "attendu": _TEXTE,
        "source": _TEXTE,
        "certitude": _TEXTE,
        "depuis": _TEXTE,
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
        "version": _TEXTE,
        "referentiel": _TEXTE,
        "ouvriers": {"type": "integer", "minimum": 1},
        "au_travail": {"type": "integer", "minimum": 0},
        "places": {"type": "integer", "minimum": 1},
        "places_prises": {"type": "integer", "minimum": 0},
    },
}  # fmt: skip

_ENVOI = (400, 403, 408, 413, 415, 422, 500, 503)
_TITRES = {
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


def document(reglages: ServerSettings) -> dict[str, Any]:
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
            "/api/v1/controles": {"post": _envoi(
                "controler", "Contrôler un classeur", reglages,
                {"application/json": {"schema": _ref("rapport")}}, "Le rapport du classeur.",
            )},
            "/api/v1/copies-annotees": {"post": _envoi(
                "annoter", "Annoter un classeur", reglages,
                {kind: {"schema": _OCTETS} for kind in (CLASSEUR, AVEC_MACROS)},
                "Le classeur, ses cellules en anomalie surlignées et commentées.",
            )},
            "/api/v1/regles": {"get": _lecture(
                "regles", "Lister les règles de contrôle",
                {"type": "object", "required": ["regles"], "additionalProperties": False,
                 "properties": {"regles": {"type": "array", "items": _ref("regle")}}},
            )},
            "/api/v1/openapi.json": {"get": _lecture(
                "description", "Décrire cette interface", {"type": "object"},
            )},
            "/sante": {"get": _lecture("sante", "Dire si le serveur est prêt", _ref("sante"))},
        },
        "components": {"schemas": {
            **_publies(), "regle": _REGLE, "refus": _REFUS, "sante": _SANTE,
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


def _envoi(
    nom: str, resume: str, reglages: ServerSettings, contenu: dict[str, Any], description: str
) -> dict[str, Any]:
    octets = {"schema": _OCTETS}
    formulaire = {
        "type": "object",
        "required": ["classeur"],
        "properties": {"classeur": _OCTETS},
    }
    return {
        "operationId": nom,
        "summary": resume,
        "description": typeset(
            f"Un seul classeur, {reglages.taille_max // MIB} Mio au plus, dans un formulaire ou "
            "comme corps de la requête. Il est oublié dès la réponse."
        ),
        "parameters": [{
            "name": "nom", "in": "query", "required": False, "schema": _TEXTE,
            "description": "Nom du fichier, pour le rapport, quand le classeur est le corps.",
        }],
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": formulaire},
                CLASSEUR: octets,
                AVEC_MACROS: octets,
                "application/octet-stream": octets,
            },
        },
        "responses": {"200": {"description": description, "content": contenu}, **_refus(_ENVOI)},
    }  # fmt: skip


def _lecture(nom: str, resume: str, schema: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": resume, "content": {"application/json": {"schema": schema}}}
    return {"operationId": nom, "summary": resume, "responses": {"200": answer, **_refus(())}}


def _refus(statuts: Iterable[int]) -> dict[str, Any]:
    """One response per status, with the codes that may come with it."""
    found = {}
    for status in sorted({*statuts, 421}):
        codes = [code for code, phrase in CATALOGUE.items() if phrase.statut == status]
        said = f" Codes : {', '.join(codes)}." if codes else ""
        found[str(status)] = {
            "description": typeset(_TITRES[status] + said),
            "content": {"application/problem+json": {"schema": _ref("refus")}},
        }
        if status == 503:
            retry = {"description": "Secondes.", "schema": {"type": "integer", "minimum": 1}}
            found["503"]["headers"] = {"Retry-After": retry}
    return found
