"""The page for people: choose or drop workbooks, read the report, take the copy, drop again."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from xl_cpom.referentiel import DEFAULT_REFERENTIEL
from xl_cpom.server.app_state import AppState, app_state
from xl_cpom.server.http_refusals import HttpRefusalError
from xl_cpom.server.page_templates import gabarits
from xl_cpom.server.request_body import ReceivedFile, receive
from xl_cpom.server.settings import MIB
from xl_cpom.server.tasks import refused_piece
from xl_cpom.version import __version__
from xl_cpom.workbook.control_page import CONTROL_PAGE

POLITIQUE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HTML = "text/html; charset=utf-8"


async def accueil(request: Request) -> Response:
    """The page with the form."""
    return _page("accueil.html", app_state(request), None)


async def control_page(request: Request) -> Response:
    """The page that controls without a server, to keep: a file of 15 MB, never read into memory."""
    path = app_state(request).settings.control_page
    assert path is not None
    return FileResponse(path, media_type="text/html", filename=CONTROL_PAGE)


async def back_to_form(request: Request) -> Response:
    """The address of a report asked for by hand: there is none, nothing is kept."""
    return RedirectResponse("/", 303)


def refusal_page(refusal: HttpRefusalError, house: AppState, *, form: bool) -> Response:
    """A refusal as a page: above the form when there is something to send again."""
    return _page("accueil.html" if form else "refus.html", house, refusal)


async def check_deposit(request: Request) -> Response:
    """The report of the workbooks sent by the form. Raises Refus."""
    house = app_state(request)
    async with receive(request, house) as received:
        with house.workshop.place(len(received)):
            found = await asyncio.gather(*(_piece(house, one) for one in received))
            pieces = tuple(piece for piece, _ in found)
            page = await house.workshop.assembler(pieces, house.theme.css)
    if page.code:
        raise HttpRefusalError(page.code, page.detail)
    status = found[0][1] if len(found) == 1 else 200
    headers = {"Content-Security-Policy": page.csp}
    return Response(page.body, status, headers, media_type=page.type)


async def _piece(house: AppState, one: ReceivedFile) -> tuple[bytes, int]:
    """The piece of one workbook, and the status of a page that holds only it."""
    found = await house.workshop.controler(one.name, one.stream, "piece")
    if not found.code:
        return found.body, 200
    status = HttpRefusalError(found.code, found.detail).statut
    return found.body or refused_piece(one.name, found.code, found.detail), status


def _page(template: str, house: AppState, refusal: HttpRefusalError | None) -> Response:
    values: dict[str, Any] = {
        "refus": refusal,
        "theme": house.theme,
        "version": __version__,
        "referentiel": DEFAULT_REFERENTIEL,
        "boucle": house.settings.is_loopback,
        "control_page": CONTROL_PAGE if house.settings.control_page else "",
        "taille_max": house.settings.max_bytes,
        "mio": house.settings.max_bytes // MIB,
        "fichiers_max": house.settings.max_files,
    }
    text = gabarits().get_template(template).render(values)
    status, headers = (200, {}) if refusal is None else (refusal.statut, refusal.headers)
    headers = {"Content-Security-Policy": POLITIQUE, **headers}
    return Response(text, status, headers, media_type=HTML)
