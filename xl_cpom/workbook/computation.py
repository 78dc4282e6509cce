"""The calculated columns and the indicators of the modules, recomputed from the rows.

The same definitions serve the cells of the workbook: only the data come from elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from xl_cpom.indicators import (
    PAR_MODULE,
    SANS_OBJET,
    IndicatorResult,
    InvalidInputError,
    ParameterSet,
    parametres_of,
)
from xl_cpom.workbook.model import Column
from xl_cpom.workbook.records import NON_LU, Classeur
from xl_cpom.workbook.sheets.indicateurs import (
    INDICATEURS,
    SECTEURS,
    colonnes_de_l_indicateur,
    feuille_du_module,
)

if TYPE_CHECKING:
    from xl_cpom.referentiel import Referentiel


def parametres(referentiel: Referentiel) -> ParameterSet:
    """The parameters of a référentiel, the same object each time (the trees are cached on it)."""
    return parametres_of(referentiel)


def compute_workbook(classeur: Classeur) -> None:
    """Give every calculated column its value (NON_LU when an input could not be read).

    The indicators come once the rows they count have their périmètre.
    """
    for table in classeur.tables.values():
        if table.sheet.key == INDICATEURS.key:
            classeur.resultats = recompute(classeur)
        columns = [column for column in table.sheet.columns if column.formula is not None]
        for row in table.rows:
            for column in columns:
                assert column.formula is not None
                row.values[column.key] = (
                    NON_LU
                    if row.unread(used_keys(column))
                    else column.formula.compute(row, classeur)
                )


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=256)
def _placeholders(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))


def used_keys(column: Column) -> tuple[str, ...]:
    """Columns of the same row that the formula of a calculated column reads."""
    assert column.formula is not None
    text = column.formula.excel
    return _placeholders(text) if isinstance(text, str) else ()


def recompute(classeur: Classeur) -> Mapping[tuple[str, str], IndicatorResult]:
    """Result of each (module, secteur).

    Sans objet where the module is not active, and where a value it needs could not be read: a
    rate computed on part of the rows would be a false one.
    """
    return {
        (module, secteur): _resultat(classeur, module, secteur)
        for module in classeur.referentiel.modules
        for secteur in SECTEURS
    }


def _resultat(classeur: Classeur, module: str, secteur: str) -> IndicatorResult:
    indicator = PAR_MODULE.get(module)
    if indicator is None:
        return SANS_OBJET
    table = classeur[feuille_du_module(module).key]
    rows = table.rows
    data: dict[str, Any] = {"code": f"{module}/{secteur}"}
    for key, column in colonnes_de_l_indicateur(module).items():
        values = [row.values[column] for row in rows]
        if any(value is NON_LU for value in values):
            return SANS_OBJET
        data[key] = values
    if any(entry.key == "au" for entry in indicator.inputs) and classeur.annee_suivie:
        data["au"] = dt.date(classeur.annee_suivie, 12, 31)
    try:
        return indicator.compute(data, parametres=classeur.parametres)
    except InvalidInputError:
        return SANS_OBJET  # an entry rule has already named the cell
