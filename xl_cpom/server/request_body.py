"""What comes in: the size is known before the body is read and counted while it comes.

File names are words to show, never paths. Bytes wait in anonymous temporary files, which the
system removes when they are closed.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from xl_cpom.server.control_result import AVEC_MACROS, CLASSEUR
from xl_cpom.server.http_refusals import HttpRefusalError
from xl_cpom.server.settings import MIB, ServerSettings
from xl_cpom.typography import number_text, visible
from xl_cpom.workers.pool import seconds_text

FORMULAIRE = "multipart/form-data"
CORPS_NU = frozenset({CLASSEUR, AVEC_MACROS, "application/octet-stream"})
ENVELOPPE = 64 * 1024
"""Bytes that the borders of a form may add to the workbooks."""

SPOOL = MIB
DEFAULT_NAME = "classeur.xlsx"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One workbook received: the name to show, and where its bytes wait."""

    nom: str
    flux: IO[bytes]


def showable_name(nom: str | None) -> str:
    """Last word of a path, without invisible characters: a name to show, never to open."""
    last = (nom or "").replace("\\", "/").rpartition("/")[2].strip()
    return visible(last) or DEFAULT_NAME


@asynccontextmanager
async def receive(
    request: Request, reglages: ServerSettings, *, nu: bool = False
) -> AsyncIterator[list[ReceivedFile]]:
    """The workbooks of a request, at least one; nothing of them is left afterwards.

    nu: is a bare workbook accepted as the body? Raises Refus.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORMULAIRE and not (nu and kind in CORPS_NU):
        raise HttpRefusalError("SRV-TYPE", visible(kind, 60) or "type non précisé")
    received: list[ReceivedFile] = []
    try:
        await _recevoir(request, reglages, received, formulaire=kind == FORMULAIRE)
        yield received
    finally:
        for one in received:
            one.flux.close()


async def _recevoir(
    request: Request, reglages: ServerSettings, received: list[ReceivedFile], *, formulaire: bool
) -> None:
    read = _formulaire if formulaire else _bare_body
    try:
        async with asyncio.timeout(reglages.reception):
            await read(request, reglages, received)
    except TimeoutError:
        raise HttpRefusalError("SRV-LENT", seconds_text(reglages.reception)) from None
    except ClientDisconnect:
        raise HttpRefusalError("SRV-FORMULAIRE") from None


async def _blocs(request: Request, limite: int) -> AsyncGenerator[bytes, None]:
    """The body, refused on its announced size, then on the size it turns out to have."""
    too_big = HttpRefusalError("SRV-TAILLE", f"{number_text(round(limite / MIB, 1))} Mio")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limite:
        raise too_big
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > limite:
            raise too_big
        yield chunk


async def _formulaire(
    request: Request, reglages: ServerSettings, received: list[ReceivedFile]
) -> None:
    parser = MultiPartParser(
        request.headers,
        _blocs(request, reglages.taille_max + ENVELOPPE),
        max_files=2 * reglages.fichiers_max,
        max_fields=16,
        max_part_size=ENVELOPPE,
    )
    try:
        form = await parser.parse()
    except MultiPartException:
        raise HttpRefusalError("SRV-FORMULAIRE") from None
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            received.append(ReceivedFile(showable_name(value.filename), value.file))
            if not value.filename and not value.size:  # a field left empty
                received.pop().flux.close()
    if not received:
        raise HttpRefusalError("SRV-SANS-FICHIER")
    if len(received) > reglages.fichiers_max:
        raise HttpRefusalError("SRV-NOMBRE", number_text(reglages.fichiers_max))


async def _bare_body(
    request: Request, reglages: ServerSettings, received: list[ReceivedFile]
) -> None:
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - closed by `recevoir`
    received.append(ReceivedFile(showable_name(request.query_params.get("nom")), stream))
    async for chunk in _blocs(request, reglages.taille_max):
        await run_in_threadpool(stream.write, chunk)
    if not stream.tell():
        raise HttpRefusalError("SRV-SANS-FICHIER")
    stream.seek(0)
