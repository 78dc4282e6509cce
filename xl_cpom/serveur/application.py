"""The ASGI application: which address is answered by what, and what every answer carries."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xl_cpom.serveur import api, depot
from xl_cpom.serveur.atelier import Atelier
from xl_cpom.serveur.maison import Maison, maison
from xl_cpom.serveur.modele import ressource, style
from xl_cpom.serveur.refus import Refus
from xl_cpom.serveur.reglages import Reglages
from xl_cpom.serveur.theme import lire_theme
from xl_cpom.typographie import visible

ENTETES = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
}
"""Carried by every answer; no answer carries a cookie."""

_FERMEE = "default-src 'none'; frame-ancestors 'none'"


def application(reglages: Reglages | None = None) -> Starlette:
    """The application; its workers start with it and end with it. Raises ThemeIllisible."""
    reglages = reglages or Reglages()
    house = Maison(reglages, Atelier(reglages), lire_theme(reglages.theme))

    @asynccontextmanager
    async def vie(app: Starlette) -> AsyncIterator[None]:
        house.atelier.ouvrir()
        try:
            yield
        finally:
            await run_in_threadpool(house.atelier.fermer)

    fixed = {
        "page.css": (style() + house.theme.css, "text/css"),
        "depot.js": (ressource("depot.js"), "text/javascript"),
        "icone.svg": (ressource("icone.svg"), "image/svg+xml"),
    }
    routes = [
        Route("/", depot.accueil),
        Route("/controle", depot.revenir, methods=["GET"]),
        Route("/controle", depot.controler, methods=["POST"]),
        Route(f"{api.PREFIXE}/controles", api.controles, methods=["POST"]),
        Route(f"{api.PREFIXE}/copies-annotees", api.copies_annotees, methods=["POST"]),
        Route(f"{api.PREFIXE}/regles", api.regles),
        Route(f"{api.PREFIXE}/openapi.json", api.openapi),
        Route("/sante", api.sante),
        *(_fixe(f"/ressources/{name}", *what) for name, what in fixed.items()),
        *(_fixe(f"/theme/{name}", *what) for name, what in house.theme.fichiers.items()),
    ]
    app = Starlette(
        routes=routes,
        lifespan=vie,
        middleware=[Middleware(Garde, reglages=reglages)],
        exception_handlers={Refus: _refuser, HTTPException: _refuser},
    )
    app.state.maison = house
    return app


def _fixe(adresse: str, contenu: str | bytes, kind: str) -> Route:
    """A route to something known when the server starts."""

    async def answer(request: Request) -> Response:
        return Response(contenu, media_type=kind)

    return Route(adresse, answer)


async def _refuser(request: Request, error: Exception) -> Response:
    """A refusal in the language of who asks: a page for people, a problem object for programs."""
    answer = reponse_de_refus(request, _refus(error))
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)  # « Allow »
    return answer


def reponse_de_refus(request: Request, refus: Refus) -> Response:
    """The answer to a refused request."""
    if request.url.path.startswith(("/api/", "/sante")):
        body = json.dumps(refus.objet(), ensure_ascii=False)
        return Response(body, refus.statut, refus.entetes, "application/problem+json")
    again = request.url.path == "/controle" and request.method == "POST"
    return depot.page_de_refus(refus, maison(request), formulaire=again)


def _refus(error: Exception) -> Refus:
    if isinstance(error, Refus):
        return error
    assert isinstance(error, HTTPException)
    return Refus({404: "SRV-PAGE", 405: "SRV-METHODE"}.get(error.status_code, "SRV-FORMULAIRE"))


class Garde:
    """At the door: the name asked for, where the request comes from, and the headers of answers."""

    def __init__(self, app: ASGIApp, reglages: Reglages) -> None:
        self.app = app
        self._hosts = reglages.hotes_admis
        self._journal = reglages.journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let in."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.monotonic()
        send = partial(self._envoyer, scope, started, send)
        refus = self._refus(scope)
        if refus is not None:
            await reponse_de_refus(Request(scope), refus)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - recorded: told to the user and on stderr
            name = type(error).__name__
            sys.stderr.write(f"SRV-PANNE {name}\n")  # its words may come from a workbook
            answer = reponse_de_refus(Request(scope), Refus("SRV-PANNE", name))
            await answer(scope, receive, send)

    def _refus(self, scope: Scope) -> Refus | None:
        headers = Headers(scope=scope)
        if self._hosts is not None and _sans_port(headers.get("host", "")) not in self._hosts:
            return Refus("SRV-HOTE")
        if scope["method"] == "POST" and headers.get("sec-fetch-site") in {
            "cross-site",
            "same-site",
        }:
            return Refus("SRV-AUTRE-SITE")
        return None

    async def _envoyer(self, scope: Scope, started: float, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ENTETES.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", _FERMEE)
            if self._journal:
                _noter(scope, message["status"], time.monotonic() - started)
        await send(message)


def _sans_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()


def _noter(scope: Scope, status: int, duration: float) -> None:
    """One line of the log: no address of the client, no file name, no content."""
    path: Any = visible(scope["path"], 60)
    sys.stderr.write(f"{scope['method']} {path} {status} {duration:.3f} s\n")
