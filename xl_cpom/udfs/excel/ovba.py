"""Compression of VBA sources: [MS-OVBA] 2.4.1, both ways, without any library.

A container is a signature byte, then chunks of 4,096 bytes of text: runs already seen are written
as (distance, length), the sizes of both parts depending on the place in the chunk.
"""

from __future__ import annotations

import struct

from xl_cpom.errors import XlCpomError

CHUNK = 4096
SIGNATURE = b"\x01"
SHORTEST = 3


class UnreadableVbaError(XlCpomError, ValueError):
    """The bytes are not a compressed VBA stream."""


def compress(source: bytes) -> bytes:
    """Compressed container of a text."""
    chunks = (source[i : i + CHUNK] for i in range(0, len(source), CHUNK))
    return SIGNATURE + b"".join(_chunk(chunk) for chunk in chunks)


def decompress(container: bytes) -> bytes:
    """Text of a compressed container. Raises UnreadableVbaError."""
    if container[:1] != SIGNATURE:
        raise UnreadableVbaError("signature absente")
    out = bytearray()
    try:
        _chunks(container, out)
    except struct.error as short:
        raise UnreadableVbaError("texte tronqué") from short
    return bytes(out)


def _chunks(container: bytes, out: bytearray) -> None:
    place = 1
    while place < len(container):
        (header,) = struct.unpack_from("<H", container, place)
        end = min(place + (header & 0x0FFF) + 3, len(container))
        if header & 0x8000:
            _expand(container[place + 2 : end], out)
        else:
            out += container[place + 2 : end]
        place = end


def _bits(position: int) -> int:
    """Bits of the distance for a run written at this place of the chunk."""
    return max((position - 1).bit_length(), 4)


def _chunk(text: bytes) -> bytes:
    written = bytearray()
    tokens: list[bytes] = []
    flags, place = 0, 0
    while place < len(text):
        distance, length = _longest(text, place)
        if length:
            bits = _bits(place)
            packed = ((distance - 1) << (16 - bits)) | (length - SHORTEST)
            flags |= 1 << len(tokens)
            tokens.append(struct.pack("<H", packed))
            place += length
        else:
            tokens.append(text[place : place + 1])
            place += 1
        if len(tokens) == 8 or place >= len(text):
            written += bytes([flags]) + b"".join(tokens)
            tokens, flags = [], 0
    if len(written) >= CHUNK:
        if len(text) < CHUNK:
            raise UnreadableVbaError("texte incompressible")
        return struct.pack("<H", 0x3000 | (CHUNK - 1)) + text
    return struct.pack("<H", 0xB000 | (len(written) - 1)) + bytes(written)


def _longest(text: bytes, place: int) -> tuple[int, int]:
    """(distance, length) of the longest run seen before that starts at `place`; (0, 0) if none."""
    if place == 0:
        return 0, 0
    most = min((0xFFFF >> _bits(place)) + SHORTEST, len(text) - place)
    best_from, best = 0, 0
    length = SHORTEST
    while length <= most:
        found = text.rfind(text[place : place + length], 0, place + length - 1)
        if found < 0:
            break
        while length < most and text[found + length] == text[place + length]:
            length += 1
        best_from, best = found, length
        length += 1
    return (place - best_from, best) if best else (0, 0)


def _expand(tokens: bytes, out: bytearray) -> None:
    start, place = len(out), 0
    while place < len(tokens):
        flags = tokens[place]
        place += 1
        for bit in range(8):
            if place >= len(tokens):
                return
            if not flags >> bit & 1:
                out.append(tokens[place])
                place += 1
                continue
            (packed,) = struct.unpack_from("<H", tokens, place)
            place += 2
            bits = _bits(len(out) - start)
            length = (packed & (0xFFFF >> bits)) + SHORTEST
            distance = (packed >> (16 - bits)) + 1
            if distance > len(out) - start:
                raise UnreadableVbaError("répétition hors du texte")
            for _ in range(length):
                out.append(out[-distance])
