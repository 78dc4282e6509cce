"""`--page-controle`: the page that controls without an installation, named or handed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click

from xl_cpom.cli.decorated import DecoratedCommand as Command
from xl_cpom.typography import typeset
from xl_cpom.workbook.control_page import CONTROL_PAGE, NAMED


class _Named(click.ParamType[str]):
    """An address of the web, or the name of a file."""

    name = "adresse"

    def convert(
        self, value: str, param: click.Parameter | None, context: click.Context | None
    ) -> str:
        if len(value) > 200 or re.fullmatch(NAMED, value) is None:
            self.fail(
                typeset(
                    f"« {value} » n'est ni une adresse (https://…) ni le nom d'un fichier .html, "
                    "sans espace, de 200 caractères au plus."
                ),
                param,
                context,
            )
        return value


def control_page_name(command: Command) -> Command:
    """Add the option that says what « Accueil » names."""
    return click.option(
        "--page-controle", "control_page", type=_Named(), default=CONTROL_PAGE, show_default=True,
        metavar="ADRESSE|NOM",
        help="Page qui contrôle sans installation, telle que la feuille « Accueil » la nomme : "
             "l'adresse où vous l'hébergez, ou le nom du fichier que vous remettez.",
    )(command)  # fmt: skip


def control_page_file(help_text: str) -> Callable[[Command], Command]:
    """Make the option that takes the file of the page itself."""
    return click.option(
        "--page-controle", "control_page", metavar="F.html",
        type=click.Path(exists=True, dir_okay=False, path_type=Path), help=help_text,
    )  # fmt: skip
