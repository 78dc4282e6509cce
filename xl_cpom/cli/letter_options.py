"""What goes in the letters, on the command line: the template, the date, the answer awaited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from xl_cpom.cli.date_option import IsoDate
from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.typography import typeset

LetterCommand = TypeVar("LetterCommand", bound=Callable[..., Any])

LETTER_FORMATS = frozenset({"lettre", "lettre-html"})
_KEYS = {"modele_lettre": "modele_lettre", "date_lettre": "date", "reponse_avant": "echeance"}
"""Option -> the field of the context of a rendering that it fills."""


def letter_options(command: LetterCommand) -> LetterCommand:
    """Add these options to a command."""
    for option in (
        click.option("--reponse-avant", type=IsoDate(),
                     help="Date limite de réponse, dite dans la lettre."),
        click.option("--date-lettre", type=IsoDate(),
                     help="Date portée sur la lettre (par défaut : celle de --date)."),
        click.option("--modele-lettre", type=FICHIER, metavar="F.md",
                     help="Votre modèle de lettre ; « xl-cpom gabarit --lettre » écrit celui d'où "
                          "partir."),
    ):  # fmt: skip
        command = option(command)
    return command


def read_letter_template(
    options: dict[str, Any], format_: str, lots: Path | None, date: dt.date | None
) -> dict[str, Any]:
    """Take these options out of the others; refuse them where there is no letter to write."""
    given = {field: options.pop(key) for key, field in _KEYS.items()}
    if any(given.values()) and format_ not in LETTER_FORMATS and lots is None:
        raise click.UsageError(
            typeset(
                "--modele-lettre, --date-lettre et --reponse-avant ne servent qu'aux lettres : "
                "ajoutez --format lettre, --format lettre-html ou --lots DOSSIER."
            )
        )
    if given["modele_lettre"] is not None:
        from xl_cpom.reports.letter import check_template
        from xl_cpom.reports.render_context import InvalidTemplateError

        try:
            check_template(given["modele_lettre"])
        except InvalidTemplateError as refusal:
            raise CommandRefusedError(str(refusal)) from refusal
    return given | {"date": given["date"] or date}
