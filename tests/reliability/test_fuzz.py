"""Every finding of the fuzzing, and its seeds, played again on the targets (without atheris)."""

from __future__ import annotations

import random

import pytest

from tools.fuzz.cibles import CIBLES
from tools.fuzz.graines import FINDS, graines

KEPT = sorted(FINDS.iterdir())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_finding_stays_mended(path) -> None:
    CIBLES[path.name.split("-")[0]](path.read_bytes())


@pytest.mark.parametrize("name", CIBLES)
def test_the_seeds_and_their_neighbours(name: str) -> None:
    """The targets work: an honest seed passes, and so do a few hundred changes of it."""
    seeds = list(graines(name))
    assert seeds
    rng = random.Random(name)
    for seed in seeds:
        CIBLES[name](seed)
    for _ in range(40 if name in ("partie", "lignes") else 300):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.choice((1, 3, 10))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        CIBLES[name](bytes(data))
