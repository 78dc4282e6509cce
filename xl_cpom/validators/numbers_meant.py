"""The number that a typo stands for, when the list of the ARS says which ESMS is missing.

A FINESS number whose key is wrong and an expected ESMS that is nowhere in the return are then one
fault, said once, with the number to type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xl_cpom.typography import typeset
from xl_cpom.validators.model import Finding

WRONG_NUMBER = frozenset({"FMT-001", "FMT-002"})
"""Codes of a FINESS number that could not be read."""

_CLOSE = 2
"""Slips at most between what was typed and what was meant: a digit wrong, missing, two swapped."""


def numbers_meant(wrong: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """Number typed -> number missing that it stands for; only where there is one such pair."""
    near = {text: [m for m in missing if _slips(text, m) <= _CLOSE] for text in wrong}
    taken = [found[0] for found in near.values() if len(found) == 1]
    return {
        text: found[0]
        for text, found in near.items()
        if len(found) == 1 and taken.count(found[0]) == 1
    }


def _slips(text: str, number: str) -> int:
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance("".join(text.split()), number)


def say_the_number(
    findings: Sequence[Finding], sheet: str, meant: Mapping[str, str]
) -> tuple[Finding, ...]:
    """The findings, those about a number of this sheet saying which one was meant."""
    return tuple(
        _said(f, meant[f.value])
        if f.code in WRONG_NUMBER and f.sheet == sheet and f.value in meant
        else f
        for f in findings
    )


def _said(finding: Finding, number: str) -> Finding:
    told = (
        f"{finding.message.rstrip('.')} ; vouliez-vous dire {number}, que la liste des attendus "
        "donne à votre organisme ?"
    )
    fix = f"Saisissez {number}, après l'avoir vérifié dans FINESS."
    return replace(finding, message=typeset(told), expected=number, fix=typeset(fix))
