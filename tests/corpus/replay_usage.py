"""Replays the mistakes of the newcomer's audit: `python -m tests.corpus.replay_usage`.

Each line is a mistake made on the valid example, under the number it has in the audit: the verdict,
what the control found, the rates it could not compute. A mistake is written once, in the file of
the corpus it belongs to.
"""

from __future__ import annotations

import re

from tests.corpus.cas import Cas, cas, dit, lost_rates, rapport

NUMBERS = frozenset(map(str, range(1, 37))) - {"12", "16"} | {"2b", "12a", "12b", "16a", "16b"}
"""Those of the audit; some were made in two ways, and are two cases."""


def mistakes() -> list[Cas]:
    """The cases that replay a mistake of the audit, in its order."""
    found = [case for case in cas() if case.audit]
    return sorted(found, key=lambda case: _rank(case.audit))


def _rank(number: str) -> tuple[int, str]:
    digits, letter = re.fullmatch(r"(\d+)([a-z]?)", number).groups()  # type: ignore[union-attr]
    return int(digits), letter


def main() -> int:
    """Print one line a mistake; 1 when one is missing, or does not give exactly its findings."""
    wrong = 0
    for case in mistakes():
        report = rapport(case)
        found, rates = sorted(map(dit, report.findings)), lost_rates(report)
        right = found == sorted(case.attendu) and rates == case.taux_perdus
        wrong += not right
        lost = f" (non calculable : {', '.join(rates)})" if rates else ""
        print(f"{'=' if right else '≠'} {case.audit:>3} {case.pourquoi} : {report.verdict.value} ; "
              f"{' ; '.join(found)}{lost}")  # fmt: skip
    missing = NUMBERS - {case.audit for case in mistakes()}
    print(f"{len(NUMBERS) - len(missing)} fautes rejouées, {len(mistakes())} classeurs")
    return int(bool(wrong or missing))


if __name__ == "__main__":
    raise SystemExit(main())
