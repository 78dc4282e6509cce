"""Deterministic mutants of an honest CPOM socle: text, bytes and container, by seed."""

from __future__ import annotations

import random

from tests.workbook.reader.builders import zipped
from tests.workbook.reader.test_mutants import mutate
from tools.hostiles.modele import honest, membres

_READ = ("worksheets/sheet", "sharedStrings", "workbook.xml", "styles", "tables/", ".rels")


def mutant(seed: int) -> bytes:
    """The mutant of that seed: the parts (6 in 10), their bytes (2) or the file itself (2)."""
    rng = random.Random(seed)
    kind = rng.randrange(10)
    if kind >= 8:
        return _of_the_file(rng)
    changed = membres()
    parts = sorted(name for name in changed if any(word in name for word in _READ))
    for name in rng.sample(parts, rng.randrange(1, 4)):
        if kind < 6:
            text = mutate(rng, changed[name].decode("utf-8"))
            changed[name] = text.encode("utf-8", "surrogatepass")
        else:
            raw = bytearray(changed[name])
            for _ in range(rng.choice([1, 3, 30])):
                raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
            changed[name] = bytes(raw)
    return zipped(changed.items())


def _of_the_file(rng: random.Random) -> bytes:
    data = bytearray(honest())
    for _ in range(rng.choice([1, 2, 10])):
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.choice([0, 255, 127, 80])
        elif kind == 2:
            del data[at : at + rng.randrange(1, 60)]
        else:
            data[at:at] = rng.randbytes(rng.randrange(1, 60))
    return bytes(data)
