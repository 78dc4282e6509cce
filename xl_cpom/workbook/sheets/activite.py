"""Sheet « Activité et ressources »: the inputs of the ANAP indicators, and their rates.

The columns are not written here: each input of an indicator is an entry column, each indicator a
calculated one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xl_cpom.indicators import Indicator, Input
from xl_cpom.indicators.anap import INDICATEURS_ANAP
from xl_cpom.workbook.lifetime import Lifetime
from xl_cpom.workbook.model import Column, Formula, Kind, Layout, Sheet
from xl_cpom.workbook.sheets.common import COMMENT, finess_et

if TYPE_CHECKING:
    from xl_cpom.workbook.records import Classeur, Row

_BANDS = {
    "journees_realisees": "Activité",
    "jours_abs_courte": "Personnel",
    "prestations_externes": "Finances",
    "REALISATION_ACTIVITE": "Taux : activité",
    "ABSENTEISME": "Taux : personnel",
    "PRESTATIONS_EXTERNES": "Taux : finances",
}
"""Title of the band of columns that starts with an input or an indicator."""
_KINDS = {"€": Kind.MONTANT, "ratio": Kind.RATIO}


def _entries() -> Iterator[Column]:
    seen: set[str] = set()
    for indicator in INDICATEURS_ANAP:
        for entry in indicator.inputs:
            if entry.key not in seen:
                seen.add(entry.key)
                yield _entry(entry)


def _width(header: str) -> float:
    """Narrow, as there are many; the header keeps its words whole, and holds in a few lines."""
    longest = max(map(len, re.split(r"[\s-]", header)))
    return max(11.0, longest + 1.0, -(-len(header) // _LINES) + 2.0)


_LINES = 6
"""Lines that a header takes at most, about."""


def _entry(entry: Input) -> Column:
    return Column(
        entry.key,
        entry.libelle,
        _KINDS.get(entry.unite, Kind.NUMBER),
        f"{entry.libelle}, en {entry.unite}. Exemple : {entry.example}.",
        minimum=None if entry.unite == "€" else 0,  # a result or a CAF may be negative
        unit=entry.unite,
        width=_width(entry.libelle),
        section=_BANDS.get(entry.key, ""),
        lasts=Lifetime.YEAR,
    )


def _rate(indicator: Indicator) -> Column:
    def compute(row: Row, classeur: Classeur) -> float | None:
        if not row.finess_et:
            return None
        data = {entry.key: row[entry.key] for entry in indicator.inputs}
        return indicator.compute(data, parametres=classeur.parameters).value

    arguments = ",".join(f"{{{entry.key}}}" for entry in indicator.inputs)
    return Column(
        f"taux_{indicator.code.lower()}",
        indicator.libelle,
        _KINDS.get(indicator.unite, Kind.NUMBER),
        f"Calculé. {indicator.explication}",
        formula=Formula(
            f'IF({{finess_et}}="","",_xlfn.IFNA(CPOM_{indicator.code}({arguments}),""))', compute
        ),
        unit=indicator.unite,
        source=indicator.source,
        width=_width(indicator.libelle),
        section=_BANDS.get(indicator.code, ""),
    )


ACTIVITE = Sheet(
    key="activite",
    name="Activité et ressources",
    table="tActivite",
    layout=Layout.TABLE,
    owed=True,
    record="la ligne",
    identity=("finess_et", "exercice"),
    exercise="exercice",
    capacity=60,
    synonyms=("Activité", "Activité et ressource"),
    purpose="L'activité, les personnels et les finances de chaque ESMS, et les taux de l'ANAP.",
    guide="CASF, art. R. 314-43-2 ; ANAP, tableau de bord de la performance",
    columns=(
        finess_et("Numéro FINESS de l'ESMS."),
        Column("exercice", "Exercice", Kind.ANNEE, "Exercice des données (exemple : 2026).",
               required=True, minimum=2010, maximum="date_maximale", width=10, lasts=Lifetime.FACT),
        *_entries(),
        *(_rate(indicator) for indicator in INDICATEURS_ANAP),
        COMMENT,
    ),
)  # fmt: skip
