"""Blocks of AES taken back to what they were: `Cipher(AES(key), CBC(iv)).decryptor()`."""

from __future__ import annotations

from . import algorithms, modes

__all__ = ["Cipher", "algorithms", "modes"]


class Cipher:
    """A key and a mode (see the modules of those names); the backend is not looked at."""

    def __init__(self, algorithm: algorithms.AES, mode: modes.Mode, backend: None = None) -> None:
        self._algorithm, self._mode = algorithm, mode

    def decryptor(self) -> _Decryptor:
        """What decrypts one text, given piece by piece."""
        return _Decryptor(self._algorithm, self._mode.vector)


class _Decryptor:
    def __init__(self, algorithm: algorithms.AES, vector: bytes | None) -> None:
        self._algorithm, self._before = algorithm, vector

    def update(self, data: bytes) -> bytes:
        """The clear text of whole blocks of 16 bytes."""
        data = bytes(data)
        clear = self._algorithm.decrypt_blocks(data)
        if self._before is None:  # each block by itself
            return clear
        masks = self._before + data[:-16]
        if data:
            self._before = data[-16:]
        size = len(clear)
        mixed = int.from_bytes(clear, "big") ^ int.from_bytes(masks[:size], "big")
        return mixed.to_bytes(size, "big")

    def finalize(self) -> bytes:
        """Nothing is left: blocks come whole."""
        return b""
