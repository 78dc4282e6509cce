"""Cell against cell: where two readers differ, and why. What has no reason is a fault to look into.

The reasons are rules on the two readings of a cell, each seen on a real file and checked by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.fiabilite.lecteurs import Cellule, Reading
from xl_cpom.workbook.reader import cell_name
from xl_cpom.workbook.reader.escapes import decode

UNEXPLAINED = "SANS RAISON"
RENAMED = "une feuille renommée par l'autre"
LIBREOFFICE = "LibreOffice"
_RIEN: Cellule = ("", None, False)


@dataclass(frozen=True, slots=True)
class Desaccord:
    """Cells of one file on which two readers differ for one reason, and one of them."""

    origine: str
    raison: str
    cellules: int
    exemple: str


def comparer(origine: str, our: Reading, autre: Reading, reader: str) -> list[Desaccord]:
    """The disagreements on one file that both could read."""
    reasons: Counter[str] = Counter()
    examples: dict[str, str] = {}
    pairs, alone = _apparier(our, autre)
    for ici, la in pairs:
        if ici != la:
            reasons[RENAMED] += 1
            examples.setdefault(RENAMED, f"{ici} / {la}")
        for adresse, one, two in _differences(our.feuilles[ici], autre.feuilles[la]):
            under_merge = any(
                rect.contains(*adresse) and adresse != (rect.row1, rect.col1)
                for rect in our.fusions.get(ici, ())
            )
            reason = _reason(one, two, under_merge, reader)
            if not all(adresse):
                reason = "une adresse impossible, que l'autre prend"
            if reason == UNEXPLAINED and our.croise and reader == LIBREOFFICE:
                reason = "un tableau croisé, que LibreOffice recalcule"
            reasons[reason] += 1
            where = f"{ici[:20]}!{cell_name(*adresse) if adresse[0] else adresse}"
            examples.setdefault(reason, f"{where} {_dire(one)} / {_dire(two)}")
    for tab in alone:
        reason = _reason_of_a_sheet(tab, our, autre, reader)
        reasons[reason] += len(our.feuilles.get(tab) or autre.feuilles.get(tab) or ())
        examples.setdefault(reason, tab)
    return [Desaccord(origine, r, count, examples[r]) for r, count in reasons.items()]


def _apparier(our: Reading, autre: Reading) -> tuple[list[tuple[str, str]], list[str]]:
    """(our sheet, its sheet) of each, by name else by place; then the sheets of one side only."""
    ours = [name for name in our.feuilles if name not in autre.feuilles]
    theirs = [name for name in autre.feuilles if name not in our.feuilles]
    pairs = [(name, name) for name in our.feuilles if name in autre.feuilles]
    if len(ours) == len(theirs):
        return [*pairs, *zip(ours, theirs, strict=True)], []
    return pairs, [*ours, *theirs]


def communes(our: Reading, autre: Reading) -> int:
    """Cells that at least one of the two sees, on the sheets both see."""
    names = our.feuilles.keys() & autre.feuilles.keys()
    return sum(len(our.feuilles[n].keys() | autre.feuilles[n].keys()) for n in names)


def _differences(
    ici: Mapping[tuple[int, int], Cellule], la: Mapping[tuple[int, int], Cellule]
) -> Iterator[tuple[tuple[int, int], Cellule, Cellule]]:
    for adresse in ici.keys() | la.keys():
        one, two = ici.get(adresse, _RIEN), la.get(adresse, _RIEN)
        if one != two and not _same_numbers(one, two):
            yield adresse, one, two


def _same_numbers(one: Cellule, two: Cellule) -> bool:
    """Numbers that only differ by what a date loses on its way."""
    if one[0] != "n" or two[0] != "n" or one[2] != two[2]:
        return False
    return abs(one[1] - two[1]) <= 1e-8 * max(1.0, abs(one[1]))


def _reason(ici: Cellule, la: Cellule, under_merge: bool, reader: str) -> str:
    if ici[0] == "t" and ici[1] == "":
        return "un texte vide, que l'autre tient pour rien"
    if under_merge and la == _RIEN:
        return "une valeur sous une fusion, que l'autre perd"
    if ici[0] == la[0] == "t" and _without_echappement(ici[1]) == _without_echappement(la[1]):
        return "un échappement _xHHHH_, que l'autre laisse ou défait deux fois"
    if ici[0] == "x":
        return "une valeur mal formée, que l'autre prend pour ce qu'elle peut"
    if ici[0] == "t" and ici[2] and la[0] == "?":
        return "un résultat rangé sous un autre type que le sien, que l'autre ne lit pas"
    if reader == LIBREOFFICE:
        return _libreoffice_reason(ici, la)
    if (ici[0], la) == ("n", ("e", "#VALUE!", ici[2])):
        return "un numéro hors du calendrier, changé par l'autre en #VALUE!"
    return UNEXPLAINED


def _libreoffice_reason(ici: Cellule, la: Cellule) -> str:
    if ici[0] in ("b", "e") and la == (*ici[:2], True):
        return "un booléen ou une erreur, que LibreOffice récrit en formule"
    if ici[2] or la[2]:
        return "une formule, que LibreOffice recalcule ou récrit"
    return UNEXPLAINED


def _without_echappement(text: str) -> str:
    return decode(decode(text)).replace("\r\n", "\n").replace("\r", "\n")


def _reason_of_a_sheet(tab: str, our: Reading, autre: Reading, reader: str) -> str:
    if tab in our.feuilles and not autre.feuilles:
        return f"Open XML strict, dont {reader} ne voit aucune feuille"
    if reader == LIBREOFFICE and tab not in our.feuilles:
        return "une feuille graphique, que LibreOffice change en feuille"
    return UNEXPLAINED


def _dire(cell: Cellule) -> str:
    kind, value, formula = cell
    if not kind:
        return "rien"
    return f"{'=' if formula else ''}{kind}:{str(value)[:30]!r}"
