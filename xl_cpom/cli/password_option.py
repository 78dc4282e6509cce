"""--mot-de-passe: taken from the command line, from the environment, or asked for unseen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from xl_cpom.workbook.decryption import Password

DEMANDER = "-"
"""Value that has the password asked for: it is then in no list of processes, no history."""


def read_password(donne: str) -> Password:
    """The password; ends the command in one sentence when it cannot be used."""
    from xl_cpom.workbook.decryption import Password, can_decrypt

    if not can_decrypt():
        raise click.UsageError(
            "--mot-de-passe demande l'option « chiffre » (pip install 'xl-cpom[chiffre]')."
        )
    if donne == DEMANDER:
        donne = _ask()
    if not donne:
        raise click.UsageError("Le mot de passe est vide.")
    return Password(donne)


def _ask() -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt("Mot de passe", hide_input=True, default="", show_default=False)
        return answer
    return sys.stdin.readline().rstrip("\r\n")
