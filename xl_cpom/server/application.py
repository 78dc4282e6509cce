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

from xl_cpom.server import api, upload_page
from xl_cpom.server.app_state import AppState, app_state
from xl_cpom.server.http_refusals import HttpRefusalError
from xl_cpom.server.page_templates import resource_text, style
from xl_cpom.server.settings import ServerSettings
from xl_cpom.server.theme import read_theme
from xl_cpom.server.workshop import Workshop
from xl_cpom.typography import visible
from xl_cpom.workbook.control_page import CONTROL_PAGE

HEADERS = {
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


def make_application(settings: ServerSettings | None = None) -> Starlette:
    """The application; its workers start with it and end with it. Raises UnreadableThemeError."""
    settings = settings or ServerSettings()
    house = AppState(settings, Workshop(settings), read_theme(settings.theme))

    @asynccontextmanager
    async def vie(app: Starlette) -> AsyncIterator[None]:
        house.workshop.set_up()
        try:
            yield
        finally:
            await run_in_threadpool(house.workshop.close)

    fixed = {
        "page.css": (style() + house.theme.css, "text/css"),
        "depot.js": (resource_text("depot.js"), "text/javascript"),
        "icone.svg": (resource_text("icone.svg"), "image/svg+xml"),
    }
    routes = [
        Route("/", upload_page.accueil),
        Route("/controle", upload_page.back_to_form, methods=["GET"]),
        Route("/controle", upload_page.check_deposit, methods=["POST"]),
        Route(f"{api.PREFIX}/controles", api.controles, methods=["POST"]),
        Route(f"{api.PREFIX}/copies-annotees", api.annotated_copies, methods=["POST"]),
        Route(f"{api.PREFIX}/regles", api.regles),
        Route(f"{api.PREFIX}/openapi.json", api.openapi),
        Route("/sante", api.sante),
        *([Route(f"/{CONTROL_PAGE}", upload_page.control_page)] if settings.control_page else []),
        *(_fixe(f"/ressources/{name}", *what) for name, what in fixed.items()),
        *(_fixe(f"/theme/{name}", *what) for name, what in house.theme.files.items()),
    ]
    app = Starlette(
        routes=routes,
        lifespan=vie,
        middleware=[Middleware(RequestGuard, settings=settings)],
        exception_handlers={HttpRefusalError: _refuse, HTTPException: _refuse},
    )
    app.state.house = house
    return app


def _fixe(adresse: str, contenu: str | bytes, kind: str) -> Route:
    """A route to something known when the server starts."""

    async def answer(request: Request) -> Response:
        return Response(contenu, media_type=kind)

    return Route(adresse, answer)


async def _refuse(request: Request, error: Exception) -> Response:
    """A refusal in the language of who asks: a page for people, a problem object for programs."""
    answer = refusal_response(request, _refusal(error))
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)  # « Allow »
    return answer


def refusal_response(request: Request, refusal: HttpRefusalError) -> Response:
    """The answer to a refused request."""
    if request.url.path.startswith(("/api/", "/sante")):
        body = json.dumps(refusal.objet(), ensure_ascii=False)
        return Response(body, refusal.statut, refusal.headers, "application/problem+json")
    again = request.url.path == "/controle" and request.method == "POST"
    return upload_page.refusal_page(refusal, app_state(request), form=again)


def _refusal(error: Exception) -> HttpRefusalError:
    if isinstance(error, HttpRefusalError):
        return error
    assert isinstance(error, HTTPException)
    return HttpRefusalError(
        {404: "SRV-PAGE", 405: "SRV-METHODE"}.get(error.status_code, "SRV-FORMULAIRE")
    )


class RequestGuard:
    """At the door: the name asked for, where the request comes from, and the headers of answers."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self.app = app
        self._settings = settings
        self._journal = settings.journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let in."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.monotonic()
        send = partial(self._send, scope, started, send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal_response(Request(scope), refusal)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - recorded: told to the user and on stderr
            name = type(error).__name__
            sys.stderr.write(f"SRV-PANNE {name}\n")  # its words may come from a workbook
            answer = refusal_response(Request(scope), HttpRefusalError("SRV-PANNE", name))
            await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> HttpRefusalError | None:
        headers = Headers(scope=scope)
        if not self._settings.answers_to(_without_port(headers.get("host", ""))):
            return HttpRefusalError("SRV-HOTE")
        if scope["method"] == "POST" and not self._is_same_site(headers):
            return HttpRefusalError("SRV-AUTRE-SITE")
        return None

    def _is_same_site(self, headers: Headers) -> bool:
        """Does a form come from our own page, or from a program (which says nothing of it)?

        A browser says where its page comes from in « Origin », and most in « Sec-Fetch-Site ».
        """
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        _, scheme, place = origin.lower().partition("://")
        same = place == headers.get("host", "").lower()
        return bool(scheme) and (same or _without_port(place) in self._settings.hosts)

    async def _send(self, scope: Scope, started: float, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Content-Security-Policy", _FERMEE)
            if self._journal:
                _note(scope, message["status"], time.monotonic() - started)
        await send(message)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()


def _note(scope: Scope, status: int, duration: float) -> None:
    """One line of the log: no address of the client, no file name, no content."""
    path: Any = visible(scope["path"], 60)
    sys.stderr.write(f"{scope['method']} {path} {status} {duration:.3f} s\n")
