"""What comes in: the size is known before the body is read and counted while it comes.

File names are words to show, never paths. Bytes wait in anonymous temporary files, which the
system removes when they are closed.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from xl_cpom.light_dataclass import dataclass
from xl_cpom.server.app_state import AppState
from xl_cpom.server.control_result import CLASSEUR, WITH_MACROS
from xl_cpom.server.http_refusals import HttpRefusalError
from xl_cpom.server.settings import MIB, ServerSettings
from xl_cpom.typography import number_text, visible
from xl_cpom.workers.pool import seconds_text

FORM = "multipart/form-data"
BARE_BODY = frozenset({CLASSEUR, WITH_MACROS, "application/octet-stream"})
ENVELOPE = 64 * 1024
"""Bytes that the borders of a form may add to the workbooks."""

SPOOL = MIB
PATIENCE = 5.0
"""Seconds before the pace of a body is looked at."""

DEFAULT_NAME = "classeur.xlsx"


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One workbook received: the name to show, and where its bytes wait."""

    name: str
    stream: IO[bytes]


def showable_name(nom: str | None) -> str:
    """Last word of a path, without invisible characters: a name to show, never to open."""
    last = (nom or "").replace("\\", "/").rpartition("/")[2].strip()
    return visible(last) or DEFAULT_NAME


@asynccontextmanager
async def receive(
    request: Request, house: AppState, *, nu: bool = False
) -> AsyncIterator[list[ReceivedFile]]:
    """The workbooks of a request, at least one; nothing of them is left afterwards.

    No place of the workshop is held while they come: who sends slowly, or never ends, holds only
    the bytes already sent. nu: is a bare workbook accepted as the body? Raises HttpRefusalError.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    said = kind.decode("latin-1")
    if said != FORM and not (nu and said in BARE_BODY):
        raise HttpRefusalError("SRV-TYPE", visible(said, 60) or "type non précisé")
    _refuse_charset(options.get(b"charset", b"utf-8"))
    house.workshop.refuse_if_full()
    received: list[ReceivedFile] = []
    body = _BodyReader(request, house)
    try:
        await _receive(body, house.settings, received, form=said == FORM)
        yield received
    finally:
        house.workshop.release_bytes(body.total)
        for one in received:
            one.stream.close()


def _refuse_charset(charset: bytes) -> None:
    """Raise HttpRefusalError for an encoding that does not exist, or is not one of texts."""
    try:
        b"a".decode(charset.decode("ascii"))
    except (LookupError, ValueError):
        raise HttpRefusalError("SRV-FORMULAIRE") from None


class _BodyReader:
    """A body as it comes, counted for the whole house. total: bytes that came."""

    def __init__(self, request: Request, house: AppState) -> None:
        self.request, self._house = request, house
        self.total = 0

    async def blocks(self, limite: int) -> AsyncGenerator[bytes, None]:
        """Its pieces; refused on its announced size, on the size it turns out to have, on its pace.

        Raises HttpRefusalError, TimeoutError.
        """
        too_big = HttpRefusalError("SRV-TAILLE", f"{number_text(round(limite / MIB, 1))} Mio")
        announced = self.request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limite:
            raise too_big
        began = time.monotonic()
        stream = self.request.stream()
        while True:
            late = began + PATIENCE + self.total / self._house.settings.byte_rate
            async with asyncio.timeout(max(0.0, late - time.monotonic())):
                chunk = await anext(stream, None)
            if chunk is None:
                return
            if self.total + len(chunk) > limite:
                raise too_big
            self._house.workshop.hold_bytes(len(chunk))
            self.total += len(chunk)
            yield chunk


async def _receive(
    body: _BodyReader, settings: ServerSettings, received: list[ReceivedFile], *, form: bool
) -> None:
    read = _form if form else _bare_body
    try:
        async with asyncio.timeout(settings.reception):
            await read(body, settings, received)
    except TimeoutError:
        raise HttpRefusalError("SRV-LENT", seconds_text(settings.reception)) from None
    except ClientDisconnect:
        raise HttpRefusalError("SRV-FORMULAIRE") from None


async def _form(body: _BodyReader, settings: ServerSettings, received: list[ReceivedFile]) -> None:
    parser = MultiPartParser(
        body.request.headers,
        body.blocks(settings.max_bytes + ENVELOPE),
        max_files=2 * settings.max_files,
        max_fields=16,
        max_part_size=ENVELOPE,
    )
    try:
        form = await parser.parse()
    except (MultiPartException, LookupError, UnicodeError):
        raise HttpRefusalError("SRV-FORMULAIRE") from None
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            received.append(ReceivedFile(showable_name(value.filename), value.file))
            if not value.filename and not value.size:  # a field left empty
                received.pop().stream.close()
    if not received:
        raise HttpRefusalError("SRV-SANS-FICHIER")
    if len(received) > settings.max_files:
        raise HttpRefusalError("SRV-NOMBRE", number_text(settings.max_files))


async def _bare_body(
    body: _BodyReader, settings: ServerSettings, received: list[ReceivedFile]
) -> None:
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - closed by `recevoir`
    received.append(ReceivedFile(showable_name(body.request.query_params.get("nom")), stream))
    async for chunk in body.blocks(settings.max_bytes):
        await run_in_threadpool(stream.write, chunk)
    if not stream.tell():
        raise HttpRefusalError("SRV-SANS-FICHIER")
    stream.seek(0)
