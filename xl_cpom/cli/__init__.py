"""The command `xl-cpom`: arguments in, exit code out, nothing else.

Each command is a module of this package, imported only when it is called, so that `--help`,
`expliquer` and `regles` start without pandas.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Any, NoReturn

import click

from xl_cpom import __version__
from xl_cpom.cli.francais import parler_francais
from xl_cpom.typographie import typographie, visible

PANNE = 4
"""Exit code of a failure of the program itself."""

RAMASSAGE = 100_000
"""Objects made before the collector looks for circles: a short process that imports pandas and
reads thousands of cells otherwise spends a tenth of its time there. Memory stays bounded by the
reader's limits."""

COMMANDES: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Contrôler les classeurs d'exemple et montrer les verdicts."),
    "gabarit": ("gabarit", "Écrire le classeur standard, vierge ou prérempli."),
    "valider": ("valider", "Contrôler un classeur, plusieurs, ou tout un dossier."),
    "comparer": ("comparer", "Comparer deux versions d'un retour, ou deux années."),
    "transvaser": ("transvaser", "Reporter un classeur abîmé ou ancien dans un classeur neuf."),
    "annoter": ("annoter", "Écrire une copie annotée, ou rendre le classeur sans ses marques."),
    "preparer": ("preparer", "Préparer un classeur prérempli par organisme gestionnaire."),
    "expliquer": ("catalogue", "Expliquer une règle ou un indicateur d'après son code."),
    "regles": ("catalogue", "Lister les règles de contrôle."),
    "indicateurs": ("catalogue", "Lister les indicateurs et leurs formules."),
}
"""Command name -> (module of this package, short help), in the order they are shown."""


class GroupeParesseux(click.Group):
    """A group whose commands are imported when they are called, not when help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, most useful first."""
        return list(COMMANDES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in COMMANDES:
            return None
        module = importlib.import_module(f"xl_cpom.cli.{COMMANDES[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their short help, without importing any of them."""
        with formatter.section("Commandes"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDES.items()])


@click.group(
    cls=GroupeParesseux,
    context_settings={"help_option_names": ["-h", "--help", "--aide"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="xl-cpom", message="%(prog)s %(version)s")
def cli() -> None:
    """Contrôle des classeurs « CPOM socle » avant leur transmission à l'ARS.

    Par où commencer : « xl-cpom demo » montre le contrôle sur les classeurs d'exemple ;
    « xl-cpom valider MON_CLASSEUR.xlsx » contrôle le vôtre.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Entry point of `xl-cpom`: runs the command and exits with its code."""
    for stream in (sys.stdout, sys.stderr):
        _utf8(stream)
    gc.set_threshold(RAMASSAGE)
    parler_francais()
    try:
        cli.main(args=arguments, prog_name="xl-cpom")
    except Exception as error:  # noqa: BLE001 - the last edge: a failure of the program, code 4
        _panne(error)
    raise SystemExit(0)  # click has already exited; says so to the type checker


def _panne(error: Exception) -> NoReturn:
    """One French sentence for a failure of the program; the details are for who mends it."""
    if os.environ.get("XL_CPOM_TRACE"):
        raise error
    detail = f"{type(error).__name__} : {error}"
    click.echo(
        typographie(
            f"Le contrôle est tombé en panne ({visible(detail, 200)}). Ce n'est pas une faute de "
            "votre classeur : signalez-le aux auteurs de xl_cpom, avec cette phrase. "
            "XL_CPOM_TRACE=1 donne le détail."
        ),
        err=True,
    )
    raise SystemExit(PANNE)


def _utf8(stream: Any) -> None:
    """Windows consoles and pipes default to a code page that cannot write « é » safely."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")
