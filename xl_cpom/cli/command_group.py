"""The group of the commands: their names, their help, and what is said of a word that is none.

Each command is a module of this package, imported only when it is called, so that `--help`,
`expliquer` and `regles` start without pandas.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from xl_cpom.cli.french_click import SUBCOMMAND
from xl_cpom.files.workbook_suffixes import WORKBOOK_SUFFIXES
from xl_cpom.typography import typeset
from xl_cpom.version import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Contrôler les classeurs d'exemple et montrer les verdicts."),
    "gabarit": ("gabarit", "Écrire le classeur standard, vierge ou prérempli."),
    "valider": ("valider", "Contrôler un classeur, plusieurs, ou tout un dossier."),
    "comparer": ("comparer", "Comparer deux versions d'un retour, ou deux années."),
    "transvaser": ("transvaser", "Reporter un classeur abîmé ou ancien dans un classeur neuf."),
    "exporter": ("exporter", "Écrire les feuilles d'un retour en tables CSV ou Parquet."),
    "corriger": ("corriger", "Écrire une copie où les valeurs mal saisies sont réparées."),
    "anonymiser": ("anonymiser", "Écrire une copie d'un retour que l'on peut montrer."),
    "annoter": ("annoter", "Écrire une copie annotée, ou rendre le classeur sans ses marques."),
    "preparer": ("preparer", "Préparer un classeur prérempli par organisme gestionnaire."),
    "bilan": ("bilan", "Faire le bilan d'un contrat : atteint, inachevé, et ce qu'il devient."),
    "dialogue": ("dialogue", "Écrire la fiche du dialogue de gestion : deux pages à imprimer."),
    "modele": ("modele", "Écrire une liste à remplir dans Excel, ou une lettre à adapter."),
    "finess": ("finess", "Lire FINESS : ce qui a changé, ou un extrait des flux nationaux."),
    "complement": (
        "complement",
        "Construire, installer ou diagnostiquer le complément Excel et LibreOffice.",
    ),
    "serveur": ("serveur", "Ouvrir une page où déposer les classeurs à contrôler."),
    "expliquer": (
        "catalogue_commands",
        "Expliquer une règle ou un indicateur, d'après son code ou des mots.",
    ),
    "regles": ("catalogue_commands", "Lister les règles de contrôle."),
    "indicateurs": ("catalogue_commands", "Lister les indicateurs et leurs formules."),
    "calendrier": ("calendrier", "Dire ce que chaque ESMS doit déposer, quand, et pourquoi."),
    "sources": ("sources", "Lister les sources, et ce qui dépend de chacune."),
    "diagnostic": ("diagnostic", "Dire ce qui marche sur ce poste, et ce qui manque."),
}
"""Command name -> (module of this package, short help), in the order they are shown."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, most useful first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"xl_cpom.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        if isinstance(command, click.Group):
            command.subcommand_metavar = SUBCOMMAND
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command asked; when there is none, say which one was meant."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise click.UsageError(typeset(_unknown(args[0])), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their short help, without importing any of them."""
        with formatter.section("Commandes"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


def _unknown(name: str) -> str:
    """The sentence for a word that is no command: what was probably meant."""
    if Path(name).suffix.lower() in WORKBOOK_SUFFIXES or Path(name).exists():
        return f"« {name} » n'est pas une commande. Pour le contrôler : xl-cpom valider {name}"
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), COMMANDS, n=1, cutoff=0.6)
    if close:
        return f"La commande « {name} » n'existe pas. Vouliez-vous dire : xl-cpom {close[0]} ?"
    return f"La commande « {name} » n'existe pas. « xl-cpom » sans rien montre quoi faire."


HOME = """\
xl-cpom {version} – contrôle des classeurs « CPOM socle » avant leur transmission à l'ARS

  Essayer               xl-cpom demo
  Contrôler             xl-cpom valider MON_CLASSEUR.xlsx
  Comprendre            xl-cpom expliquer INS-002
  Voir dans Excel       xl-cpom annoter MON_CLASSEUR.xlsx -o COPIES
  Écrire un vierge      xl-cpom gabarit -o CPOM_socle.xlsx
  Réparer               xl-cpom transvaser ABIME.xlsx -o NEUF.xlsx
  Contrôler un dossier  xl-cpom valider RETOURS --consolidation CONSOLIDATION
  En cas de souci       xl-cpom diagnostic

Toutes les commandes : xl-cpom --help. Pour l'une d'elles : xl-cpom valider --help.
Votre fichier n'est jamais modifié et rien ne quitte ce poste."""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    subcommand_metavar=SUBCOMMAND,
    context_settings={
        "help_option_names": ["-h", "--help", "--aide"],
        "max_content_width": 100,
    },
)
@click.version_option(
    __version__, prog_name="xl-cpom", message="%(prog)s %(version)s", help="Affiche la version."
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Contrôle des classeurs « CPOM socle » avant leur transmission à l'ARS.

    Par où commencer : « xl-cpom demo » montre le contrôle sur les classeurs d'exemple ;
    « xl-cpom valider MON_CLASSEUR.xlsx » contrôle le vôtre.
    """
    if ctx.invoked_subcommand is None:
        click.echo(typeset(HOME.format(version=__version__)))
