"""The interface for programs: one workbook in, its report or its annotated copy out."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import xl_cpom
from xl_cpom.referentiel import REFERENTIEL_DEFAUT
from xl_cpom.reports.explication import regle_en_objet
from xl_cpom.reports.neutre import nom_de_fichier
from xl_cpom.serveur.maison import maison
from xl_cpom.serveur.openapi import document
from xl_cpom.serveur.ouvrage import Reponse
from xl_cpom.serveur.piece import AVEC_MACROS
from xl_cpom.serveur.reception import recevoir
from xl_cpom.serveur.refus import Refus
from xl_cpom.validators.catalogue import RULES

PREFIXE = "/api/v1"


async def controles(request: Request) -> Response:
    """POST: the report of one workbook. Raises Refus."""
    _, found = await _controler(request, "rapport")
    return Response(found.corps, media_type=found.type)


async def copies_annotees(request: Request) -> Response:
    """POST: the annotated copy of one workbook. Raises Refus."""
    nom, found = await _controler(request, "copie")
    suffix = "xlsm" if found.type == AVEC_MACROS else "xlsx"
    stem = nom_de_fichier(nom.rpartition(".")[0] or nom, "classeur")
    headers = {"Content-Disposition": f'attachment; filename="{stem}_annote.{suffix}"'}
    return Response(found.corps, headers=headers, media_type=found.type)


async def regles(request: Request) -> Response:
    """GET: the catalogue of the rules, as `xl-cpom regles --format json` gives it."""
    return Response(_regles(), media_type="application/json")


async def openapi(request: Request) -> Response:
    """GET: the description of this interface."""
    return _json(document(maison(request).reglages))


async def sante(request: Request) -> Response:
    """GET: is the server there, and how busy is it?"""
    house = maison(request)
    atelier = house.atelier
    return _json({
        "etat": "prêt" if atelier.places_prises < house.reglages.places else "occupé",
        "version": xl_cpom.__version__,
        "referentiel": REFERENTIEL_DEFAUT,
        "ouvriers": house.reglages.effectif,
        "au_travail": atelier.au_travail,
        "places": house.reglages.places,
        "places_prises": atelier.places_prises,
    })  # fmt: skip


async def _controler(request: Request, sortie: str) -> tuple[str, Reponse]:
    house = maison(request)
    with house.atelier.place():
        async with recevoir(request, house.reglages, nu=True) as received:
            if len(received) != 1:
                raise Refus("SRV-PLUSIEURS")
            (one,) = received
            found = await house.atelier.controler(one.nom, one.flux, sortie)
    if found.code:
        raise Refus(found.code, found.detail)
    return one.nom, found


@cache
def _regles() -> bytes:
    rules = [regle_en_objet(rule) for rule in RULES.values()]
    return json.dumps({"regles": rules}, ensure_ascii=False).encode()


def _json(value: Any) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), media_type="application/json")
