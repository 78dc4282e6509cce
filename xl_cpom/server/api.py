"""The interface for programs: one workbook in, its report or its annotated copy out."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from xl_cpom.referentiel import DEFAULT_REFERENTIEL
from xl_cpom.reports.explanation import rule_object
from xl_cpom.reports.harmless import safe_file_name
from xl_cpom.server.app_state import app_state
from xl_cpom.server.control_result import WITH_MACROS
from xl_cpom.server.http_refusals import HttpRefusalError
from xl_cpom.server.openapi import document
from xl_cpom.server.request_body import receive
from xl_cpom.server.tasks import HttpAnswer
from xl_cpom.validators.catalogue import RULES
from xl_cpom.version import __version__

PREFIX = "/api/v1"


async def controles(request: Request) -> Response:
    """POST: the report of one workbook. Raises Refus."""
    _, found = await _control(request, "rapport")
    return Response(found.body, media_type=found.type)


async def annotated_copies(request: Request) -> Response:
    """POST: the annotated copy of one workbook. Raises Refus."""
    name, found = await _control(request, "copie")
    suffix = "xlsm" if found.type == WITH_MACROS else "xlsx"
    stem = safe_file_name(name.rpartition(".")[0] or name, "classeur")
    headers = {"Content-Disposition": f'attachment; filename="{stem}_annote.{suffix}"'}
    return Response(found.body, headers=headers, media_type=found.type)


async def regles(request: Request) -> Response:
    """GET: the catalogue of the rules, as `xl-cpom regles --format json` gives it."""
    return Response(_rules(), media_type="application/json")


async def openapi(request: Request) -> Response:
    """GET: the description of this interface."""
    return _json(document(app_state(request).settings))


async def sante(request: Request) -> Response:
    """GET: is the server there, and how busy is it?"""
    house = app_state(request)
    workshop = house.workshop
    return _json(
        {
            "etat": "prêt" if workshop.places_prises < house.settings.places else "occupé",
            "version": __version__,
            "referentiel": DEFAULT_REFERENTIEL,
            "ouvriers": house.settings.worker_count,
            "au_travail": workshop.at_work,
            "places": house.settings.places,
            "places_prises": workshop.places_prises,
        }
    )


async def _control(request: Request, output: str) -> tuple[str, HttpAnswer]:
    house = app_state(request)
    async with receive(request, house, nu=True) as received:
        if len(received) != 1:
            raise HttpRefusalError("SRV-PLUSIEURS")
        (one,) = received
        with house.workshop.place():
            found = await house.workshop.controler(one.name, one.stream, output)
    if found.code:
        raise HttpRefusalError(found.code, found.detail)
    return one.name, found


@cache
def _rules() -> bytes:
    rules = [rule_object(rule) for rule in RULES.values()]
    return json.dumps({"regles": rules}, ensure_ascii=False).encode()


def _json(value: Any) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), media_type="application/json")
