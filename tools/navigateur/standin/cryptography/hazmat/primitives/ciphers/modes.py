"""How the blocks of a text follow one another."""

from __future__ import annotations


class Mode:
    """vector: what the first block was mixed with, or None when blocks are apart."""

    vector: bytes | None = None


class ECB(Mode):
    """Each block by itself."""


class CBC(Mode):
    """Each block mixed with the one before. initialization_vector: 16 bytes."""

    def __init__(self, initialization_vector: bytes) -> None:
        self.vector = bytes(initialization_vector)
