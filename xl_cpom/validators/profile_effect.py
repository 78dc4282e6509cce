"""What the profile of a campaign changes in one return: told before it is believed.

The rules are run a second time without it, so that a rule left out shows what it would have found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from xl_cpom.typography import plural, typeset
from xl_cpom.validators.model import Finding, ProfileEffect, Verdict


def profile_effect(
    bare: Sequence[Finding], findings: Sequence[Finding], before: Verdict
) -> ProfileEffect:
    """bare: the findings without the profile, findings: those with it."""
    without, with_it = _by_place(bare), _by_place(findings)
    changed = silenced = added = 0
    for key in without.keys() | with_it.keys():
        old, new = without.get(key, Counter()), with_it.get(key, Counter())
        fewer = max(0, old.total() - new.total())
        more = max(0, new.total() - old.total())
        kept = min(old.total(), new.total())
        changed += kept - (old & new).total()
        silenced, added = silenced + fewer, added + more
    return ProfileEffect(changed, silenced, added, before)


def _by_place(findings: Sequence[Finding]) -> dict[tuple[object, ...], Counter[str]]:
    found: dict[tuple[object, ...], Counter[str]] = {}
    for f in findings:
        key = (f.code, f.sheet, f.cells, f.message)
        found.setdefault(key, Counter())[f.severity.value] += 1
    return found


def effect_text(*effects: ProfileEffect) -> str:
    """« 62 anomalies changent de gravité, 3 ne sont plus dites » (French), of all these returns."""
    changed = sum(effect.changed for effect in effects)
    silenced = sum(effect.silenced for effect in effects)
    added = sum(effect.added for effect in effects)
    parts = [
        plural(count, one, many)
        for count, one, many in (
            (changed, "anomalie change de gravité", "anomalies changent de gravité"),
            (silenced, "anomalie n'est plus dite", "anomalies ne sont plus dites"),
            (added, "anomalie est dite en plus", "anomalies sont dites en plus"),
        )
        if count
    ]
    return typeset(", ".join(parts) or "aucune anomalie ne change")
