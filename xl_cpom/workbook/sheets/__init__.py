"""The sheets of the standard workbook, in the order of the tabs."""

from collections.abc import Mapping

from xl_cpom.workbook.model import Sheet
from xl_cpom.workbook.sheets.actions import ACTIONS
from xl_cpom.workbook.sheets.activite import ACTIVITE
from xl_cpom.workbook.sheets.activite_modes import ACTIVITE_MODES
from xl_cpom.workbook.sheets.avenants import AVENANTS
from xl_cpom.workbook.sheets.contractualisation import CONTRACTUALISATION
from xl_cpom.workbook.sheets.cybersecurite import CYBERSECURITE
from xl_cpom.workbook.sheets.difficulte import DIFFICULTE
from xl_cpom.workbook.sheets.etablissements import ETABLISSEMENTS
from xl_cpom.workbook.sheets.fragilites import FRAGILITES
from xl_cpom.workbook.sheets.has import HAS
from xl_cpom.workbook.sheets.identification import IDENTIFICATION
from xl_cpom.workbook.sheets.indicateurs import INDICATEURS
from xl_cpom.workbook.sheets.mesures import MESURES
from xl_cpom.workbook.sheets.modules import MODULES
from xl_cpom.workbook.sheets.photographie_si import PHOTOGRAPHIE_SI
from xl_cpom.workbook.sheets.referents import REFERENTS
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
        CYBERSECURITE,
        HAS,
        MESURES,
        DIFFICULTE,
        ACTIVITE,
        ACTIVITE_MODES,
        INDICATEURS,
        AVENANTS,
        CONTRACTUALISATION,
        PHOTOGRAPHIE_SI,
        REFERENTS,
    )
}
"""Every data sheet, by key."""

VERSIONS = ("2026.1", "2026.2")
"""Every version of the template ever published, in order, the present one last.

A declaration says which one brought it (`since`); a return on any of them is judged by what it had.
"""

VERSION_GABARIT = VERSIONS[-1]
"""Version of the template these declarations describe."""

__all__ = [
    "ACTIONS",
    "ACTIVITE",
    "ACTIVITE_MODES",
    "AVENANTS",
    "CONTRACTUALISATION",
    "CYBERSECURITE",
    "DIFFICULTE",
    "ETABLISSEMENTS",
    "FRAGILITES",
    "HAS",
    "IDENTIFICATION",
    "INDICATEURS",
    "MESURES",
    "MODULES",
    "PHOTOGRAPHIE_SI",
    "REFERENTS",
    "SHEETS",
    "SI",
    "VERSIONS",
    "VERSION_GABARIT",
]
