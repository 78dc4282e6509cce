"""Click in French: its own messages go through gettext, which has no French catalogue.

Click binds `gettext` by name in each of its modules; there is no hook to hand it a catalogue
without a compiled file and a locale, so the name is rebound here, once, at start-up.
"""

from __future__ import annotations

import sys

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
    "No such command {name!r}.": "La commande {name!r} n'existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Possible options: {possibilities})": "(options possibles : {possibilities})",
    "(Did you mean one of: {possibilities}?)": "(vouliez-vous dire : {possibilities} ?)",
    "Did you mean one of: {possibilities}?": "Vouliez-vous dire : {possibilities} ?",
    "No such option: {name}": "L'option {name} n'existe pas.",
    "No such option {name!r}.": "L'option {name!r} n'existe pas.",
    "Missing argument": "Il manque l'argument",
    "Missing option": "Il manque l'option",
    "Missing parameter": "Il manque le paramètre",
    "Missing {param_type}": "Il manque {param_type}",
    "Missing parameter: {param_name}": "Il manque le paramètre {param_name}",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "Got unexpected extra argument ({args})": "Argument en trop ({args})",
    "Got unexpected extra arguments ({args})": "Arguments en trop ({args})",
    "Option {name!r} requires an argument.": "L'option {name!r} attend une valeur.",
    "Option {name!r} does not take a value.": "L'option {name!r} ne prend pas de valeur.",
    "{name} {filename!r} does not exist.": "{name} {filename!r} n'existe pas.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} est un dossier.",
    "{name} {filename!r} is a file.": "{name} {filename!r} est un fichier.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} ne peut pas être lu.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} ne peut pas être écrit.",
    "File": "Le fichier",
    "Directory": "Le dossier",
    "Path": "Le chemin",
    "file": "le fichier",
    "directory": "le dossier",
    "path": "le chemin",
    "{value!r} is not a valid {number_type}.": "{value!r} n'est pas un nombre attendu.",
    "{value!r} is not {choice}.": "{value!r} n'est pas {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} n'est pas admis ; valeurs : {choices}.",
    "{value} is not in the range {range}.": "{value} n'est pas dans l'intervalle {range}.",
    "{value!r} does not match the format {format}.": "{value!r} n'a pas la forme {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} n'a pas la forme {formats}.",
    "Aborted!": "Interrompu.",
    "default: {default}": "par défaut : {default}",
    "(default)": "(par défaut)",
    "required": "obligatoire",
    "env var: {var}": "variable : {var}",
    "Could not open file {filename!r}: {message}": "Impossible d'ouvrir {filename!r} : {message}",
}


def _gettext(message: str) -> str:
    return CATALOGUE.get(message, message)


def _ngettext(singular: str, plural: str, count: int) -> str:
    return _gettext(singular if count < 2 else plural)


def parler_francais() -> None:
    """Rebind gettext in every loaded module of click."""
    for name, module in list(sys.modules.items()):
        if name == "click" or name.startswith("click."):
            names = vars(module)
            if "_" in names:
                names["_"] = _gettext
            if "ngettext" in names:
                names["ngettext"] = _ngettext
