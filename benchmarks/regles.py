"""What each rule costs: run alone over a whole workbook, in thousandths of the floor.

In a control the rules of a sheet run inside its schema: the sum below is what they would cost one
by one, without pandera, without the reading.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from pathlib import Path

from benchmarks.mesure import cpu, plancher
from xl_cpom.referentiel import load_referentiel
from xl_cpom.validators.catalogue import FAMILIES, RULES
from xl_cpom.validators.model import Scope
from xl_cpom.validators.rule_context import RuleContext
from xl_cpom.validators.rule_examples import faults_in
from xl_cpom.workbook.interpretation.interpret import interpret
from xl_cpom.workbook.reader import read_workbook

TOURS = 15
CHERES = 12
_COMPAREES = (Scope.PRECEDENT, Scope.REFERENTIEL, Scope.CAMPAGNE)


def couts(path: Path, tours: int = TOURS) -> dict[str, float]:
    """Median cost of each rule on a workbook, in floors, floor and rules interleaved."""
    classeur = interpret(read_workbook(path), load_referentiel()).classeur
    context = RuleContext(classeur, classeur.identification.date_arrete)
    rules = [r for r in RULES.values() if r.check is not None and r.scope not in _COMPAREES]
    ratios: dict[str, list[float]] = defaultdict(list)
    for _ in range(tours):
        classeur.memo.clear()
        floor = statistics.median(cpu(lambda: plancher(path)) for _ in range(3))
        for rule in rules:
            ratios[rule.code].append(cpu(lambda r=rule: faults_in(r, context)) / floor)  # type: ignore[misc]
    return {code: statistics.median(found) for code, found in ratios.items()}


def show(path: Path) -> None:
    """Print the dearest rules, and the families."""
    found = couts(path)
    print(f"Coût des règles, une à une, sur {path.name}, en millièmes du plancher")
    for code in sorted(found, key=lambda code: -found[code])[:CHERES]:
        print(f"  {code:<9} {RULES[code].title:<70} {found[code] * 1000:6.1f}")
    for family, (_, name) in FAMILIES.items():
        costs = [cost for code, cost in found.items() if RULES[code].family == family]
        if costs:
            print(f"  {name} : {len(costs)} règles, {sum(costs) * 1000:.0f}")
    print(
        f"  ensemble : {len(found)} règles, {sum(found.values()):.2f} × le plancher, "
        f"médiane {statistics.median(found.values()) * 1000:.1f} millième"
    )
