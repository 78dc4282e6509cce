"""What a rendering may need beside the reports: the rules, a deadline, the width of a screen.

One object for every format, so that the command line calls them all in the same way. It holds no
clock: a date that is shown was given by the caller.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xl_cpom.errors import XlCpomError
from xl_cpom.light_dataclass import dataclass, field

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel
    from xl_cpom.validators.model import Report, Rule

CONSOLE_CAP = 5
"""Faults of one rule on one sheet that the console details before it only counts them."""


class InvalidTemplateError(XlCpomError, ValueError):
    """The template of the letter cannot be used. The message is French and says where."""


@dataclass(frozen=True)
class RenderOptions:
    """Options of a rendering; every one has a default.

    regles: the catalogue, by code, for titles and texts. echeance: date by which the gestionnaire
    answers (letter), date: date of the letter, modele_lettre: another template of it. ecartes:
    file -> why it is not counted in its campaign (French); its figures are then kept apart.
    service, recu_le, version, provisoire: what a letter says beside the report (see `Letter`).
    largeur, couleur, plafond: console only (None: no cap).
    """

    regles: Mapping[str, Rule] = field(default_factory=dict)
    referentiel: Referentiel | None = None
    echeance: dt.date | None = None
    date: dt.date | None = None
    modele_lettre: Path | None = None
    discarded: Mapping[str, str] = field(default_factory=dict)
    service: str = ""
    recu_le: str = ""
    version: str = ""
    provisoire: bool = False
    largeur: int = 80
    color: bool = False
    cap: int | None = CONSOLE_CAP


DEFAULT_OPTIONS = RenderOptions()
"""The default options."""


def counted_first(
    reports: Sequence[Report], context: RenderOptions
) -> tuple[list[Report], list[Report]]:
    """The reports whose figures count, then those left aside by the campaign."""
    kept = [report for report in reports if report.file not in context.discarded]
    return kept, [report for report in reports if report.file in context.discarded]
