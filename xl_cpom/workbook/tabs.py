"""The tabs of the template that hold nothing of the gestionnaire: their names, and « Contrôles ».

Written by the template, filled by the annotated copy and by the ribbon, left aside by the reading:
four rooms that must call them alike.
"""

from __future__ import annotations

HOME = "Accueil"
CONTROLES = "Contrôles"
LISTS = "Listes"
MARK = "_cpom"

OF_THE_TEMPLATE = (HOME, CONTROLES, LISTS, MARK)

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
