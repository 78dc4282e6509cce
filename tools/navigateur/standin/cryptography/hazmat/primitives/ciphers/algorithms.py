"""AES, decryption only (FIPS 197, equivalent inverse cipher), by tables worked out at import."""

from __future__ import annotations

import struct


def _tables() -> tuple[bytes, bytes, tuple[tuple[int, ...], ...]]:
    """The substitution, its inverse, and what a byte brings to a column from each place."""
    powers, logs = [0] * 256, [0] * 256
    value = 1
    for power in range(255):
        powers[power], logs[value] = value, power
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
        value &= 0xFF

    def times(left: int, right: int) -> int:
        return powers[(logs[left] + logs[right]) % 255] if left and right else 0

    box = bytearray(256)
    for byte in range(256):
        inverse = powers[(255 - logs[byte]) % 255] if byte else 0
        turned = inverse
        for shift in range(1, 5):
            turned ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        box[byte] = turned ^ 0x63
    back = bytearray(256)
    for byte, substitute in enumerate(box):
        back[substitute] = byte
    first = [
        times(byte, 14) << 24 | times(byte, 9) << 16 | times(byte, 13) << 8 | times(byte, 11)
        for byte in back
    ]
    columns = [tuple(first)]
    for turn in (8, 16, 24):
        columns.append(tuple(word >> turn | (word << (32 - turn)) & 0xFFFFFFFF for word in first))
    return bytes(box), bytes(back), tuple(columns)


_BOX, _BACK, (_T0, _T1, _T2, _T3) = _tables()


class AES:
    """A key of 16, 24 or 32 bytes. Raises ValueError for another size."""

    def __init__(self, key: bytes) -> None:
        if len(key) not in (16, 24, 32):
            raise ValueError("Invalid key size for AES.")
        self._rounds = _inverse_keys(_expanded(bytes(key)))

    def decrypt_blocks(self, data: bytes) -> bytes:
        """The blocks of 16 bytes, each by itself. Raises ValueError when one is not whole."""
        if len(data) % 16:
            raise ValueError("not a multiple of the block length")
        back, t0, t1, t2, t3 = _BACK, _T0, _T1, _T2, _T3
        (k0, k1, k2, k3), *middle, (l0, l1, l2, l3) = self._rounds
        words = struct.unpack(f">{len(data) // 4}I", data)
        clear: list[int] = []
        for at in range(0, len(words), 4):
            a, b, c, d = words[at] ^ k0, words[at + 1] ^ k1, words[at + 2] ^ k2, words[at + 3] ^ k3
            for m0, m1, m2, m3 in middle:
                a, b, c, d = (
                    t0[a >> 24] ^ t1[d >> 16 & 255] ^ t2[c >> 8 & 255] ^ t3[b & 255] ^ m0,
                    t0[b >> 24] ^ t1[a >> 16 & 255] ^ t2[d >> 8 & 255] ^ t3[c & 255] ^ m1,
                    t0[c >> 24] ^ t1[b >> 16 & 255] ^ t2[a >> 8 & 255] ^ t3[d & 255] ^ m2,
                    t0[d >> 24] ^ t1[c >> 16 & 255] ^ t2[b >> 8 & 255] ^ t3[a & 255] ^ m3,
                )
            clear += (
                (
                    back[a >> 24] << 24
                    | back[d >> 16 & 255] << 16
                    | back[c >> 8 & 255] << 8
                    | back[b & 255]
                )
                ^ l0,
                (
                    back[b >> 24] << 24
                    | back[a >> 16 & 255] << 16
                    | back[d >> 8 & 255] << 8
                    | back[c & 255]
                )
                ^ l1,
                (
                    back[c >> 24] << 24
                    | back[b >> 16 & 255] << 16
                    | back[a >> 8 & 255] << 8
                    | back[d & 255]
                )
                ^ l2,
                (
                    back[d >> 24] << 24
                    | back[c >> 16 & 255] << 16
                    | back[b >> 8 & 255] << 8
                    | back[a & 255]
                )
                ^ l3,
            )
        return struct.pack(f">{len(clear)}I", *clear)


def _expanded(key: bytes) -> list[int]:
    """The words of the key schedule, four a round."""
    size = len(key) // 4
    words = list(struct.unpack(f">{size}I", key))
    constant = 1
    for rank in range(size, 4 * (size + 7)):
        word = words[-1]
        if rank % size == 0:
            word = _substituted((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
            constant = constant << 1 ^ (0x11B if constant & 0x80 else 0)
        elif size > 6 and rank % size == 4:
            word = _substituted(word)
        words.append(words[-size] ^ word)
    return words


def _substituted(word: int) -> int:
    return (
        _BOX[word >> 24] << 24
        | _BOX[word >> 16 & 255] << 16
        | _BOX[word >> 8 & 255] << 8
        | _BOX[word & 255]
    )


def _inverse_keys(words: list[int]) -> list[tuple[int, ...]]:
    """The keys of the rounds from the last to the first, mixed as the columns are."""
    rounds = [tuple(words[at : at + 4]) for at in range(0, len(words), 4)][::-1]
    middle = [tuple(map(_mixed, keys)) for keys in rounds[1:-1]]
    return [rounds[0], *middle, rounds[-1]]


def _mixed(word: int) -> int:
    return (
        _T0[_BOX[word >> 24]]
        ^ _T1[_BOX[word >> 16 & 255]]
        ^ _T2[_BOX[word >> 8 & 255]]
        ^ _T3[_BOX[word & 255]]
    )
