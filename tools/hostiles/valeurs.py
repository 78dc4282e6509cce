"""Traps of the values: numbers that are not, texts that act, dates that do not exist."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from lxml.etree import fromstring

from tests.atelier import M, q
from tools.hostiles.modele import ACTIONS, Trap, cas

_AVANCEMENT, _DATE, _COMMENT = "K6", "L6", "Q6"


def _raw(adresse: str, kind: str, value: str, feuille: str = ACTIONS) -> Callable[[], bytes]:
    """A cell whose stored text is written as it is."""

    def make() -> bytes:
        trap = Trap().cellule(feuille, adresse, 1)
        cell = trap._cell(feuille, adresse)
        if kind:
            cell.set("t", kind)
        cell[0].text = value
        return trap.octets()

    return make


def _saisie(adresse: str, value: Any, feuille: str = ACTIONS) -> Callable[[], bytes]:
    return lambda: Trap().cellule(feuille, adresse, value).octets()


def _contents(kind: str, xml: str) -> Callable[[], bytes]:
    """A cell whose children are written as they are."""

    def make() -> bytes:
        trap = Trap().cellule(ACTIONS, _AVANCEMENT, 1)
        cell = trap._cell(ACTIONS, _AVANCEMENT)
        cell.set("t", kind)
        cell[:] = fromstring(f'<c xmlns="{M}">{xml}</c>')
        return trap.octets()

    return make


def _hour() -> bytes:
    """A duration of 35 hours, as a sheet stores it: 1.458 days."""
    sheet = "Activité et ressources"
    trap = Trap().cellule(sheet, "C7", 35 / 24)
    xfs = trap.tree("xl/styles.xml").find(q("cellXfs"))
    xfs.append(deepcopy(xfs[0]))
    xfs[-1].set("numFmtId", "46")
    trap._cell(sheet, "C7").set("s", str(len(xfs) - 1))
    return trap.octets()


_V = "valeur"
for _name, _kind, _text in (
    ("nan", "", "NaN"), ("infini", "", "INF"), ("debord", "", "1E+309"), ("moins-infini", "", "-INF"),
    ("souligne", "", "1_000"), ("arabe", "", "١"), ("virgule", "", "0,5"), ("vide", "", ""),
    ("hexa", "", "0x10"), ("tres-long", "", "1" * 400), ("infime", "", "1E-320"),
    ("booleen-deux", "b", "2"), ("booleen-texte", "b", "true"), ("erreur-inconnue", "e", "#PIEGE!"),
    ("erreur-recente", "e", "#CALC!"), ("indice-hors", "s", "99999999"), ("indice-negatif", "s", "-1"),
    ("indice-texte", "s", "abc"), ("type-inconnu", "zz", "1"), ("date-iso-fausse", "d", "2026-99-99"),
):  # fmt: skip
    cas(_V, f"taux-{_name}", f"un avancement stocké « {_text[:20]} »",
        _raw(_AVANCEMENT, _kind, _text))  # fmt: skip
for _name, _date in {
    "negative": -5.0, "an-10000": 2_958_466.0, "enorme": 1e300, "zero": 0.0, "29-fevrier-1900": 60.0,
}.items():  # fmt: skip
    cas(_V, f"date-{_name}", f"une date de numéro {_date}", _saisie(_DATE, _date))
for _name, _ambigu in {
    "mille": "1.234", "mille-virgule": "1,234", "groupes": "1 23 456", "nan": "nan",
    "infini": "Infinity", "arabe": "٥٠", "pleine-chasse": "５０", "exposant": "1e2",
    "deux-signes": "--5", "fraction": "½", "tabulation": "1\t234", "lignes": "1\n234",
    "deux-blancs": "1  234", "zero-groupe": "0 123", "moins-apres": "5-", "parentheses": "(5)",
    "apostrophe": "1'234", "point-virgule": "1.234,5", "pour-cent": "85 %", "zero-o": "1O",
}.items():  # fmt: skip
    _seen = _ambigu.replace("\t", "⇥").replace("\n", "⏎")
    cas(_V, f"ambigu-{_name}", f"« {_seen} » dans un nombre de places",
        _saisie("C7", _ambigu, "Activité et ressources"))  # fmt: skip
for _name, _word in {
    "egal": "=1+1", "dde": "=cmd|'/c calc'!A0", "plus": "+1+1", "moins": "-1+1", "arobase": "@SUM(1)",
    "tabulation": "\t=1", "retour": "\r=1", "pleine-chasse": "＝1+1", "apostrophe": "'=1",
    "script": "<script>alert(1)</script>", "attribut": '"><img src=x onerror=alert(1)>',
    "cdata": "]]></t><script>", "rtl": "abc\u202efdp.exe", "nulle-largeur": "2107\u200b81456",
    "surrogat": "\U0001f600", "long": "x" * 32_768, "tres-long": "é" * 400_000,
    "jinja": "{{ 7*7 }}{% raw %}", "rich": "[bold red]x[/]", "format": "{0.__class__} %s %(x)s",
    "lien": "[x](javascript:alert(1))", "bidi": "\u2066\u2067\u2069",
}.items():  # fmt: skip
    cas(_V, f"texte-{_name}", "un texte qui agit, dans un commentaire libre",
        _saisie(_COMMENT, _word), temoin=(ACTIONS, "Q6", _word))  # fmt: skip
    cas(_V, f"module-{_name}", "le même texte, dans une colonne à liste", _saisie("B6", _word))
for _name, _type, _content in (
    ("deux-valeurs", "n", "<v>1</v><v>0.5</v>"),
    ("valeur-et-texte", "s", "<v>1</v><is><t>Abandonnée</t></is>"),
    ("deux-formules", "n", "<f>1</f><f>2</f><v>1</v>"),
):
    cas(_V, _name, "une cellule à deux contenus", _contents(_type, _content))
cas(_V, "heure", "une heure dans un nombre de places", _hour)
cas(_V, "echappe-nul", "un caractère nul échappé", _raw("Q6", "str", "a_x0000_b"))
cas(_V, "echappe-esc", "une commande de terminal échappée", _raw("Q6", "str", "a_x001B_[2Jb"))
cas(_V, "echappe-surrogat", "une moitié de caractère", _raw("Q6", "str", "a_xD800_b"))
cas(_V, "finess-court", "un FINESS sans son zéro", _saisie("F6", 10_780_001))
cas(_V, "1904", "le calendrier de 1904", lambda: Trap().calendar_1904().octets())
cas(_V, "version", "une version du modèle piégée",
    lambda: Trap().property_text("version_gabarit", "<b>\x7f=1</b>").octets())  # fmt: skip
cas(_V, "programme", "un nom de programme piégé",
    lambda: Trap().application("=cmd|'/c calc'!A0<script>").octets())  # fmt: skip
