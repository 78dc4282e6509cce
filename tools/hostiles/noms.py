"""Traps of the file names: what a name does in a terminal, a table, a page, a path."""

from __future__ import annotations

from tools.hostiles.modele import Trap, cas

_NAMES = {
    "formule": "=cmd '-c calc'!A0.xlsx",
    "plus": "+1+1.xlsx",
    "arobase": "@SUM(1).xlsx",
    "option": "--format.xlsx",
    "echappement": "rouge\x1b[31m\x1b]0;titre\x07.xlsx",
    "retour": "a\nVerdict : recevable\n.xlsx",
    "rtl": "retour\u202excod.xlsx",
    "script": "<img src=x onerror=alert(1)>.xlsx",
    "guillemets": "a\"b'c`d$(touch piege)`.xlsx",
    "jinja": "{{ 7*7 }}.xlsx",
    "markdown": "[x](javascript:alert(1)).xlsx",
    "rich": "[bold red]x[bold].xlsx",
    "long": "x" * 240 + ".xlsx",
    "espaces": "  retour  .xlsx",
    "emoji": "retour \U0001f600.xlsx",
    "reserve": "CON.xlsx",
    "sans-extension": "retour",
    "majuscules": "RETOUR.XLSX",
    "menteur": "retour.pdf",
    "verrou": "~$retour.xlsx",
    "point": ".xlsx",
    "pourcent": "%s%n%00.xlsx",
    "non-utf8": "retour\udce9.xlsx",
}
for _name, _file in _NAMES.items():
    cas("nom", _name, "un nom de fichier piégé", lambda: Trap().temoin().octets(), fichier=_file)
