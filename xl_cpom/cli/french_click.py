"""Click in French: its own messages go through gettext, which has no French catalogue.

Click binds `gettext` by name in each of its modules; there is no hook to hand it a catalogue
without a compiled file and a locale, so the name is rebound here, once, at start-up.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

import click

from xl_cpom.typography import typeset

SUBCOMMAND = "COMMANDE [ARGUMENTS]…"
"""What follows the name of a group of commands in its usage line."""

CATALOGUE = {
    "Usage:": "Utilisation :",
    "Usage: {usage}": "Utilisation : {usage}",
    "Options": "Options",
    "Commands": "Commandes",
    "Arguments": "Arguments",
    "Show this message and exit.": "Affiche cette aide.",
    "Show the version and exit.": "Affiche la version.",
    "Error: {message}": "Erreur : {message}",
    "Try '{command} {option}' for help.": "« {command} {option} » montre l'aide.",
    "Missing command.": "Il manque une commande.",
    "No such command {name!r}.": "La commande « {name} » n'existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Possible options: {possibilities})": "(options possibles : {possibilities})",
    "(Did you mean one of: {possibilities}?)": "(vouliez-vous dire : {possibilities} ?)",
    "Did you mean one of: {possibilities}?": "Vouliez-vous dire : {possibilities} ?",
    "No such option: {name}": "L'option {name} n'existe pas.",
    "No such option {name!r}.": "L'option « {name} » n'existe pas.",
    "Missing argument": "Il manque l'argument",
    "Missing option": "Il manque l'option",
    "Missing parameter": "Il manque le paramètre",
    "Missing {param_type}": "Il manque {param_type}",
    "Missing parameter: {param_name}": "Il manque le paramètre {param_name}",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "Got unexpected extra argument ({args})": "Argument en trop ({args})",
    "Got unexpected extra arguments ({args})": "Arguments en trop ({args})",
    "Option {name!r} requires an argument.": "L'option « {name} » attend une valeur.",
    "Option {name!r} does not take a value.": "L'option « {name} » ne prend pas de valeur.",
    "{name} {filename!r} does not exist.": "« {filename} » n'existe pas.",
    "{name} {filename!r} is a directory.": "« {filename} » est un dossier, pas un fichier.",
    "{name} {filename!r} is a file.": "« {filename} » est un fichier, pas un dossier.",
    "{name} {filename!r} is not readable.": "« {filename} » ne peut pas être lu.",
    "{name} {filename!r} is not writable.": "« {filename} » ne peut pas être écrit.",
    "File": "Fichier",
    "Directory": "Dossier",
    "Path": "Chemin",
    "file": "fichier",
    "directory": "dossier",
    "path": "chemin",
    "{value!r} is not a valid {number_type}.": "« {value} » n'est pas un nombre attendu.",
    "{value!r} is not {choice}.": "« {value} » n'est pas {choice}.",
    "{value!r} is not one of {choices}.": "« {value} » n'est pas admis ; valeurs : {choices}.",
    "{value} is not in the range {range}.": "{value} n'est pas admis ; valeurs : {range}.",
    "{value!r} does not match the format {format}.": "« {value} » n'a pas la forme {format}.",
    "{value!r} does not match the formats {formats}.": "« {value} » n'a pas la forme {formats}.",
    "Aborted!": "Interrompu.",
    "default: {default}": "par défaut : {default}",
    "(default)": "(par défaut)",
    "required": "obligatoire",
    "env var: {var}": "variable : {var}",
    "Could not open file {filename!r}: {message}": "Impossible d'ouvrir « {filename} » : {message}",
    "Positional arguments": "Arguments",
    "deprecated": "abandonnée",
    "(dynamic)": "(calculée)",
    "unknown error": "erreur inconnue",
    "Takes {nargs} values but 1 was given.": "Il faut {nargs} valeurs, une seule est donnée.",
    "Takes {nargs} values but {len} were given.": "Il faut {nargs} valeurs, {len} sont données.",
    "Do you want to continue?": "Voulez-vous continuer ?",
    "Option {name!r} requires {nargs} arguments.": "L'option « {name} » attend {nargs} valeurs.",
    "Argument {name!r} takes {nargs} values.": "L'argument « {name} » attend {nargs} valeurs.",
    "Press any key to continue...": "Appuyez sur une touche pour continuer…",
    "Repeat for confirmation": "Répétez pour confirmer",
    "Error: The two entered values do not match.": "Erreur : les deux valeurs diffèrent.",
    "Error: invalid input": "Erreur : saisie refusée",
    "Choose from:\n\t{choices}": "Valeurs :\n\t{choices}",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "« {value} » n'est ni oui ni non ; valeurs : {states}"
    ),
    "{len_type} values are required, but {len_value} was given.": (
        "Il faut {len_type} valeurs, {len_value} est donnée."
    ),
    "{len_type} values are required, but {len_value} were given.": (
        "Il faut {len_type} valeurs, {len_value} sont données."
    ),
    "{value!r} is not a valid UUID.": "« {value} » n'est pas un identifiant UUID.",
    "{name} {filename!r} is not executable.": "« {filename} » n'est pas exécutable.",
    "Couldn't detect Bash version, shell completion is not supported.": (
        "Version de Bash inconnue : pas de complétion."
    ),
    "Shell completion is not supported for Bash versions older than 4.4.": (
        "La complétion demande Bash 4.4 ou plus récent."
    ),
}


class FrenchFormatter(click.HelpFormatter):
    """Help as it is read in French: insecable blanks, ranges in words."""

    def write_heading(self, heading: str) -> None:
        """Write the title of a section."""
        self.write(typeset(f"{'':>{self.current_indent}}{heading} :\n"))

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        super().write_text(typeset(text))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of terms and their explanation."""
        shown = [(term, typeset(_interval(text))) for term, text in rows]
        super().write_dl(shown, col_max, col_spacing)


def _interval(text: str) -> str:
    return re.sub(r"(-?\d+)<=x<=(-?\d+)", r"de \1 à \2", text)


class _FrenchError(str):
    """The frame of every error: what click put between English quotes is put between « »."""

    __slots__ = ()

    def format(self, *args: object, **kwargs: object) -> str:
        said = super().format(*args, **kwargs)
        return typeset(re.sub(r"(?<!\w)'([^'\n]*)'(?!\w)", r"« \1 »", _interval(said)))


def _gettext(message: str) -> str:
    text = typeset(CATALOGUE.get(message, message))
    return _FrenchError(text) if message == "Error: {message}" else text


def _ngettext(singular: str, plural: str, count: int) -> str:
    return _gettext(singular if count < 2 else plural)


def speak_french() -> None:
    """Rebind gettext in every loaded module of click, and lay help out in French."""
    click.Context.formatter_class = FrenchFormatter
    for name, module in list(sys.modules.items()):
        if name == "click" or name.startswith("click."):
            names = vars(module)
            if "_" in names:
                names["_"] = _gettext
            if "ngettext" in names:
                names["ngettext"] = _ngettext
