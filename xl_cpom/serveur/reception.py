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

from xl_cpom.batch.pool import secondes
from xl_cpom.serveur.piece import AVEC_MACROS, CLASSEUR
from xl_cpom.serveur.refus import Refus
from xl_cpom.serveur.reglages import MIB, Reglages
from xl_cpom.typographie import nombre, visible

FORMULAIRE = "multipart/form-data"
CORPS_NU = frozenset({CLASSEUR, AVEC_MACROS, "application/octet-stream"})
ENVELOPPE = 64 * 1024
"""Bytes that the borders of a form may add to the workbooks."""

SPOOL = MIB
NOM_PAR_DEFAUT = "classeur.xlsx"


@dataclass(frozen=True, slots=True)
class Recu:
    """One workbook received: the name to show, and where its bytes wait."""

    nom: str
    flux: IO[bytes]


def nom_montrable(nom: str | None) -> str:
    """Last word of a path, without invisible characters: a name to show, never to open."""
    last = (nom or "").replace("\\", "/").rpartition("/")[2].strip()
    return visible(last) or NOM_PAR_DEFAUT


@asynccontextmanager
async def recevoir(
    request: Request, reglages: Reglages, *, nu: bool = False
) -> AsyncIterator[list[Recu]]:
    """The workbooks of a request, at least one; nothing of them is left afterwards.

    nu: is a bare workbook accepted as the body? Raises Refus.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORMULAIRE and not (nu and kind in CORPS_NU):
        raise Refus("SRV-TYPE", visible(kind, 60) or "type non précisé")
    received: list[Recu] = []
    try:
        await _recevoir(request, reglages, received, formulaire=kind == FORMULAIRE)
        yield received
    finally:
        for one in received:
            one.flux.close()


async def _recevoir(
    request: Request, reglages: Reglages, received: list[Recu], *, formulaire: bool
) -> None:
    read = _formulaire if formulaire else _corps_nu
    try:
        async with asyncio.timeout(reglages.reception):
            await read(request, reglages, received)
    except TimeoutError:
        raise Refus("SRV-LENT", secondes(reglages.reception)) from None
    except ClientDisconnect:
        raise Refus("SRV-FORMULAIRE") from None


async def _blocs(request: Request, limite: int) -> AsyncGenerator[bytes, None]:
    """The body, refused on its announced size, then on the size it turns out to have."""
    too_big = Refus("SRV-TAILLE", f"{nombre(round(limite / MIB, 1))} Mio")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limite:
        raise too_big
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total > limite:
            raise too_big
        yield chunk


async def _formulaire(request: Request, reglages: Reglages, received: list[Recu]) -> None:
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
        raise Refus("SRV-FORMULAIRE") from None
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            received.append(Recu(nom_montrable(value.filename), value.file))
            if not value.filename and not value.size:  # a field left empty
                received.pop().flux.close()
    if not received:
        raise Refus("SRV-SANS-FICHIER")
    if len(received) > reglages.fichiers_max:
        raise Refus("SRV-NOMBRE", nombre(reglages.fichiers_max))


async def _corps_nu(request: Request, reglages: Reglages, received: list[Recu]) -> None:
    stream = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - closed by `recevoir`
    received.append(Recu(nom_montrable(request.query_params.get("nom")), stream))
    async for chunk in _blocs(request, reglages.taille_max):
        await run_in_threadpool(stream.write, chunk)
    if not stream.tell():
        raise Refus("SRV-SANS-FICHIER")
    stream.seek(0)
