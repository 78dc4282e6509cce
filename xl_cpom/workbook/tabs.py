"""The tabs of the template that hold nothing of the gestionnaire: their names, and « Contrôles ».

Written by the template, filled by the annotated copy and by the ribbon, left aside by the reading:
rooms that must call them alike.
"""

from __future__ import annotations

HOME = "Accueil"
CONTROLES = "Contrôles"
AIDE = "Aide aux actions"
LISTS = "Listes"
MARK = "_cpom"

HELP_TO_COME = "Fiche à compléter par l'ARS\u00a0: elle n'est pas encore publiée."
"""What the sheet of the help says of a type of action that the guide does not describe yet."""

OF_THE_TEMPLATE = (HOME, CONTROLES, AIDE, LISTS, MARK)

CONTROLES_TABLE = "tControles"
CONTROLES_COLUMNS = {
    "gravite": "Gravité",
    "code": "Code",
    "feuille": "Feuille",
    "cellule": "Cellule",
    "valeur": "Valeur lue",
    "message": "Message",
    "correction": "Correction",
}
"""Key -> header, in the order of the columns."""
