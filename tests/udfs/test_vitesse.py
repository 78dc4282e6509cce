"""The core stays within a small multiple of the same count written by hand."""

import statistics

from benchmarks.mesure import duree
from benchmarks.udfs import APPELS, LIGNES, plancher
from xl_cpom.udfs.core import invoke


def test_a_rate_costs_a_small_multiple_of_its_floor():
    name, args = APPELS[f"CPOM_TAUX sur {LIGNES} lignes"]
    assert invoke(name, args) == plancher()
    ratios = []
    for _ in range(60):
        before = duree(lambda: [plancher() for _ in range(20)])
        spent = duree(lambda: [invoke(name, args) for _ in range(20)])
        after = duree(lambda: [plancher() for _ in range(20)])
        ratios.append(2 * spent / (before + after))
    assert statistics.median(ratios) < 12  # about 7 when written
