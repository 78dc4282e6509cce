"""What a campaign was judged with, in words: printed in its page, its workbook and its tables.

Nothing here is the day of the run: the same returns, judged alike, give the same outputs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xl_cpom.typography import date_text, plural, typeset
from xl_cpom.validators.profile_effect import effect_text
from xl_cpom.version import __version__

if TYPE_CHECKING:
    from xl_cpom.batch.task import Options
    from xl_cpom.validators.model import Report

TITLES = {
    "version": "Version du contrôle",
    "referentiel": "Référentiel",
    "date": "Échéances jugées",
    "profil": "Profil de la campagne",
    "effet_du_profil": "Effet du profil",
    "derogations": "Dérogations",
}
"""Key in the metadata of the tables -> words on the page; only what was given is there."""


def campaign_conditions(
    options: Options, referentiel: str, reports: Sequence[Report]
) -> dict[str, str]:
    """Key of `TITLES` -> text (French), in that order. reports: those of the campaign."""
    given: Mapping[str, Any] = options.arguments
    found = {
        "version": __version__,
        "referentiel": referentiel,
        "date": _date(options.date),
    }
    if (profil := given.get("profil")) is not None:
        found["profil"] = str(profil)
        found["effet_du_profil"] = profile_sentence(reports)
    if (derogations := given.get("derogations")) is not None:
        lifted = sum(f.waiver is not None for r in reports for f in r.findings)
        found["derogations"] = (
            f"{derogations.file} : "
            f"{plural(len(derogations.entries), 'dérogation')}, "
            f"{plural(lifted, 'anomalie levée', 'anomalies levées')}"
        )
    return {key: typeset(text) for key, text in found.items()}


def _date(date: dt.date | None) -> str:
    return "à la date d'arrêté de chaque classeur" if date is None else f"au {date_text(date)}"


def profile_sentence(reports: Sequence[Report]) -> str:
    """What the profile changed, before and after; "" when no return was judged with one."""
    effects = [(r, r.effect) for r in reports if r.effect is not None]
    if not effects:
        return ""
    said = effect_text(*(effect for _, effect in effects))
    moved: dict[str, int] = {}
    for report, effect in effects:
        if effect.before is not report.verdict:
            way = f"de « {effect.before.value} » à « {report.verdict.value} »"
            moved[way] = moved.get(way, 0) + 1
    if moved:
        ways = ", ".join(f"{plural(count, 'retour')} {way}" for way, count in sorted(moved.items()))
        said += f" ; passent {ways}"
    return typeset(said)
