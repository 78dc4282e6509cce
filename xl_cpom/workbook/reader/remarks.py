"""The oddities met while reading, kept in bounded number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from xl_cpom.typography import plural, typeset, visible
from xl_cpom.workbook.reader.model import ReaderRemark
from xl_cpom.workbook.reader.refs import cell_name

REMARKS: dict[str, str] = {
    "CEL-DOUBLON": "la cellule est écrite deux fois : la dernière valeur est retenue",
    "CEL-VALEURS": "la cellule a deux contenus, dont « {detail} » : le dernier est retenu",
    "CEL-ORDRE": "les cellules de la ligne ne sont pas dans l'ordre",
    "CEL-LIGNE": "la cellule est rangée dans une autre ligne que la sienne",
    "CEL-REF": "adresse de cellule impossible (« {detail} ») : la cellule est ignorée",
    "CEL-TYPE": "type de cellule inconnu pour la valeur « {detail} »",
    "CEL-VALEUR": "valeur illisible (« {detail} »)",
    "CEL-NON-FINI": "nombre hors de portée (« {detail} »)",
    "CEL-ERREUR": "code d'erreur inconnu (« {detail} »)",
    "CEL-STYLE": "format de cellule inexistant (« {detail} »)",
    "CEL-FORMULE": "formule partagée introuvable (« {detail} »)",
    "LIG-ORDRE": "les lignes ne sont pas dans l'ordre ou sont écrites deux fois (ligne {detail})",
    "LIG-REF": "numéro de ligne impossible (« {detail} ») : la ligne est ignorée",
    "PLAGE": "plage impossible (« {detail} »)",
    "FEU-ABSENTE": "la feuille n'a pas de contenu dans le fichier",
    "FEU-GENRE": "ce n'est pas une feuille de calcul ({detail})",
    "FEU-ILLISIBLE": "la feuille est abîmée et n'a pas été lue ({detail})",
    "FEU-NOM": "deux feuilles portent ce nom",
    "LIEN-DDE": "lien vers un autre programme (« {detail} »), jamais suivi",
    "PARTIE": "partie accessoire illisible, ignorée ({detail})",
}
_PER_CODE = 200


class Remarks:
    """Collector of remarks: at most 200 of each code are detailed, the others counted."""

    def __init__(self) -> None:
        self._kept: list[ReaderRemark] = []
        self._seen: Counter[str] = Counter()

    def add(
        self,
        code: str,
        sheet: str | None = None,
        at: tuple[int, int] | None = None,
        detail: str = "",
    ) -> None:
        """Record one oddity."""
        self._seen[code] += 1
        if self._seen[code] <= _PER_CODE:
            text = typeset(REMARKS[code].replace("{detail}", visible(detail, 60)))
            self._kept.append(
                ReaderRemark(code, sheet, None if at is None else cell_name(*at), text)
            )

    def all(self) -> tuple[ReaderRemark, ...]:
        """What was kept, then one line per code that overflowed."""
        more = [
            ReaderRemark("SUITE", None, None, typeset(f"{code} : {_more(count - _PER_CODE)}"))
            for code, count in self._seen.items()
            if count > _PER_CODE
        ]
        return (*self._kept, *more)


def _more(count: int) -> str:
    return f"{plural(count, 'remarque')} de plus, sans détail"


_SAID_ELSEWHERE = frozenset({"CEL-ERREUR"})
"""An error value is said at its cell, whatever its code."""
_CELLS_NAMED = 3


def oddities(remarks: Sequence[ReaderRemark]) -> tuple[str, ...]:
    """What to tell of the file itself: one line for each oddity of a sheet, however often met."""
    groups: dict[tuple[str | None, str], list[str]] = {}
    for remark in remarks:
        if remark.code not in _SAID_ELSEWHERE:
            cells = groups.setdefault((remark.sheet, remark.detail), [])
            cells.extend([remark.cell] if remark.cell else [])
    return tuple(
        detail if len(cells) < 2 else f"{detail} ({_places(sheet, cells)})"
        for (sheet, detail), cells in groups.items()
    )


def _places(sheet: str | None, cells: Sequence[str]) -> str:
    named = ", ".join(cells[:_CELLS_NAMED])
    more = len(cells) - _CELLS_NAMED
    where = f"{visible(sheet, 40)}, " if sheet else ""
    return f"{where}{named}" + (f" et {more} de plus" if more > 0 else "")
