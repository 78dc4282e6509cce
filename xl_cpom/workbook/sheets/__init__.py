"""The sheets of the standard workbook, in the order of the tabs."""

from collections.abc import Mapping

from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.sheets.actions import ACTIONS
from xl_cpom.workbook.sheets.activite import ACTIVITE
from xl_cpom.workbook.sheets.difficulte import DIFFICULTE
from xl_cpom.workbook.sheets.etablissements import ETABLISSEMENTS
from xl_cpom.workbook.sheets.fragilites import FRAGILITES
from xl_cpom.workbook.sheets.has import HAS
from xl_cpom.workbook.sheets.identification import IDENTIFICATION
from xl_cpom.workbook.sheets.indicateurs import INDICATEURS
from xl_cpom.workbook.sheets.mesures import MESURES
from xl_cpom.workbook.sheets.modules import MODULES
from xl_cpom.workbook.sheets.si import SI

SHEETS: Mapping[str, Sheet] = {
    sheet.key: sheet
    for sheet in (
        IDENTIFICATION,
        ETABLISSEMENTS,
        MODULES,
        ACTIONS,
        FRAGILITES,
        SI,
        HAS,
        MESURES,
        DIFFICULTE,
        ACTIVITE,
        INDICATEURS,
    )
}
"""Every data sheet, by key."""

VERSION_GABARIT = "2026.1"
"""Version of the template these declarations describe."""

__all__ = [
    "ACTIONS",
    "ACTIVITE",
    "DIFFICULTE",
    "ETABLISSEMENTS",
    "FRAGILITES",
    "HAS",
    "IDENTIFICATION",
    "INDICATEURS",
    "MESURES",
    "MODULES",
    "SHEETS",
    "SI",
    "VERSION_GABARIT",
]
