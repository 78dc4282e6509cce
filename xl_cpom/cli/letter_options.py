"""What goes in the letters, on the command line: the template, the date, the answer awaited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from xl_cpom.cli.date_option import IsoDate
from xl_cpom.cli.decorated import DecoratedCommand
from xl_cpom.cli.input_files import FICHIER
from xl_cpom.cli.refusing import CommandRefusedError
from xl_cpom.extras import install_command
from xl_cpom.typography import typeset

LETTER_FORMATS = frozenset({"lettre", "lettre-html"})
_KEYS = {"modele_lettre": "letter_template", "date_lettre": "date", "reponse_avant": "echeance",
         "service": "service"}  # fmt: skip
"""Option -> the field of the context of a rendering that it fills."""

_WORD = {"modele_lettre": "lettre.docx", "modele_accuse": "accuse.docx",
         "modele_relance": "relance.docx"}  # fmt: skip
"""Option -> the Word template of ours that the one of the ARS stands for."""


def letter_options(command: DecoratedCommand) -> DecoratedCommand:
    """Add these options to a command."""
    for option in (
        click.option("--reponse-avant", type=IsoDate(),
                     help="Date limite de réponse, dite dans la lettre."),
        click.option("--date-lettre", type=IsoDate(),
                     help="Date portée sur la lettre (par défaut : celle de --date)."),
        click.option("--service", metavar="TEXTE",
                     help="Service chargé du dossier, dit dans les lettres et l'accusé de "
                          "réception : nom, adresse, courriel, téléphone."),
        click.option("--modele-relance", type=FICHIER, metavar="F.docx",
                     help="Votre modèle Word de relance (avec --lots)."),
        click.option("--modele-accuse", type=FICHIER, metavar="F.docx",
                     help="Votre modèle Word d'accusé de réception (avec --lots)."),
        click.option("--modele-lettre", type=FICHIER, metavar="F.md|F.docx",
                     help="Votre modèle de lettre, en Markdown ou en Word ; « xl-cpom modele "
                          "lettre » écrit celui d'où partir."),
    ):  # fmt: skip
        command = option(command)
    return command


def read_letter_template(
    options: dict[str, Any], format_: str, lots: Path | None, date: dt.date | None
) -> dict[str, Any]:
    """Take these options out of the others; refuse them where there is no letter to write."""
    words = {
        name: path
        for key, name in _WORD.items()
        if (path := options[key]) is not None and path.suffix.lower() == ".docx"
    }
    for key in ("modele_accuse", "modele_relance"):
        path = options.pop(key)
        if path is not None and path.suffix.lower() != ".docx":
            raise click.UsageError(
                typeset(f"--{key.replace('_', '-')} attend un document Word (.docx).")
            )
    given = {field: options.pop(key) for key, field in _KEYS.items()}
    if (any(given.values()) or words) and format_ not in LETTER_FORMATS and lots is None:
        raise click.UsageError(
            typeset(
                "Les options des lettres ne servent qu'aux lettres : ajoutez --format lettre, "
                "--format lettre-html ou --lots DOSSIER."
            )
        )
    if words and lots is None:
        raise click.UsageError(
            typeset("Un modèle Word (.docx) sert aux lettres des lots : ajoutez --lots DOSSIER.")
        )
    if "lettre.docx" in words:
        given["letter_template"] = None
    _try(given["letter_template"], words.values())
    return (
        given
        | {"date": given["date"] or date, "service": given["service"] or ""}
        | ({"word_templates": words} if words else {})
    )


def _try(markdown: Path | None, words: Iterable[Path]) -> None:
    """Try the templates before anything is controlled."""
    documents = list(words)
    if markdown is None and not documents:
        return
    from xl_cpom.reports import word_letters
    from xl_cpom.reports.letter import check_template
    from xl_cpom.reports.render_context import InvalidTemplateError

    try:
        if markdown is not None:
            check_template(markdown)
        for path in documents:
            if not word_letters.available():
                raise CommandRefusedError(
                    typeset(
                        "Un modèle Word demande l'option « lettres » "
                        f"({install_command('lettres')})."
                    )
                )
            word_letters.check_word_template(path)
    except InvalidTemplateError as refusal:
        raise CommandRefusedError(str(refusal)) from refusal
