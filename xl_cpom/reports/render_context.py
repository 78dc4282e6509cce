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
    """Options of a rendering; every one has a default."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    """The catalogue, by code, for titles and texts."""
    referentiel: Referentiel | None = None
    """Where the labels come from."""
    echeance: dt.date | None = None
    """Day by which the gestionnaire answers, for the letter."""
    date: dt.date | None = None
    """Day of the letter."""
    letter_template: Path | None = None
    """Another template of the letter (Markdown); None: ours."""
    discarded: Mapping[str, str] = field(default_factory=dict)
    """File -> why its campaign does not count it (French); its figures are then kept apart."""
    service: str = ""
    """Who signs the letter (see `Letter`)."""
    received_on: str = ""
    """Day the return was received, as the letter says it (see `Letter`)."""
    version: str = ""
    """What the letter says of the file beside another (see `Letter`)."""
    provisional: bool = False
    """Is the return declared provisional? The letter says so."""
    width: int = 80
    """Columns of the terminal."""
    color: bool = False
    """Does the terminal show colours?"""
    cap: int | None = CONSOLE_CAP
    """Faults of one rule on one sheet that the terminal details; None: all."""


DEFAULT_OPTIONS = RenderOptions()
"""The default options."""


def counted_first(
    reports: Sequence[Report], context: RenderOptions
) -> tuple[list[Report], list[Report]]:
    """The reports whose figures count, then those left aside by the campaign."""
    kept = [report for report in reports if report.file not in context.discarded]
    return kept, [report for report in reports if report.file in context.discarded]
