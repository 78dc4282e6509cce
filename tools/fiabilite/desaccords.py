"""Cell against cell: where two readers differ, and why. What has no reason is a fault to look into.

The reasons are rules on the two readings of a cell, each seen on a real file and checked by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.fiabilite.lecteurs import Cellule, Lecture
from xl_cpom.workbook.reader import cell_name
from xl_cpom.workbook.reader.escapes import decode

INEXPLIQUE = "SANS RAISON"
RENOMMEE = "une feuille renommée par l'autre"
LIBREOFFICE = "LibreOffice"
_RIEN: Cellule = ("", None, False)


@dataclass(frozen=True, slots=True)
class Desaccord:
    """Cells of one file on which two readers differ for one reason, and one of them."""

    origine: str
    raison: str
    cellules: int
    exemple: str


def comparer(origine: str, notre: Lecture, autre: Lecture, lecteur: str) -> list[Desaccord]:
    """The disagreements on one file that both could read."""
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    pairs, alone = _apparier(notre, autre)
    for ici, la in pairs:
        if ici != la:
            reasons[RENOMMEE] += 1
            examples.setdefault(RENOMMEE, f"{ici} / {la}")
        for adresse, one, two in _differences(notre.feuilles[ici], autre.feuilles[la]):
            sous_fusion = any(
                rect.contains(*adresse) and adresse != (rect.row1, rect.col1)
                for rect in notre.fusions.get(ici, ())
            )
            raison = _raison(one, two, sous_fusion, lecteur)
            if not all(adresse):
                raison = "une adresse impossible, que l'autre prend"
            if raison == INEXPLIQUE and notre.croise and lecteur == LIBREOFFICE:
                raison = "un tableau croisé, que LibreOffice recalcule"
            reasons[raison] += 1
            where = f"{ici[:20]}!{cell_name(*adresse) if adresse[0] else adresse}"
            examples.setdefault(raison, f"{where} {_dire(one)} / {_dire(two)}")
    for onglet in alone:
        raison = _raison_d_une_feuille(onglet, notre, autre, lecteur)
        reasons[raison] += len(notre.feuilles.get(onglet) or autre.feuilles.get(onglet) or ())
        examples.setdefault(raison, onglet)
    return [Desaccord(origine, r, count, examples[r]) for r, count in reasons.items()]


def _apparier(notre: Lecture, autre: Lecture) -> tuple[list[tuple[str, str]], list[str]]:
    """(our sheet, its sheet) of each, by name else by place; then the sheets of one side only."""
    ours = [name for name in notre.feuilles if name not in autre.feuilles]
    theirs = [name for name in autre.feuilles if name not in notre.feuilles]
    pairs = [(name, name) for name in notre.feuilles if name in autre.feuilles]
    if len(ours) == len(theirs):
        return [*pairs, *zip(ours, theirs, strict=True)], []
    return pairs, [*ours, *theirs]


def communes(notre: Lecture, autre: Lecture) -> int:
    """Cells that at least one of the two sees, on the sheets both see."""
    names = notre.feuilles.keys() & autre.feuilles.keys()
    return sum(len(notre.feuilles[n].keys() | autre.feuilles[n].keys()) for n in names)


def _differences(
    ici: Mapping[tuple[int, int], Cellule], la: Mapping[tuple[int, int], Cellule]
) -> Iterator[tuple[tuple[int, int], Cellule, Cellule]]:
    for adresse in ici.keys() | la.keys():
        one, two = ici.get(adresse, _RIEN), la.get(adresse, _RIEN)
        if one != two and not _memes_nombres(one, two):
            yield adresse, one, two


def _memes_nombres(one: Cellule, two: Cellule) -> bool:
    """Numbers that only differ by what a date loses on its way."""
    if one[0] != "n" or two[0] != "n" or one[2] != two[2]:
        return False
    return abs(one[1] - two[1]) <= 1e-8 * max(1.0, abs(one[1]))


def _raison(ici: Cellule, la: Cellule, sous_fusion: bool, lecteur: str) -> str:
    if ici[0] == "t" and ici[1] == "":
        return "un texte vide, que l'autre tient pour rien"
    if sous_fusion and la == _RIEN:
        return "une valeur sous une fusion, que l'autre perd"
    if ici[0] == la[0] == "t" and _sans_echappement(ici[1]) == _sans_echappement(la[1]):
        return "un échappement _xHHHH_, que l'autre laisse ou défait deux fois"
    if ici[0] == "x":
        return "une valeur mal formée, que l'autre prend pour ce qu'elle peut"
    if ici[0] == "t" and ici[2] and la[0] == "?":
        return "un résultat rangé sous un autre type que le sien, que l'autre ne lit pas"
    if lecteur == LIBREOFFICE:
        return _raison_de_libreoffice(ici, la)
    if (ici[0], la) == ("n", ("e", "#VALUE!", ici[2])):
        return "un numéro hors du calendrier, changé par l'autre en #VALUE!"
    return INEXPLIQUE


def _raison_de_libreoffice(ici: Cellule, la: Cellule) -> str:
    if ici[0] in ("b", "e") and la == (*ici[:2], True):
        return "un booléen ou une erreur, que LibreOffice récrit en formule"
    if ici[2] or la[2]:
        return "une formule, que LibreOffice recalcule ou récrit"
    return INEXPLIQUE


def _sans_echappement(text: str) -> str:
    return decode(decode(text)).replace("\r\n", "\n").replace("\r", "\n")


def _raison_d_une_feuille(onglet: str, notre: Lecture, autre: Lecture, lecteur: str) -> str:
    if onglet in notre.feuilles and not autre.feuilles:
        return f"Open XML strict, dont {lecteur} ne voit aucune feuille"
    if lecteur == LIBREOFFICE and onglet not in notre.feuilles:
        return "une feuille graphique, que LibreOffice change en feuille"
    return INEXPLIQUE


def _dire(cell: Cellule) -> str:
    kind, value, formula = cell
    if not kind:
        return "rien"
    return f"{'=' if formula else ''}{kind}:{str(value)[:30]!r}"
